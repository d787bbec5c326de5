// How long the analysts' queue takes over tens of millions of judged reports: every order, every filter alone, and filters
// together that nothing matches. Fills triage_tips with narrow rows (seven of ten closed, the rest waiting, one in eight of
// those of a bundle, all but one in a hundred of them folded under its lead), asks, and removes everything.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/text.h"
#include "common/measurement.h"
#include "common/must.h"
#include "lists/place.h"
#include "queue/filling.h"
#include "synthetic/dice.h"
#include "triage/queue.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage = "porchlight_queue_bench --work DIR [--postgres CONNINFO] [--rows 1000000] [--runs 60] [--json FILE]";

struct Question {
  std::string name;
  triage::QueueOrder order = triage::QueueOrder::kPriority;
  std::function<triage::QueueFilter(synthetic::Dice&)> make;
};

std::vector<Question> Questions(std::int64_t rows) {
  using triage::QueueFilter;
  std::vector<std::pair<std::string, std::function<void(QueueFilter&, synthetic::Dice&)>>> filters = {
      {"no filter", [](QueueFilter&, synthetic::Dice&) {}},
      {"urgent", [](QueueFilter& one, synthetic::Dice&) { one.urgent = true; }},
      {"level 1", [](QueueFilter& one, synthetic::Dice&) { one.level = 1; }},
      {"level 3", [](QueueFilter& one, synthetic::Dice&) { one.level = 3; }},
      {"enticement", [](QueueFilter& one, synthetic::Dice&) { one.incident_type = tipline::IncidentType::kEnticement; }},
      {"sex tourism", [](QueueFilter& one, synthetic::Dice&) { one.incident_type = tipline::IncidentType::kSexTourism; }},
      {"public", [](QueueFilter& one, synthetic::Dice&) { one.source = tipline::ReportSource::kPublic; }},
      {"a platform", [](QueueFilter& one, synthetic::Dice& dice) { one.organisation = dice.Between(1, 300); }},
      {"in review", [](QueueFilter& one, synthetic::Dice&) { one.state = tipline::ReportState::kInReview; }},
      {"mine", [](QueueFilter& one, synthetic::Dice& dice) { one.claimed_by = dice.Between(950, 989); }},
      {"nobody's", [](QueueFilter& one, synthetic::Dice&) { one.claimed = false; }},
      {"bundled leads", [](QueueFilter& one, synthetic::Dice&) { one.bundled = true; }},
      {"complete below 5", [](QueueFilter& one, synthetic::Dice&) { one.completeness_below = 5; }},
      {"of a day", [rows](QueueFilter& one, synthetic::Dice& dice) {
         const std::int64_t from = kTipsStart + dice.Between(0, std::max<std::int64_t>(1, rows - 86'400));
         one.received_from = Instant{from * 1'000'000};
         one.received_to = Instant{(from + 86'400) * 1'000'000};
       }},
      {"nothing matches", [](QueueFilter& one, synthetic::Dice& dice) {
         one.organisation = dice.Between(1, 300);
         one.bundled = true;
         one.completeness_below = 1;
         one.urgent = true;
       }}};
  std::vector<Question> questions;
  for (const auto& [order, word] : {std::pair{triage::QueueOrder::kPriority, "priority"}, std::pair{triage::QueueOrder::kNewest, "newest"},
                                    std::pair{triage::QueueOrder::kOldest, "oldest"}}) {
    for (const auto& [name, set] : filters) {
      const auto make = [set](synthetic::Dice& dice) {
        QueueFilter filter;
        set(filter, dice);
        return filter;
      };
      questions.push_back({std::string(word) + ", " + name, order, make});
    }
  }
  return questions;
}

Measurement Ask(store::Database& database, const Question& question, int runs, const Clock& clock) {
  Measurement one;
  one.name = question.name;
  synthetic::Dice dice(7);
  for (int run = 0; run < runs + 3; ++run) {
    const triage::QueueFilter filter = question.make(dice);
    const Duration begun = clock.Monotonic();
    const auto list = [&](store::ReadTransaction& transaction) { return triage::ListQueue(transaction, filter, question.order, {}, 50); };
    const triage::QueueRows rows = Must(database.Read(list), question.name.c_str());
    const Duration took{clock.Monotonic().microseconds - begun.microseconds};
    if (run < 3) continue;   // Warm.
    ++one.count;
    one.seconds += static_cast<double>(took.microseconds) / 1e6;
    one.latencies.Add(took);
    one.note = std::to_string(rows.items.size()) + " rows" + (rows.complete ? "" : ", stopped at its budget");
  }
  return one;
}

int Run(Options& options) {
  const std::string work = options.Text("work", "");
  const std::string postgres = options.Text("postgres", "");
  const auto rows = static_cast<std::int64_t>(options.Number("rows", 1'000'000));
  const int runs = static_cast<int>(options.Number("runs", 60));
  const std::string json = options.Text("json", "");
  options.RefuseOthers();
  const Place place = Must(postgres.empty() ? Place::OnDisk(work, Rows::kNew) : Place::OnServer(postgres, "", Rows::kNew), "place");
  std::vector<Measurement> measurements;
  {
    const auto database = Must(place.Open(), "open");
    Must(database->Migrate(TriageMigrations()), "migrate");
    FillTips(*database, 1, rows, 5'000, true);
    Analyse(*database);
    Must(place.Vacuum(), "vacuum");
    const SystemClock clock;
    for (const Question& question : Questions(rows)) measurements.push_back(Ask(*database, question, runs, clock));
  }
  Must(place.Remove(), "remove");
  return Publish(measurements, json) ? 0 : 1;
}

}  // namespace
}  // namespace porchlight::bench

int main(int count, char** values) {
  porchlight::bench::Options options(count, values, porchlight::bench::kUsage);
  return porchlight::bench::Run(options);
}
