#include "synthetic/containers.h"

#include <zlib.h>

#include <array>
#include <cstdio>

#include "base/check.h"
#include "synthetic/dice.h"
#include "synthetic/pictures.h"

namespace porchlight::synthetic {
namespace {

constexpr int kVideoWidth = 160;
constexpr int kVideoHeight = 120;
constexpr std::uint32_t kFramesPerSecond = 10;

void AppendLittle(std::string& out, std::uint32_t value, int bytes) {
  for (int shift = 0; shift < bytes * 8; shift += 8) out.push_back(static_cast<char>((value >> shift) & 0xFFU));
}

void AppendWords(std::string& out, std::initializer_list<std::uint32_t> words) {
  for (const std::uint32_t word : words) AppendLittle(out, word, 4);
}

// A RIFF chunk; content is padded to an even length as the format asks.
std::string Chunk(std::string_view type, std::string_view content) {
  std::string out(type);
  AppendLittle(out, static_cast<std::uint32_t>(content.size()), 4);
  out.append(content);
  if (content.size() % 2 == 1) out.push_back('\0');
  return out;
}

std::string List(std::string_view type, std::string_view content) {
  return Chunk("LIST", std::string(type) + std::string(content));
}

std::string VideoHeader(std::uint32_t frame_count, std::uint32_t frame_bytes_max) {
  std::string main;
  AppendWords(main, {1'000'000 / kFramesPerSecond, frame_bytes_max * kFramesPerSecond, 0, 0x10 /* has an index */,
                     frame_count, 0, 1, frame_bytes_max, kVideoWidth, kVideoHeight, 0, 0, 0, 0});
  std::string stream = "vidsMJPG";
  AppendWords(stream, {0, 0, 0, 1, kFramesPerSecond, 0, frame_count, frame_bytes_max, 0xFFFFFFFFU, 0});
  AppendLittle(stream, 0, 2);
  AppendLittle(stream, 0, 2);
  AppendLittle(stream, kVideoWidth, 2);
  AppendLittle(stream, kVideoHeight, 2);
  std::string format;
  AppendWords(format, {40, kVideoWidth, kVideoHeight});
  AppendLittle(format, 1, 2);
  AppendLittle(format, 24, 2);
  format += "MJPG";
  AppendWords(format, {kVideoWidth * kVideoHeight * 3, 0, 0, 0, 0});
  return List("hdrl", Chunk("avih", main) + List("strl", Chunk("strh", stream) + Chunk("strf", format)));
}

std::uint32_t Checksum(std::string_view content) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
}

// What the local and the central header of an entry share: version, flags (UTF-8 names), method, time, sizes.
std::string EntryFields(const ArchiveEntry& entry) {
  std::string out;
  AppendLittle(out, 20, 2);
  AppendLittle(out, 0x0800, 2);
  AppendLittle(out, 0, 2);
  AppendLittle(out, 0, 2);
  AppendLittle(out, 0x5821, 2);  // 1 January 2024.
  const auto size = static_cast<std::uint32_t>(entry.content.size());
  AppendWords(out, {Checksum(entry.content), size, size});
  AppendLittle(out, static_cast<std::uint32_t>(entry.name.size()), 2);
  AppendLittle(out, 0, 2);
  return out;
}

}  // namespace

std::string MakeVideo(std::uint64_t seed, int frame_count) {
  PL_CHECK(frame_count >= 1 && frame_count <= 100);
  std::string movie;
  std::string index;
  std::uint32_t frame_bytes_max = 0;
  for (int frame = 0; frame < frame_count; ++frame) {
    const std::string picture = EncodeJpeg(DrawPixels(seed, kVideoWidth, kVideoHeight, frame), 70, SyntheticMark(seed));
    const auto size = static_cast<std::uint32_t>(picture.size());
    frame_bytes_max = size > frame_bytes_max ? size : frame_bytes_max;
    index += "00dc";
    // Offsets count from the list's type, four bytes before the first frame. 0x10: a key frame.
    AppendWords(index, {0x10, static_cast<std::uint32_t>(movie.size() + 4), size});
    movie += Chunk("00dc", picture);
  }
  const std::string body = "AVI " + VideoHeader(static_cast<std::uint32_t>(frame_count), frame_bytes_max) +
                           List("INFO", Chunk("ICMT", SyntheticMark(seed) + '\0')) + List("movi", movie) +
                           Chunk("idx1", index);
  return Chunk("RIFF", body);
}

std::string MakeArchive(const std::vector<ArchiveEntry>& entries) {
  PL_CHECK(entries.size() <= 1000);
  std::string file;
  std::string directory;
  for (const ArchiveEntry& entry : entries) {
    PL_CHECK(entry.name.size() <= 255);
    const std::string fields = EntryFields(entry);
    directory += std::string("PK\x01\x02", 4);
    AppendLittle(directory, 20, 2);
    directory += fields;
    AppendLittle(directory, 0, 2);
    AppendLittle(directory, 0, 2);
    AppendLittle(directory, 0, 2);
    AppendWords(directory, {0, static_cast<std::uint32_t>(file.size())});
    directory += entry.name;
    file += std::string("PK\x03\x04", 4) + fields + entry.name + entry.content;
  }
  PL_CHECK(file.size() + directory.size() < UINT32_MAX);
  const auto start = static_cast<std::uint32_t>(file.size());
  file += directory + std::string("PK\x05\x06", 4);
  AppendWords(file, {0});
  AppendLittle(file, static_cast<std::uint32_t>(entries.size()), 2);
  AppendLittle(file, static_cast<std::uint32_t>(entries.size()), 2);
  AppendWords(file, {static_cast<std::uint32_t>(directory.size()), start});
  AppendLittle(file, 0, 2);
  return file;
}

std::string MakeChatLog(std::uint64_t seed, std::string_view left, std::string_view right, int line_count) {
  static constexpr auto kLines = std::to_array<std::string_view>(
      {"hello", "hi, how was your day?", "fine, thanks", "did you see the game?", "not yet", "I will be online later",
       "ok", "why?", "which one?", "see you at the usual time", "[message removed by the platform]", "[file shared]",
       "can we talk tomorrow?", "no, thank you", "I have to go"});
  Dice dice(seed);
  std::string log;
  std::int64_t minute = dice.Between(0, 20 * 60);
  for (int line = 0; line < line_count; ++line) {
    minute = (minute + dice.Between(0, 5)) % (24 * 60);
    std::array<char, 16> time{};
    std::snprintf(time.data(), time.size(), "[%02d:%02d] ", static_cast<int>(minute / 60), static_cast<int>(minute % 60));
    log += time.data();
    log += dice.Permille(500) ? left : right;
    log += ": ";
    log += dice.Pick(kLines);
    log += '\n';
  }
  return log;
}

}  // namespace porchlight::synthetic
