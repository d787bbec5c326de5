#pragma once

#include <string>
#include <variant>
#include <vector>

#include "platform/print/print.h"

// What a document holds, as PlainText made it.
namespace porchlight::print {

struct HeadingBlock {
  int level = 1;
  std::string text;
};
struct ParagraphBlock {
  std::string text;
};
struct BannerBlock {
  std::string text;
  BannerKind kind = BannerKind::kNotice;
};
struct TableBlock {
  std::vector<std::string> header;  // Empty for facts, whose first cells are headers instead.
  std::vector<std::vector<std::string>> rows;
};
using Block = std::variant<HeadingBlock, ParagraphBlock, BannerBlock, TableBlock>;

}  // namespace porchlight::print
