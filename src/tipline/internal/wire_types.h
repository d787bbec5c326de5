#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/xml/document.h"
#include "tipline/internal/schema_table.h"

// The declared type of every element and attribute of the wire schema, with the limits that go beyond it.
namespace porchlight::tipline::internal {

enum class Basic : std::uint8_t { kNone, kText, kToken, kDateTime, kDate, kWhole, kBoolean, kDouble };

// What the schema does not say about a value (docs/formats/ispws.md, "Field limits").
struct FieldRule {
  int characters_max = 0;        // 0: no limit.
  bool not_blank = false;
  bool no_white_space = false;   // Nor control characters.
  bool ranged = false;           // For whole numbers: least <= value <= most.
  std::int64_t least = 0;
  std::int64_t most = 0;
};

// A piece of a pattern: a character, or any digit, so many times in a row.
struct PatternPiece {
  std::optional<char> character;        // None: a digit.
  int least = 1;
  int most = 1;
};

// What the schema says about a value beyond its basic type.
struct ValueFacets {
  std::vector<std::string> words;       // Sorted; the only ones allowed, unless there are none.
  std::optional<std::vector<PatternPiece>> pattern;
  int digits_max = 0;                   // For whole numbers: so many digits fit for certain.
  bool understood = true;               // False: something else is asked, which only the validator knows.
};

struct AttributeType {
  std::string name;
  Basic basic = Basic::kText;
  const ValueFacets* facets = nullptr;
  bool required = false;
  FieldRule rule;
};

struct ElementType;

// An element as its parent declares it.
struct Declaration {
  std::string name;
  const ElementType* type = nullptr;
  bool flag = false;             // A boolean that can only be true.
  bool repeats = false;
  FieldRule rule;
};

// A step of what an element may hold: one of its type's children, or a choice of some of them.
struct ContentStep {
  int least = 1;
  int most = 1;
  std::size_t child = 0;                     // In `children`, if `choice` is empty.
  std::vector<ContentStep> choice;
};

// How the steps go together; kOther is for the validator alone.
enum class Compositor : std::uint8_t { kOther, kEmpty, kSequence, kChoice, kAll };

struct ElementType {
  Basic basic = Basic::kNone;                // kNone: holds elements or nothing.
  ValueFacets facets;
  Compositor compositor = Compositor::kOther;
  std::vector<ContentStep> steps;
  std::vector<Declaration> children;         // In the order of the schema, those of a nested choice last.
  std::vector<AttributeType> attributes;
  FieldRule rule;                            // Of the text of every element of this type.
  const Declaration* Find(std::string_view child) const;
};

// An element of a document with its declaration, in document order.
struct Visit {
  xml::Element element;
  const Declaration* declared = nullptr;
};

// Immutable; thread-safe. Hands out pointers into itself that stay valid when it is moved.
class WireTypes {
 public:
  // Errors: kInternal if a rule or a type names something that the schema does not have.
  static Result<WireTypes> Create(const std::vector<SchemaRow>& rows);

  // A global element, or null.
  const Declaration* Global(std::string_view name) const;

 private:
  std::map<std::string, std::unique_ptr<ElementType>, std::less<>> types_;   // By label of the table.
  std::unique_ptr<ElementType> globals_;
};

// Brings values into the form that the validator understands (platform/xml/schema.h): no white space around dates,
// times and whole numbers, and flags spelled "true". Elements that the schema does not know are left for it to refuse.
std::vector<Visit> Normalise(xml::Document& document, const Declaration& root);

// "/report/personOrUserReported[2]/email[1]": an index where the schema lets the element repeat.
std::string PathOf(const Declaration& root, xml::Element element);

// Without XML's white space at both ends.
std::string_view TrimXml(std::string_view text);

}  // namespace porchlight::tipline::internal
