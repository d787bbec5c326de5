// RFC 6238 codes and the base 32 in which their secrets are shown.
#include "platform/crypto/digest.h"
#include "platform/crypto/secret.h"

namespace porchlight::crypto {

std::string TotpCode(std::string_view secret, std::int64_t step) {
  std::string counter(8, '\0');
  for (std::size_t byte = 0; byte < 8; ++byte) {
    counter[byte] = static_cast<char>((static_cast<std::uint64_t>(step) >> (8 * (7 - byte))) & 0xff);
  }
  const std::string mac = HmacSha1(secret, counter);
  const auto at = [&](std::size_t index) { return static_cast<std::uint32_t>(static_cast<unsigned char>(mac[index])); };
  // RFC 4226, section 5.3: the last four bits choose where to read 31 bits.
  const std::size_t offset = at(mac.size() - 1) & 0x0f;
  const std::uint32_t number =
      ((at(offset) & 0x7f) << 24) | (at(offset + 1) << 16) | (at(offset + 2) << 8) | at(offset + 3);
  std::string code = std::to_string(number % 1'000'000);
  return std::string(6 - code.size(), '0') + code;
}

std::string Base32Encode(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t held = 0;
  unsigned held_bits = 0;
  for (const char byte : bytes) {
    held = (held << 8) | static_cast<unsigned char>(byte);
    for (held_bits += 8; held_bits >= 5; held_bits -= 5) text += kAlphabet[(held >> (held_bits - 5)) & 31];
    held &= (1U << held_bits) - 1;
  }
  if (held_bits > 0) text += kAlphabet[(held << (5 - held_bits)) & 31];
  return text;
}

std::optional<std::string> Base32Decode(std::string_view text) {
  std::string bytes;
  std::uint32_t held = 0;
  unsigned held_bits = 0;
  for (const char c : text) {
    const bool letter = c >= 'A' && c <= 'Z';
    if (!letter && (c < '2' || c > '7')) return std::nullopt;
    held = (held << 5U | static_cast<std::uint32_t>(letter ? c - 'A' : c - '2' + 26)) & 0xffffU;
    held_bits += 5;
    if (held_bits < 8) continue;
    held_bits -= 8;
    bytes += static_cast<char>(held >> held_bits & 0xffU);
  }
  return bytes;
}

}  // namespace porchlight::crypto
