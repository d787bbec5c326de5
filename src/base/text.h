#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace porchlight {

std::string HexEncode(std::string_view bytes);                     // Lower case.
std::optional<std::string> HexDecode(std::string_view text);       // Either case; nothing if odd or not hex.
std::string Base64Encode(std::string_view bytes);                  // RFC 4648 section 4, padded.
std::optional<std::string> Base64Decode(std::string_view text);    // Strict: padding required, no white space.
std::string Base64UrlEncode(std::string_view bytes);               // RFC 4648 section 5, no padding.
std::string PercentEncode(std::string_view text);                  // RFC 3986 unreserved characters stay.
std::optional<std::string> PercentDecode(std::string_view text);   // "+" stays "+"; nothing on a bad escape.

std::string_view Trim(std::string_view text);                      // ASCII white space at both ends.
std::string LowerAscii(std::string_view text);
bool EqualsIgnoringCase(std::string_view left, std::string_view right);  // ASCII.
std::vector<std::string_view> Split(std::string_view text, char separator);
std::optional<std::int64_t> ParseInteger(std::string_view text);   // Whole text, decimal, optional minus.

bool IsUtf8(std::string_view text);
// Escapes & < > " ' for HTML and XML text and attribute values.
std::string EscapeMarkup(std::string_view text);
// Compares in a time that depends only on the lengths.
bool EqualsInConstantTime(std::string_view left, std::string_view right);

}  // namespace porchlight
