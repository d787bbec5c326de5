#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/profile/profile.h"
#include "platform/store/database.h"
#include "triage/judging.h"

// What an analyst does with a report. Each is one unit of work with its audit entry and its event. Whoever works on a
// report has claimed it; a claim ends by itself, so that nothing is stuck on somebody's desk.
namespace porchlight::triage {

inline constexpr std::string_view kCloseMembers = "triage.close_members";
inline constexpr std::string_view kSweepClaims = "triage.sweep_claims";
inline constexpr Duration kSweepClaimsEvery = Duration::Minutes(1);

struct ActionRules {
  Duration claim_time = Duration::Minutes(30);
  static ActionRules From(const profile::Profile& profile);
};

class TipActions {
 public:
  TipActions(store::Database& database, const Judging& judging, const Clock& clock, ActionRules rules)
      : database_(database), judging_(judging), clock_(clock), rules_(rules) {}

  // All answer the report as it stands afterwards. Errors: kNotFound; kConflict, field "claim", when somebody else has
  // claimed it (or, but for Claim, nobody has); kConflict, field "state", when it is past that.
  // Claiming again what one has claimed oneself starts the time anew.
  Result<Tip> Claim(const auth::Caller& caller, tipline::ReportId id, std::string_view request_id);
  Result<Tip> Release(const auth::Caller& caller, tipline::ReportId id, std::string_view request_id);
  // A supervisor takes a claim away from whoever has it.
  Result<Tip> TakeBack(const auth::Caller& caller, tipline::ReportId id, std::string_view request_id);

  // Adds or removes what a person knows; also of a paused report, which nobody can claim. Errors: also kInvalidArgument when the signal
  // is none of a person's.
  Result<Tip> SetSignal(const auth::Caller& caller, tipline::ReportId id, Signal signal, bool present, std::string_view request_id);
  // Corrects the kind of incident; what was reported stays as it was.
  Result<Tip> SetType(const auth::Caller& caller, tipline::ReportId id, tipline::IncidentType type, std::string_view request_id);
  // Takes a report out of its bundle, or lets it stand there again. Errors: kConflict, field "bundle".
  Result<Tip> Pull(const auth::Caller& caller, tipline::ReportId id, std::string_view request_id);
  Result<Tip> PutBack(const auth::Caller& caller, tipline::ReportId id, std::string_view request_id);
  // Ends what no agency needs. Errors: also kInvalidArgument for a disposition that is not a person's to give.
  Result<Tip> Close(const auth::Caller& caller, tipline::ReportId id, Disposition disposition, std::string_view request_id);
  // Opens again, for whoever asks, what was closed by mistake.
  Result<Tip> Reopen(const auth::Caller& caller, tipline::ReportId id, std::string_view request_id);

  // Closes members of a bundle whose lead is closed, those above `after`, at most 500; answers the last one, or 0 when there are
  // no more.
  Result<std::int64_t> CloseMembers(BundleId bundle, std::int64_t after);

  // Ends claims whose time is over, at most 1,000; answers how many. For a sweep.
  Result<int> EndOldClaims();

 private:
  template <class Work>
  Result<Tip> Act(tipline::ReportId id, Work&& work);

  store::Database& database_;
  const Judging& judging_;
  const Clock& clock_;
  const ActionRules rules_;
};

}  // namespace porchlight::triage
