#include "evidence/evidence_jobs.h"

#include "base/json.h"
#include "evidence/gate_tables.h"

namespace porchlight::evidence {

namespace {

constexpr int kReviewSteps = 20;          // Of a run; the rest is a run of its own, so that other work comes in between.

jobs::NewJob ReviewAt(Instant not_before) {
  jobs::NewJob job;
  job.kind = kReviewGates;
  job.payload = "{}";
  job.lane = jobs::Lane::kBulk;
  job.not_before = not_before;
  job.unique_key = "next";
  return job;
}

Result<void> Review(const JobsContext& context, const std::string& again) {
  const Instant now = context.clock.Now();
  // The next run is queued first: a run that fails for good must not be the last one.
  const auto next = [&](store::WriteTransaction& transaction) {
    return jobs::Enqueue(transaction, ReviewAt(now + kReviewGatesEvery), now);
  };
  PL_TRY(context.database.Write(next));
  const GateBook& book = context.gatekeeper.book();
  PL_TRY(LearnTables(context.database, book));
  const std::string version = book.At(now).version;
  if (!again.empty()) return again == version ? context.gatekeeper.SearchAgain(version) : Result<void>();
  bool more = true;
  for (int step = 0; more && step < kReviewSteps; ++step) more = PL_TRY(context.gatekeeper.FlagForReview(version));
  if (!more) return {};
  return context.database.Write([&](store::WriteTransaction& transaction) { return EnqueueReview(transaction, now); });
}

}  // namespace

void RegisterJobs(jobs::Worker& worker, const JobsContext& context) {
  worker.Register(std::string(kDecideReport), [context](const jobs::Job& job) -> Result<void> {
    const tipline::ReportId report{PL_TRY(jobs::NumberIn(job, "report"))};
    PL_TRY(context.gatekeeper.DecideFiles(report));
    return {};
  });
  worker.Register(std::string(kReviewGates), [context](const jobs::Job& job) -> Result<void> {
    const Json payload = PL_TRY(ParseJson(job.payload));
    return Review(context, std::string(payload.Text("again")));
  });
}

Result<void> ScheduleJobs(store::Database& database, const Clock& clock) {
  const Instant now = clock.Now();
  return database.Write([&](store::WriteTransaction& transaction) { return jobs::Enqueue(transaction, ReviewAt(now), now); });
}

}  // namespace porchlight::evidence
