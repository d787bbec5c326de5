#include "evidence/runner.h"

#include <vector>

#include "evidence/gatekeeper.h"
#include "platform/jobs/outbox.h"
#include "tipline/events.h"

namespace porchlight::evidence {

namespace {

constexpr std::string_view kReader = "evidence";
constexpr int kEventsMax = 1'000;

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
      if (event.kind == tipline::events::kReportFinished) PL_TRY(EnqueueDecide(transaction, {event.subject}, now, now));
    }
    return jobs::SaveBookmark(transaction, kReader, events.back().sequence);
  };
  PL_TRY(database_.Write(queue));
  return static_cast<int>(events.size());
}

}  // namespace porchlight::evidence
