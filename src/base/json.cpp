#include "base/json.h"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "base/check.h"
#include "base/text.h"

namespace porchlight {
namespace {

// Most objects and lists are short: these spare them growing step by step.
constexpr std::size_t kRoomAtFirst = 4;
constexpr std::size_t kTextAtFirst = 128;

// Receives Boost.JSON's parse events and builds our value, so that no Boost type leaves this file.
class Builder {
 public:
  static constexpr std::size_t max_object_size = 1 << 20;
  static constexpr std::size_t max_array_size = 1 << 20;
  static constexpr std::size_t max_key_size = 1 << 16;
  static constexpr std::size_t max_string_size = std::size_t{1} << 30U;
  using ErrorCode = boost::system::error_code;

  Json root;

  bool on_document_begin(ErrorCode&) { return true; }
  bool on_document_end(ErrorCode&) { return true; }
  bool on_object_begin(ErrorCode&) { return Open(Json(Json::Object{})); }
  bool on_object_end(std::size_t, ErrorCode& error) { return NoDuplicates(error) && Close(); }
  bool on_array_begin(ErrorCode&) { return Open(Json(Json::Array{})); }
  bool on_array_end(std::size_t, ErrorCode&) { return Close(); }
  bool on_key_part(boost::json::string_view part, std::size_t, ErrorCode&) { return Keep(part); }
  bool on_key(boost::json::string_view part, std::size_t, ErrorCode&) {
    Keep(part);
    key_ = std::exchange(text_, {});
    keys_.push_back(key_);
    return true;
  }
  bool on_string_part(boost::json::string_view part, std::size_t, ErrorCode&) { return Keep(part); }
  bool on_string(boost::json::string_view part, std::size_t, ErrorCode&) {
    Keep(part);
    return Place(Json(std::exchange(text_, {})));
  }
  bool on_number_part(boost::json::string_view part, ErrorCode&) { return Keep(part); }
  bool on_int64(std::int64_t value, boost::json::string_view, ErrorCode&) {
    text_.clear();
    return Place(Json(value));
  }
  bool on_uint64(std::uint64_t value, boost::json::string_view, ErrorCode&) {
    text_.clear();
    return Place(Json(static_cast<double>(value)));
  }
  // The parser's own value may be off in its last place, so that a number written and read again would drift.
  bool on_double(double value, boost::json::string_view part, ErrorCode&) {
    Keep(part);
    const std::string text = std::exchange(text_, {});
    double exact = value;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), exact);
    return Place(Json(problem == std::errc() && end == text.data() + text.size() ? exact : value));
  }
  bool on_bool(bool value, ErrorCode&) { return Place(Json(value)); }
  bool on_null(ErrorCode&) { return Place(Json()); }
  bool on_comment_part(boost::json::string_view, ErrorCode&) { return true; }
  bool on_comment(boost::json::string_view, ErrorCode&) { return true; }

