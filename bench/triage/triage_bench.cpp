// How many reports a second triage judges, and whether that holds as the store grows: files reports straight into the
// intake (no HTTP, no file contents), then judges them with the server's own runner. The share of copies of viral items,
// the number of accounts that come again and the mix of kinds are those of the traffic generator.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "common/measurement.h"
#include "lists/place.h"
#include "platform/audit/migrations.h"
#include "platform/crypto/digest.h"
#include "platform/jobs/migrations.h"
#include "platform/vault/vault.h"
#include "synthetic/mix.h"
#include "synthetic/report_writer.h"
#include "tipline/intake_store.h"
#include "tipline/migrations.h"
#include "triage/migrations.h"
#include "triage/runner.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage =
    "porchlight_triage_bench --work DIR [--postgres CONNINFO] [--reports 100000] [--parts 10] [--schema api/ispws.xsd]\n"
    "                        [--rules profiles/us/tables/triage/us-2026-11.json] [--json FILE]";
constexpr int kFillers = 32;
constexpr std::uint64_t kViralPictures = 40;
constexpr std::uint64_t kDocuments = 4'096;      // Different ones made; a comment makes each report's bytes its own.

std::string FileText(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

template <class T>
T Must(Result<T> result, const char* what) {
  if (!result.ok()) {
    std::fprintf(stderr, "triage_bench: %s: %s %s\n", what, result.error().public_text.c_str(), result.error().operator_text.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

std::int64_t ResidentMegabytes() {
  std::ifstream status("/proc/self/statm");
  std::int64_t pages = 0;
  status >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE) / (1 << 20);
}

struct Prepared {
  std::string document;
  tipline::wire::ReportFacts facts;
  bool viral = false;
};

class Filler {
 public:
  Filler(tipline::IntakeStore& intake, const tipline::wire::Reader& reader) : intake_(intake) {
    const synthetic::PlanMaker plans(synthetic::Mix::kFaithful, 20220101);
    const synthetic::Moment moment{SystemClock().Now(), {}};
    for (std::uint64_t number = 0; documents_.size() < kDocuments; ++number) {
      const synthetic::Plan plan = plans.ProviderPlanOf(number);
      Prepared one{synthetic::WriteReport(plan, moment), {}, plan.viral};
      auto reading = reader.ReadReport(one.document, moment.now);
      if (!reading.facts) continue;
      one.facts = *std::move(reading.facts);
      documents_.push_back(std::move(one));
    }
    caller_.account = {1};
    caller_.login = "bench";
    caller_.organisation = {1};
  }

  // Many at once, so that they share commits.
  void FileAll(std::int64_t from, std::int64_t to) {
    std::atomic<std::int64_t> next{from};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kFillers; ++thread) {
      threads.emplace_back([&] {
        for (std::int64_t number = next++; number < to; number = next++) File(static_cast<std::uint64_t>(number));
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  void File(std::uint64_t number) {
    const Prepared& chosen = documents_[number % documents_.size()];
    auth::Caller caller = caller_;
    caller.organisation = {static_cast<std::int64_t>(1 + number % 40)};
    const std::string bytes = chosen.document + "<!--" + std::to_string(number) + "-->";
    const auto opened = Must(intake_.Submit(caller, {bytes, chosen.facts, tipline::ReportSource::kPlatform, {}, {}, "bench", false}), "submit");
    tipline::IntakeStore::Upload upload;
    upload.report = opened.report;
    upload.name = Sensitive<std::string>("a.jpg");
    upload.declared_type = "image/jpeg";
    upload.sniffed = {tipline::FileKind::kImage, "image/jpeg"};
    const std::string content = chosen.viral ? "viral " + std::to_string(number % kViralPictures) : "own " + std::to_string(number);
    upload.object.reference.name = "bench-" + std::to_string(number);
    upload.object.reference.wrapped_key = "key";
    upload.object.reference.master_version = 1;
    upload.object.reference.bytes = 100'000;
    upload.object.digests = {std::string(16, 'm'), std::string(20, 's'), crypto::Sha256(content)};
    upload.request_id = "bench";
    Must(intake_.AddFile(caller, upload), "file");
    Must(intake_.Finish(caller, opened.report, "bench"), "finish");
  }

  tipline::IntakeStore& intake_;
  auth::Caller caller_;
  std::vector<Prepared> documents_;
};

std::vector<store::Migration> Migrations() {
  std::vector<store::Migration> all = tipline::Migrations();
  for (const auto& some : {jobs::Migrations(), audit::Migrations(), triage::Migrations()}) all.insert(all.end(), some.begin(), some.end());
  return all;
}

int Run(Options& options) {
  const std::string work = options.Text("work", "");
  const std::string postgres = options.Text("postgres", "");
  const auto reports = static_cast<std::int64_t>(options.Number("reports", 100'000));
  const auto parts = static_cast<std::int64_t>(options.Number("parts", 10));
  const std::string schema = FileText(options.Text("schema", "api/ispws.xsd"));
  const std::string rules = FileText(options.Text("rules", "profiles/us/tables/triage/us-2026-11.json"));
  const std::string json = options.Text("json", "");
  options.RefuseOthers();
  std::filesystem::create_directories(work);
  const Place place = Must(postgres.empty() ? Place::OnDisk(work, Rows::kNew) : Place::OnServer(postgres, "", Rows::kNew), "place");
  const auto database = Must(place.Open(), "open");
  Must(database->Migrate(Migrations()), "migrate");
  Must(jobs::PrepareOutbox(*database), "outbox");
  SeededRandom random(7);
  const SystemClock clock;
  const vault::MasterKeys keys = vault::MasterKeys::FromSecret("a secret of the benchmark");
  const vault::Sealer sealer(keys, random);
  tipline::IntakeStore intake(*database, sealer, clock, random, {});
  const tipline::wire::Reader reader = Must(tipline::wire::Reader::Create(schema, {}), "schema");
  const triage::RuleBook book = Must(triage::RuleBook::Read({{"rules.json", rules}}), "rules");
  const triage::Judging judging(book, sealer, "a key of the benchmark");
  triage::Runner runner(*database, judging, clock, {});
  Filler filler(intake, reader);
  std::vector<Measurement> measurements;
  for (std::int64_t part = 0; part < parts; ++part) {
    const std::int64_t from = reports * part / parts;
    const std::int64_t to = reports * (part + 1) / parts;
    filler.FileAll(from, to);
    Measurement one;
    one.name = "judge up to " + std::to_string(to);
    const double cpu = OwnCpuSeconds();
    const Duration begun = clock.Monotonic();
    for (;;) {
      const int judged = Must(runner.RunOnce(), "judge");
      if (judged == 0) break;
      one.count += static_cast<std::uint64_t>(judged);
    }
    one.seconds = static_cast<double>(clock.Monotonic().microseconds - begun.microseconds) / 1e6;
    one.own_cpu_seconds = OwnCpuSeconds() - cpu;
    one.note = std::to_string(ResidentMegabytes()) + " MB";
    std::printf("%s: %.0f a second, %s\n", one.name.c_str(), one.Rate(), one.note.c_str());
    std::fflush(stdout);
    measurements.push_back(std::move(one));
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
