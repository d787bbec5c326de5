#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "deconfliction/interest.h"
#include "triage/tip.h"

// Where an open interest meets another agency: what is recorded, what is paused, and what a supervisor makes of it.
namespace porchlight::deconfliction {

// Records the meeting, unless that pair has met over that report already; number, moment and state are filled in here.
Result<void> Meet(store::WriteTransaction& transaction, Meeting meeting, Instant now);

// Of an interest that was withdrawn, at most 200; answers whether there are more. A report that was paused for these alone waits again.
// Where the agency has another interest in somebody whom the report names, the meeting goes on with that.
inline constexpr int kEndedAtOnceMax = 200;
Result<bool> EndMeetingsOf(store::WriteTransaction& transaction, InterestId interest, Instant now);

// A paused report that has become urgent waits no longer; the agencies stay told. `tip` was locked.
Result<void> LetUrgentGoOn(store::WriteTransaction& transaction, triage::Tip& tip, Instant now);

// What supervisors have decided about a report.
struct Ruling {
  std::vector<std::string> kept_from;             // Agencies that are not given it.
  std::vector<std::string> goes_to;               // Agencies that take it.
  bool KeepsFrom(std::string_view agency) const;
};
Result<Ruling> RulingOf(store::ReadTransaction& transaction, tipline::ReportId report);

// Agencies with an open interest in somebody whom the report names, each once.
Result<std::vector<Interest>> HoldersOf(store::ReadTransaction& transaction, tipline::ReportId report, Instant now);

// A report that nobody has yet is about to go to these agencies, or leads there. Each that is not the one with the interest meets it,
// and the report is paused until a supervisor has resolved that; an urgent one is not. True: it is paused now, and `tip`, which was
// locked, says so.
Result<bool> PauseWhereTheyMeet(store::WriteTransaction& transaction, triage::Tip& tip, const std::vector<std::string>& agencies,
                                Instant now);

// These agencies have the report: they, and whoever has an interest, are to hear of each other. Nothing is paused.
Result<void> TellWhereTheyMeet(store::WriteTransaction& transaction, tipline::ReportId report, const std::vector<std::string>& agencies,
                               Instant now);

// What a supervisor does. One unit of work with its audit entry and its event. Thread-safe.
class Resolving {
 public:
  static constexpr std::size_t kNoteBytesMax = 1'000;
  Resolving(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Also of what was resolved before: the newer word holds. A report whose last meeting this was waits again. Errors: kNotFound;
  // kConflict, field "state", when its interest was withdrawn; kInvalidArgument, "/note", or "/outcome" where two interests met and there
  // is no report to give to one of them.
  Result<Meeting> Resolve(const auth::Caller& caller, MeetingId id, Outcome outcome, std::string_view note, std::string_view request_id);

 private:
  store::Database& database_;
  const Clock& clock_;
};

}  // namespace porchlight::deconfliction
