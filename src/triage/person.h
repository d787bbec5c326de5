#pragma once

#include <vector>

#include "platform/store/database.h"
#include "triage/tip.h"

// One person of interest: all reports that name the same reported person by an identifier, also through other reports, whatever
// platforms they came from (domain 4.12).
namespace porchlight::triage {

inline constexpr int kPersonReportsMax = 200;
inline constexpr int kPersonStepsMax = 3;
// An identifier of more reports than this joins nobody: an address that hundreds share says little of each.
inline constexpr int kPersonSharedMax = 50;

struct PersonReport {
  Tip tip;
  int steps = 0;                                  // 0: the one that was asked for; 1: shares an identifier with it; 2: with one of those.
  int identifiers = 0;                            // By how many it was found.
};

struct Person {
  std::vector<PersonReport> reports;              // Newest first; the one that was asked for is among them.
  int shared_by_many = 0;                         // Identifiers that were left aside.
  bool complete = true;                           // False: more than 200 reports.
};

// Errors: kNotFound when the report was never judged.
Result<Person> PersonOf(store::ReadTransaction& transaction, tipline::ReportId report);

}  // namespace porchlight::triage
