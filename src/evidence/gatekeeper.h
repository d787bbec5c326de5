#pragma once

#include <string_view>

#include "base/clock.h"
#include "evidence/authority.h"
#include "evidence/gate.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"

// Every change of who may open a file, each one unit of work with its audit entry. Thread-safe. Whoever may decide by hand
// may not open by hand: the one door to content is door.h.
namespace porchlight::evidence {

// Decides about the files of one report: when it is filed, and when a record begins or ends. {"report":17}
inline constexpr std::string_view kDecideReport = "evidence.decide_report";
// Searches by the table of now: {}; or has it searched once more: {"again":"us-2027-01"}
inline constexpr std::string_view kReviewGates = "evidence.review_gates";
// After this long whatever was decided by an older table, while a search by a newer one began, is stored.
inline constexpr Duration kSearchAgainAfter = Duration::Minutes(5);
inline constexpr std::string_view kMayWriteAuthority = "evidence.authority.write";
inline constexpr int kReviewStep = 1'000;

class Gatekeeper {
 public:
  // The book outlives this.
  Gatekeeper(store::Database& database, const GateBook& book, const Clock& clock) : database_(database), book_(book), clock_(clock) {}
  const GateBook& book() const { return book_; }

  // For our own work: every file of a filed report that has no decision, or whose facts have changed since, is decided about.
  // Answers how many it was; a repeat answers 0. Errors: kNotFound; kConflict, field "state", while it is not filed;
  // kUnavailable when somebody else decided meanwhile.
  Result<int> DecideFiles(tipline::ReportId report);

  // A person has the newest table decide anew, which ends the flags for review; from now on for the jurisdiction, if one
  // is given. Errors: also kForbidden; kInvalidArgument, field "/jurisdiction", when the table does not know it.
  Result<int> DecideAgain(const auth::Caller& caller, tipline::ReportId report, std::string_view jurisdiction,
                          std::string_view request_id);

  // Records a warrant, consent or exigency and decides at once; id, account and recorded_at are ours to set. Whatever begins
  // or ends later is decided about again then. Errors: kForbidden; kNotFound (report); kConflict, field "state" or
  // "/reference" (it stands already); kInvalidArgument with the member, also when a file is none of the report's.
  Result<Authority> AddAuthority(const auth::Caller& caller, Authority authority, std::string_view request_id);
  // It counts no more from this moment. Errors: kForbidden; kNotFound; kConflict, field "authority", when it was revoked before.
  Result<Authority> RevokeAuthority(const auth::Caller& caller, AuthorityId id, std::string_view request_id);

  // Looks, from where the search for this table stands, at up to `count_max` files whose decision is an older table's, and
  // flags those that this one would decide otherwise; no decision changes. Answers whether there is more to look at.
  // Errors: kNotFound (no such table); kUnavailable when another process is at it.
  Result<bool> FlagForReview(std::string_view table, int count_max = kReviewStep);
  // Has a job look from the start, once more: some minutes after a search began, what was being decided by the table before is stored.
  Result<void> SearchAgain(std::string_view table);

 private:
  Result<void> CheckFiles(store::ReadTransaction& transaction, Authority& authority) const;

  store::Database& database_;
  const GateBook& book_;
  const Clock& clock_;
};

Result<void> EnqueueDecide(store::WriteTransaction& transaction, tipline::ReportId report, Instant not_before, Instant now);
// The search at once, or its next part: somebody waits for it.
Result<void> EnqueueReview(store::WriteTransaction& transaction, Instant now);

}  // namespace porchlight::evidence
