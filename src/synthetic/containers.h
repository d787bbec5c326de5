#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The files of a report that are no pictures: short films, archives, conversations.
namespace porchlight::synthetic {

// Motion JPEG in AVI (RIFF): `frame_count` of our geometric pictures, 10 a second, 1 to 100 frames.
std::string MakeVideo(std::uint64_t seed, int frame_count);

struct ArchiveEntry {
  std::string name;
  std::string content;
};
// A ZIP file whose entries are stored, not packed. Under 4 GB in all.
std::string MakeArchive(const std::vector<ArchiveEntry>& entries);

// A neutral conversation of `line_count` lines between two handles: "[12:04] amber: hello".
std::string MakeChatLog(std::uint64_t seed, std::string_view left, std::string_view right, int line_count);

}  // namespace porchlight::synthetic
