// Goal: what is written is read back, by us and by programs that are not ours; the bytes depend on the input alone; the
// seal covers every byte; whatever differs from the form is refused with the reason. Method: round trips, each refusal
// made by hand from the same records, and every single bit of a small archive turned.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "platform/archive/archive.h"
#include "platform/archive/internal/format.h"
#include "platform/crypto/digest.h"

namespace porchlight::archive {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr Instant kTime{1'767'323'045'000'000};  // 2026-01-02T03:04:05Z.
constexpr std::uint32_t kDosTime = (46U << 25) | (1U << 21) | (2U << 16) | (3U << 11) | (4U << 5) | 2U;
constexpr std::size_t kSealBytes = 71;

Result<std::string> SealOf(std::string_view sha256) { return "sealed:" + HexEncode(sha256); }

class ArchiveTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Save(std::string_view bytes) const {
    const std::string path = folder_ / "archive.zip";
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return path;
  }

  Error Refusal(std::string_view bytes) const {
    const Result<ZipReader> reader = ZipReader::Open(Save(bytes));
    EXPECT_FALSE(reader.ok());
    return reader.ok() ? Error{} : reader.error();
  }

  // Answers what a command printed, and its exit status as the last line.
  static std::string Run(const std::string& command) {
    FILE* const pipe = popen((command + " 2>&1; echo status $?").c_str(), "r");
    std::string out;
    for (int byte = std::fgetc(pipe); byte != EOF; byte = std::fgetc(pipe)) out += static_cast<char>(byte);
    pclose(pipe);
    return out;
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("porchlight_archive_" + std::to_string(getpid()));
};

Sink Into(std::string& out) {
  return [&out](std::string_view bytes) -> Result<void> {
    out += bytes;
    return {};
  };
}

ZipWriter Started(std::string& out, std::size_t comment_bytes = kSealBytes) {
  Result<ZipWriter> writer = ZipWriter::Start({kTime, comment_bytes}, Into(out));
  EXPECT_TRUE(writer.ok()) << writer.error().public_text;
  return *std::move(writer);
}

std::string Small() {
  std::string out;
  ZipWriter writer = Started(out);
  EXPECT_TRUE(writer.Add("report.txt", "What was reported.\n").ok());
  EXPECT_TRUE(writer.Begin("files/grün \xe6\x96\x87.bin", 6).ok());
  EXPECT_TRUE(writer.Write("abc").ok());
  EXPECT_TRUE(writer.Write("").ok());
  EXPECT_TRUE(writer.Write(std::string_view("\0PK", 3)).ok());
  EXPECT_TRUE(writer.End().ok());
  EXPECT_TRUE(writer.Add("empty", "").ok());
  const Result<std::uint64_t> bytes = writer.Finish(SealOf);
  EXPECT_TRUE(bytes.ok());
  EXPECT_EQ(*bytes, out.size());
  return out;
}

// An archive of the room's own records, changed by `change` before they are put together.
struct Parts {
  std::vector<EntryRecord> entries;
  std::vector<std::string> contents, locals, centrals;
  std::string prefix, before_directory, comment;

  void Add(const std::string& name, const std::string& content) {
    EntryRecord entry;
    entry.name = name;
    entry.size = content.size();
    entry.crc = Crc32(0, content);
    entry.time = kDosTime;
    entry.offset = prefix.size();
    for (std::size_t index = 0; index < locals.size(); ++index) entry.offset += locals[index].size() + contents[index].size();
    entries.push_back(entry);
    contents.push_back(content);
    locals.push_back(LocalHeader(entry));
    centrals.push_back(CentralHeader(entry));
  }

