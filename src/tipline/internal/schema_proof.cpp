#include "tipline/internal/schema_proof.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/check.h"
#include "base/instant.h"

namespace porchlight::tipline::internal {
namespace {

using xml::Element;

constexpr std::size_t kDateBytes = 10;   // yyyy-mm-dd

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes digits, signs and marks off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }

  bool Take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Fewer at the end.
  std::string_view TakeBytes(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  bool TakeSign() { return Take('-') || Take('+'); }

  // How many digits were taken; at most `most`.
  std::size_t TakeDigits(std::size_t most) {
    std::size_t count = 0;
    while (count < most && count < rest_.size() && IsDigit(rest_[count])) ++count;
    rest_.remove_prefix(count);
    return count;
  }

  // Two digits, up to that value.
  bool TakeTwoDigits(int most) {
    const std::string_view number = TakeBytes(2);
    return number.size() == 2 && IsDigit(number[0]) && IsDigit(number[1]) && (number[0] - '0') * 10 + (number[1] - '0') <= most;
  }

 private:
  std::string_view rest_;
};

bool TakeTime(Scanner& scanner) {
  if (!scanner.TakeTwoDigits(23) || !scanner.Take(':') || !scanner.TakeTwoDigits(59) || !scanner.Take(':')) return false;
  if (!scanner.TakeTwoDigits(59)) return false;
  return !scanner.Take('.') || scanner.TakeDigits(9) > 0;
}

bool TakeZone(Scanner& scanner) {
  if (scanner.AtEnd() || scanner.Take('Z')) return true;
  return scanner.TakeSign() && scanner.TakeTwoDigits(13) && scanner.Take(':') && scanner.TakeTwoDigits(59);
}

bool IsXsDate(std::string_view text) {
  Scanner scanner(text);
  return IsDate(scanner.TakeBytes(kDateBytes)) && TakeZone(scanner) && scanner.AtEnd();
}

bool IsXsDateTime(std::string_view text) {
  Scanner scanner(text);
  return IsDate(scanner.TakeBytes(kDateBytes)) && scanner.Take('T') && TakeTime(scanner) && TakeZone(scanner) && scanner.AtEnd();
}

bool IsWhole(std::string_view text, int digits_max) {
  Scanner scanner(text);
  scanner.TakeSign();
  return scanner.TakeDigits(static_cast<std::size_t>(digits_max)) > 0 && scanner.AtEnd();
}

bool IsDouble(std::string_view text) {
  constexpr std::size_t kDigitsMax = 15;
  Scanner scanner(text);
  scanner.TakeSign();
  if (scanner.TakeDigits(kDigitsMax) == 0) return false;
  return (!scanner.Take('.') || scanner.TakeDigits(kDigitsMax) > 0) && scanner.AtEnd();
}

// Takes as much as each piece can, so that what it takes wholly has the pattern; another text may have it too.
bool HasPattern(const std::vector<PatternPiece>& pieces, std::string_view text) {
  std::size_t at = 0;
  for (const PatternPiece& piece : pieces) {
    int count = 0;
    while (count < piece.most && at < text.size() && (piece.character ? text[at] == *piece.character : IsDigit(text[at]))) {
      ++count;
      ++at;
    }
    if (count < piece.least) return false;
  }
  return at == text.size();
}

bool IsBasic(Basic basic, const ValueFacets& facets, std::string_view text) {
  switch (basic) {
    case Basic::kNone: return false;
    case Basic::kText:
    case Basic::kToken: return true;
    case Basic::kDateTime: return IsXsDateTime(text);
    case Basic::kDate: return IsXsDate(text);
    case Basic::kWhole: return IsWhole(text, facets.digits_max);
    case Basic::kBoolean: return text == "true" || text == "false" || text == "1" || text == "0";
    case Basic::kDouble: return IsDouble(text);
  }
  PL_CHECK(false);
}

bool IsValue(Basic basic, const ValueFacets& facets, std::string_view text) {
  if (!facets.understood || !IsBasic(basic, facets, text)) return false;
  if (facets.pattern && !HasPattern(*facets.pattern, text)) return false;
  return facets.words.empty() || std::binary_search(facets.words.begin(), facets.words.end(), text);
}

// Every attribute is a declared one of no namespace, or a hint that the validator does not follow: as many are found as there are.
bool HasRightAttributes(Element element, const ElementType& type) {
  if (!element.HasAttributes()) {
    return std::none_of(type.attributes.begin(), type.attributes.end(), [](const AttributeType& attribute) { return attribute.required; });
  }
  std::size_t found = element.HasSchemaHint() ? 1 : 0;
  for (const AttributeType& attribute : type.attributes) {
    const std::optional<std::string_view> value = element.AttributeView(attribute.name);
    if (!value && attribute.required) return false;
    if (!value) continue;
    if (!IsValue(attribute.basic, *attribute.facets, *value)) return false;
    ++found;
  }
  return found == element.AttributeCount();
}

// Goes along an element's children. Where it takes what the schema allows next, all that it took is one of the schema's own ways,
// so that coming to the end proves the whole; where it does not, nothing is said.
class Content {
 public:
  Content(Element first, const ElementType& type) : at_(first), type_(type) {}

