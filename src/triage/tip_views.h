#pragma once

#include <functional>
#include <string>

#include "platform/store/database.h"
#include "triage/near_handles.h"
#include "triage/person.h"
#include "triage/person_views.h"
#include "triage/queue.h"
#include "triage/views.h"

// From rows to what people are shown.
namespace porchlight::triage {

// Names of organisations and accounts for lists; either may be empty.
struct Names {
  std::function<std::string(std::int64_t)> organisation;
  std::function<std::string(std::int64_t)> account;
};

Result<TipRow> RowOf(store::ReadTransaction& transaction, const Tip& tip, const Names& names);
Result<TipPage> PageOf(store::ReadTransaction& transaction, const QueueRows& rows, const Names& names);
// Errors: kNotFound.
Result<TipDetail> DetailOf(store::ReadTransaction& transaction, tipline::ReportId id, const Names& names);
PersonView ViewOf(const Person& person, tipline::ReportId report, const Names& names);
NearReportsView ViewOf(const NearReports& near, tipline::ReportId report, const Names& names);
RulesView RulesIn(const RuleBook& book, Instant now, std::string_view language);

}  // namespace porchlight::triage
