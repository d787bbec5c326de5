#include "tipline/page_template.h"

#include "base/text.h"

namespace porchlight::tipline {

namespace {

constexpr int kDepthMax = 16;

struct Scope {
  const PageValues* values;
  const Scope* outer;
};

class Renderer {
 public:
  Renderer(const PageFiles& files, const PageWords& words) : files_(files), words_(words) {}

  Result<void> File(std::string_view name, const Scope& scope, int depth) {
    const auto file = files_.find(name);
    if (file == files_.end() || depth > kDepthMax) return Mistake("no template named " + std::string(name));
    return Text(file->second, scope, depth);
  }

  std::string out;

 private:
  static Error Mistake(std::string text) {
    return Error{ErrorCode::kInternal, "The page could not be made.", "page template: " + std::move(text), {}, 0};
  }

  Result<void> Text(std::string_view text, const Scope& scope, int depth) {
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t open = text.find("{{", at);
      out.append(text.substr(at, open == std::string_view::npos ? open : open - at));
      if (open == std::string_view::npos) return {};
      const std::size_t close = text.find("}}", open);
      if (close == std::string_view::npos) return Mistake("{{ without }}");
      const std::string_view tag = text.substr(open + 2, close - open - 2);
      at = close + 2;
      if (tag.starts_with('#') || tag.starts_with('^')) {
        const std::string end = "{{/" + std::string(tag.substr(1)) + "}}";
        const std::size_t block_end = text.find(end, at);
        if (block_end == std::string_view::npos) return Mistake("no " + end);
        PL_TRY(Block(tag, text.substr(at, block_end - at), scope, depth));
        at = block_end + end.size();
      } else {
        PL_TRY(Tag(tag, scope, depth));
      }
    }
    return {};
  }

  Result<void> Block(std::string_view tag, std::string_view inner, const Scope& scope, int depth) {
    const std::string_view name = tag.substr(1);
    for (const Scope* one = &scope; one != nullptr; one = one->outer) {
      const std::vector<PageValues>* elements = one->values->Elements(name);
      if (elements == nullptr) continue;
      if (tag.starts_with('^')) return elements->empty() ? Text(inner, scope, depth + 1) : Result<void>();
      for (const PageValues& element : *elements) PL_TRY(Text(inner, Scope{&element, &scope}, depth + 1));
      return {};
    }
    return Mistake("no list named " + std::string(name));
  }

  Result<void> Tag(std::string_view tag, const Scope& scope, int depth) {
    if (tag.starts_with('>')) return File(tag.substr(1), scope, depth + 1);
    if (tag.starts_with("w.")) {
      out += EscapeMarkup(words_(tag.substr(2)));
      return {};
    }
    for (const Scope* one = &scope; one != nullptr; one = one->outer) {
      const std::string* value = one->values->Text(tag);
      if (value == nullptr) continue;
      out += EscapeMarkup(*value);
      return {};
    }
    return Mistake("no value named " + std::string(tag));
  }

  const PageFiles& files_;
  const PageWords& words_;
};

}  // namespace

const std::string* PageValues::Text(std::string_view name) const {
  const auto found = texts_.find(name);
  return found == texts_.end() ? nullptr : &found->second;
}

const std::vector<PageValues>* PageValues::Elements(std::string_view name) const {
  const auto found = lists_.find(name);
  return found == lists_.end() ? nullptr : &found->second;
}

Result<std::string> RenderPage(const PageFiles& files, std::string_view file, const PageValues& values, const PageWords& words) {
  Renderer renderer(files, words);
  PL_TRY(renderer.File(file, Scope{&values, nullptr}, 0));
  return std::move(renderer.out);
}

}  // namespace porchlight::tipline
