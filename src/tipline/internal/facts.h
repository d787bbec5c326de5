#pragma once

#include <vector>

#include "tipline/internal/notes.h"
#include "tipline/internal/wire_types.h"
#include "tipline/wire.h"

// What we take out of documents that satisfy the schema and the field rules. `problems` stays empty unless a rule
// between fields is broken; then the facts are not to be used.
namespace porchlight::tipline::internal {

wire::ReportFacts GatherReport(xml::Element report, Instant now, const wire::Limits& limits, Notes& notes,
                               std::vector<wire::Problem>& problems);
wire::FileFacts GatherFile(xml::Element details, Notes& notes, std::vector<wire::Problem>& problems);

}  // namespace porchlight::tipline::internal
