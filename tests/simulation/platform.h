#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "synthetic/report_writer.h"
#include "tests/common/centre_rig.h"
#include "tests/simulation/faults.h"

// A platform that reports, and remembers exactly what it was told: the side of the simulation that knows what must hold.
namespace porchlight::tests {

// Opens the centre anew after a death; it may die again while it opens. A centre does not start on a full disk: whoever
// starts it has made room.
void Restart(CentreRig& rig, Faults& faults);

enum class Stage : std::uint8_t { kOpen = 1, kFinished = 2, kRetracted = 3, kExpired = 4 };

struct SentFile {
  std::string file_id;
  std::string sha256;
};

struct SentReport {
  std::int64_t id = 0;
  std::string document;
  std::string key;                        // Idempotency key; empty: none.
  Instant alive_until;                    // At least; what was lost may have made it longer.
  Instant over_from;                      // At the latest.
  Stage stage = Stage::kOpen;
  std::optional<Stage> perhaps;           // A change to this stage was sent and never answered.
  std::vector<SentFile> files;            // Acknowledged ones.
};

class Platform {
 public:
  Platform(CentreRig& rig, Faults& faults, std::string login, bool test_traffic, std::uint64_t seed)
      : rig_(rig), faults_(faults), login_(std::move(login)), test_traffic_(test_traffic), plans_(synthetic::Mix::kShowcase, seed) {}

  // One seeded action, with the retries that the platform's program would make. Every answer is checked against what is
  // known, and learned from.
  void Act(Random& random);

  // Asks the server about everything that was ever acknowledged.
  void CheckAll();

  const std::string& login() const { return login_; }
  bool test_traffic() const { return test_traffic_; }
  const std::map<std::int64_t, SentReport>& reports() const { return reports_; }
  // Submits without an answer and without a key: each may have left a report nobody knows of.
  int unknown_submits() const { return unknown_submits_; }
  // Told of somebody else's report, to try it.
  void HearOf(std::int64_t report) { heard_of_ = report; }

 private:
  struct Answer {
    int status = 0;
    int code = -1;
    std::string body;
    bool lost = false;                    // The process died under it or under a try before: it may have happened.
  };
  Answer Call(const std::string& path, const std::string& body, const std::string& type, const std::string& key = {});
  void Submit(Random& random);
  void SubmitAgain(Random& random);
  void Upload(Random& random);
  void Finish(Random& random);
  void Retract(Random& random);
  void SendRubbish(Random& random);
  void TryAnothers(Random& random);
  void Learn(const std::string& document, const std::string& key, const Answer& answer);
  // One of the newest: those are mostly open.
  SentReport* Pick(Random& random, std::uint64_t newest = 12);
  // What a refused change may say about a report in the stage it is in.
  void ExpectRefusalFits(SentReport& report, const Answer& answer);
  // Sends a change until it is answered by more than "come again later", at most a few times; the last answer.
  Answer Insist(const std::string& path, const std::string& body, const std::string& type, const std::string& key = {});
  void End(SentReport& report, const std::string& path, Stage after);

  CentreRig& rig_;
  Faults& faults_;
  const std::string login_;
  const bool test_traffic_;
  const synthetic::PlanMaker plans_;
  std::uint64_t next_ = 0;
  std::map<std::int64_t, SentReport> reports_;
  std::map<std::string, std::int64_t> by_key_;
  int unknown_submits_ = 0;
  std::int64_t heard_of_ = 0;
};

}  // namespace porchlight::tests
