#include <algorithm>

#include "platform/print/internal/blocks.h"
#include "platform/print/internal/canvas.h"
#include "platform/print/internal/catalog.h"
#include "platform/print/internal/flow.h"
#include "platform/print/internal/plain_text.h"
#include "platform/print/print.h"

namespace porchlight::print {

namespace {

Error Failed(ErrorCode code, std::string text, std::string field) { return {code, text, text, std::move(field), 0}; }

bool IsLanguage(std::string_view text) {
  const auto is_part_of_one = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-';
  };
  return text.size() >= 2 && text.size() <= 35 && std::all_of(text.begin(), text.end(), is_part_of_one);
}

}  // namespace

// The first breach of a limit is kept and answered by Pdf; what comes after it is not collected.
struct Document::Inner {
  DocumentOptions options;
  std::vector<Block> blocks;
  std::size_t bytes = 0;
  std::optional<Error> error;

  void Fail(ErrorCode code, std::string text, std::string field) {
    if (!error) error = Failed(code, std::move(text), std::move(field));
  }
  void Count(std::size_t size) {
    bytes += size + 1;
    if (bytes > kMaxTextBytes) Fail(ErrorCode::kTooLarge, "A document holds at most 1 MiB of text.", "");
  }
  void CountShort(std::size_t size, const char* field) {
    Count(size);
    if (size > kMaxShortTextBytes) Fail(ErrorCode::kTooLarge, "A title, label, header or banner has at most 1,000 bytes.", field);
  }
  void CountRow(const std::vector<std::string>& row) {
    Count(0);
    for (const std::string& cell : row) Count(cell.size());
  }
  template <class Kind>
  void Add(Kind block) {
    if (!error) blocks.emplace_back(std::move(block));
  }
};

Document::Document(DocumentOptions options) : inner_(std::make_unique<Inner>()) {
  inner_->CountShort(options.title.size(), "/title");
  inner_->CountShort(options.footer.size(), "/footer");
  inner_->CountShort(options.page_label.size(), "/page_label");
  if (!IsLanguage(options.language)) inner_->Fail(ErrorCode::kInvalidArgument, "This is no language tag of BCP 47.", "/language");
  inner_->options = std::move(options);
}

Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

void Document::Heading(int level, std::string_view text) {
  inner_->Count(text.size());
  inner_->Add(HeadingBlock{std::clamp(level, 1, 6), PlainText(text, Breaks::kAsSpaces)});
}

void Document::Paragraph(std::string_view text) {
  inner_->Count(text.size());
  inner_->Add(ParagraphBlock{PlainText(text, Breaks::kKept)});
}

void Document::Facts(std::vector<Fact> facts) {
  TableBlock block;
  for (const Fact& fact : facts) {
    inner_->CountShort(fact.label.size(), "/label");
    inner_->Count(fact.value.size());
    if (inner_->error) return;
    block.rows.push_back({PlainText(fact.label, Breaks::kAsSpaces), PlainText(fact.value, Breaks::kKept)});
  }
  if (!facts.empty()) inner_->Add(std::move(block));
}

void Document::Table(std::vector<std::string> header, std::vector<std::vector<std::string>> rows) {
  TableBlock block;
  if (header.empty()) inner_->Fail(ErrorCode::kInvalidArgument, "A table needs a header.", "/table");
  if (header.size() > kMaxColumns) inner_->Fail(ErrorCode::kTooLarge, "A table has at most 12 columns.", "/table");
  for (const std::string& cell : header) {
    inner_->CountShort(cell.size(), "/table");
    block.header.push_back(PlainText(cell, Breaks::kAsSpaces));
  }
  for (const std::vector<std::string>& row : rows) {
    inner_->CountRow(row);
    if (row.size() > header.size()) inner_->Fail(ErrorCode::kInvalidArgument, "A row of a table is longer than its header.", "/table");
    if (inner_->error) return;
    std::vector<std::string> cells;
    for (const std::string& cell : row) cells.push_back(PlainText(cell, Breaks::kKept));
    cells.resize(header.size());
    block.rows.push_back(std::move(cells));
  }
  inner_->Add(std::move(block));
}

void Document::Banner(std::string_view text, BannerKind kind) {
  inner_->CountShort(text.size(), "/banner");
  inner_->Add(BannerBlock{PlainText(text, Breaks::kAsSpaces), kind});
}

Result<std::string> Document::Pdf() const {
  if (inner_->error) return *inner_->error;
  const bool letter = inner_->options.page == PageSize::kLetter;
  const double width = letter ? 612 : 595.276;
  const double height = letter ? 792 : 841.89;
  // Set twice: the first time tells how many pages there are, which every footer states.
  Canvas measuring(width, height, inner_->options, false);
  Flow counting(measuring, inner_->options, width, height, 0);
  PL_TRY(counting.Set(inner_->blocks));
  Canvas canvas(width, height, inner_->options, true);
  Flow flow(canvas, inner_->options, width, height, counting.pages());
  PL_TRY(flow.Set(inner_->blocks));
  return WithLanguage(PL_TRY(canvas.Finish()), inner_->options.language);
}

}  // namespace porchlight::print