  bool IsRight() {
    switch (type_.compositor) {
      case Compositor::kOther: return false;
      case Compositor::kEmpty: return !at_;
      case Compositor::kSequence: return TakeSequence() && !at_;
      case Compositor::kChoice: return TakeChoice(type_.steps, 1) && !at_;
      case Compositor::kAll: return TakeAll() && !at_;
    }
    PL_CHECK(false);
  }

 private:
  const Declaration& ChildOf(const ContentStep& step) const { return type_.children[step.child]; }
  bool Begins(const ContentStep& step) const { return at_ && at_.Name() == ChildOf(step).name; }

  bool TakeElements(const ContentStep& step) {
    int count = 0;
    for (; count < step.most && Begins(step); ++count, at_ = at_.Next()) {
      if (!IsCertainlyValid(at_, ChildOf(step))) return false;
    }
    return count >= step.least;
  }

  bool TakeChoice(const std::vector<ContentStep>& choice, int least) {
    for (const ContentStep& step : choice) {
      if (Begins(step)) return TakeElements(step);
    }
    return least == 0 || std::any_of(choice.begin(), choice.end(), [](const ContentStep& step) { return step.least == 0; });
  }

  bool TakeSequence() {
    return std::all_of(type_.steps.begin(), type_.steps.end(), [this](const ContentStep& step) {
      return step.choice.empty() ? TakeElements(step) : TakeChoice(step.choice, step.least);
    });
  }

  bool TakeAll() {
    std::uint64_t seen = 0;
    if (type_.steps.size() > 64) return false;
    while (at_) {
      std::size_t index = 0;
      while (index < type_.steps.size() && !Begins(type_.steps[index])) ++index;
      if (index == type_.steps.size() || (seen >> index & 1U) != 0 || !IsCertainlyValid(at_, ChildOf(type_.steps[index]))) return false;
      seen |= std::uint64_t{1} << index;
      at_ = at_.Next();
    }
    for (std::size_t index = 0; index < type_.steps.size(); ++index) {
      if (type_.steps[index].least > 0 && (seen >> index & 1U) == 0) return false;
    }
    return true;
  }

  Element at_;
  const ElementType& type_;
};

}  // namespace

bool IsCertainlyValid(Element element, const Declaration& declared) {
  const ElementType& type = *declared.type;
  if (!element.Namespace().empty() || !HasRightAttributes(element, type)) return false;
  const Element first = element.FirstChild();
  if (type.basic == Basic::kNone) {
    const bool may_be_laid_out = type.compositor != Compositor::kEmpty;
    return (may_be_laid_out ? !element.HasWords() : !element.HasText()) && Content(first, type).IsRight();
  }
  if (first) return false;
  std::string scratch;
  const std::string_view text = element.TextView(scratch);
  // An empty flag has the one value that it may have.
  return declared.flag ? text == "true" || text.empty() : IsValue(type.basic, type.facets, text);
}

}  // namespace porchlight::tipline::internal
