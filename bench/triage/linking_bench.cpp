// What judging one report costs when millions came before: bundling, and linking of accounts. Files some reports, puts the traces
// of so many earlier ones into the store in SQL, files and judges as many again, and so on for each size; the same reports' documents,
// outbox and audit log do not grow with it. The share of shared identifiers and viral items stays.
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/text.h"
#include "common/measurement.h"
#include "common/must.h"
#include "lists/place.h"
#include "platform/jobs/outbox.h"
#include "queue/filling.h"
#include "triage/earlier_reports.h"
#include "triage/filing.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage =
    "porchlight_linking_bench --work DIR [--postgres CONNINFO] [--earlier 1000000,10000000] [--reports 50000]\n"
    "                         [--schema api/ispws.xsd] [--rules profiles/us/tables/triage/us-2026-11.json] [--batch N] [--json FILE]";
constexpr std::int64_t kEarlierFrom = 1'000'000'000;     // Numbers far above those of filed reports.

std::vector<std::int64_t> SizesFrom(const std::string& text) {
  std::vector<std::int64_t> sizes;
  for (const std::string_view one : Split(text, ',')) sizes.push_back(ParseInteger(one).value_or(0));
  return sizes;
}

// By this process, into files.
std::int64_t BytesWritten() {
  std::ifstream io("/proc/self/io");
  std::string name;
  std::int64_t value = 0;
  while (io >> name >> value) {
    if (name == "wchar:") return value;
  }
  return 0;
}

Measurement JudgeSome(TriageUnderTest& triage, std::int64_t from, std::int64_t count, std::int64_t earlier) {
  triage.filler().FileAll(from, from + count);
  const std::int64_t written = BytesWritten();
  Measurement one = triage.JudgeAll("judge, " + std::to_string(earlier) + " earlier");
  const auto each = [&](double seconds) { return std::to_string(std::lround(seconds * 1e6 / static_cast<double>(one.count))); };
  one.note = each(one.seconds) + " us each, " + each(one.own_cpu_seconds) + " us of processor, " +
             std::to_string((BytesWritten() - written) / static_cast<std::int64_t>(one.count) / 1000) + " KB written";
  std::printf("%s: %s\n", one.name.c_str(), one.note.c_str());
  std::fflush(stdout);
  return one;
}

int Run(Options& options) {
  const std::string work = options.Text("work", "");
  const std::string postgres = options.Text("postgres", "");
  const std::vector<std::int64_t> sizes = SizesFrom(options.Text("earlier", "1000000,10000000"));
  const auto reports = static_cast<std::int64_t>(options.Number("reports", 50'000));
  const std::string schema = options.Text("schema", "api/ispws.xsd");
  const std::string rules = options.Text("rules", "profiles/us/tables/triage/us-2026-11.json");
  const int batch = static_cast<int>(options.Number("batch", 0));
  const std::string json = options.Text("json", "");
  options.RefuseOthers();
  std::filesystem::create_directories(work);
  const Place place = Must(postgres.empty() ? Place::OnDisk(work, Rows::kNew) : Place::OnServer(postgres, "", Rows::kNew), "place");
  std::vector<Measurement> measurements;
  {
    const auto database = Must(place.Open(), "open");
    Must(database->Migrate(TriageMigrations()), "migrate");
    Must(jobs::PrepareOutbox(*database), "outbox");
    TriageUnderTest triage(*database, schema, rules, batch);
    measurements.push_back(JudgeSome(triage, 0, reports, 0));
    const SharedKeys shared = FindSharedKeys(*database);
    std::printf("%zu shared identifiers, %zu viral items, %lld bundles\n", shared.links.size(), shared.items.size(),
                static_cast<long long>(shared.bundles));
    std::int64_t there = 0;
    for (const std::int64_t size : sizes) {
      AddEarlierReports(*database, shared, kEarlierFrom + there, kEarlierFrom + size - 1);
      Must(place.Vacuum(), "vacuum");
      ::sync();                                          // What came earlier was written long ago.
      there = size;
      measurements.push_back(JudgeSome(triage, static_cast<std::int64_t>(measurements.size()) * reports, reports, size));
    }
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
