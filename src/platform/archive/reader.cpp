#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_map>

#include "platform/archive/archive.h"
#include "platform/archive/internal/format.h"
#include "platform/archive/internal/names.h"
#include "platform/crypto/digest.h"

namespace porchlight::archive {

namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::uint64_t kMaxDirectoryBytes = kMaxEntries * (kCentralBytes + kMaxNameBytes + 4 + 24);

Error Failed(ErrorCode code, std::string_view what) {
  const std::string text = "The archive cannot be read: " + std::string(what) + ".";
  return {code, text, text, {}};
}
Error Corrupt(std::string_view what) { return Failed(ErrorCode::kCorrupt, what); }

Error FromErrno(const std::string& path, const char* step) {
  const int number = errno;
  const ErrorCode code = number == ENOENT || number == ENOTDIR ? ErrorCode::kNotFound
                         : number == EACCES || number == EPERM ? ErrorCode::kForbidden
                                                               : ErrorCode::kUnavailable;
  return {code, "The archive cannot be read.", path + ": " + step + ": " + std::strerror(number), {}};
}

class File {
 public:
  explicit File(std::string path) : path_(std::move(path)), number_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Result<void> Measure() {
    struct stat status {};
    if (number_ < 0) return FromErrno(path_, "open");
    if (::fstat(number_, &status) != 0) return FromErrno(path_, "stat");
    if (!S_ISREG(status.st_mode)) return Failed(ErrorCode::kInvalidArgument, "it is no regular file");
    bytes_ = static_cast<std::uint64_t>(status.st_size);
    return {};
  }

  std::uint64_t bytes() const { return bytes_; }

  // Exactly `count` bytes.
  Result<std::string> ReadAt(std::uint64_t offset, std::uint64_t count) const {
    if (offset > bytes_ || count > bytes_ - offset) return Corrupt("it is cut off");
    std::string out(count, '\0');
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got = ::pread(number_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return FromErrno(path_, "read");
      if (got == 0) return Corrupt("it is cut off");
      done += static_cast<std::size_t>(got);
    }
    return out;
  }

  Result<void> Stream(std::uint64_t offset, std::uint64_t count, const Sink& sink) const {
    while (count > 0) {
      const std::uint64_t step = std::min<std::uint64_t>(count, kChunkBytes);
      const std::string chunk = PL_TRY(ReadAt(offset, step));
      PL_TRY(sink(chunk));
      offset += step;
      count -= step;
    }
    return {};
  }

 private:
  const std::string path_;
  const int number_;
  std::uint64_t bytes_ = 0;
};

struct Ending {
  std::uint64_t entries = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_bytes = 0;
  std::uint64_t comment_offset = 0;
  std::string comment;
};

Result<std::uint64_t> Zip64Offset(const File& file, std::uint64_t end_offset) {
  constexpr std::size_t kBytes = kZip64EndBytes + kZip64LocatorBytes;
  if (end_offset < kBytes) return Corrupt("its zip64 records are missing");
  const std::string records = PL_TRY(file.ReadAt(end_offset - kBytes, kBytes));
  if (Get32(records, 0) != kZip64EndSignature) return Corrupt("its zip64 records are missing");
  return Get64(records, 48);
}

Result<Ending> ReadEnding(const File& file) {
  const std::uint64_t tail_bytes = std::min<std::uint64_t>(file.bytes(), kEndBytes + kMaxCommentBytes);
  const std::string tail = PL_TRY(file.ReadAt(file.bytes() - tail_bytes, tail_bytes));
  const std::size_t at = tail.rfind(kEndMark);
  if (at == std::string::npos || tail.size() - at < kEndBytes) return Corrupt("it has no end record, so it is no ZIP archive or cut off");
  const std::size_t comment_bytes = Get16(tail, at + 20);
  const std::size_t rest = tail.size() - at - kEndBytes;
  if (rest > comment_bytes) return Corrupt("bytes follow its comment");
  if (rest < comment_bytes) return Corrupt("its comment is cut off");

  Ending ending;
  ending.comment_offset = file.bytes() - comment_bytes;
  ending.comment = tail.substr(at + kEndBytes);
  const std::uint64_t end_offset = ending.comment_offset - kEndBytes;
  ending.entries = Get16(tail, at + 10);
  ending.directory_bytes = Get32(tail, at + 12);
  ending.directory_offset = Get32(tail, at + 16);
  if (ending.directory_offset == kFull32) ending.directory_offset = PL_TRY(Zip64Offset(file, end_offset));
  if (ending.entries > kMaxEntries) return Failed(ErrorCode::kTooLarge, "it has more than 20,000 entries");
  if (ending.directory_bytes > kMaxDirectoryBytes) return Failed(ErrorCode::kTooLarge, "its central directory is too large");

  const std::string records = EndRecords(ending.entries, ending.directory_offset, ending.directory_bytes, comment_bytes);
  if (ending.comment_offset < records.size() + ending.directory_bytes) return Corrupt("it is cut off");
  const std::uint64_t records_offset = ending.comment_offset - records.size();
  const std::uint64_t found_at = records_offset - ending.directory_bytes;
  if (PL_TRY(file.ReadAt(records_offset, records.size())) != records) return Corrupt("its end records disagree with each other");
  if (found_at > ending.directory_offset) return Corrupt("bytes stand before it or between its parts");
  if (found_at < ending.directory_offset) return Corrupt("its central directory is not where the end record says");
  return ending;
}

// Takes one record off the front of `directory`.
Result<EntryRecord> TakeEntry(std::string_view& directory) {
  if (directory.size() < kCentralBytes || Get32(directory, 0) != kCentralSignature) return Corrupt("its central directory is damaged");
  const std::uint16_t flags = Get16(directory, 8);
  if ((flags & kFlagEncrypted) != 0) return Failed(ErrorCode::kInvalidArgument, "an entry is encrypted");
  if (Get16(directory, 10) != 0) return Failed(ErrorCode::kInvalidArgument, "an entry is compressed; only stored ones are taken");
  const std::size_t name_bytes = Get16(directory, 28);
  const std::size_t extra_bytes = Get16(directory, 30);
  if (directory.size() < kCentralBytes + name_bytes + extra_bytes) return Corrupt("its central directory is cut off");

  EntryRecord entry;
  entry.descriptor = (flags & kFlagDescriptor) != 0;
  entry.time = Get32(directory, 12);
  entry.crc = Get32(directory, 16);
  entry.size = Get32(directory, 24);
  entry.offset = Get32(directory, 42);
  entry.name = std::string(directory.substr(kCentralBytes, name_bytes));
  const std::string_view extra = directory.substr(kCentralBytes + name_bytes, extra_bytes);
  const std::size_t wanted = (entry.size == kFull32 ? 16U : 0U) + (entry.offset == kFull32 ? 8U : 0U);
  if (extra.size() != (wanted == 0 ? 0 : 4 + wanted)) return Corrupt("an entry has extra fields that do not belong there");
  if (entry.offset == kFull32) entry.offset = Get64(extra, extra.size() - 8);
  if (entry.size == kFull32) entry.size = Get64(extra, 4);

  const std::string again = CentralHeader(entry);
  if (directory.substr(0, again.size()) != again) return Corrupt("an entry of its central directory has not the form of this format");
  directory.remove_prefix(again.size());
  return entry;
}

}  // namespace

