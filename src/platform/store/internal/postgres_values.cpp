#include "platform/store/internal/postgres_values.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "platform/store/internal/failure.h"

namespace porchlight::store::internal {

namespace {

// https://www.postgresql.org/docs/15/catalog-pg-type.html; the numbers are fixed in pg_type.dat.
constexpr Oid kBool = 16, kBytea = 17, kChar = 18, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kOid = 26, kJson = 114,
              kFloat4 = 700, kFloat8 = 701, kUnknown = 705, kBpchar = 1042, kVarchar = 1043, kNumeric = 1700, kXid8 = 5069;

std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = (number << 8U) | static_cast<unsigned char>(byte);
  return number;
}

std::int64_t SignedShort(std::string_view bytes, std::size_t at) {
  return static_cast<std::int16_t>(BigEndian(bytes.substr(at, 2)));
}

// numeric is what PostgreSQL makes of sum() and avg() over integers; SQLite makes an integer or a double.
Value FromNumeric(std::string_view bytes) {
  if (bytes.size() < 8) return std::numeric_limits<double>::quiet_NaN();
  const std::int64_t digits = SignedShort(bytes, 0);
  const std::int64_t weight = SignedShort(bytes, 2);
  const std::uint64_t sign = BigEndian(bytes.substr(4, 2));
  if (sign == 0xC000U) return std::numeric_limits<double>::quiet_NaN();
  if (sign == 0xD000U) return std::numeric_limits<double>::infinity();
  if (sign == 0xF000U) return -std::numeric_limits<double>::infinity();
  bool whole = weight < 16;
  double real = 0;
  std::int64_t integer = 0;
  const std::int64_t places = std::max(digits, weight + 1);
  for (std::int64_t index = 0; index < places && index < 64; ++index) {
    const std::int64_t digit = index < digits ? SignedShort(bytes, 8 + static_cast<std::size_t>(index) * 2) : 0;
    real += static_cast<double>(digit) * std::pow(10000.0, static_cast<double>(weight - index));
    if (index > weight) whole = whole && digit == 0;
    // Negative throughout, because the least integer has no positive counterpart.
    else whole = whole && !__builtin_mul_overflow(integer, 10000, &integer) && !__builtin_sub_overflow(integer, digit, &integer);
  }
  const bool negative = sign == 0x4000U;
  if (whole && (negative || integer != std::numeric_limits<std::int64_t>::min())) return negative ? integer : -integer;
  return negative ? -real : real;
}

}  // namespace

Oid TypeOf(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return kInt8;
  if (std::holds_alternative<double>(value)) return kFloat8;
  if (std::holds_alternative<std::string>(value)) return kText;
  if (std::holds_alternative<Blob>(value)) return kBytea;
  return 0;
}

bool Fits(Oid type, const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return true;
  if (std::holds_alternative<std::int64_t>(value)) return type == kInt8;
  if (std::holds_alternative<double>(value)) return type == kFloat8;
  if (std::holds_alternative<Blob>(value)) return type == kBytea;
  return type == kText || type == kVarchar;
}

WireParameters::WireParameters(const std::vector<Value>& values, const std::vector<Oid>& types) {
  texts_.reserve(values.size());  // The pointers must stay.
  for (std::size_t index = 0; index < values.size(); ++index) {
    const Value& value = values[index];
    std::string_view bytes;
    bool is_binary = false;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      bytes = texts_.emplace_back(std::to_string(*integer));
    } else if (const auto* real = std::get_if<double>(&value)) {
      char buffer[40];
      const auto written = std::to_chars(std::begin(buffer), std::end(buffer), *real);
      bytes = texts_.emplace_back(buffer, written.ptr);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      bytes = *text;
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      bytes = blob->bytes;
      is_binary = index < types.size() && types[index] == kBytea;
    }
    const bool is_null = std::holds_alternative<std::monostate>(value);
    pointers_.push_back(is_null ? nullptr : bytes.data());
    lengths_.push_back(static_cast<int>(bytes.size()));
    formats_.push_back(is_binary ? 1 : 0);
  }
}

Result<Row> ReadWireRow(const PGresult* result, int row, const Statement& statement) {
  const int count = PQnfields(result);
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(count));
  for (int column = 0; column < count; ++column) {
    if (PQgetisnull(result, row, column) != 0) {
      values.emplace_back(std::monostate{});
      continue;
    }
    const std::string_view bytes(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column)));
    switch (const Oid type = PQftype(result, column)) {
      case kInt8: case kXid8: values.emplace_back(static_cast<std::int64_t>(BigEndian(bytes))); break;
      case kInt4: values.emplace_back(std::int64_t{static_cast<std::int32_t>(BigEndian(bytes))}); break;
      case kInt2: values.emplace_back(std::int64_t{static_cast<std::int16_t>(BigEndian(bytes))}); break;
      case kBool: case kOid: values.emplace_back(static_cast<std::int64_t>(BigEndian(bytes))); break;
      case kFloat8: values.emplace_back(std::bit_cast<double>(BigEndian(bytes))); break;
      case kFloat4: values.emplace_back(double{std::bit_cast<float>(static_cast<std::uint32_t>(BigEndian(bytes)))}); break;
      case kNumeric: values.emplace_back(FromNumeric(bytes)); break;
      case kBytea: values.emplace_back(Blob{std::string(bytes)}); break;
      case kText: case kVarchar: case kBpchar: case kName: case kUnknown: case kJson: case kChar:
        values.emplace_back(std::string(bytes));
        break;
      default:
        return Internal(std::string(statement.name) + ": column " + std::to_string(column) + " has PostgreSQL type " +
                        std::to_string(type) + ", which the store does not read; cast it in the SQL");
    }
  }
  return Row(std::move(values));
}

int HighestPlaceholder(const char* sql) {
  int highest = 0;
  char quote = 0;
  for (const char* at = sql; *at != 0; ++at) {
    if (quote != 0) {
      if (*at == quote) quote = 0;
    } else if (*at == '\'' || *at == '"') {
      quote = *at;
    } else if (*at == '$') {
      int number = 0;
      while (at[1] >= '0' && at[1] <= '9' && number < 10'000) number = number * 10 + (*++at - '0');
      highest = std::max(highest, number);
    }
  }
  return highest;
}

}  // namespace porchlight::store::internal
