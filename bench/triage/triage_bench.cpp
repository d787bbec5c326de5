// How many reports a second triage judges, and whether that holds as the store grows.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "common/measurement.h"
#include "common/must.h"
#include "lists/place.h"
#include "platform/jobs/outbox.h"
#include "queue/filling.h"
#include "triage/filing.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage =
    "porchlight_triage_bench --work DIR [--postgres CONNINFO] [--reports 100000] [--parts 10] [--schema api/ispws.xsd]\n"
    "                        [--rules profiles/us/tables/triage/us-2026-11.json] [--batch N] [--json FILE]";

std::int64_t ResidentMegabytes() {
  std::ifstream status("/proc/self/statm");
  std::int64_t pages = 0;
  status >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE) / (1 << 20);
}

int Run(Options& options) {
  const std::string work = options.Text("work", "");
  const std::string postgres = options.Text("postgres", "");
  const auto reports = static_cast<std::int64_t>(options.Number("reports", 100'000));
  const auto parts = static_cast<std::int64_t>(options.Number("parts", 10));
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
    for (std::int64_t part = 0; part < parts; ++part) {
      const std::int64_t to = reports * (part + 1) / parts;
      triage.filler().FileAll(reports * part / parts, to);
      Measurement one = triage.JudgeAll("judge up to " + std::to_string(to));
      one.note = std::to_string(ResidentMegabytes()) + " MB";
      std::printf("%s: %.0f a second, %s\n", one.name.c_str(), one.Rate(), one.note.c_str());
      std::fflush(stdout);
      measurements.push_back(std::move(one));
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
