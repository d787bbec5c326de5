#include "platform/print/internal/catalog.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace porchlight::print {

namespace {

Error Unexpected(const char* what) {
  return {ErrorCode::kInternal, "The document could not be made.", std::string("cairo's PDF has no ") + what, {}, 0};
}

// The text between the last `before` and the first `after` that follows it.
std::optional<std::string_view> Between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t at = text.rfind(before);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + before.size());
  const std::size_t end = rest.find(after);
  if (end == std::string_view::npos) return std::nullopt;
  return Trim(rest.substr(0, end));
}

std::string Padded(std::size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(10 - std::min<std::size_t>(10, digits.size()), '0') + digits;
}

}  // namespace

Result<std::string> WithLanguage(std::string pdf, std::string_view language) {
  const auto trailer = Between(pdf, "trailer", "startxref");
  const auto previous = Between(pdf, "startxref", "%%EOF");
  if (!trailer || !previous || !trailer->ends_with(">>")) return Unexpected("trailer");
  const auto root = Between(*trailer, "/Root ", " 0 R");
  if (!root) return Unexpected("root");
  const std::string number(*root);
  const auto catalog = Between(pdf, "\n" + number + " 0 obj", "endobj");
  if (!catalog || catalog->find("/Type /Catalog") == std::string_view::npos || !catalog->ends_with(">>")) return Unexpected("catalog");
  // cairo 1.16 writes the structure, but not that it is to be used.
  const char* const marked = catalog->find("/MarkInfo") == std::string_view::npos ? "   /MarkInfo << /Marked true >>\n" : "";
  const std::string new_catalog = std::string(catalog->substr(0, catalog->size() - 2)) + marked + "   /Lang (" + std::string(language) +
                                  ")\n   /ViewerPreferences << /DisplayDocTitle true >>\n>>";
  const std::string new_trailer = std::string(trailer->substr(0, trailer->size() - 2)) + "   /Prev " + std::string(*previous) + "\n>>";
  const std::size_t object_at = pdf.size();
  pdf += number + " 0 obj\n" + new_catalog + "\nendobj\n";
  const std::size_t table_at = pdf.size();
  pdf += "xref\n" + number + " 1\n" + Padded(object_at) + " 00000 n \ntrailer\n" + new_trailer + "\nstartxref\n" +
         std::to_string(table_at) + "\n%%EOF\n";
  return pdf;
}

}  // namespace porchlight::print
