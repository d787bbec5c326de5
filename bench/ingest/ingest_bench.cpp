// Files reports at a running server as fast as it acknowledges them, and says how fast that was. One thread, many
// keep-alive connections, everything prepared beforehand.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/random.h"
#include "common/load_client.h"
#include "common/measurement.h"
#include "ingest/material.h"
#include "synthetic/reporting_client.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: porchlight_ingest_bench --url http://127.0.0.1:8080 --login L --password P [--mode submit|full]\n"
    "         [--connections 32] [--seconds 10 | --count N] [--warmup 1] [--picture 100000] [--name TEXT] [--json FILE]\n"
    "  submit: one POST /submit per report. full: submit, one JPEG, its details, finish.\n"
    "  The password may stand in PORCHLIGHT_BENCH_PASSWORD instead.\n";

enum class Mode { kSubmit, kFull };
enum class Step { kSubmit = 0, kUpload = 1, kDescribe = 2, kFinish = 3 };
constexpr std::size_t kSteps = 4;

struct Life {
  Step step = Step::kSubmit;
  std::uint64_t turn = 0;
  std::int64_t report_id = 0;
  std::string file_id;
  Duration started;
};

class IngestDriver final : public Driver {
 public:
  struct Plan {
    Mode mode = Mode::kSubmit;
    std::size_t connections = 32;
    std::uint64_t count_max = 0;        // 0: by time alone.
    Duration warmup;
    Duration length;
  };

  IngestDriver(const Plan& plan, const Material& material)
      : plan_(plan), material_(material), lives_(plan.connections), unique_(SystemRandom().Below(1'000'000'000'000'000'000U)) {
    begin_ = {MonotonicNow().microseconds + plan.warmup.microseconds};
    end_ = {begin_.microseconds + plan.length.microseconds};
    last_ = begin_;
    cpu_begin_ = OwnCpuSeconds();
  }

  bool Next(std::size_t connection, WireRequest& request) override {
    Life& life = lives_[connection];
    switch (life.step) {
      case Step::kSubmit:
        if (Over()) return false;
        ++begun_;
        life.turn = turn_++;
        life.started = MonotonicNow();
        material_.Submit(life.turn, ++unique_, request);
        return true;
      case Step::kUpload: material_.Upload(life.turn, ++unique_, life.report_id, request); return true;
      case Step::kDescribe: material_.Describe(life.turn, life.report_id, life.file_id, request); return true;
      case Step::kFinish: material_.Finish(life.report_id, request); return true;
    }
    return false;
  }

  void Answered(std::size_t connection, int status, std::string_view body, Duration took) override {
    Life& life = lives_[connection];
    const synthetic::Reply reply = synthetic::ReadReply({status, {}, std::string(body)});
    if (!reply.Accepted()) {
      ++errors_[std::string(kNames[Index(life.step)]) + " " + std::to_string(status) + "/" + std::to_string(reply.code)];
      life.step = Step::kSubmit;
      return;
    }
    const bool counted = Counted();
    if (counted) steps_[Index(life.step)].Add(took);
    switch (life.step) {
      case Step::kSubmit:
        life.report_id = reply.report_id;
        if (plan_.mode == Mode::kFull) {
          life.step = Step::kUpload;
        } else if (counted) {
          Complete(life);
        }
        return;
      case Step::kUpload:
        life.file_id = reply.file_id;
        life.step = Step::kDescribe;
        return;
      case Step::kDescribe: life.step = Step::kFinish; return;
      case Step::kFinish:
        life.step = Step::kSubmit;
        if (counted) Complete(life);
        return;
    }
  }

  void Failed(std::size_t connection, std::string_view why) override {
    ++errors_[std::string(kNames[Index(lives_[connection].step)]) + " " + std::string(why)];
    lives_[connection].step = Step::kSubmit;
    // A server that is not there must not keep us for ever.
    if (why == "connect" && ++connect_failures_ > 1000) end_ = MonotonicNow();
  }

