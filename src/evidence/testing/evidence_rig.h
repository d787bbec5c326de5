#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evidence/door.h"
#include "evidence/evidence_http.h"
#include "evidence/evidence_jobs.h"
#include "evidence/gate_rows.h"
#include "evidence/gate_tables_http.h"
#include "evidence/gatekeeper.h"
#include "evidence/reveal_http.h"
#include "evidence/runner.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "tipline/testing/intake_rig.h"

// Intake and gate over either engine, with the table of the reference profile; no socket, no wall clock.
namespace porchlight::evidence::testing {

std::string ReferenceTableText();
const GateTable& ReferenceTable();
// The reference table, and this one as "later.json".
GateBook BookWith(const std::string& later);
std::string ReplaceAll(std::string text, std::string_view from, std::string_view to);

auth::Caller Reviewer(std::int64_t account = 960);    // May open files and read the gate; V5.
auth::Caller Legal(std::int64_t account = 970);       // May write authorities and tables, and read the gate.

// What a platform says of a file, as the wire has it; missing: nothing.
std::string Details(tipline::Answer viewed, tipline::Answer available, const std::string& labels = "");

struct EvidenceRig : tipline::testing::IntakeRig {
  explicit EvidenceRig(store::Engine engine);
  // Opens a report and sends one file for each of `details`; with Finish, or File for both, it is filed.
  std::int64_t Open(const std::vector<std::string>& details);
  void Finish(std::int64_t report);
  tipline::ReportId File(const std::vector<std::string>& details);
  static std::string BytesOf(std::size_t index);                      // Of the file sent as that one, from 0.
  static tipline::FileId FileOf(tipline::ReportId report, int place); // From 1.
  int RunJobs();                                                      // Those that are due; answers how many.
  std::vector<GateRow> Decisions(tipline::FileId file);               // Oldest first.
  GateRow Newest(tipline::FileId file);                               // Fails the test when there is none.
  std::vector<std::string> AllDecisions();                            // Every row there is, as text, by file and sequence.
  std::vector<audit::RecordedEntry> Trail(tipline::ReportId report);
  // The bytes that came through the door.
  Result<std::string> Read(const auth::Caller& caller, tipline::FileId file, std::string_view purpose = "triage");
  Authority Warrant(tipline::ReportId report) const;                  // For every file, from now on for a day.
  Authority Add(const Authority& authority);                          // Fails the test when refused.

  GateBook book;
  Gatekeeper gatekeeper;
  Door door;
  Runner runner;
  EvidenceHttp evidence_http;
  GateTables gate_tables;
  GateTablesHttp gate_tables_http;
  // What "decodes": a test may set another. A picture of 2 x 1 pixels, unless the bytes are not a JPEG file's.
  std::function<Result<media::Preview>(std::string_view, media::PreviewBlur)> make_preview;
  ExposureLimits limits;
  Revealing revealing;
  RevealHttp reveal_http;
  std::unique_ptr<jobs::Worker> worker;
};

}  // namespace porchlight::evidence::testing
