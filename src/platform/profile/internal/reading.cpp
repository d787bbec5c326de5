#include "platform/profile/internal/reading.h"

#include <algorithm>

#include "base/text.h"

namespace porchlight::profile {

namespace {

bool IsLower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

// RFC 6901 section 3: "~" and "/" are escaped.
std::string Escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}

}  // namespace

void Problems::Add(std::string_view file, std::string_view pointer, std::string_view what) {
  if (count_ == 0) first_pointer_ = pointer;
  ++count_;
  if (lines_.size() >= kShownMax) return;
  lines_.push_back(std::string(file) + (pointer.empty() ? "" : " at " + std::string(pointer)) + ": " + std::string(what));
}

Error Problems::AsError() const {
  std::string text = "The profile cannot be used.";
  for (const std::string& line : lines_) text += "\n" + line;
  if (count_ > lines_.size()) text += "\n... and " + std::to_string(count_ - lines_.size()) + " more";
  return Error{ErrorCode::kInvalidArgument, text, {}, first_pointer_, 0};
}

bool Place::IsObjectOf(std::initializer_list<std::string_view> members) const {
  const Json::Object* object = value_.AsObject();
  if (object == nullptr) {
    Wrong("must be an object");
    return false;
  }
  for (const Json::Member& member : *object) {
    if (std::find(members.begin(), members.end(), member.first) == members.end()) {
      Inside(member.first, member.second).Wrong("is not known here; check the spelling");
    }
  }
  return true;
}

std::optional<Place> Place::Member(std::string_view name) const {
  const Json* member = value_.Find(name);
  if (member == nullptr) return std::nullopt;
  return Inside(name, *member);
}

Place Place::Inside(std::string_view name, const Json& value) const {
  return {value, file_, pointer_ + "/" + Escaped(name), problems_};
}

std::vector<Place> Place::Elements() const {
  std::vector<Place> places;
  const Json::Array* array = value_.AsArray();
  if (array == nullptr) {
    Wrong("must be an array");
    return places;
  }
  places.reserve(array->size());
  for (std::size_t index = 0; index < array->size(); ++index) {
    places.push_back(Inside(std::to_string(index), (*array)[index]));
  }
  return places;
}

std::vector<std::pair<std::string, Place>> Place::Members() const {
  std::vector<std::pair<std::string, Place>> places;
  const Json::Object* object = value_.AsObject();
  if (object == nullptr) {
    Wrong("must be an object");
    return places;
  }
  places.reserve(object->size());
  for (const Json::Member& member : *object) places.emplace_back(member.first, Inside(member.first, member.second));
  return places;
}

std::string Place::Text(std::size_t bytes_max) const {
  const std::string* text = value_.AsString();
  if (text == nullptr || text->empty()) {
    Wrong("must be a text that is not empty");
    return {};
  }
  if (text->size() > bytes_max || !IsUtf8(*text)) {
    Wrong("must be UTF-8 of at most " + std::to_string(bytes_max) + " bytes");
    return {};
  }
  return *text;
}

std::string Place::TextOf(std::string_view name, std::size_t bytes_max) const {
  const std::optional<Place> member = Member(name);
  if (!member) {
    Wrong("lacks \"" + std::string(name) + "\"");
    return {};
  }
  return member->Text(bytes_max);
}

std::string Place::OptionalTextOf(std::string_view name, std::size_t bytes_max) const {
  const std::optional<Place> member = Member(name);
  return member ? member->Text(bytes_max) : std::string();
}

bool Place::FlagOf(std::string_view name) const {
  const std::optional<Place> member = Member(name);
  if (!member) return false;
  const bool* flag = member->value().AsBool();
  if (flag == nullptr) member->Wrong("must be true or false");
  return flag != nullptr && *flag;
}

std::map<std::string, std::string, std::less<>> Place::Texts(std::size_t bytes_max) const {
  std::map<std::string, std::string, std::less<>> texts;
  for (const auto& [name, place] : Members()) texts.emplace(name, place.Text(bytes_max));
  return texts;
}

bool IsCode(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return IsLower(c) || (c >= 'A' && c <= 'Z'); });
}

bool IsPermission(std::string_view text) {
  if (text.size() > 64) return false;
  const std::vector<std::string_view> words = Split(text, '.');
  return words.size() >= 2 && std::all_of(words.begin(), words.end(), [](std::string_view word) {
           return !word.empty() && std::all_of(word.begin(), word.end(), IsLower);
         });
}

}  // namespace porchlight::profile
