#include "platform/print/internal/flow.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "platform/print/internal/plain_text.h"

namespace porchlight::print {

namespace {

constexpr double kMargin = 56;
constexpr double kFooterHeight = 24;
constexpr double kCellPadding = 3;
constexpr double kColumnGap = 8;
constexpr double kBannerPadding = 9;
constexpr double kFactLabelShare = 0.3;
constexpr std::size_t kRowsMeasured = 200;
constexpr Style kBody{10, false};
constexpr Style kCell{9, false};
constexpr Style kCellHeader{9, true};
constexpr Style kFooterStyle{8, false};
constexpr std::array<double, 7> kHeadingPoints = {0, 18, 14, 12, 11, 10, 10};
constexpr std::array<const char*, 7> kHeadingTags = {"", "H1", "H2", "H3", "H4", "H5", "H6"};
constexpr double kKeptWithHeading = 40;
constexpr Colour kInk{};
constexpr Colour kGrey{0.3, 0.3, 0.3};
constexpr Colour kFaint{0.7, 0.7, 0.7};
constexpr Colour kRed{0.6, 0, 0};

bool RunsFromRight(std::string_view language) {
  const std::string first = LowerAscii(language.substr(0, language.find('-')));
  constexpr std::array kLanguages = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"};
  return std::find(kLanguages.begin(), kLanguages.end(), first) != kLanguages.end();
}

void Replace(std::string& text, std::string_view mark, int number) {
  const std::size_t at = text.find(mark);
  if (at != std::string::npos) text.replace(at, mark.size(), std::to_string(number));
}

double HeightOf(const std::vector<Shaped>& texts, const std::vector<std::size_t>& from, const std::vector<std::size_t>& to) {
  double height = 0;
  for (std::size_t index = 0; index < texts.size(); ++index) height = std::max(height, texts[index].Height(from[index], to[index]));
  return height;
}

std::vector<std::size_t> Ends(const std::vector<Shaped>& texts) {
  std::vector<std::size_t> ends;
  for (const Shaped& text : texts) ends.push_back(text.lines.size());
  return ends;
}

}  // namespace

Flow::Flow(Canvas& canvas, const DocumentOptions& options, double width, double height, int pages)
    : canvas_(canvas), options_(options), width_(width - 2 * kMargin), height_(height), pages_(pages),
      from_right_(RunsFromRight(options.language)), y_(kMargin) {}

double Flow::Room() const { return height_ - kMargin - kFooterHeight - y_; }
bool Flow::AtTop() const { return y_ <= kMargin; }
void Flow::Space(double height) {
  if (!AtTop()) y_ += height;
}

Result<void> Flow::NewPage() {
  if (page_ >= kMaxPages) {
    const std::string text = "A document has at most " + std::to_string(kMaxPages) + " pages.";
    return Error{ErrorCode::kTooLarge, text, text, {}, 0};
  }
  Footer();
  canvas_.ShowPage();
  ++page_;
  y_ = kMargin;
  return {};
}

void Flow::Footer() {
  std::string label = options_.page_label;
  Replace(label, "{page}", page_);
  Replace(label, "{pages}", pages_);
  label = PlainText(label, Breaks::kAsSpaces);
  const double top = height_ - kMargin;
  const double label_width = std::min(canvas_.NaturalWidth(label, kFooterStyle) + 1, width_ / 2);
  const double text_width = width_ - label_width - kColumnGap;
  const Shaped page = canvas_.ShapeOneLine(label, kFooterStyle, label_width);
  const Shaped text = canvas_.ShapeOneLine(PlainText(options_.footer, Breaks::kAsSpaces), kFooterStyle, text_width);
  canvas_.Rule(kMargin, top - 4, width_, 0.5, kFaint);
  canvas_.Lines(text, 0, 1, from_right_ ? kMargin + label_width + kColumnGap : kMargin, top, kGrey);
  canvas_.Lines(page, 0, 1, from_right_ ? kMargin : kMargin + width_ - label_width, top, kGrey);
}

Result<void> Flow::Set(const std::vector<Block>& blocks) {
  for (const Block& block : blocks) {
    PL_TRY(std::visit([this](const auto& kind) { return Put(kind); }, block));
  }
  Footer();
  canvas_.ShowPage();
  return {};
}

Result<void> Flow::Text(const Shaped& text, const char* tag) {
  for (std::size_t from = 0; from < text.lines.size();) {
    const std::size_t to = text.Fit(from, Room());
    if (to > from) {
      canvas_.Begin(tag);
      canvas_.Lines(text, from, to, kMargin, y_, kInk);
      canvas_.End(tag);
      y_ += text.Height(from, to);
      from = to;
    }
    if (from < text.lines.size()) PL_TRY(NewPage());
  }
  return {};
}

Result<void> Flow::Put(const HeadingBlock& block) {
  const std::size_t level = static_cast<std::size_t>(block.level);
  const Style style{kHeadingPoints[level], true};
  const Shaped text = canvas_.Shape(block.text, style, width_);
  Space(style.points);
  if (!AtTop() && text.Height(0, text.lines.size()) + kKeptWithHeading > Room()) PL_TRY(NewPage());
  int parent = 0;
  for (std::size_t above = level; above-- > 1 && parent == 0;) parent = bookmarks_[above];
  bookmarks_[level] = canvas_.Bookmark(parent, block.text, page_, y_);
  std::fill(bookmarks_.begin() + static_cast<std::ptrdiff_t>(level) + 1, bookmarks_.end(), 0);
  PL_TRY(Text(text, kHeadingTags[level]));
  y_ += 4;
  return {};
}

Result<void> Flow::Put(const ParagraphBlock& block) {
  PL_TRY(Text(canvas_.Shape(block.text, kBody, width_), "P"));
  y_ += 6;
  return {};
}

Result<void> Flow::Put(const BannerBlock& block) {
  const bool urgent = block.kind == BannerKind::kUrgent;
  const Shaped text = canvas_.Shape(block.text, {urgent ? 13.0 : 11.0, urgent}, width_ - 2 * kBannerPadding);
  const double height = text.Height(0, text.lines.size()) + 2 * kBannerPadding;
  Space(6);
  if (!AtTop() && height > Room()) PL_TRY(NewPage());
  canvas_.Frame(kMargin, y_, width_, height, urgent ? 3 : 1, urgent ? kRed : kInk);
  canvas_.Begin("P");
  canvas_.Lines(text, 0, text.lines.size(), kMargin + kBannerPadding, y_ + kBannerPadding, urgent ? kRed : kInk);
  canvas_.End("P");
  y_ += height + 8;
  return {};
}

// Columns that need less than their share keep what they need; the others divide the rest.
std::vector<double> Flow::Widths(const TableBlock& block) const {
  const std::size_t columns = block.header.empty() ? 2 : block.header.size();
  const double all = width_ - kColumnGap * static_cast<double>(columns - 1);
  if (block.header.empty()) return {all * kFactLabelShare, all * (1 - kFactLabelShare)};
  std::vector<double> wanted;
  for (const std::string& cell : block.header) wanted.push_back(canvas_.NaturalWidth(cell, kCellHeader) + 1);
  for (std::size_t row = 0; row < std::min(block.rows.size(), kRowsMeasured); ++row) {
    for (std::size_t index = 0; index < columns; ++index) {
      wanted[index] = std::max(wanted[index], canvas_.NaturalWidth(block.rows[row][index], kCell) + 1);
    }
  }
  std::vector<double> widths(columns, 0);
  double left = all;
  std::size_t open = columns;
  for (bool changed = true; changed && open > 0;) {
    changed = false;
    const double share = left / static_cast<double>(open);
    for (std::size_t index = 0; index < columns; ++index) {
      if (widths[index] > 0 || wanted[index] > share) continue;
      widths[index] = wanted[index];
      left -= wanted[index];
      --open;
      changed = true;
    }
  }
  for (double& width : widths) {
    if (width <= 0) width = left / static_cast<double>(open);
    else if (open == 0) width += left / static_cast<double>(columns);
  }
  return widths;
}

std::vector<Shaped> Flow::ShapeRow(const Grid& grid, const std::vector<std::string>& cells, bool header) const {
  std::vector<Shaped> texts;
  for (std::size_t index = 0; index < grid.columns.size(); ++index) {
    const bool bold = header || (grid.header.empty() && index == 0);
    texts.push_back(canvas_.Shape(cells[index], bold ? kCellHeader : kCell, grid.columns[index].width));
  }
  return texts;
}

void Flow::DrawRow(const Grid& grid, const std::vector<Shaped>& texts, const std::vector<std::size_t>& from,
                   const std::vector<std::size_t>& to, bool header) {
  canvas_.Begin("TR");
  for (std::size_t index = 0; index < texts.size(); ++index) {
    const char* const tag = header || (grid.header.empty() && index == 0) ? "TH" : "TD";
    canvas_.Begin(tag);
    canvas_.Lines(texts[index], from[index], to[index], grid.columns[index].x, y_ + kCellPadding, kInk);
    canvas_.End(tag);
  }
  canvas_.End("TR");
  y_ += HeightOf(texts, from, to) + 2 * kCellPadding;
  canvas_.Rule(kMargin, y_, width_, header ? 1 : 0.5, header ? kInk : kFaint);
}

void Flow::BeginGrid(const Grid& grid) {
  canvas_.Begin("Table");
  if (grid.header.empty()) return;
  const std::vector<Shaped> texts = ShapeRow(grid, grid.header, true);
  DrawRow(grid, texts, std::vector<std::size_t>(texts.size(), 0), Ends(texts), true);
}

// A row that fits on one page is not divided. The table ends with its page and begins anew, header and all, on the next.
Result<void> Flow::Row(const Grid& grid, const std::vector<std::string>& cells) {
  const std::vector<Shaped> texts = ShapeRow(grid, cells, false);
  const std::vector<std::size_t> ends = Ends(texts);
  std::vector<std::size_t> from(texts.size(), 0);
  const double page_room = height_ - 2 * kMargin - kFooterHeight - grid.header_height - 2 * kCellPadding;
  bool whole = HeightOf(texts, from, ends) <= page_room;
  while (true) {
    const double room = Room() - 2 * kCellPadding;
    std::vector<std::size_t> to;
    for (std::size_t index = 0; index < texts.size(); ++index) to.push_back(texts[index].Fit(from[index], room));
    const bool done = to == ends;
    if (done || (!whole && to != from)) DrawRow(grid, texts, from, to, false);
    if (done) return {};
    if (!whole) from = to;
    canvas_.End("Table");
    PL_TRY(NewPage());
    BeginGrid(grid);
  }
}

Result<void> Flow::Put(const TableBlock& block) {
  Grid grid;
  grid.header = block.header;
  double x = from_right_ ? kMargin + width_ : kMargin;
  for (const double width : Widths(block)) {
    grid.columns.push_back({from_right_ ? x - width : x, width});
    x += from_right_ ? -width - kColumnGap : width + kColumnGap;
  }
  if (!grid.header.empty()) {
    const std::vector<Shaped> texts = ShapeRow(grid, grid.header, true);
    grid.header_height = HeightOf(texts, std::vector<std::size_t>(texts.size(), 0), Ends(texts)) + 2 * kCellPadding;
  }
  if (grid.header_height > height_ / 2) {
    return Error{ErrorCode::kTooLarge, "The header of a table takes more than half a page.", {}, "/table", 0};
  }
  Space(2);
  if (!AtTop() && grid.header_height + kKeptWithHeading > Room()) PL_TRY(NewPage());
  BeginGrid(grid);
  for (const std::vector<std::string>& row : block.rows) PL_TRY(Row(grid, row));
  canvas_.End("Table");
  y_ += 10;
  return {};
}

}  // namespace porchlight::print
