#include "app/background.h"

#include "base/json.h"
#include "platform/audit/witness.h"
#include "platform/jobs/outbox.h"

namespace porchlight::app {
namespace {

constexpr int kEventsMax = 500;

}  // namespace

Result<int> LivePump::RunOnce() {
  if (bookmark_ < 0) {
    bookmark_ = PL_TRY(database_.Read([](store::ReadTransaction& transaction) { return jobs::Newest(transaction); }));
  }
  const std::vector<jobs::Event> events = PL_TRY(
      database_.Read([this](store::ReadTransaction& transaction) { return jobs::ReadAfter(transaction, bookmark_, kEventsMax); }));
  for (const jobs::Event& event : events) {
    const std::string data = Json().Set("kind", event.kind).Set("subject", event.subject).Serialize();
    hub_.Publish(static_cast<std::uint64_t>(event.sequence), "report", data);
    bookmark_ = event.sequence;
  }
  return static_cast<int>(events.size());
}

Result<bool> SealRunner::RunOnce() {
  audit::SealerOptions options;
  const std::string file = centre_.witness_file();
  options.witness = [file](const audit::TreeHead& head) { return audit::AppendToWitness(file, head); };
  const std::optional<audit::TreeHead> head = PL_TRY(audit::SealAll(centre_.database(), centre_.audit_key(), centre_.clock(), options));
  return head.has_value();
}

}  // namespace porchlight::app
