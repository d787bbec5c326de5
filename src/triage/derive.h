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

// A text in which phrases were found. The same words in many reports are a template of the sender and tell of no child.
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
  std::vector<std::string> link_texts;    // Of reported persons and their associated accounts; without repeats.
  int incidents = 1;                      // Acts by one reported user each.
};

Derived Derive(const tipline::FiledReport& filed, const RuleTable& table, Instant now);

// The signals that follow from the kind of incident alone; replaced as a whole when the kind is corrected.
void SetTypeSignals(Signals& signals, tipline::IncidentType type);

}  // namespace porchlight::triage