  std::vector<Measurement> Results(const std::string& name) const {
    Measurement whole;
    whole.name = name;
    whole.count = reports_.count();
    const Duration end = plan_.count_max > 0 ? last_ : end_;
    whole.seconds = static_cast<double>(end.microseconds - begin_.microseconds) / 1e6;
    whole.latencies = reports_;
    whole.errors = errors_;
    whole.own_cpu_seconds = OwnCpuSeconds() - cpu_begin_;
    whole.note = "whole reports";
    std::vector<Measurement> all = {whole};
    for (std::size_t step = 0; plan_.mode == Mode::kFull && step < kSteps; ++step) {
      Measurement one;
      one.name = "  " + std::string(kNames[step]);
      one.count = steps_[step].count();
      one.seconds = whole.seconds;
      one.latencies = steps_[step];
      all.push_back(one);
    }
    return all;
  }

 private:
  static constexpr std::array<std::string_view, kSteps> kNames = {"submit", "upload", "fileinfo", "finish"};
  static std::size_t Index(Step step) { return static_cast<std::size_t>(step); }

  bool Over() const {
    if (plan_.count_max > 0) return begun_ >= plan_.count_max;
    return MonotonicNow() >= end_;
  }
  // With a count everything is measured; by time only what is answered inside the window, so that neither the start
  // nor the last stragglers flatter or blur the rate.
  bool Counted() const {
    if (plan_.count_max > 0) return true;
    const Duration now = MonotonicNow();
    return now >= begin_ && now < end_;
  }
  void Complete(const Life& life) {
    const Duration now = MonotonicNow();
    if (reports_.count() == 0) cpu_begin_ = OwnCpuSeconds();  // Preparing and warming up are not counted.
    reports_.Add({now.microseconds - life.started.microseconds});
    last_ = now;
  }

  Plan plan_;
  const Material& material_;
  std::vector<Life> lives_;
  std::uint64_t unique_;
  std::uint64_t turn_ = 0;
  std::uint64_t begun_ = 0;
  std::uint64_t connect_failures_ = 0;
  Duration begin_;
  Duration end_;
  Duration last_;
  double cpu_begin_ = 0;
  synthetic::Latencies reports_;
  std::array<synthetic::Latencies, kSteps> steps_;
  std::map<std::string, std::uint64_t> errors_;
};

int Main(int count, char** values) {
  Options options(count, values, kUsage);
  const std::string url = options.Text("url", "http://127.0.0.1:8080");
  const std::string login = options.Text("login", "");
  const char* environment = std::getenv("PORCHLIGHT_BENCH_PASSWORD");
  const std::string password = options.Text("password", environment == nullptr ? "" : environment);
  const std::string mode = options.Text("mode", "submit");
  IngestDriver::Plan plan;
  plan.mode = mode == "full" ? Mode::kFull : Mode::kSubmit;
  plan.connections = static_cast<std::size_t>(options.Number("connections", 32));
  plan.count_max = static_cast<std::uint64_t>(options.Number("count", 0));
  plan.length = {static_cast<std::int64_t>(options.Number("seconds", 10) * 1e6)};
  plan.warmup = {plan.count_max > 0 ? 0 : static_cast<std::int64_t>(options.Number("warmup", 1) * 1e6)};
  const auto picture = static_cast<std::size_t>(options.Number("picture", 100'000));
  const std::string name = options.Text("name", mode + ", " + std::to_string(plan.connections) + " connections");
  const std::string json = options.Text("json", "");
  options.RefuseOthers();
  if ((mode != "full" && mode != "submit") || login.empty() || plan.connections < 1 || plan.connections > 1024 ||
      picture < 4096 || picture > 8'000'000) {
    std::fputs(kUsage.data(), stderr);
    return 64;
  }

  const Result<Address> address = ParseAddress(url);
  if (!address.ok()) {
    std::fprintf(stderr, "%s\n", address.error().public_text.c_str());
    return 64;
  }
  const Material material(*address, login, password, plan.mode == Mode::kFull ? picture : 0);
  Result<LoadClient> client = LoadClient::Create(*address, plan.connections);
  if (!client.ok()) {
    std::fprintf(stderr, "%s\n", client.error().public_text.c_str());
    return 69;
  }
  IngestDriver driver(plan, material);
  client->Run(driver);
  const std::vector<Measurement> results = driver.Results(name);
  if (!Publish(results, json)) return 74;
  return results.front().count > 0 ? 0 : 1;
}

}  // namespace
}  // namespace porchlight::bench

int main(int count, char** values) { return porchlight::bench::Main(count, values); }
