#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/xml/document.h"

// Validation against an XML Schema 1.0 that we own.
namespace porchlight::xml {

// One break of the schema. Nothing but names of elements and attributes comes from the document.
struct SchemaProblem {
  Place place;             // Of the element.
  std::string element;     // Local name.
  std::string attribute;   // Empty if the element itself is wrong.
  // "schema.root", "schema.order", "schema.missing", "schema.enumeration", "schema.type", "schema.pattern",
  // "schema.fixed", "schema.content", "schema.attribute_missing", "schema.attribute_unknown", "schema.other".
  std::string rule;
  std::string message;     // A full sentence.
};

// Compiled once and shared by all threads.
class Schema {
 public:
  // `xsd` holds no include or import. Errors: kInternal, with the compiler's words in operator_text.
  static Result<Schema> Compile(std::string_view xsd);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  // The problems in document order, at most `problems_max`; none means valid. The document's own hints where to find
  // a schema are ignored. On the thread that read the document: the two share the parser's table of names.
  //
  // libxml2 2.9.14 does not collapse white space around dates, times and whole numbers, and compares fixed values as
  // text; whoever knows the types normalises those values first.
  std::vector<SchemaProblem> Validate(const Document& document, std::size_t problems_max) const;

 private:
  struct Inner;
  explicit Schema(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};

}  // namespace porchlight::xml
