#include <chrono>

#include "platform/archive/archive.h"
#include "platform/archive/internal/format.h"
#include "platform/archive/internal/names.h"
#include "platform/crypto/digest.h"

namespace porchlight::archive {

namespace {

Error Failed(ErrorCode code, std::string text, std::string field = {}) { return {code, text, text, std::move(field)}; }

Result<std::uint32_t> DosTime(Instant time) {
  using std::chrono::days;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds(time.microseconds));
  const std::chrono::sys_days day(std::chrono::floor<days>(seconds));
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day.time_since_epoch());
  const int year = static_cast<int>(date.year());
  if (year < 1980 || year > 2107) return Failed(ErrorCode::kInvalidArgument, "A ZIP archive holds times of 1980 to 2107.", "/time");
  const auto part = [](auto value, int shift) { return static_cast<std::uint32_t>(value) << shift; };
  return part(year - 1980, 25) | part(static_cast<unsigned>(date.month()), 21) | part(static_cast<unsigned>(date.day()), 16) |
         part(clock.hours().count(), 11) | part(clock.minutes().count(), 5) | part(clock.seconds().count() / 2, 0);
}

}  // namespace

std::uint64_t ArchiveBytes(const std::vector<ZipEntry>& entries) {
  std::uint64_t offset = 0;
  std::uint64_t directory = 0;
  for (const ZipEntry& one : entries) {
    EntryRecord entry;
    entry.name = one.name;
    entry.size = one.size;
    entry.offset = offset;
    entry.descriptor = true;
    offset += LocalHeader(entry).size() + one.size + Descriptor(entry).size();
    directory += CentralHeader(entry).size();
  }
  return offset + directory + EndRecords(entries.size(), offset, directory, 0).size();
}

struct ZipWriter::Inner {
  Sink sink;
  std::uint32_t time = 0;
  std::size_t comment_bytes = 0;
  NameSet names;
  std::optional<EntryRecord> open;
  std::uint64_t written = 0;  // Of the open entry.
  std::uint64_t offset = 0;   // Of the archive.
  std::uint64_t entries = 0;
  std::string directory;
  crypto::Sha256Stream digest;
  std::optional<Error> spent;

  Result<void> Emit(std::string_view bytes) {
    digest.Update(bytes);
    offset += bytes.size();
    return sink(bytes);
  }

  // Runs one step; its error is the archive's from then on.
  template <class Step>
  auto Guarded(const Step& step) -> decltype(step()) {
    if (spent) return *spent;
    auto result = step();
    if (!result.ok()) spent = result.error();
    return result;
  }

  Result<EntryRecord> NewEntry(std::string_view name, std::uint64_t size) {
    if (open) return Failed(ErrorCode::kConflict, "An entry of the archive is still open.");
    if (entries >= kMaxEntries) return Failed(ErrorCode::kTooLarge, "An archive has at most 20,000 entries.");
    if (size > kMaxEntryBytes) return Failed(ErrorCode::kTooLarge, "An entry of an archive has at most 1 TiB.", "/size");
    PL_TRY(names.Add(name));
    EntryRecord entry;
    entry.name = std::string(name);
    entry.size = size;
    entry.offset = offset;
    entry.time = time;
    return entry;
  }

  void Close(const EntryRecord& entry) {
    directory += CentralHeader(entry);
    ++entries;
  }

  Result<void> Add(std::string_view name, std::string_view bytes) {
    EntryRecord entry = PL_TRY(NewEntry(name, bytes.size()));
    entry.crc = Crc32(0, bytes);
    PL_TRY(Emit(LocalHeader(entry)));
    PL_TRY(Emit(bytes));
    Close(entry);
    return {};
  }

  Result<void> Begin(std::string_view name, std::uint64_t size) {
    EntryRecord entry = PL_TRY(NewEntry(name, size));
    entry.descriptor = true;
    PL_TRY(Emit(LocalHeader(entry)));
    open = std::move(entry);
    written = 0;
    return {};
  }

  Result<void> Write(std::string_view bytes) {
    if (!open) return Failed(ErrorCode::kConflict, "No entry of the archive is open.");
    if (bytes.size() > open->size - written) return Failed(ErrorCode::kInvalidArgument, "An entry has more bytes than stated.", "/size");
    open->crc = Crc32(open->crc, bytes);
    written += bytes.size();
    return Emit(bytes);
  }

  Result<void> End() {
    if (!open) return Failed(ErrorCode::kConflict, "No entry of the archive is open.");
    if (written != open->size) return Failed(ErrorCode::kInvalidArgument, "An entry has fewer bytes than stated.", "/size");
    PL_TRY(Emit(Descriptor(*open)));
    Close(*open);
    open.reset();
    return {};
  }

  Result<std::uint64_t> Finish(const Seal& seal) {
    if (open) return Failed(ErrorCode::kConflict, "An entry of the archive is still open.");
    const std::string end = EndRecords(entries, offset, directory.size(), comment_bytes);
    PL_TRY(Emit(directory));
    PL_TRY(Emit(end));
    const std::string comment = PL_TRY(seal(digest.Finish()));
    if (comment.size() != comment_bytes) {
      return Failed(ErrorCode::kInvalidArgument, "The archive's comment has not the stated length.", "/comment");
    }
    if (HidesTheEnd(end, comment)) {
      return Failed(ErrorCode::kInvalidArgument, "The archive's comment would be taken for the end of an archive.", "/comment");
    }
    if (!comment.empty()) PL_TRY(sink(comment));
    return offset + comment.size();
  }
};

ZipWriter::ZipWriter(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
ZipWriter::ZipWriter(ZipWriter&&) noexcept = default;
ZipWriter& ZipWriter::operator=(ZipWriter&&) noexcept = default;
ZipWriter::~ZipWriter() = default;

Result<ZipWriter> ZipWriter::Start(const ZipWriterOptions& options, Sink sink) {
  if (options.comment_bytes > kMaxCommentBytes) {
    return Failed(ErrorCode::kInvalidArgument, "An archive's comment has at most 65,535 bytes.", "/comment_bytes");
  }
  auto inner = std::make_unique<Inner>();
  inner->sink = std::move(sink);
  inner->time = PL_TRY(DosTime(options.time));
  inner->comment_bytes = options.comment_bytes;
  return ZipWriter(std::move(inner));
}

Result<void> ZipWriter::Add(std::string_view name, std::string_view bytes) {
  return inner_->Guarded([&] { return inner_->Add(name, bytes); });
}

Result<void> ZipWriter::Begin(std::string_view name, std::uint64_t size) {
  return inner_->Guarded([&] { return inner_->Begin(name, size); });
}

Result<void> ZipWriter::Write(std::string_view bytes) {
  return inner_->Guarded([&] { return inner_->Write(bytes); });
}

Result<void> ZipWriter::End() {
  return inner_->Guarded([&] { return inner_->End(); });
}

Result<std::uint64_t> ZipWriter::Finish(const Seal& seal) {
  Result<std::uint64_t> result = inner_->Guarded([&] { return inner_->Finish(seal); });
  if (result.ok()) inner_->spent = Failed(ErrorCode::kConflict, "The archive is finished.");
  return result;
}

}  // namespace porchlight::archive
