#include "platform/media/media.h"

namespace porchlight::media {

std::optional<MediaFormat> SniffFormat(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff")) return MediaFormat::kJpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return MediaFormat::kPng;
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return MediaFormat::kGif;
  if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return MediaFormat::kWebp;
  return std::nullopt;
}

}  // namespace porchlight::media
