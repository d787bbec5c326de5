#pragma once

#include "evidence/gate_rows.h"
#include "evidence/views.h"

// From rows to what people are shown.
namespace porchlight::evidence {

AuthorityView ViewOf(const Authority& authority, Instant now);
// The report's files after `after`, at most `count_max`, each with the decision that holds. Errors: kNotFound.
Result<GateView> GateOf(store::ReadTransaction& transaction, const GateBook& book, tipline::ReportId report, tipline::FileId after,
                        int count_max, std::string_view language, Instant now);
// `book`: for the versions there are.
TableView ViewOf(const GateTable& table, const GateBook& book, std::string_view language);
TableView TableIn(const GateBook& book, Instant now, std::string_view language);

}  // namespace porchlight::evidence
