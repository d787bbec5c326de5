#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <set>
#include <vector>

#include "base/clock.h"
#include "platform/jobs/outbox.h"
#include "platform/store/database.h"
#include "triage/judging.h"

// Follows the outbox and judges each report that is filed. What may be urgent goes first, and within one lane the
// platforms take turns: whoever sends fifty thousand reports at once waits for their own, and nobody else does.
namespace porchlight::triage {

// A report that could not be judged is tried again as a job of its own, so that it holds nobody up and is seen when
// it fails for good.
inline constexpr std::string_view kJudgeReport = "triage.judge_report";

class Runner {
 public:
  struct Options {
    // Reports of one unit of work; 0: what suits the engine. Much of what one costs on SQLite is its commit, and on PostgreSQL its
    // many questions, while urgent ones wait for it to end.
    int batch_max = 0;
    std::size_t look_ahead_max = 20'000;      // Events known but not yet judged.
  };
  Runner(store::Database& database, const Judging& judging, const Clock& clock, Options options)
      : database_(database), judging_(judging), clock_(clock), options_(options) {
    if (options_.batch_max == 0) options_.batch_max = database.engine() == store::Engine::kSqlite ? 256 : 64;
  }

  // One batch; answers how many events were dealt with, 0 when there is nothing to do. One thread at a time; while it
  // writes, a thread of its own reads the next batch. Several processes may run one each: a report is judged once. Errors:
  // the store's; everything is tried again.
  Result<int> RunOnce();

 private:
  struct Waiting {
    std::int64_t sequence = 0;
    tipline::ReportId report;
  };
  // Reports of one lane by platform; the turn goes round.
  using Lane = std::map<std::int64_t, std::deque<Waiting>>;

  // A batch, and what the rules need of it, read meanwhile.
  struct Batch {
    std::vector<Waiting> reports;
    std::future<Result<std::vector<Prepared>>> prepared;
  };

  Result<void> LookAhead();
  std::vector<Waiting> TakeReports();
  Batch TakeBatch();
  void TakeFrom(Lane& lane, std::int64_t& turn, std::vector<Waiting>& batch) const;
  void PutBack(const std::vector<Waiting>& batch);
  Result<std::vector<Prepared>> PrepareAll(const std::vector<Waiting>& reports) const;
  Result<void> JudgeBatch(Batch& batch, const std::vector<Waiting>& urgent);
  Result<void> JudgeAlone(const Waiting& one);
  std::int64_t BookmarkAfter(const std::vector<Waiting>& done) const;

  store::Database& database_;
  const Judging& judging_;
  const Clock& clock_;
  Options options_;
  std::int64_t seen_ = -1;                    // The last event read; -1 before the bookmark is.
  std::int64_t saved_ = 0;
  std::array<Lane, 3> lanes_;
  std::array<std::int64_t, 3> turns_{};
  std::map<std::int64_t, std::pair<int, std::int64_t>> lane_of_;   // By sequence: lane and platform, of what waits.
  Batch next_;                                // The last member: its thread uses the others.
};

// Judges one report now; nothing when it is judged already, or gone. For the job and for tests.
Result<void> JudgeReport(store::Database& database, const Judging& judging, tipline::ReportId id, Instant now);

}  // namespace porchlight::triage
