#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/instant.h"
#include "base/result.h"

namespace porchlight::store {

// Bytes bound or read as BLOB / bytea, never as text.
struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

// One SQL value: NULL, 64-bit integer, double, UTF-8 text, or bytes. Booleans are 0 and 1, instants microseconds.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

// Binds what C++ holds: integers, bool, enums with a fixed underlying type, double, text, Blob, Instant, Id<>, Json is
// bound as text by its owner, std::optional of any of these.
template <class T>
Value ToValue(const T& value) {
  if constexpr (std::is_same_v<T, Value>) return value;
  else if constexpr (std::is_same_v<T, Instant>) return value.microseconds;
  else if constexpr (std::is_same_v<T, Blob>) return value;
  else if constexpr (std::is_enum_v<T>) return static_cast<std::int64_t>(value);
  else if constexpr (std::is_integral_v<T>) return static_cast<std::int64_t>(value);
  else if constexpr (std::is_floating_point_v<T>) return static_cast<double>(value);
  else if constexpr (std::is_convertible_v<T, std::string_view>) return std::string(std::string_view(value));
  else if constexpr (requires { value.has_value(); }) return value.has_value() ? ToValue(*value) : Value();
  else return value.value;  // Id<>
}

std::vector<Value> ToValues(const auto&... parameters) {
  std::vector<Value> values;
  values.reserve(sizeof...(parameters));
  (values.push_back(ToValue(parameters)), ...);
  return values;
}

// One row of an answer. Column numbers start at 0. Reading a column as another type than it holds is a bug of ours
// and ends the process; NULL is asked for with IsNull or read as std::optional.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  std::size_t size() const { return values_.size(); }
  bool IsNull(std::size_t column) const { return std::holds_alternative<std::monostate>(values_.at(column)); }
  std::int64_t Integer(std::size_t column) const;
  double Double(std::size_t column) const;  // Also accepts an integer column.
  bool Bool(std::size_t column) const { return Integer(column) != 0; }
  Instant Time(std::size_t column) const { return {Integer(column)}; }
  const std::string& Text(std::size_t column) const;
  const std::string& Bytes(std::size_t column) const;
  std::optional<std::int64_t> OptionalInteger(std::size_t column) const;
  std::optional<Instant> OptionalTime(std::size_t column) const;
  std::optional<std::string> OptionalText(std::size_t column) const;

 private:
  std::vector<Value> values_;
};

// A named SQL text. The name is its metric and its log line. Placeholders are $1, $2, ... in order of first use;
// the SQL stays in the subset that SQLite 3.40 and PostgreSQL 15 both read. Must have static storage duration: engines
// cache prepared statements by its address.
struct Statement {
  const char* name;
  const char* sql;
};

}  // namespace porchlight::store
