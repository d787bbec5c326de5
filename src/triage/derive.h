#pragma once

#include <string>
#include <vector>

#include "base/instant.h"
#include "tipline/content.h"
#include "triage/rules.h"

// From a filed report to what rules look at. Pure: no I/O, no clock of its own.
namespace porchlight::triage {

// Something that can go round: a reported file or a page. Its keys are texts that other copies have too.
struct SharedItem {
  std::vector<std::string> keys;          // "sha256:...", "pdq:...", "page:..."; the first is always there.
  bool labelled_viral = false;            // By the platform, in this very report.
  bool classified_media = false;          // A classified picture or video.
};

// A note of a platform in which phrases were found. The same long words in many of its reports are its template and tell
// of no child. What a child, a reporter or a conversation says is never one.
struct SpokenSignals {
  std::string text;                       // The words, normalised; for its key, never kept.
  std::string place;
  Signals signals;
};

struct Derived {
  Signals content;                        // Without those of `spoken`.
  std::vector<SpokenSignals> spoken;
  Completeness completeness;
  std::vector<SharedItem> items;
  std::string person_text;                // What best tells one reported person from another; may be empty.
  std::vector<std::string> link_texts;    // Of reported persons and their associated accounts; without repeats.
  int incidents = 1;                      // Acts by one reported user each.
};

Derived Derive(const tipline::FiledReport& filed, const RuleTable& table, Instant now);

// The signals that follow from the kind of incident alone; replaced as a whole when the kind is corrected.
void SetTypeSignals(Signals& signals, tipline::IncidentType type);

}  // namespace porchlight::triage
