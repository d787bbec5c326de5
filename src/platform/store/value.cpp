#include "platform/store/value.h"

#include "base/check.h"

namespace porchlight::store {

namespace {

template <class T>
const T& Held(const std::vector<Value>& values, std::size_t column) {
  PL_CHECK(column < values.size());
  const T* held = std::get_if<T>(&values[column]);
  PL_CHECK(held != nullptr);
  return *held;
}

}  // namespace

std::int64_t Row::Integer(std::size_t column) const { return Held<std::int64_t>(values_, column); }

double Row::Double(std::size_t column) const {
  PL_CHECK(column < values_.size());
  if (const auto* whole = std::get_if<std::int64_t>(&values_[column])) return static_cast<double>(*whole);
  return Held<double>(values_, column);
}

const std::string& Row::Text(std::size_t column) const { return Held<std::string>(values_, column); }

const std::string& Row::Bytes(std::size_t column) const { return Held<Blob>(values_, column).bytes; }

std::optional<std::int64_t> Row::OptionalInteger(std::size_t column) const {
  if (IsNull(column)) return std::nullopt;
  return Integer(column);
}

std::optional<Instant> Row::OptionalTime(std::size_t column) const {
  if (IsNull(column)) return std::nullopt;
  return Time(column);
}

std::optional<std::string> Row::OptionalText(std::size_t column) const {
  if (IsNull(column)) return std::nullopt;
  return Text(column);
}

}  // namespace porchlight::store