  std::string Bytes() const {
    std::string out = prefix, directory;
    for (std::size_t index = 0; index < locals.size(); ++index) out += locals[index] + contents[index];
    for (const std::string& central : centrals) directory += central;
    out += before_directory;
    return out + directory + EndRecords(entries.size(), out.size(), directory.size(), comment.size()) + comment;
  }
};

Parts TwoEntries() {
  Parts parts;
  parts.Add("one", "first");
  parts.Add("two", "second");
  return parts;
}

TEST_F(ArchiveTest, WhatIsWrittenIsReadBack) {
  const std::string bytes = Small();
  const Result<ZipReader> reader = ZipReader::Open(Save(bytes));
  ASSERT_TRUE(reader.ok()) << reader.error().public_text;
  ASSERT_EQ(reader->entries().size(), 3U);
  const std::vector<std::pair<std::string, std::string>> wanted = {
      {"report.txt", "What was reported.\n"}, {"files/grün \xe6\x96\x87.bin", std::string("abc\0PK", 6)}, {"empty", ""}};
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    EXPECT_EQ(reader->entries()[index].name, wanted[index].first);
    EXPECT_EQ(reader->entries()[index].size, wanted[index].second.size());
    EXPECT_EQ(reader->Find(wanted[index].first), index);
    std::string content;
    ASSERT_TRUE(reader->Read(index, Into(content)).ok());
    EXPECT_EQ(content, wanted[index].second);
  }
  EXPECT_FALSE(reader->Find("none").has_value());
  EXPECT_EQ(*reader->DigestBeforeComment(), crypto::Sha256(std::string_view(bytes).substr(0, bytes.size() - kSealBytes)));
  EXPECT_EQ(reader->comment(), *SealOf(*reader->DigestBeforeComment()));
}

TEST_F(ArchiveTest, TheSameInputGivesTheSameBytesInAnyTimeZoneAndLocale) {
  const std::string bytes = Small();
  setenv("TZ", "America/New_York", 1);
  tzset();
  EXPECT_EQ(Small(), bytes);
  unsetenv("TZ");
  tzset();
  // The whole file once and for all: a change here breaks the seals of packages that were made again.
  EXPECT_EQ(HexEncode(crypto::Sha256(bytes)), "02e5a0c2f3e2c9c0e3c114075105c18da7c8be4a3eca84f98ca0b563c6e987e0");
}

TEST_F(ArchiveTest, ProgramsThatAreNotOursReadIt) {
  const std::string path = Save(Small());
  if (Run("unzip -v").find("status 0") != std::string::npos) {
    EXPECT_THAT(Run("TZ=UTC unzip -t '" + path + "'"), AllOf(HasSubstr("No errors detected"), HasSubstr("status 0")));
    EXPECT_THAT(Run("TZ=UTC unzip -p '" + path + "' report.txt"), HasSubstr("What was reported.\nstatus 0"));
  }
  const std::string script =
      "import zipfile, sys; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; "
      "print([(i.filename, i.date_time, i.file_size, oct(i.external_attr >> 16), i.compress_type) for i in z.infolist()]); "
      "print(z.comment[:7], z.read(z.namelist()[1]))";
  EXPECT_THAT(Run("PYTHONUTF8=1 python3 -c '" + script + "' '" + path + "'"),
              AllOf(HasSubstr("('report.txt', (2026, 1, 2, 3, 4, 4), 19, '0o100644', 0)"), HasSubstr("files/grün \xe6\x96\x87.bin"),
                    HasSubstr("b'sealed:' b'abc\\x00PK'"), HasSubstr("status 0")));
}

TEST_F(ArchiveTest, EveryTurnedBitIsNoticed) {
  const std::string bytes = Small();
  const auto noticed = [&](const std::string& path) {
    const Result<ZipReader> reader = ZipReader::Open(path);
    if (!reader.ok()) return true;
    return reader->comment() != *SealOf(*reader->DigestBeforeComment());
  };
  ASSERT_FALSE(noticed(Save(bytes)));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string turned = bytes;
    turned[bit / 8] = static_cast<char>(turned[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_TRUE(noticed(Save(turned))) << "byte " << bit / 8 << " bit " << bit % 8;
  }
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_FALSE(ZipReader::Open(Save(bytes.substr(0, length))).ok()) << length;
  }
}

TEST_F(ArchiveTest, AContentThatWasChangedFailsItsChecksum) {
  std::string bytes = Small();
  bytes[bytes.find("What was")] = 'T';
  const Result<ZipReader> reader = ZipReader::Open(Save(bytes));
  ASSERT_TRUE(reader.ok());
  std::string content;
  const Result<void> read = reader->Read(0, Into(content));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(read.error().public_text, HasSubstr("checksum"));
}

TEST_F(ArchiveTest, AnEmptyArchiveWithoutACommentIsOne) {
  std::string out;
  ZipWriter writer = Started(out, 0);
  ASSERT_TRUE(writer.Finish([](std::string_view) -> Result<std::string> { return std::string(); }).ok());
  EXPECT_EQ(out.size(), kEndBytes);
  const Result<ZipReader> reader = ZipReader::Open(Save(out));
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(reader->entries().empty());
  EXPECT_EQ(*reader->DigestBeforeComment(), crypto::Sha256(out));
}

TEST_F(ArchiveTest, NamesAreChecked) {
  const std::string long_name(kMaxNameBytes, 'n');
  const std::vector<std::string> good = {"a", "a/b/c.txt", "..a", "a b", "é/\xe6\x96\x87", "\xe2\x80\x93 dash", long_name};
  for (const std::string& name : good) {
    EXPECT_TRUE(CheckName(name).ok()) << name;
  }
  const std::vector<std::string> bad = {
      "", long_name + "n", "/a", "a/", "a//b", ".", "..", "a/../b", "../a", "./a", "a\\b", "C:a", "a\nb", std::string("a\0b", 3), "a\x7f",
      "\xc2\x85", "cod\xe2\x80\xaegpj.exe", "\xe2\x81\xa6x", "\xff", "a.", "a /b", "a?", "a*", "a|b", "\"a\"", "<a>"};
  for (const std::string& name : bad) {
    const Result<void> result = CheckName(name);
    if (result.ok()) {
      ADD_FAILURE() << name;
    } else {
      EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument) << name;
    }
  }
}

