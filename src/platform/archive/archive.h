#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

// ZIP archives in one narrow form: entries stored, the same input gives the same bytes, nothing before, between or
// after the parts, and a comment that can seal every byte before it. Format: docs/formats/zip.md.
namespace porchlight::archive {

inline constexpr std::size_t kMaxEntries = 20'000;
inline constexpr std::size_t kMaxNameBytes = 200;
inline constexpr std::size_t kMaxCommentBytes = 65'535;
inline constexpr std::uint64_t kMaxEntryBytes = std::uint64_t{1} << 40;  // 1 TiB.

// Takes bytes in their order; an error stops whoever writes and is handed on.
using Sink = std::function<Result<void>(std::string_view bytes)>;

// A name that unpacks below the folder it is unpacked in, on every system: UTF-8 of 1 to 200 bytes; relative, parts
// divided by "/", none of them empty, "." or ".."; no control characters, none that change the direction of writing,
// none of \ : * ? " < > |; no part ends with a space or a dot. Errors: kInvalidArgument; the text does not repeat the name.
Result<void> CheckName(std::string_view name);

struct ZipWriterOptions {
  Instant time;                   // Of every entry: UTC, 1980 to 2107, cut to two seconds.
  std::size_t comment_bytes = 0;  // Exact length of the comment that Finish will append; at most kMaxCommentBytes.
};

struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;  // Bytes.
};

// Length in bytes of an archive without a comment whose entries, in this order, are all written in pieces.
std::uint64_t ArchiveBytes(const std::vector<ZipEntry>& entries);

// Writes an archive front to back; memory does not grow with the size of entries. One thread at a time. After any error
// the archive is spent: every later call answers that error, and what the sink has got is no archive.
class ZipWriter {
 public:
  // Answers the archive's comment, exactly comment_bytes long. It gets the SHA-256 (32 bytes, raw) of every byte of the
  // archive before the comment; the comment's length is among them.
  using Seal = std::function<Result<std::string>(std::string_view sha256)>;

  // Errors: kInvalidArgument (time, length of the comment).
  static Result<ZipWriter> Start(const ZipWriterOptions& options, Sink sink);
  ZipWriter(ZipWriter&&) noexcept;
  ZipWriter& operator=(ZipWriter&&) noexcept;
  ~ZipWriter();

  // One whole entry. Errors of Add and Begin: kInvalidArgument (CheckName; the name is there already, also in other ASCII
  // case, or is both a file and a folder), kTooLarge (kMaxEntries, kMaxEntryBytes), kConflict (an entry is open), and
  // those of the sink.
  Result<void> Add(std::string_view name, std::string_view bytes);
  // One entry in pieces that are together `size` bytes. Errors of Write and End: kConflict (no entry is open),
  // kInvalidArgument (more or fewer bytes than stated), and those of the sink.
  Result<void> Begin(std::string_view name, std::uint64_t size);
  Result<void> Write(std::string_view bytes);
  Result<void> End();
  // Once, at the end; answers the length of the archive in bytes. Errors: kConflict (an entry is open),
  // kInvalidArgument (the comment is not comment_bytes long, or would be taken for the end of an archive), those of
  // `seal` and of the sink.
  Result<std::uint64_t> Finish(const Seal& seal);

 private:
  struct Inner;
  explicit ZipWriter(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};


// Reads what ZipWriter writes and refuses everything else. Immutable once open; safe from any thread; the file is kept
// open and must not change.
class ZipReader {
 public:
  // Checks the whole structure: central directory, every header beside an entry, and that the file holds nothing else.
  // Contents are checked by Read and DigestBeforeComment. Errors, with what is wrong: kNotFound, kForbidden,
  // kUnavailable (the file cannot be read), kTooLarge (more than kMaxEntries), kInvalidArgument (no regular file, bad or
  // double names, encrypted or compressed entries), kCorrupt (everything else).
  static Result<ZipReader> Open(const std::string& path);

  const std::vector<ZipEntry>& entries() const;       // In their order in the file.
  std::optional<std::size_t> Find(std::string_view name) const;  // Index in entries().
  const std::string& comment() const;

  // Streams one entry, exactly entries()[index].size bytes. Its CRC is known at the end only: on kCorrupt what the sink
  // has got must be thrown away. Errors: kCorrupt, kUnavailable, those of the sink.
  Result<void> Read(std::size_t index, const Sink& sink) const;
  // SHA-256 (32 bytes, raw) of every byte before the comment, as ZipWriter's Seal got it; reads the whole file.
  // Errors: kCorrupt (the file was cut off meanwhile), kUnavailable.
  Result<std::string> DigestBeforeComment() const;

 private:
  struct Inner;
  explicit ZipReader(std::shared_ptr<const Inner> inner) : inner_(std::move(inner)) {}
  std::shared_ptr<const Inner> inner_;
};

}  // namespace porchlight::archive
