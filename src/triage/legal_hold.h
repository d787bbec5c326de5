#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "triage/internal/staff_text.h"
#include "triage/tip.h"

// A legal hold: while it stands nothing of the report goes to anybody and nothing of it is deleted (domain 2.8).
// docs/formats/deconfliction.md says what that means for whom.
namespace porchlight::triage {

using HoldId = Id<struct HoldTag>;

struct Hold {
  HoldId id;
  tipline::ReportId report;
  Instant at;
  auth::AccountId account;
  std::string reason;                             // Code of "hold_reasons".
  std::string reference;                          // Of the order or the request.
  std::string review_on;                          // Date on which somebody looks at it again.
  tipline::ReportState stood = tipline::ReportState::kTriaged;
  std::optional<Instant> lifted_at;
  std::optional<auth::AccountId> lifted_by;
  std::string note;                               // Why it was lifted.
};

struct NewHold {
  std::string reason;
  std::string reference;
  std::string review_on;
};

// Each is one unit of work with its audit entry and its event. Thread-safe.
class LegalHolds {
 public:
  static constexpr std::size_t kTextBytesMax = kStaffTextBytesMax;   // Of a reference and of a note.
  static constexpr int kReviewDaysMax = 366;

  LegalHolds(store::Database& database, const Clock& clock, std::vector<std::string> reasons)
      : database_(database), clock_(clock), reasons_(std::move(reasons)) {}

  // Also of what is with agencies, and of what is closed; a claim or a pause ends with it. Errors: kNotFound; kConflict, field "state",
  // when it is held already or was never judged; kInvalidArgument, field "/reason", "/reference" or "/review_on" (a date from today to a
  // year from now).
  Result<Tip> Place(const auth::Caller& caller, tipline::ReportId report, const NewHold& hold, std::string_view request_id);
  // The report stands again where it stood. Errors: kNotFound; kConflict, field "state", when it is not held; kInvalidArgument, "/note".
  Result<Tip> Lift(const auth::Caller& caller, tipline::ReportId report, std::string_view note, std::string_view request_id);

 private:
  Result<void> Check(const NewHold& hold, Instant now) const;

  store::Database& database_;
  const Clock& clock_;
  const std::vector<std::string> reasons_;
};

bool IsHeld(const Tip& tip);
// An agency answered while the report is held: it goes back to that. Nothing when no hold stands.
Result<void> NoteFeedbackWhileHeld(store::WriteTransaction& transaction, tipline::ReportId report);

// When the newest hold that no longer stands was lifted.
Result<std::optional<Instant>> LastLifted(store::ReadTransaction& transaction, tipline::ReportId report);

// Those that stand, the one to be looked at first before; at most `count_max`.
Result<std::vector<Hold>> ListHolds(store::ReadTransaction& transaction, int count_max);
Result<std::vector<Hold>> HoldsOf(store::ReadTransaction& transaction, tipline::ReportId report);   // Newest first.

}  // namespace porchlight::triage
