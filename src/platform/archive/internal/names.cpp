#include "platform/archive/internal/names.h"

#include "base/text.h"
#include "platform/archive/archive.h"

namespace porchlight::archive {

namespace {

Error Bad(std::string_view what) {
  const std::string text = "A name in the archive " + std::string(what) + ".";
  return {ErrorCode::kInvalidArgument, text, text, "/name"};
}

// U+0080 to U+009F are control characters too; U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 turn the direction
// of writing, so that a name would be read as another.
bool HasUnseenCharacters(std::string_view name) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(name[at]); };
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (byte(at) < 0x20 || byte(at) == 0x7f) return true;
    if (byte(at) == 0xc2 && byte(at + 1) < 0xa0) return true;
    if (byte(at) != 0xe2) continue;
    const unsigned last = byte(at + 2);
    if (byte(at + 1) == 0x80 && (last == 0x8e || last == 0x8f || (last >= 0xaa && last <= 0xae))) return true;
    if (byte(at + 1) == 0x81 && last >= 0xa6 && last <= 0xa9) return true;
  }
  return false;
}

}  // namespace

Result<void> CheckName(std::string_view name) {
  if (name.empty()) return Bad("is empty");
  if (name.size() > kMaxNameBytes) return Bad("is longer than 200 bytes");
  if (!IsUtf8(name)) return Bad("is not UTF-8");
  if (HasUnseenCharacters(name)) return Bad("has a control character");
  if (name.find_first_of("\\:*?\"<>|") != std::string_view::npos) return Bad("has one of \\ : * ? \" < > |");
  for (const std::string_view part : Split(name, '/')) {
    if (part.empty()) return Bad("is not relative or has an empty part");
    if (part == "." || part == "..") return Bad("has a part \".\" or \"..\"");
    if (part.back() == ' ' || part.back() == '.') return Bad("has a part that ends with a space or a dot");
  }
  return {};
}

Result<void> NameSet::Add(std::string_view name) {
  PL_TRY(CheckName(name));
  const std::string folded = LowerAscii(name);
  if (folders_.contains(folded)) return Bad("is both a file and a folder");
  for (std::size_t slash = folded.find('/'); slash != std::string::npos; slash = folded.find('/', slash + 1)) {
    const std::string folder = folded.substr(0, slash);
    if (files_.contains(folder)) return Bad("is both a file and a folder");
    folders_.insert(folder);
  }
  if (!files_.insert(folded).second) return Bad("is there twice");
  return {};
}

}  // namespace porchlight::archive
