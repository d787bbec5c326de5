#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "platform/store/database.h"

// What agencies answered, summed by month: about an "agency" (its number), a "platform" (its organisation), a "rule" of triage or
// a kind of "evidence" for place. A word that was corrected is taken out of the month it was counted in.
namespace porchlight::referrals {

// "2026-11" of the moment in UTC.
std::string MonthOf(Instant moment);

// By what was said: "made_available", "feedback", "wrong_place", "usefulness:not_useful", "outcome:arrest", "gap:no_port", ...
using Sums = std::map<std::string, std::int64_t, std::less<>>;

Result<Sums> TalliesOf(store::ReadTransaction& transaction, std::string_view month, std::string_view about, std::string_view subject);

// Every subject of one kind.
struct SubjectSums {
  std::string subject;
  Sums sums;
};
Result<std::vector<SubjectSums>> ListTallies(store::ReadTransaction& transaction, std::string_view month, std::string_view about);

}  // namespace porchlight::referrals
