#include "tipline/sniff.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace porchlight::tipline {

namespace {

using std::string_view_literals::operator""sv;

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  FileKind kind;
  std::string_view media_type;
};

constexpr std::array kMagics = {
    Magic{0, "\xff\xd8\xff"sv, FileKind::kImage, "image/jpeg"},
    Magic{0, "\x89PNG\r\n\x1a\n"sv, FileKind::kImage, "image/png"},
    Magic{0, "GIF87a"sv, FileKind::kImage, "image/gif"},
    Magic{0, "GIF89a"sv, FileKind::kImage, "image/gif"},
    Magic{0, "II*\0"sv, FileKind::kImage, "image/tiff"},
    Magic{0, "MM\0*"sv, FileKind::kImage, "image/tiff"},
    Magic{0, "\0\0\1\0"sv, FileKind::kImage, "image/vnd.microsoft.icon"},
    Magic{0, "8BPS"sv, FileKind::kImage, "image/vnd.adobe.photoshop"},
    Magic{0, "\xff\x0a"sv, FileKind::kImage, "image/jxl"},
    Magic{0, "\0\0\0\x0cJXL \r\n\x87\n"sv, FileKind::kImage, "image/jxl"},
    Magic{0, "FLV\1"sv, FileKind::kVideo, "video/x-flv"},
    Magic{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, FileKind::kVideo, "video/x-ms-asf"},
    Magic{0, "\0\0\1\xba"sv, FileKind::kVideo, "video/mpeg"},
    Magic{0, "\0\0\1\xb3"sv, FileKind::kVideo, "video/mpeg"},
    Magic{0, "%PDF-"sv, FileKind::kOther, "application/pdf"},
    Magic{0, "PK\3\4"sv, FileKind::kOther, "application/zip"},
    Magic{0, "PK\5\6"sv, FileKind::kOther, "application/zip"},
    Magic{0, "\x1f\x8b"sv, FileKind::kOther, "application/gzip"},
    Magic{0, "7z\xbc\xaf\x27\x1c"sv, FileKind::kOther, "application/x-7z-compressed"},
    Magic{0, "Rar!\x1a\x07"sv, FileKind::kOther, "application/vnd.rar"},
    Magic{0, "ID3"sv, FileKind::kOther, "audio/mpeg"},
    Magic{0, "OggS"sv, FileKind::kOther, "application/ogg"},
    Magic{0, "fLaC"sv, FileKind::kOther, "audio/flac"},
};

bool HasAt(std::string_view bytes, std::size_t offset, std::string_view wanted) {
  return bytes.size() >= offset + wanted.size() && bytes.substr(offset, wanted.size()) == wanted;
}

// ISO base media files say what they are by a brand.
SniffedType SniffBrand(std::string_view brand) {
  if (brand.starts_with("hei") || brand.starts_with("hev") || brand == "mif1" || brand == "msf1") return {FileKind::kImage, "image/heic"};
  if (brand == "avif" || brand == "avis") return {FileKind::kImage, "image/avif"};
  if (brand == "qt  ") return {FileKind::kVideo, "video/quicktime"};
  if (brand.starts_with("3g")) return {FileKind::kVideo, "video/3gpp"};
  if (brand.starts_with("M4A")) return {FileKind::kOther, "audio/mp4"};
  return {FileKind::kVideo, "video/mp4"};
}

SniffedType SniffRiff(std::string_view form) {
  if (form == "WEBP") return {FileKind::kImage, "image/webp"};
  if (form == "AVI ") return {FileKind::kVideo, "video/x-msvideo"};
  if (form == "WAVE") return {FileKind::kOther, "audio/wav"};
  return {FileKind::kOther, "application/octet-stream"};
}

bool IsText(std::string_view bytes) {
  const bool printable = std::all_of(bytes.begin(), bytes.end(), [](char one) {
    const auto byte = static_cast<unsigned char>(one);
    return byte >= 0x20 || byte == '\n' || byte == '\r' || byte == '\t';
  });
  if (!printable) return false;
  // The beginning may end inside a character.
  for (std::size_t cut = 0; cut < 4 && cut < bytes.size(); ++cut) {
    if (IsUtf8(bytes.substr(0, bytes.size() - cut))) return true;
  }
  return false;
}

}  // namespace

SniffedType Sniff(std::string_view beginning) {
  if (beginning.empty()) return {};
  for (const Magic& magic : kMagics) {
    if (HasAt(beginning, magic.offset, magic.bytes)) return {magic.kind, magic.media_type};
  }
  if (HasAt(beginning, 4, "ftyp") && beginning.size() >= 12) return SniffBrand(beginning.substr(8, 4));
  if (HasAt(beginning, 0, "RIFF") && beginning.size() >= 12) return SniffRiff(beginning.substr(8, 4));
  if (HasAt(beginning, 0, "\x1a\x45\xdf\xa3")) {
    const bool webm = beginning.find("webm") != std::string_view::npos;
    return {FileKind::kVideo, webm ? "video/webm" : "video/x-matroska"};
  }
  if (HasAt(beginning, 0, "G") && HasAt(beginning, 188, "G") && HasAt(beginning, 376, "G")) return {FileKind::kVideo, "video/mp2t"};
  if (HasAt(beginning, 0, "BM") && HasAt(beginning, 6, "\0\0\0\0"sv)) return {FileKind::kImage, "image/bmp"};
  if (IsText(beginning)) return {FileKind::kOther, "text/plain"};
  return {FileKind::kOther, "application/octet-stream"};
}

std::string_view PlainMediaType(std::string_view lower_case_type) {
  constexpr std::size_t kMediaTypeBytesMax = 127;
  const auto is_token = [](std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char one) {
      return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || std::string_view("!#$&^_.+-").find(one) != std::string_view::npos;
    });
  };
  const std::size_t slash = lower_case_type.find('/');
  if (lower_case_type.size() > kMediaTypeBytesMax || slash == std::string_view::npos) return {};
  return is_token(lower_case_type.substr(0, slash)) && is_token(lower_case_type.substr(slash + 1)) ? lower_case_type : std::string_view();
}

}  // namespace porchlight::tipline
