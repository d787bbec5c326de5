#include "platform/profile/table_reading.h"

#include <algorithm>

#include "base/instant.h"

namespace porchlight::profile::table {

namespace {

constexpr std::size_t kWordMax = 64;

std::string In(const std::string& where, std::string_view name) { return where + "/" + std::string(name); }

}  // namespace

Error Wrong(const std::string& where, const std::string& what) {
  return Error{ErrorCode::kInvalidArgument, where + " " + what, {}, where, 0};
}

Result<void> KnowOnly(const Json& json, const std::string& where, std::initializer_list<std::string_view> members) {
  if (json.AsObject() == nullptr) return Wrong(where, "must be an object.");
  for (const auto& [name, value] : *json.AsObject()) {
    if (std::find(members.begin(), members.end(), name) == members.end()) return Wrong(In(where, name), "is not known here.");
  }
  return {};
}

Result<int> IntegerOf(const Json& json, const std::string& where, std::int64_t least, std::int64_t most) {
  const std::int64_t* number = json.AsInteger();
  if (number == nullptr || *number < least || *number > most) {
    return Wrong(where, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  }
  return static_cast<int>(*number);
}

Result<std::string> WordOf(const Json& object, const std::string& where, std::string_view name) {
  std::string word(object.Text(name));
  if (word.empty() || word.size() > kWordMax) return Wrong(In(where, name), "must be a word of at most 64 bytes.");
  return word;
}

Result<std::string> TextOf(const Json& object, const std::string& where, std::string_view name, std::string_view wanted) {
  std::string text(object.Text(name));
  if (text.empty()) return Wrong(In(where, name), "must say " + std::string(wanted) + ".");
  return text;
}

Result<Labels> LabelsOf(const Json& object, const std::string& where) {
  const Json* labels = object.Find("labels");
  if (labels == nullptr || labels->AsObject() == nullptr || labels->AsObject()->empty()) {
    return Wrong(where + "/labels", "must hold the words for people, by language.");
  }
  Labels all;
  for (const auto& [language, text] : *labels->AsObject()) {
    if (text.AsString() == nullptr || text.AsString()->empty()) return Wrong(where + "/labels/" + language, "must be a text.");
    all[language] = *text.AsString();
  }
  return all;
}

Result<std::string> DateOf(const Json& object, const std::string& where, std::string_view name) {
  std::string date(object.Text(name));
  if (!IsDate(date)) return Wrong(In(where, name), "must be a date like 2026-01-31.");
  return date;
}

Result<const Json::Array*> ArrayOf(const Json& object, const std::string& where, std::string_view name, std::size_t least,
                                   std::size_t most) {
  const Json* list = object.Find(name);
  if (list == nullptr || list->AsArray() == nullptr || list->AsArray()->size() < least || list->AsArray()->size() > most) {
    return Wrong(In(where, name), "must be a list of " + std::to_string(least) + " to " + std::to_string(most) + ".");
  }
  return list->AsArray();
}

}  // namespace porchlight::profile::table
