#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The wire schema as a flat table, read from the XSD itself so that nothing is mirrored by hand: the types of values
// (wire_types.h) are built from it and the tests compare it with the published facts.
namespace porchlight::tipline::internal {

// One declaration. `parent` is "(schema)" for global ones, "element:X" for the unnamed type of the global element X
// (with "/child" for a nested unnamed type and "/choice@n" for a nested group), "complexType:T" or "simpleType:T".
struct SchemaRow {
  std::string parent;
  std::string name;
  std::string kind;        // "element", "attribute", "enum", "pattern", "extension", "group".
  std::string type;        // A named type, "xs:...", "ref:X", or "anonymous:PARENT".
  std::string least;       // Occurrence; for attributes "1" means required.
  std::string most;
  std::string compositor;  // Of the enclosing group.
  int order = 0;           // From 1 in its list; 0 where there is none.
  std::string facets;      // "fixed=true", "derivation=extension", "empty-string"; empty for none.
  bool operator==(const SchemaRow&) const = default;
};

// Understands the part of XML Schema that api/ispws.xsd uses. Errors: kInternal for anything else.
Result<std::vector<SchemaRow>> ReadSchemaTable(std::string_view xsd);

}  // namespace porchlight::tipline::internal
