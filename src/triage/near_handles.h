#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "triage/judging.h"

// Handles of other reports that differ by little from those of this one: a suggestion for a person to look at (domain 4.12). Nothing is
// linked, scored or joined by distance.
namespace porchlight::triage {

inline constexpr std::size_t kNearLettersMin = 6;   // In a shorter one a single letter is too much of it.
inline constexpr std::size_t kNearLettersMax = 40;
inline constexpr int kNearHandlesAsked = 8;         // Of one report.
inline constexpr int kNearReportsMax = 20;

// All forms within one step of a normal form (normal_forms.h): a letter more, less or other, or two neighbours in turn (Damerau 1964);
// each once, without the form itself. Letters that come in are those of ASCII that normal forms keep, and
// those of the form. Empty
// outside of the lengths above. Takes UTF-8.
std::vector<std::string> FormsNear(std::string_view form);

struct NearReport {
  Tip tip;
  std::string own;                                  // Normal forms: the handle here,
  std::string other;                                // and the one there.
};
struct NearReports {
  std::vector<NearReport> items;                    // Newest first; none that shares an identifier exactly.
  int left_aside = 0;                               // Handles that are too short or long, too many, or near to one that many hold.
  bool complete = true;                             // False: there are more than kNearReportsMax.
};
// Looks for each form by its key, many at once: 700 for a handle of ten letters, 2,700 for one of forty. Errors: kNotFound when the
// report was never judged, or its content is gone; kCorrupt.
Result<NearReports> NearReportsOf(store::ReadTransaction& transaction, const Judging& judging, const vault::Sealer& sealer,
                                  tipline::ReportId report);

}  // namespace porchlight::triage
