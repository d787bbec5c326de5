#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "common/measurement.h"
#include "platform/vault/vault.h"
#include "tipline/intake_store.h"
#include "tipline/wire.h"
#include "triage/judging.h"
#include "triage/runner.h"

// Reports filed straight into the intake (no HTTP, no file contents) and judged with the server's own runner. The share of
// copies of viral items, the number of accounts that come again and the mix of kinds are those of the traffic generator.
namespace porchlight::bench {

std::string FileText(const std::string& path);

class Filler {
 public:
  Filler(tipline::IntakeStore& intake, const tipline::wire::Reader& reader);

  // The reports numbered [from, to), many at once, so that they share commits.
  void FileAll(std::int64_t from, std::int64_t to);

 private:
  struct Prepared {
    std::string document;
    tipline::wire::ReportFacts facts;
    bool viral = false;
  };
  void File(std::uint64_t number);

  tipline::IntakeStore& intake_;
  auth::Caller caller_;
  std::vector<Prepared> documents_;
};

// Intake and triage over a database that is migrated already.
class TriageUnderTest {
 public:
  TriageUnderTest(store::Database& database, const std::string& schema_path, const std::string& rules_path, int batch_max);

  Filler& filler() { return filler_; }
  // Until nothing waits. The note is the caller's.
  Measurement JudgeAll(const std::string& name);

 private:
  SeededRandom random_;
  const SystemClock clock_;
  const vault::MasterKeys keys_;
  const vault::Sealer sealer_;
  tipline::IntakeStore intake_;
  const tipline::wire::Reader reader_;
  const triage::RuleBook book_;
  const triage::Judging judging_;
  triage::Runner runner_;
  Filler filler_;
};

}  // namespace porchlight::bench