 private:
  struct Frame {
    Json value;
    std::string key;
  };
  bool Keep(boost::json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool Open(Json container) {
    stack_.push_back({std::move(container), std::exchange(key_, {})});
    return true;
  }
  bool Close() {
    Frame done = std::move(stack_.back());
    stack_.pop_back();
    key_ = std::move(done.key);
    return Place(std::move(done.value));
  }
  bool Place(Json value) {
    if (stack_.empty()) {
      root = std::move(value);
    } else if (stack_.back().value.AsArray() != nullptr) {
      stack_.back().value.Append(std::move(value));
    } else {
      const_cast<Json::Object*>(stack_.back().value.AsObject())->emplace_back(std::exchange(key_, {}), std::move(value));
    }
    return true;
  }
  bool NoDuplicates(ErrorCode& error) {
    const Json::Object& members = *stack_.back().value.AsObject();
    std::unordered_set<std::string_view> seen;
    for (const Json::Member& member : members) {
      if (!seen.insert(member.first).second) {
        error = boost::json::error::syntax;
        return false;
      }
    }
    return true;
  }
  std::vector<Frame> stack_;
  std::vector<std::string> keys_;
  std::string key_;
  std::string text_;
};

void AppendNumber(std::string& out, std::int64_t value) {
  std::array<char, 24> buffer{};
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void AppendNumber(std::string& out, double value) {
  if (!std::isfinite(value)) {  // JSON has no such number.
    out += "null";
    return;
  }
  std::array<char, 32> buffer{};
  const auto [end, problem] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  PL_CHECK(problem == std::errc());
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  out += text;
  // Read again it must be a fraction, as it was: "-0" would come back as the whole number 0.
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

// Indent below zero means one line.
class Serializer {
 public:
  Serializer(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

  void Write(const Json& value, int depth) {
    if (value.IsNull()) out_ += "null";
    else if (const bool* flag = value.AsBool()) out_ += *flag ? "true" : "false";
    else if (const std::int64_t* number = value.AsInteger()) AppendNumber(out_, *number);
    else if (const double* fraction = value.AsDouble()) AppendNumber(out_, *fraction);
    else if (const std::string* text = value.AsString()) AppendJsonString(out_, *text);
    else if (const Json::Array* array = value.AsArray()) WriteArray(*array, depth);
    else WriteObject(*value.AsObject(), depth);
  }

 private:
  void NewLine(int depth) {
    if (!pretty_) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
  }
  void WriteArray(const Json::Array& array, int depth) {
    out_ += '[';
    for (std::size_t index = 0; index < array.size(); ++index) {
      if (index > 0) out_ += ',';
      NewLine(depth + 1);
      Write(array[index], depth + 1);
    }
    if (!array.empty()) NewLine(depth);
    out_ += ']';
  }
  void WriteObject(const Json::Object& object, int depth) {
    out_ += '{';
    for (std::size_t index = 0; index < object.size(); ++index) {
      if (index > 0) out_ += ',';
      NewLine(depth + 1);
      AppendJsonString(out_, object[index].first);
      out_ += pretty_ ? ": " : ":";
      Write(object[index].second, depth + 1);
    }
    if (!object.empty()) NewLine(depth);
    out_ += '}';
  }
  std::string& out_;
  bool pretty_;
};

bool IsPlain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

std::size_t EndOfPlain(std::string_view text, std::size_t from) {
  while (from < text.size() && IsPlain(text[from])) ++from;
  return from;
}

void AppendEscaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4U];
      out += kHex[static_cast<unsigned char>(c) & 15U];
  }
}

Error MalformedAt(std::string_view text, std::size_t offset, std::string_view why) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (const char c : text.substr(0, offset)) {
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n' ? 1U : 0U;
  }
  return Error{ErrorCode::kMalformed,
               "The JSON cannot be read at line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
                   std::string(why) + ".",
               {}, {}, 0};
}

}  // namespace

const Json* Json::Find(std::string_view name) const {
  const Object* object = AsObject();
  if (object == nullptr) return nullptr;
  for (const Member& member : *object) {
    if (member.first == name) return &member.second;
  }
  return nullptr;
}

std::string_view Json::Text(std::string_view name, std::string_view fallback) const {
  const Json* member = Find(name);
  const std::string* text = member == nullptr ? nullptr : member->AsString();
  return text == nullptr ? fallback : std::string_view(*text);
}

Json& Json::Set(std::string_view name, Json value) {
  if (IsNull()) value_ = Object{};
  auto* object = std::get_if<Object>(&value_);
  PL_CHECK(object != nullptr);
  for (Member& member : *object) {
    if (member.first == name) {
      member.second = std::move(value);
      return *this;
    }
  }
  if (object->empty()) object->reserve(kRoomAtFirst);
  object->emplace_back(std::string(name), std::move(value));
  return *this;
}

Json& Json::Append(Json value) {
  if (IsNull()) value_ = Array{};
  auto* array = std::get_if<Array>(&value_);
  PL_CHECK(array != nullptr);
  if (array->empty()) array->reserve(kRoomAtFirst);
  array->push_back(std::move(value));
  return *this;
}

std::string Json::Serialize() const {
  std::string out;
  out.reserve(kTextAtFirst);
  Serializer(out, false).Write(*this, 0);
  return out;
}

std::string Json::SerializePretty() const {
  std::string out;
  Serializer(out, true).Write(*this, 0);
  return out + "\n";
}

Result<Json> ParseJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes_max) {
    return Error{ErrorCode::kTooLarge, "The JSON is larger than " + std::to_string(limits.bytes_max) + " bytes.", {}, {}, 0};
  }
  if (!IsUtf8(text)) return MalformedAt(text, 0, "it is not UTF-8");
  boost::json::parse_options options;
  options.max_depth = limits.depth_max;
  boost::json::basic_parser<Builder> parser(options);
  boost::system::error_code problem;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), problem);
  if (problem) return MalformedAt(text, used, problem.message());
  if (text.substr(used).find_first_not_of(" \t\r\n") != std::string_view::npos) {
    return MalformedAt(text, used, "there is something after the end");
  }
  return std::move(parser.handler().root);
}

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = EndOfPlain(text, at);
    out.append(text, at, end - at);
    if (end < text.size()) AppendEscaped(out, text[end]);
    at = end + 1;
  }
  out += '"';
}

}  // namespace porchlight
