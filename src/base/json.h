#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace porchlight {

// One JSON value in memory (RFC 8259). Objects keep the order of their members. Not shared between threads while
// written to.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;                                              // null
  Json(bool value) : value_(value) {}                            // NOLINT(google-explicit-constructor)
  Json(std::int64_t value) : value_(value) {}                    // NOLINT(google-explicit-constructor)
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}  // NOLINT(google-explicit-constructor)
  Json(double value) : value_(value) {}                          // NOLINT(google-explicit-constructor)
  Json(std::string value) : value_(std::move(value)) {}          // NOLINT(google-explicit-constructor)
  Json(std::string_view value) : value_(std::string(value)) {}   // NOLINT(google-explicit-constructor)
  Json(const char* value) : value_(std::string(value)) {}        // NOLINT(google-explicit-constructor)
  Json(Array value) : value_(std::move(value)) {}                // NOLINT(google-explicit-constructor)
  Json(Object value) : value_(std::move(value)) {}               // NOLINT(google-explicit-constructor)

  bool IsNull() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* AsBool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* AsInteger() const { return std::get_if<std::int64_t>(&value_); }
  const double* AsDouble() const { return std::get_if<double>(&value_); }  // Only for numbers written as fractions.
  const std::string* AsString() const { return std::get_if<std::string>(&value_); }
  const Array* AsArray() const { return std::get_if<Array>(&value_); }
  const Object* AsObject() const { return std::get_if<Object>(&value_); }

  // The member of that name, or null if this is no object or has none. The pointer lives as long as this value.
  const Json* Find(std::string_view name) const;
  // The text of a string member, or the fallback.
  std::string_view Text(std::string_view name, std::string_view fallback = {}) const;
  // Adds or replaces a member; this must be null (becomes an object) or an object.
  Json& Set(std::string_view name, Json value);
  // Adds an element; this must be null (becomes an array) or an array.
  Json& Append(Json value);

  // One line, no spaces, UTF-8 kept as it is.
  std::string Serialize() const;
  // Indented by two spaces, for files that people read.
  std::string SerializePretty() const;

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

struct JsonLimits {
  std::size_t bytes_max = 1 << 20;
  std::size_t depth_max = 32;
};

// Reads one document. Duplicate member names are refused. Errors: kTooLarge, kMalformed (with line and column).
Result<Json> ParseJson(std::string_view text, const JsonLimits& limits = {});

// Appends a quoted JSON string.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace porchlight
