#include "platform/geo/internal/mmdb_values.h"

namespace porchlight::geo {

namespace {

constexpr int kDepthMax = 16;
constexpr int kValuesMax = 10'000;

std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<std::uint8_t>(byte);
  return number;
}

bool IsNested(const MmdbValue& value) { return value.type == MmdbType::kMap || value.type == MmdbType::kArray; }

std::uint64_t MembersOf(const MmdbValue& value) { return value.type == MmdbType::kMap ? 2 * value.size : value.size; }

bool HasLegalSize(const MmdbValue& value) {
  switch (value.type) {
    case MmdbType::kUnsigned16: return value.size <= 2;
    case MmdbType::kUnsigned32:
    case MmdbType::kSigned32: return value.size <= 4;
    case MmdbType::kUnsigned64: return value.size <= 8;
    case MmdbType::kUnsigned128: return value.size <= 16;
    case MmdbType::kFloat: return value.size == 4;
    case MmdbType::kDouble: return value.size == 8;
    case MmdbType::kBool: return value.size <= 1;
    case MmdbType::kPointer:
    case MmdbType::kText:
    case MmdbType::kBytes:
    case MmdbType::kMap:
    case MmdbType::kArray: return true;
  }
  return false;  // 0, 12 and 13, which no file has, and numbers that are none of ours.
}

// Bytes after a bool's or a nested value's control bytes belong to the next value.
bool HasContent(const MmdbValue& value) { return !IsNested(value) && value.type != MmdbType::kBool; }

}  // namespace

std::optional<MmdbValue> MmdbSection::Read(std::size_t offset) const {
  if (offset >= bytes_.size()) return std::nullopt;
  const auto control = static_cast<std::uint8_t>(bytes_[offset++]);
  unsigned type = control >> 5;
  MmdbValue value;
  if (type == static_cast<unsigned>(MmdbType::kPointer)) {
    const std::size_t width = (control >> 3 & 3U) + 1;
    if (width > bytes_.size() - offset) return std::nullopt;
    constexpr std::uint64_t kBase[] = {0, 2048, 526'336, 0};
    const std::uint64_t top = width == 4 ? 0 : static_cast<std::uint64_t>(control & 7) << (8 * width);
    value = {MmdbType::kPointer, width, offset, static_cast<std::size_t>(top + BigEndian(bytes_.substr(offset, width)) + kBase[width - 1])};
    return value;
  }
  if (type == 0) {
    if (offset >= bytes_.size()) return std::nullopt;
    type = 7U + static_cast<std::uint8_t>(bytes_[offset++]);
    if (type <= 7 || type > static_cast<unsigned>(MmdbType::kFloat)) return std::nullopt;
  }
  value.type = static_cast<MmdbType>(type);
  value.size = control & 31;
  if (value.size > 28) {
    const std::size_t width = value.size - 28;
    if (width > bytes_.size() - offset) return std::nullopt;
    constexpr std::uint64_t kBase[] = {29, 285, 65'821};
    value.size = kBase[width - 1] + BigEndian(bytes_.substr(offset, width));
    offset += width;
  }
  value.content = offset;
  if (!HasLegalSize(value) || (HasContent(value) && value.size > bytes_.size() - offset)) return std::nullopt;
  return value;
}

std::optional<MmdbValue> MmdbSection::ReadThrough(std::size_t offset) const {
  const std::optional<MmdbValue> value = Read(offset);
  if (!value || value->type != MmdbType::kPointer) return value;
  const std::optional<MmdbValue> target = Read(value->target);
  if (!target || target->type == MmdbType::kPointer) return std::nullopt;
  return target;
}

std::optional<std::size_t> MmdbSection::Check(std::size_t offset) const {
  int values_left = kValuesMax;
  return Check(offset, 0, values_left);
}

std::optional<std::size_t> MmdbSection::Check(std::size_t offset, int depth, int& values_left) const {
  const std::optional<MmdbValue> value = Read(offset);
  if (!value || depth > kDepthMax || --values_left < 0) return std::nullopt;
  if (value->type == MmdbType::kPointer) {
    if (!ReadThrough(offset) || !Check(value->target, depth + 1, values_left)) return std::nullopt;
    return value->content + value->size;
  }
  if (!IsNested(*value)) return value->content + (HasContent(*value) ? value->size : 0);
  std::size_t next = value->content;
  for (std::uint64_t index = 0; index < MembersOf(*value); ++index) {
    if (value->type == MmdbType::kMap && index % 2 == 0) {
      const std::optional<MmdbValue> key = ReadThrough(next);
      if (!key || key->type != MmdbType::kText) return std::nullopt;
    }
    const std::optional<std::size_t> after = Check(next, depth + 1, values_left);
    if (!after) return std::nullopt;
    next = *after;
  }
  return next;
}

std::size_t MmdbSection::Skip(std::size_t offset) const {
  const MmdbValue value = Read(offset).value();
  if (!IsNested(value)) return value.content + (HasContent(value) ? value.size : 0);
  std::size_t next = value.content;
  for (std::uint64_t index = 0; index < MembersOf(value); ++index) next = Skip(next);
  return next;
}

std::optional<MmdbValue> MmdbSection::Member(const MmdbValue& map, std::string_view key) const {
  if (map.type != MmdbType::kMap) return std::nullopt;
  std::size_t next = map.content;
  for (std::uint64_t index = 0; index < map.size; ++index) {
    const std::size_t at = Skip(next);
    if (Content(ReadThrough(next).value()) == key) return ReadThrough(at);
    next = Skip(at);
  }
  return std::nullopt;
}

bool MmdbSection::HoldsOnlyText(const MmdbValue& value) const {
  if (!IsNested(value)) return false;
  std::size_t next = value.content;
  for (std::uint64_t index = 0; index < MembersOf(value); ++index) {
    if (ReadThrough(next).value().type != MmdbType::kText) return false;
    next = Skip(next);
  }
  return true;
}

std::uint64_t MmdbSection::Number(const MmdbValue& value) const { return BigEndian(Content(value)); }

}  // namespace porchlight::geo
