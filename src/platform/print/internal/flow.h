#pragma once

#include <array>
#include <string>
#include <vector>

#include "platform/print/internal/blocks.h"
#include "platform/print/internal/canvas.h"

namespace porchlight::print {

// Sets blocks on pages, one after another. Errors: kTooLarge (kMaxPages).
class Flow {
 public:
  // `pages` is the number that footers state; with a canvas that only measures any will do.
  Flow(Canvas& canvas, const DocumentOptions& options, double width, double height, int pages);
  Result<void> Set(const std::vector<Block>& blocks);
  int pages() const { return page_; }

 private:
  struct Column {
    double x, width;
  };
  struct Grid {
    std::vector<Column> columns;
    std::vector<std::string> header;
    double header_height = 0;
  };

  Result<void> Put(const HeadingBlock& block);
  Result<void> Put(const ParagraphBlock& block);
  Result<void> Put(const BannerBlock& block);
  Result<void> Put(const TableBlock& block);
  Result<void> Text(const Shaped& text, const char* tag);
  std::vector<Shaped> ShapeRow(const Grid& grid, const std::vector<std::string>& cells, bool header) const;
  std::vector<double> Widths(const TableBlock& block) const;
  void BeginGrid(const Grid& grid);
  Result<void> Row(const Grid& grid, const std::vector<std::string>& cells);
  void DrawRow(const Grid& grid, const std::vector<Shaped>& texts, const std::vector<std::size_t>& from,
               const std::vector<std::size_t>& to, bool header);
  double Room() const;
  bool AtTop() const;
  void Space(double height);
  Result<void> NewPage();
  void Footer();

  Canvas& canvas_;
  const DocumentOptions& options_;
  const double width_, height_;
  const int pages_;
  const bool from_right_;
  int page_ = 1;
  double y_;
  std::array<int, 7> bookmarks_{};  // The latest of each level.
};

}  // namespace porchlight::print
