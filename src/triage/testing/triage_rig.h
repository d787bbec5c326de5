#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hashing/testing/hashing_rig.h"
#include "tipline/testing/intake_rig.h"
#include "triage/judging.h"
#include "triage/rejudging.h"
#include "triage/throttling.h"
#include "triage/near_copies.h"
#include "triage/runner.h"
#include "triage/tip_actions.h"

// Intake and triage over either engine, with the table of the reference profile; no socket, no wall clock.
namespace porchlight::triage::testing {

const RuleBook& ReferenceRules();

// What a test wants a report to say; the rest is the shortest accepted document.
struct Wanted {
  std::string type = "Child Pornography (possession, manufacture, and distribution)";
  std::string incident_time = "2026-11-20T10:00:00Z";
  std::string escalation;
  std::string annotations;                 // "<sextortion>true</sextortion>"
  std::string conversation;
  std::string url;
  std::string note;                        // Of the report as a whole.
  std::string company_template;
  std::string person = "<espIdentifier>u-1</espIdentifier>";   // Inside personOrUserReported; empty: nobody is reported.
  int people = 1;
  std::string victim;                      // Inside victim; empty: none.
  bool batched = false;
};
std::string ReportDocument(const Wanted& wanted);

// The reference table, and one that holds from `valid_from`: it takes "lighthouse" for a word of danger and gives ten points, no floor and
// no urgency to what a platform escalates.
RuleBook WithNewerTable(const std::string& version, const std::string& valid_from);

struct WantedFile {
  std::string bytes;
  std::string details;                     // After fileId in fileDetails; empty: the file is not described.
};

// Of every room that TriageRig stands on.
std::vector<store::Migration> RigMigrations();

struct TriageRig : tipline::testing::IntakeRig {
  explicit TriageRig(store::Engine engine);
  // Files a report over the wire to its end; answers its number.
  std::int64_t File(const Wanted& wanted, const std::vector<WantedFile>& files = {}, const std::string& login = "acme");
  // Judges what was filed, as the server's runner would; answers how many events were dealt with.
  int Judge();
  // Examines pictures, as far as they are hashing::testing::PictureBytes, and judges again what looks alike.
  void Compare();
  Tip TipOf(std::int64_t report);          // Fails the test when it is not judged.
  Score ScoreOf(std::int64_t report);      // The newest.
  std::optional<Bundle> BundleOf(std::int64_t report);
  std::string StateOf(std::int64_t report);
  std::vector<std::string> Fired(std::int64_t report);

  Judging judging;
  TipActions actions;
  Rejudging rejudging;
  Throttles throttles;
  Runner runner;
  hashing::testing::HashingParts hashing;
  NearCopies near_copies;
};

auth::Caller TriageAnalyst(std::int64_t account = 950);

}  // namespace porchlight::triage::testing