struct ZipReader::Inner {
  explicit Inner(const std::string& path) : file(path) {}

  File file;
  Ending ending;
  std::vector<EntryRecord> records;
  std::vector<ZipEntry> entries;
  std::unordered_map<std::string, std::size_t> by_name;

  static std::uint64_t ContentOffset(const EntryRecord& record) { return record.offset + LocalHeader(record).size(); }

  // `position` is where the entry must begin; it is moved to its end.
  Result<void> CheckPlace(const EntryRecord& record, std::uint64_t& position) const {
    if (record.offset > position && records.empty()) return Corrupt("bytes stand before its first entry");
    if (record.offset > position) return Corrupt("bytes stand between its entries");
    if (record.offset < position) return Corrupt("its entries overlap or are out of order");
    const std::string header = LocalHeader(record);
    const std::string descriptor = Descriptor(record);
    const std::uint64_t room = ending.directory_offset - position;
    const std::uint64_t around = header.size() + descriptor.size();
    if (record.size > room || around > room - record.size) return Corrupt("an entry reaches into the central directory");
    if (PL_TRY(file.ReadAt(position, header.size())) != header) {
      return Corrupt("the header beside an entry disagrees with the central directory");
    }
    position += header.size() + record.size;
    if (PL_TRY(file.ReadAt(position, descriptor.size())) != descriptor) {
      return Corrupt("the record after an entry disagrees with the central directory");
    }
    position += descriptor.size();
    return {};
  }

  Result<void> ReadDirectory() {
    const std::string directory = PL_TRY(file.ReadAt(ending.directory_offset, ending.directory_bytes));
    std::string_view rest = directory;
    std::uint64_t position = 0;
    NameSet names;
    for (std::uint64_t index = 0; index < ending.entries; ++index) {
      EntryRecord record = PL_TRY(TakeEntry(rest));
      PL_TRY(names.Add(record.name));
      PL_TRY(CheckPlace(record, position));
      entries.push_back({record.name, record.size});
      by_name.emplace(record.name, records.size());
      records.push_back(std::move(record));
    }
    if (!rest.empty()) return Corrupt("its central directory has more entries than the end record says");
    if (position != ending.directory_offset) return Corrupt("bytes stand between its entries and the central directory");
    return {};
  }
};

Result<ZipReader> ZipReader::Open(const std::string& path) {
  const auto inner = std::make_shared<Inner>(path);
  PL_TRY(inner->file.Measure());
  inner->ending = PL_TRY(ReadEnding(inner->file));
  PL_TRY(inner->ReadDirectory());
  return ZipReader(inner);
}

const std::vector<ZipEntry>& ZipReader::entries() const { return inner_->entries; }
const std::string& ZipReader::comment() const { return inner_->ending.comment; }

std::optional<std::size_t> ZipReader::Find(std::string_view name) const {
  const auto found = inner_->by_name.find(std::string(name));
  if (found == inner_->by_name.end()) return std::nullopt;
  return found->second;
}

Result<void> ZipReader::Read(std::size_t index, const Sink& sink) const {
  PL_CHECK(index < inner_->records.size());
  const EntryRecord& record = inner_->records[index];
  std::uint32_t crc = 0;
  const auto pass = [&](std::string_view bytes) {
    crc = Crc32(crc, bytes);
    return sink(bytes);
  };
  PL_TRY(inner_->file.Stream(Inner::ContentOffset(record), record.size, pass));
  if (crc != record.crc) return Corrupt("the content of an entry does not have its checksum");
  return {};
}

Result<std::string> ZipReader::DigestBeforeComment() const {
  crypto::Sha256Stream digest;
  const auto pass = [&](std::string_view bytes) -> Result<void> {
    digest.Update(bytes);
    return {};
  };
  PL_TRY(inner_->file.Stream(0, inner_->ending.comment_offset, pass));
  return digest.Finish();
}

}  // namespace porchlight::archive
