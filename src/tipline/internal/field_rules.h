#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "tipline/internal/wire_types.h"
#include "tipline/wire.h"

// What a value must keep beyond the schema. Only what the documentation of the published API asks for is refused, so
// that no report is lost to a rule of ours; everything else that is weak becomes a finding (findings.h).
namespace porchlight::tipline::internal {

// `name` is a child element, an attribute if it begins with "@", or empty for the text of the type itself.
struct FieldLimit {
  std::string_view type;
  std::string_view name;
  FieldRule rule;
};
std::span<const FieldLimit> FieldLimits();

// Checks every value of a document that satisfies the schema; at most `problems_max` problems.
std::vector<wire::Problem> CheckFields(const std::vector<Visit>& visits, std::size_t problems_max);

// One problem at an element.
wire::Problem ProblemAt(xml::Element element, std::string rule, std::string_view sentence);

}  // namespace porchlight::tipline::internal
