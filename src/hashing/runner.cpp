#include "hashing/runner.h"

#include <string>
#include <vector>

#include "base/json.h"
#include "hashing/hashing_jobs.h"
#include "platform/jobs/outbox.h"
#include "tipline/events.h"

namespace porchlight::hashing {

namespace {

constexpr std::string_view kReader = "hashing";
constexpr int kEventsMax = 1'000;

bool IsTrue(const Json& detail, std::string_view name) {
  const Json* flag = detail.Find(name);
  return flag != nullptr && flag->AsBool() != nullptr && *flag->AsBool();
}

// An event that cannot be read is examined: it costs a look.
Result<void> Follow(store::WriteTransaction& transaction, const jobs::Event& event, Instant now) {
  if (event.kind != tipline::events::kReportFinished) return {};
  const Result<Json> detail = ParseJson(event.detail);
  if (detail.ok() && IsTrue(*detail, "test")) return {};
  const Json* files = detail.ok() ? detail->Find("files") : nullptr;
  if (files != nullptr && files->AsInteger() != nullptr && *files->AsInteger() == 0) return {};
  jobs::NewJob job;
  job.kind = kExamineReport;
  job.payload = Json().Set("report", event.subject).Serialize();
  job.lane = detail.ok() && IsTrue(*detail, "urgent") ? jobs::Lane::kNormal : jobs::Lane::kBulk;
  job.unique_key = std::to_string(event.subject);
  return jobs::Enqueue(transaction, job, now);
}

}  // namespace

Result<int> Runner::RunOnce() {
  const auto read = [](store::ReadTransaction& transaction) -> Result<std::vector<jobs::Event>> {
    const std::int64_t bookmark = PL_TRY(jobs::FindBookmark(transaction, kReader));
    return jobs::ReadAfter(transaction, bookmark, kEventsMax);
  };
  const std::vector<jobs::Event> events = PL_TRY(database_.Read(read));
  if (events.empty()) return 0;
  const Instant now = clock_.Now();
  const auto queue = [&](store::WriteTransaction& transaction) -> Result<void> {
    for (const jobs::Event& event : events) {
      if (examines_ == Examines::kOn) PL_TRY(Follow(transaction, event, now));
    }
    return jobs::SaveBookmark(transaction, kReader, events.back().sequence);
  };
  PL_TRY(database_.Write(queue));
  return static_cast<int>(events.size());
}

}  // namespace porchlight::hashing
