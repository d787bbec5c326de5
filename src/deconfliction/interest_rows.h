#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deconfliction/interest.h"

// The only SQL of deconfliction_*. Used by the units of work of this room.
namespace porchlight::deconfliction::rows {

// Until the transaction ends nobody else opens an interest.
Result<void> LockOpening(store::WriteTransaction& transaction);

// The number it has from now on. The agency has none of that key.
Result<InterestId> InsertInterest(store::WriteTransaction& transaction, const Interest& interest);
// All but agency, kind and key.
Result<void> UpdateInterest(store::WriteTransaction& transaction, const Interest& interest);
Result<std::optional<Interest>> FindInterest(store::ReadTransaction& transaction, InterestId id);
// As FindInterest, and nobody else changes the row before this transaction ends.
Result<std::optional<Interest>> LockInterest(store::WriteTransaction& transaction, InterestId id);
Result<std::optional<Interest>> FindInterest(store::ReadTransaction& transaction, std::string_view agency, std::int64_t link_key);
// Standing now, by number.
Result<std::vector<Interest>> StandingOf(store::ReadTransaction& transaction, std::int64_t link_key, Instant now);
Result<bool> AnyStands(store::ReadTransaction& transaction, Instant now);
// Also those that were opened at `since` or later and stand no more.
Result<std::int64_t> CountStanding(store::ReadTransaction& transaction, std::string_view agency, Instant now, Instant since);
// Those below `before` (0: all), newest first.
Result<std::vector<Interest>> ListInterests(store::ReadTransaction& transaction, std::string_view agency, std::int64_t before,
                                            int count_max);
Result<std::int64_t> CountMeetings(store::ReadTransaction& transaction, InterestId interest);   // Of it with anybody.

// Nothing when that pair has met over that report already.
Result<std::optional<MeetingId>> InsertMeeting(store::WriteTransaction& transaction, const Meeting& meeting);
Result<std::optional<Meeting>> FindMeeting(store::ReadTransaction& transaction, MeetingId id);
Result<std::optional<Meeting>> LockMeeting(store::WriteTransaction& transaction, MeetingId id);
// Interest, state, pause, outcome, note, and by whom and when.
Result<void> UpdateMeeting(store::WriteTransaction& transaction, const Meeting& meeting);
Result<std::vector<Meeting>> MeetingsOf(store::ReadTransaction& transaction, tipline::ReportId report);   // Not ended; by number.
// That stand open with the interest on either side.
Result<std::vector<Meeting>> OpenMeetingsOf(store::ReadTransaction& transaction, InterestId interest, int count_max);
// In which the agency is one of the two; newest first, below `before` (0: all).
Result<std::vector<Meeting>> MeetingsWith(store::ReadTransaction& transaction, std::string_view agency, std::int64_t before, int count_max);
// Open ones, those that pause a report first, then the oldest first.
Result<std::vector<Meeting>> OpenMeetings(store::ReadTransaction& transaction, int count_max);
Result<std::vector<Meeting>> ResolvedMeetings(store::ReadTransaction& transaction, int count_max);         // Newest first.

}  // namespace porchlight::deconfliction::rows
