#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Server-rendered pages from small templates. Every value is escaped for text and attribute values; there is no way to
// put in raw markup. Values must not stand in scripts, styles or unquoted attributes: the templates have none.
//
//   {{name}}                 a value, from the innermost block that has it; unknown: a mistake of ours
//   {{w.key}}                a text of the profile in the page's language
//   {{#name}}...{{/name}}    the block once per element of a list; {{^name}}...{{/name}} once when it is empty
//   {{>file}}                another template in place
namespace porchlight::tipline {

class PageValues {
 public:
  PageValues& Set(std::string name, std::string value) {
    texts_[std::move(name)] = std::move(value);
    return *this;
  }
  // A list that is there but has no element hides its block.
  PageValues& List(std::string name, std::vector<PageValues> elements) {
    lists_[std::move(name)] = std::move(elements);
    return *this;
  }
  // A block that is shown or not.
  PageValues& Show(std::string name, bool shown) {
    lists_[std::move(name)] = shown ? std::vector<PageValues>(1) : std::vector<PageValues>();
    return *this;
  }
  const std::string* Text(std::string_view name) const;
  const std::vector<PageValues>* Elements(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, std::vector<PageValues>, std::less<>> lists_;
};

using PageFiles = std::map<std::string_view, std::string_view>;
using PageWords = std::function<std::string_view(std::string_view key)>;

// Errors: kInternal, naming the template and what is wrong with it (an unknown value, an unclosed block).
Result<std::string> RenderPage(const PageFiles& files, std::string_view file, const PageValues& values, const PageWords& words);

}  // namespace porchlight::tipline
