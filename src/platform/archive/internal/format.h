#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The records of a ZIP file (APPNOTE 6.3.10 of PKWARE), each in the one form that this room writes. The reader makes
// them anew from what it reads and compares, so nothing else gets past it.
namespace porchlight::archive {

inline constexpr std::uint32_t kLocalSignature = 0x04034b50;
inline constexpr std::uint32_t kCentralSignature = 0x02014b50;
inline constexpr std::uint32_t kEndSignature = 0x06054b50;
inline constexpr std::uint32_t kZip64EndSignature = 0x06064b50;
inline constexpr std::uint32_t kZip64LocatorSignature = 0x07064b50;
inline constexpr std::uint32_t kDescriptorSignature = 0x08074b50;
inline constexpr std::string_view kEndMark = "PK\x05\x06";

inline constexpr std::size_t kLocalBytes = 30;
inline constexpr std::size_t kCentralBytes = 46;
inline constexpr std::size_t kEndBytes = 22;
inline constexpr std::size_t kZip64EndBytes = 56;
inline constexpr std::size_t kZip64LocatorBytes = 20;

inline constexpr std::uint16_t kFlagEncrypted = 1U << 0;
inline constexpr std::uint16_t kFlagDescriptor = 1U << 3;
inline constexpr std::uint16_t kFlagUtf8 = 1U << 11;
inline constexpr std::uint32_t kFull32 = 0xffffffff;  // "Look in the zip64 field."
inline constexpr std::uint16_t kZip64Tag = 1;

struct EntryRecord {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;  // Of the local header, from the start of the file.
  std::uint32_t crc = 0;
  std::uint32_t time = 0;    // MS-DOS date in the upper, time in the lower half.
  bool descriptor = false;   // The CRC follows the content, because it was not known when the header was written.
};

// Little-endian.
void Put16(std::string& out, std::uint64_t value);
void Put32(std::string& out, std::uint64_t value);
void Put64(std::string& out, std::uint64_t value);
std::uint16_t Get16(std::string_view bytes, std::size_t at);
std::uint32_t Get32(std::string_view bytes, std::size_t at);
std::uint64_t Get64(std::string_view bytes, std::size_t at);

std::string LocalHeader(const EntryRecord& entry);
std::string Descriptor(const EntryRecord& entry);  // Empty for an entry without one.
std::string CentralHeader(const EntryRecord& entry);
// Everything between the central directory and the comment.
std::string EndRecords(std::uint64_t entries, std::uint64_t directory_offset, std::uint64_t directory_bytes, std::size_t comment_bytes);

// Readers look for the last kEndMark in a file: true if with this comment they would find another than ours.
bool HidesTheEnd(std::string_view end_records, std::string_view comment);

// CRC-32 of what `crc` covers (0 at the start) and `bytes`.
std::uint32_t Crc32(std::uint32_t crc, std::string_view bytes);

}  // namespace porchlight::archive
