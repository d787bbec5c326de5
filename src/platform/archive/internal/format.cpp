#include "platform/archive/internal/format.h"

#include <zlib.h>

namespace porchlight::archive {

namespace {

constexpr std::uint16_t kVersionStored = 20;
constexpr std::uint16_t kVersionZip64 = 45;
constexpr std::uint16_t kMadeByUnix = 3 << 8;
constexpr std::uint64_t kRegularFileMode = 0100644;

bool IsLarge(std::uint64_t value) { return value >= kFull32; }
std::uint64_t Field32(std::uint64_t value) { return IsLarge(value) ? kFull32 : value; }

void Put(std::string& out, std::uint64_t value, int bytes) {
  for (int index = 0; index < bytes; ++index) out += static_cast<char>((value >> (8 * index)) & 0xff);
}

std::uint64_t Get(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t index = count; index-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + index]);
  return value;
}

std::string Zip64Field(std::string_view values) {
  if (values.empty()) return {};
  std::string field;
  Put16(field, kZip64Tag);
  Put16(field, values.size());
  field += values;
  return field;
}

// What local and central headers have alike, from "version needed" to "length of extra fields".
std::string SharedHeader(const EntryRecord& entry, std::uint16_t version, std::uint32_t crc, std::size_t extra_bytes) {
  std::string out;
  Put16(out, version);
  Put16(out, entry.descriptor ? kFlagUtf8 | kFlagDescriptor : kFlagUtf8);
  Put16(out, 0);  // Stored.
  Put32(out, entry.time);
  Put32(out, crc);
  Put32(out, Field32(entry.size));
  Put32(out, Field32(entry.size));
  Put16(out, entry.name.size());
  Put16(out, extra_bytes);
  return out;
}

}  // namespace

void Put16(std::string& out, std::uint64_t value) { Put(out, value, 2); }
void Put32(std::string& out, std::uint64_t value) { Put(out, value, 4); }
void Put64(std::string& out, std::uint64_t value) { Put(out, value, 8); }
std::uint16_t Get16(std::string_view bytes, std::size_t at) { return static_cast<std::uint16_t>(Get(bytes, at, 2)); }
std::uint32_t Get32(std::string_view bytes, std::size_t at) { return static_cast<std::uint32_t>(Get(bytes, at, 4)); }
std::uint64_t Get64(std::string_view bytes, std::size_t at) { return Get(bytes, at, 8); }

// The sizes stand here even when a descriptor follows: programs that read front to back need them for stored entries.
std::string LocalHeader(const EntryRecord& entry) {
  std::string sizes;
  if (IsLarge(entry.size)) {
    Put64(sizes, entry.size);
    Put64(sizes, entry.size);
  }
  const std::string extra = Zip64Field(sizes);
  std::string out;
  Put32(out, kLocalSignature);
  out += SharedHeader(entry, extra.empty() ? kVersionStored : kVersionZip64, entry.descriptor ? 0 : entry.crc, extra.size());
  return out + entry.name + extra;
}

std::string Descriptor(const EntryRecord& entry) {
  std::string out;
  if (!entry.descriptor) return out;
  const auto put_size = IsLarge(entry.size) ? Put64 : Put32;
  Put32(out, kDescriptorSignature);
  Put32(out, entry.crc);
  put_size(out, entry.size);
  put_size(out, entry.size);
  return out;
}

std::string CentralHeader(const EntryRecord& entry) {
  std::string values;
  if (IsLarge(entry.size)) {
    Put64(values, entry.size);
    Put64(values, entry.size);
  }
  if (IsLarge(entry.offset)) Put64(values, entry.offset);
  const std::string extra = Zip64Field(values);
  std::string out;
  Put32(out, kCentralSignature);
  Put16(out, kMadeByUnix | kVersionZip64);
  out += SharedHeader(entry, extra.empty() ? kVersionStored : kVersionZip64, entry.crc, extra.size());
  Put16(out, 0);  // Comment.
  Put16(out, 0);  // Disk.
  Put16(out, 0);  // Internal attributes.
  Put32(out, kRegularFileMode << 16);
  Put32(out, Field32(entry.offset));
  return out + entry.name + extra;
}

std::string EndRecords(std::uint64_t entries, std::uint64_t directory_offset, std::uint64_t directory_bytes,
                       std::size_t comment_bytes) {
  std::string out;
  if (IsLarge(directory_offset)) {
    Put32(out, kZip64EndSignature);
    Put64(out, kZip64EndBytes - 12);
    Put16(out, kMadeByUnix | kVersionZip64);
    Put16(out, kVersionZip64);
    Put32(out, 0);  // This disk, and the disk of the directory.
    Put32(out, 0);
    Put64(out, entries);
    Put64(out, entries);
    Put64(out, directory_bytes);
    Put64(out, directory_offset);
    Put32(out, kZip64LocatorSignature);
    Put32(out, 0);
    Put64(out, directory_offset + directory_bytes);
    Put32(out, 1);  // Disks in all.
  }
  Put32(out, kEndSignature);
  Put32(out, 0);  // Disks, twice 16 bits.
  Put16(out, entries);
  Put16(out, entries);
  Put32(out, directory_bytes);
  Put32(out, Field32(directory_offset));
  Put16(out, comment_bytes);
  return out;
}

bool HidesTheEnd(std::string_view end_records, std::string_view comment) {
  const std::string end = std::string(end_records.substr(end_records.size() - kEndBytes)) + std::string(comment);
  return end.rfind(kEndMark) != 0;
}

std::uint32_t Crc32(std::uint32_t crc, std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace porchlight::archive
