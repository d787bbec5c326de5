#include "platform/fingerprint/pdq_hash.h"

#include <optional>

#include "base/text.h"

namespace porchlight::fingerprint {

Result<PdqHash> PdqHash::Parse(std::string_view text) {
  const std::optional<std::string> bytes = text.size() == 2 * kBytes ? HexDecode(text) : std::nullopt;
  if (!bytes) return Error{ErrorCode::kInvalidArgument, "A PDQ hash is 64 hex digits.", "", "pdq"};
  return FromBytes(*bytes);
}

Result<PdqHash> PdqHash::FromBytes(std::string_view bytes) {
  if (bytes.size() != kBytes) return Error{ErrorCode::kInvalidArgument, "A PDQ hash is 32 bytes.", "", "pdq"};
  PdqHash hash;
  for (std::size_t index = 0; index < kBytes; ++index) {
    const std::size_t from_end = kBytes - 1 - index;
    hash.words_[from_end / 8] |= std::uint64_t{static_cast<std::uint8_t>(bytes[index])} << (from_end % 8 * 8);
  }
  return hash;
}

std::string PdqHash::Text() const { return HexEncode(Bytes()); }

std::string PdqHash::Bytes() const {
  std::string bytes(kBytes, '\0');
  for (std::size_t index = 0; index < kBytes; ++index) {
    const std::size_t from_end = kBytes - 1 - index;
    bytes[index] = static_cast<char>(words_[from_end / 8] >> (from_end % 8 * 8) & 0xff);
  }
  return bytes;
}

void PdqHash::SetBit(std::size_t index, bool value) {
  const std::uint64_t mask = std::uint64_t{1} << (index % 64);
  if (value) words_[index / 64] |= mask;
  else words_[index / 64] &= ~mask;
}

}  // namespace porchlight::fingerprint
