#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/record.h"
#include "base/result.h"

// Plain documents as PDF: headings, paragraphs, facts and tables, in any script that an installed font has.
namespace porchlight::print {

inline constexpr std::size_t kMaxTextBytes = 1 << 20;     // Of a document; every block, row and cell counts one more.
inline constexpr int kMaxPages = 200;
inline constexpr std::size_t kMaxColumns = 12;
inline constexpr std::size_t kMaxShortTextBytes = 1'000;  // A title, banner, footer, fact's label or a table's header cell.

enum class PageSize : std::uint8_t { kA4 = 1, kLetter = 2 };
enum class BannerKind : std::uint8_t { kNotice = 1, kUrgent = 2 };  // Differ in frame, weight and colour.

struct DocumentOptions {
  PageSize page = PageSize::kA4;
  std::string title;                               // Shown by readers; not printed by itself.
  std::string language = "en";                     // BCP 47; for a right-to-left one columns run from the right.
  Instant created;                                 // Stands in the file, cut to seconds.
  std::string footer;                              // At the bottom of every page; cut off with an ellipsis if too long.
  std::string page_label = "Page {page} of {pages}";
};

struct Fact {
  std::string label;
  std::string value;
};

// Collects blocks in their order and sets them on pages. All text is plain text, never markup; a line break in it is one,
// except in headings, banners and what stands in DocumentOptions, where it is a space. Bytes that are not UTF-8, control
// characters and the two overrides of writing direction show as U+FFFD. Long words break anywhere, without a hyphen.
// One thread at a time; several documents may be made at once.
class Document {
 public:
  explicit Document(DocumentOptions options);
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  void Heading(int level, std::string_view text);  // 1 to 6; other levels are taken as the nearest.
  void Paragraph(std::string_view text);
  void Facts(std::vector<Fact> facts);             // A table of two columns.
  // Rows with fewer cells than the header are filled up. The header is repeated on every page the table reaches.
  void Table(std::vector<std::string> header, std::vector<std::vector<std::string>> rows);
  void Banner(std::string_view text, BannerKind kind);

  // The PDF file (1.5, tagged, with outline and document language). The same blocks and options give the same bytes
  // wherever the same fonts and library versions are installed. Errors: kTooLarge (kMaxTextBytes, kMaxPages,
  // kMaxShortTextBytes, kMaxColumns), kInvalidArgument (`field` is /language, or /table for a row that is longer than
  // its header or a header without cells), kInternal (the library failed).
  Result<std::string> Pdf() const;

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace porchlight::print

namespace porchlight {

template <>
struct EnumNames<print::PageSize> {
  using E = print::PageSize;
  static constexpr std::string_view kName = "PageSize";
  static constexpr std::array kAll = {
      std::pair{E::kA4, std::string_view("a4")},
      std::pair{E::kLetter, std::string_view("letter")},
  };
};

}  // namespace porchlight
