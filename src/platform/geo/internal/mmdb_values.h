#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace porchlight::geo {

// Types of values in an MMDB file's data section.
enum class MmdbType : std::uint8_t {
  kPointer = 1,
  kText = 2,
  kDouble = 3,
  kBytes = 4,
  kUnsigned16 = 5,
  kUnsigned32 = 6,
  kMap = 7,
  kSigned32 = 8,
  kUnsigned64 = 9,
  kUnsigned128 = 10,
  kArray = 11,
  kBool = 14,
  kFloat = 15,
};

struct MmdbValue {
  MmdbType type = MmdbType::kMap;
  std::uint64_t size = 0;      // Bytes of the content; of maps and arrays the count of members.
  std::size_t content = 0;     // Where the content begins, or the first member.
  std::size_t target = 0;      // Of a pointer.
};

// A run of values whose pointers count from its own beginning. Every read stays inside it.
class MmdbSection {
 public:
  explicit MmdbSection(std::string_view bytes) : bytes_(bytes) {}

  // The value at an offset, pointers as such. Nothing if it is damaged or reaches outside.
  std::optional<MmdbValue> Read(std::size_t offset) const;
  // Like Read, but follows a pointer (a pointer to a pointer is damage).
  std::optional<MmdbValue> ReadThrough(std::size_t offset) const;
  // Checks the value with everything inside and behind it. Returns where the next one begins; nothing on damage, on
  // nesting deeper than any real file has, and on pointers that would unfold to more values than any record needs.
  std::optional<std::size_t> Check(std::size_t offset) const;

  std::optional<MmdbValue> Member(const MmdbValue& map, std::string_view key) const;  // The section was checked.
  // Whether everything directly inside a map or an array (keys too) is text. The section was checked.
  bool HoldsOnlyText(const MmdbValue& value) const;
  std::string_view Content(const MmdbValue& value) const { return bytes_.substr(value.content, value.size); }
  std::uint64_t Number(const MmdbValue& value) const;  // Of an unsigned one up to 64 bits.

 private:
  std::optional<std::size_t> Check(std::size_t offset, int depth, int& values_left) const;
  std::size_t Skip(std::size_t offset) const;  // The section was checked.

  std::string_view bytes_;
};

}  // namespace porchlight::geo