TEST_F(ArchiveTest, ANameStandsOnce) {
  const std::vector<std::pair<std::string, std::string>> pairs = {{"a", "a"}, {"a.TXT", "A.txt"}, {"a/b", "a"}, {"a", "A/b/c"}};
  for (const auto& [first, second] : pairs) {
    std::string out;
    ZipWriter writer = Started(out);
    ASSERT_TRUE(writer.Add(first, "1").ok());
    EXPECT_EQ(writer.Add(second, "2").error().code, ErrorCode::kInvalidArgument) << second;
    Parts parts;
    parts.Add(first, "1");
    parts.Add(second, "2");
    const Error error = Refusal(parts.Bytes());
    EXPECT_EQ(error.code, ErrorCode::kInvalidArgument) << second;
    EXPECT_THAT(error.public_text, HasSubstr("name")) << second;
  }
  std::string out;
  ZipWriter writer = Started(out);
  EXPECT_TRUE(writer.Add("a/b", "1").ok());
  EXPECT_TRUE(writer.Add("a/c", "2").ok());
}

TEST_F(ArchiveTest, SizesAreKept) {
  std::string out;
  ZipWriter more = Started(out);
  ASSERT_TRUE(more.Begin("a", 3).ok());
  EXPECT_EQ(more.Write("abcd").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(more.End().error().field, "/size") << "a spent archive answers its first error";
  ZipWriter fewer = Started(out);
  ASSERT_TRUE(fewer.Begin("a", 3).ok());
  ASSERT_TRUE(fewer.Write("ab").ok());
  EXPECT_EQ(fewer.End().error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(fewer.Finish(SealOf).ok());
  ZipWriter large = Started(out);
  EXPECT_EQ(large.Begin("a", kMaxEntryBytes + 1).error().code, ErrorCode::kTooLarge);
}

TEST_F(ArchiveTest, StepsHaveAnOrder) {
  std::string out;
  EXPECT_EQ(Started(out).Write("a").error().code, ErrorCode::kConflict);
  EXPECT_EQ(Started(out).End().error().code, ErrorCode::kConflict);
  ZipWriter open = Started(out);
  ASSERT_TRUE(open.Begin("a", 1).ok());
  EXPECT_EQ(open.Add("b", "").error().code, ErrorCode::kConflict);
  ZipWriter unfinished = Started(out);
  ASSERT_TRUE(unfinished.Begin("a", 1).ok());
  EXPECT_EQ(unfinished.Finish(SealOf).error().code, ErrorCode::kConflict);
  ZipWriter finished = Started(out);
  ASSERT_TRUE(finished.Finish(SealOf).ok());
  EXPECT_EQ(finished.Finish(SealOf).error().code, ErrorCode::kConflict);
  EXPECT_EQ(finished.Add("a", "").error().code, ErrorCode::kConflict);
}

TEST_F(ArchiveTest, TimesAndCommentsHaveLimits) {
  std::string out;
  for (const std::int64_t microseconds : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{4'354'819'200'000'000}}) {
    EXPECT_EQ(ZipWriter::Start({{microseconds}, 0}, Into(out)).error().code, ErrorCode::kInvalidArgument) << microseconds;
  }
  EXPECT_TRUE(ZipWriter::Start({{4'354'819'199'000'000}, 0}, Into(out)).ok());
  EXPECT_TRUE(ZipWriter::Start({{315'532'800'000'000}, 0}, Into(out)).ok());
  EXPECT_EQ(ZipWriter::Start({kTime, kMaxCommentBytes + 1}, Into(out)).error().code, ErrorCode::kInvalidArgument);

  const auto finish = [&](std::string comment, std::size_t stated) {
    return Started(out, stated).Finish([&](std::string_view) -> Result<std::string> { return comment; });
  };
  EXPECT_TRUE(finish("four", 4).ok());
  EXPECT_EQ(finish("four", 5).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(finish("..PK\x05\x06..", 8).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(finish("\x05\x06" + std::string(0x4b50 - 2, '.'), 0x4b50).error().code, ErrorCode::kInvalidArgument)
      << "its length and its beginning are the mark together";
}

TEST_F(ArchiveTest, ErrorsOfTheSinkAndTheSealAreHandedOn) {
  std::string out;
  const Error full{ErrorCode::kNoSpace, "full", "full", {}};
  Result<ZipWriter> writer = ZipWriter::Start({kTime, 0}, [&](std::string_view) -> Result<void> { return full; });
  EXPECT_EQ(writer->Add("a", "b").error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(writer->Finish(SealOf).error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(Started(out).Finish([&](std::string_view) -> Result<std::string> { return full; }).error().code, ErrorCode::kNoSpace);
  const Result<ZipReader> reader = ZipReader::Open(Save(Small()));
  EXPECT_EQ(reader->Read(0, [&](std::string_view) -> Result<void> { return full; }).error().code, ErrorCode::kNoSpace);
}

TEST_F(ArchiveTest, FilesThatCannotBeOpenedAreNamed) {
  EXPECT_EQ(ZipReader::Open(folder_ / "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ZipReader::Open(folder_).error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(Refusal("").public_text, HasSubstr("no ZIP archive"));
  EXPECT_THAT(Refusal(std::string(100'000, 'x')).public_text, HasSubstr("no ZIP archive"));
}

TEST_F(ArchiveTest, BytesAroundTheArchiveAreRefused) {
  const Parts good = TwoEntries();
  ASSERT_TRUE(ZipReader::Open(Save(good.Bytes())).ok());
  EXPECT_THAT(Refusal(good.Bytes() + "x").public_text, HasSubstr("follow its comment"));
  EXPECT_THAT(Refusal("x" + good.Bytes()).public_text, HasSubstr("before it"));
  Parts adjusted;
  adjusted.prefix = "#!/bin/sh\n";
  adjusted.Add("one", "first");
  EXPECT_THAT(Refusal(adjusted.Bytes()).public_text, HasSubstr("before its first entry"));
  Parts hidden = TwoEntries();
  hidden.before_directory = "hidden";
  EXPECT_THAT(Refusal(hidden.Bytes()).public_text, HasSubstr("between its entries and the central directory"));
  Parts between = TwoEntries();
  between.contents[0] += "hidden";
  between.entries[1].offset += 6;
  between.centrals[1] = CentralHeader(between.entries[1]);
  EXPECT_THAT(Refusal(between.Bytes()).public_text, HasSubstr("between its entries"));
  std::string cut = good.Bytes();
  cut[cut.size() - 2] = 1;
  EXPECT_THAT(Refusal(cut).public_text, HasSubstr("comment is cut off"));
}

TEST_F(ArchiveTest, EncryptedAndCompressedEntriesAreRefused) {
  Parts encrypted = TwoEntries();
  encrypted.centrals[1][8] |= 1;
  encrypted.locals[1][6] |= 1;
  Error error = Refusal(encrypted.Bytes());
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.public_text, HasSubstr("encrypted"));
  Parts local_only = TwoEntries();
  local_only.locals[1][6] |= 1;
  EXPECT_EQ(Refusal(local_only.Bytes()).code, ErrorCode::kCorrupt);
  // A bomb is compressed, or overlaps itself; neither gets in.
  Parts compressed = TwoEntries();
  compressed.centrals[0][10] = 8;
  compressed.locals[0][8] = 8;
  error = Refusal(compressed.Bytes());
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.public_text, HasSubstr("compressed"));
  Parts overlapping = TwoEntries();
  overlapping.entries[1] = overlapping.entries[0];
  overlapping.entries[1].name = "two";
  overlapping.centrals[1] = CentralHeader(overlapping.entries[1]);
  EXPECT_THAT(Refusal(overlapping.Bytes()).public_text, HasSubstr("overlap"));
}

TEST_F(ArchiveTest, HeadersThatDisagreeAreRefused) {
  for (std::size_t at = 0; at < TwoEntries().locals[1].size(); ++at) {
    Parts parts = TwoEntries();
    parts.locals[1][at] = static_cast<char>(parts.locals[1][at] ^ 4);
    const Error error = Refusal(parts.Bytes());
    EXPECT_EQ(error.code, ErrorCode::kCorrupt) << at;
    EXPECT_THAT(error.public_text, HasSubstr("beside an entry disagrees")) << at;
  }
  std::string descriptor = Small();
  const std::size_t at = descriptor.find("PK\x07\x08");
  descriptor[at + 4] = static_cast<char>(descriptor[at + 4] ^ 4);
  EXPECT_THAT(Refusal(descriptor).public_text, HasSubstr("after an entry disagrees"));
  Parts lying = TwoEntries();
  lying.entries[1].size = 1'000'000;
  lying.centrals[1] = CentralHeader(lying.entries[1]);
  EXPECT_THAT(Refusal(lying.Bytes()).public_text, HasSubstr("reaches into"));
  Parts mode = TwoEntries();
  mode.centrals[0][41] = static_cast<char>(0xa1);  // A symbolic link.
  EXPECT_THAT(Refusal(mode.Bytes()).public_text, HasSubstr("not the form"));
}

TEST_F(ArchiveTest, TheEndRecordAndTheDirectoryAgree) {
  Parts fewer = TwoEntries();
  fewer.entries.pop_back();
  EXPECT_EQ(Refusal(fewer.Bytes()).code, ErrorCode::kCorrupt);
  Parts more = TwoEntries();
  more.entries.push_back(more.entries[1]);
  EXPECT_EQ(Refusal(more.Bytes()).code, ErrorCode::kCorrupt);
  std::string disks = TwoEntries().Bytes();
  disks[disks.size() - kEndBytes + 4] = 1;
  EXPECT_THAT(Refusal(disks).public_text, HasSubstr("disagree with each other"));
  Parts bad = TwoEntries();
  bad.Add("../up", "x");
  EXPECT_EQ(Refusal(bad.Bytes()).code, ErrorCode::kInvalidArgument);
  Parts extra = TwoEntries();
  extra.centrals[0][30] = 4;
  extra.centrals[0] += "xxxx";
  EXPECT_THAT(Refusal(extra.Bytes()).public_text, HasSubstr("extra fields"));
}

TEST_F(ArchiveTest, ThereAreAtMostTwentyThousandEntries) {
  std::string out;
  ZipWriter writer = Started(out);
  for (std::size_t index = 0; index < kMaxEntries; ++index) ASSERT_TRUE(writer.Add(std::to_string(index), "").ok());
  const std::string many = EndRecords(kMaxEntries + 1, 0, 0, 0);
  EXPECT_EQ(Refusal(many).code, ErrorCode::kTooLarge);
  EXPECT_EQ(writer.Add("one more", "").error().code, ErrorCode::kTooLarge);
  std::string full;
  ZipWriter again = Started(full);
  for (std::size_t index = 0; index < kMaxEntries; ++index) ASSERT_TRUE(again.Add(std::to_string(index), "").ok());
  ASSERT_TRUE(again.Finish(SealOf).ok());
  const Result<ZipReader> reader = ZipReader::Open(Save(full));
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->entries().size(), kMaxEntries);
}

// The same records as the writer's around a hole of 5 GiB, which takes no room on the disk.
TEST_F(ArchiveTest, EntriesAndOffsetsOverFourGibibytesAreZip64) {
  EntryRecord large, small;
  large.name = "large";
  large.size = std::uint64_t{5} << 30;
  large.time = small.time = kDosTime;
  large.descriptor = true;
  large.crc = 0x12345678;  // Not that of the hole, which nobody reads here.
  small.name = "small";
  small.size = 3;
  small.crc = Crc32(0, "abc");
  small.offset = LocalHeader(large).size() + large.size + Descriptor(large).size();
  const std::string path = Save(LocalHeader(large));
  {
    std::ofstream file(path, std::ios::binary | std::ios::app);
    std::filesystem::resize_file(path, LocalHeader(large).size() + large.size);
    const std::string directory = CentralHeader(large) + CentralHeader(small);
    const std::string before = Descriptor(large) + LocalHeader(small) + "abc";
    const std::uint64_t offset = LocalHeader(large).size() + large.size + before.size();
    file << before << directory << EndRecords(2, offset, directory.size(), 4) << "seal";
  }
  const Result<ZipReader> reader = ZipReader::Open(path);
  ASSERT_TRUE(reader.ok()) << reader.error().public_text;
  EXPECT_EQ(reader->entries()[0].size, large.size);
  std::string content;
  ASSERT_TRUE(reader->Read(1, Into(content)).ok());
  EXPECT_EQ(content, "abc");
  EXPECT_EQ(reader->comment(), "seal");
  const std::string script =
      "import zipfile, sys; z = zipfile.ZipFile(sys.argv[1]); print([(i.filename, i.file_size) for i in z.infolist()], z.read(\"small\"))";
  EXPECT_THAT(Run("python3 -c '" + script + "' '" + path + "'"), HasSubstr("[('large', 5368709120), ('small', 3)] b'abc'\nstatus 0"));
  if (Run("unzip -v").find("status 0") != std::string::npos) {
    EXPECT_THAT(Run("unzip -t '" + path + "' small"), HasSubstr("No errors detected"));
  }
}

TEST_F(ArchiveTest, ItsLengthIsKnownBefore) {
  for (const std::vector<ZipEntry>& entries :
       {std::vector<ZipEntry>{}, {{"a", 0}}, {{"a", 3}, {"folder/b with a name", 70'000}, {"c", 1}}}) {
    std::string out;
    ZipWriter writer = ZipWriter::Start({kTime, 0}, Into(out)).value();
    for (const ZipEntry& one : entries) {
      ASSERT_TRUE(writer.Begin(one.name, one.size).ok());
      ASSERT_TRUE(writer.Write(std::string(one.size, 'x')).ok());
      ASSERT_TRUE(writer.End().ok());
    }
    ASSERT_TRUE(writer.Finish([](std::string_view) { return Result<std::string>(std::string()); }).ok());
    EXPECT_EQ(ArchiveBytes(entries), out.size());
  }
  // Descriptors, offsets and the end in their long forms: 8 bytes, 12 bytes, and the two records more.
  const std::uint64_t large = std::uint64_t{5} << 30;
  const std::uint64_t plain = ArchiveBytes({{"l", 1}, {"s", 1}}) + large - 1;
  EXPECT_EQ(ArchiveBytes({{"l", large}, {"s", 1}}), plain + 20 + 8 + 20 + 12 + kZip64EndBytes + kZip64LocatorBytes);
}

TEST_F(ArchiveTest, ALargeEntryIsBegunWithItsSizeInSixtyFourBits) {
  std::string out;
  ZipWriter writer = Started(out);
  ASSERT_TRUE(writer.Begin("large", std::uint64_t{5} << 30).ok());
  EXPECT_EQ(Get16(out, 4), 45);
  EXPECT_EQ(Get32(out, 18), kFull32);
  EXPECT_EQ(Get64(out, kLocalBytes + 5 + 4), std::uint64_t{5} << 30);
  EXPECT_EQ(Get64(out, kLocalBytes + 5 + 12), std::uint64_t{5} << 30);
}

}  // namespace
}  // namespace porchlight::archive
