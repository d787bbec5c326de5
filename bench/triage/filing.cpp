#include "triage/filing.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/clock.h"
#include "common/must.h"
#include "platform/crypto/digest.h"
#include "platform/jobs/outbox.h"
#include "synthetic/mix.h"
#include "synthetic/report_writer.h"

namespace porchlight::bench {

namespace {

constexpr int kFillers = 32;
constexpr std::uint64_t kViralPictures = 40;
constexpr std::uint64_t kDocuments = 4'096;      // Different ones made; a comment makes each report's bytes its own.

}  // namespace

std::string FileText(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

Filler::Filler(tipline::IntakeStore& intake, const tipline::wire::Reader& reader) : intake_(intake) {
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

void Filler::FileAll(std::int64_t from, std::int64_t to) {
  std::atomic<std::int64_t> next{from};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kFillers; ++thread) {
    threads.emplace_back([&] {
      for (std::int64_t number = next++; number < to; number = next++) File(static_cast<std::uint64_t>(number));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void Filler::File(std::uint64_t number) {
  const Prepared& chosen = documents_[number % documents_.size()];
  auth::Caller caller = caller_;
  caller.organisation = {static_cast<std::int64_t>(1 + number % 40)};
  const std::string bytes = chosen.document + "<!--" + std::to_string(number) + "-->";
  const auto submitted = intake_.Submit(caller, {bytes, chosen.facts, tipline::ReportSource::kPlatform, {}, {}, "bench", false});
  const auto opened = Must(submitted, "submit");
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

TriageUnderTest::TriageUnderTest(store::Database& database, const std::string& schema_path, const std::string& rules_path, int batch_max)
    : random_(7), keys_(vault::MasterKeys::FromSecret("a secret of the benchmark")), sealer_(keys_, random_),
      intake_(database, sealer_, clock_, random_, {}), reader_(Must(tipline::wire::Reader::Create(FileText(schema_path), {}), "schema")),
      book_(Must(triage::RuleBook::Read({{"rules.json", FileText(rules_path)}}), "rules")),
      judging_(book_, sealer_, "a key of the benchmark"), runner_(database, judging_, clock_, {.batch_max = batch_max}),
      filler_(intake_, reader_) {}

Measurement TriageUnderTest::JudgeAll(const std::string& name) {
  Measurement one;
  one.name = name;
  const double cpu = OwnCpuSeconds();
  const Duration begun = clock_.Monotonic();
  for (int judged = Must(runner_.RunOnce(), "judge"); judged > 0; judged = Must(runner_.RunOnce(), "judge")) {
    one.count += static_cast<std::uint64_t>(judged);
  }
  one.seconds = static_cast<double>(clock_.Monotonic().microseconds - begun.microseconds) / 1e6;
  one.own_cpu_seconds = OwnCpuSeconds() - cpu;
  return one;
}

}  // namespace porchlight::bench
