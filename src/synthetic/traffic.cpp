#include "synthetic/traffic.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>
#include <utility>

#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::synthetic {
namespace {

constexpr std::size_t kFinishedKeptMax = 1000;
constexpr std::int64_t kAlreadyRetracted = 5101;
constexpr std::int64_t kAlreadyFinished = 5102;

std::string HexSha256(std::string_view bytes) { return HexEncode(crypto::Sha256(bytes)); }

Error OutOfRange(std::string_view field, std::string_view range) {
  const std::string text = std::string(field) + " must be " + std::string(range) + ".";
  return {ErrorCode::kInvalidArgument, text, text, "/" + std::string(field), 0};
}

}  // namespace

// One connection's thread: takes turns until there are none.
class Traffic::Worker {
 public:
  explicit Worker(Traffic& traffic)
      : traffic_(traffic), client_(traffic.options_.endpoint, traffic.transports_(), traffic.clock_) {}

  void Run() {
    while (const std::optional<Turn> turn = traffic_.NextTurn()) {
      traffic_.WaitUntil(turn->due);
      if (!traffic_.Begin()) return;
      Live(traffic_.plans_.ProviderPlanOf(turn->number));
    }
  }

 private:
  // Calls until accepted, refused for good, or out of attempts. `uncertain` tells that an earlier attempt may have
  // taken effect though it failed.
  template <class Send>
  Reply Try(Call call, bool& uncertain, const Send& send) {
    Duration delay = traffic_.options_.retry_delay;
    for (int attempt = 1;; ++attempt) {
      Reply reply = send();
      traffic_.Record(call, reply);
      if (!reply.Transient() || attempt >= traffic_.options_.attempts_max || traffic_.Stopped()) return reply;
      uncertain = true;
      traffic_.WaitFor(delay);
      delay = {std::min(delay.microseconds * 2, traffic_.options_.retry_delay_max.microseconds)};
    }
  }

  std::optional<AcknowledgedReport> Open(const Plan& plan, const std::string& document) {
    const Provider& provider = Providers()[plan.provider];
    bool uncertain = false;
    const Reply reply = Try(Call::kSubmit, uncertain, [&] { return client_.Submit(provider, document); });
    if (!reply.Accepted() || reply.report_id == 0) return std::nullopt;
    AcknowledgedReport report;
    report.report_id = reply.report_id;
    report.number = plan.number;
    report.category = plan.category;
    report.document_sha256 = HexSha256(document);
    return report;
  }

  // Returns how it left the report: kLeftOpen when everything was accepted.
  Outcome SendFile(const Plan& plan, std::size_t index, const Moment& moment, AcknowledgedReport& report) {
    const Provider& provider = Providers()[plan.provider];
    const SyntheticFile file = MakeFile(plan, index, traffic_.options_.picture_bytes_target);
    bool uncertain = false;
    const Reply upload =
        Try(Call::kUpload, uncertain, [&] { return client_.Upload(provider, report.report_id, file); });
    if (!upload.Accepted()) return upload.Transient() ? Outcome::kUnknown : Outcome::kRefused;
    report.files.push_back({upload.file_id, HexSha256(file.bytes), file.bytes.size(), ""});
    if (!DescribesFile(plan, index)) return Outcome::kLeftOpen;

    const std::string details = WriteFileDetails(plan, {report.report_id, upload.file_id, index}, file, moment);
    const Reply described = Try(Call::kFileDetails, uncertain, [&] { return client_.Describe(provider, details); });
    if (!described.Accepted()) return described.Transient() ? Outcome::kUnknown : Outcome::kRefused;
    report.files.back().details_sha256 = HexSha256(details);
    return Outcome::kLeftOpen;
  }

  Outcome End(const Plan& plan, std::int64_t report_id) {
    const Provider& provider = Providers()[plan.provider];
    bool uncertain = false;
    switch (plan.ending) {
      case Ending::kLeftOpen: return Outcome::kLeftOpen;
      case Ending::kFinished: {
        const Reply reply = Try(Call::kFinish, uncertain, [&] { return client_.Finish(provider, report_id); });
        if (reply.Accepted() || (uncertain && reply.code == kAlreadyFinished)) return Outcome::kFinished;
        return reply.Transient() ? Outcome::kUnknown : Outcome::kRefused;
      }
      case Ending::kRetracted: {
        const Reply reply = Try(Call::kRetract, uncertain, [&] { return client_.Retract(provider, report_id); });
        if (reply.Accepted() || (uncertain && reply.code == kAlreadyRetracted)) return Outcome::kRetracted;
        return reply.Transient() ? Outcome::kUnknown : Outcome::kRefused;
      }
    }
    PL_CHECK(false);
  }

  void Live(const Plan& plan) {
    const TrafficOptions& options = traffic_.options_;
    const Provider& provider = Providers()[plan.provider];
    Dice dice(SeedOf(plan.seed, 9));
    Moment moment{traffic_.clock_.Now(), {}};
    if (plan.repeated_account) moment.earlier_reports = traffic_.EarlierReports(dice);
    std::string document = WriteReport(plan, moment);
    if (dice.Permille(options.mistakes_permille)) {
      // Before the last closing tag, where the schema would allow nothing either.
      document.insert(document.rfind("</"), "&");
    }
    bool ignored = false;
    if (provider.habit.reads_schema_first) Try(Call::kOther, ignored, [&] { return client_.ReadSchema(); });

    std::optional<AcknowledgedReport> report = Open(plan, document);
    if (report.has_value() && plan.submitted_twice) {
      traffic_.Told(*report);
      report = Open(plan, document);
    }
    if (!report.has_value()) {
      traffic_.NeverOpened();
      return;
    }
    for (std::size_t index = 0; index < plan.files.size() && report->outcome == Outcome::kLeftOpen; ++index) {
      report->outcome = SendFile(plan, index, moment, *report);
    }
    if (report->outcome == Outcome::kLeftOpen) report->outcome = End(plan, report->report_id);
    traffic_.Told(*report);
  }

  Traffic& traffic_;
  ReportingClient client_;
};

Traffic::Traffic(TrafficOptions options, const Clock& clock, TransportFactory transports, OnReport on_report, Wait wait)
    : options_(std::move(options)),
      clock_(clock),
      transports_(std::move(transports)),
      on_report_(std::move(on_report)),
      wait_(std::move(wait)),
      plans_(options_.mix, options_.seed),
      next_number_(options_.first_number),
      arrivals_(SeedOf(options_.seed, options_.first_number + 0xA11)) {
  PL_CHECK(Check(options_).ok());
}

Result<void> Traffic::Check(const TrafficOptions& options) {
  if (options.connections < 1 || options.connections > 256) return OutOfRange("connections", "1 to 256");
  if (options.attempts_max < 1 || options.attempts_max > 1000) return OutOfRange("attempts_max", "1 to 1000");
  if (!(options.reports_per_second >= 0) || options.reports_per_second > 100'000) {
    return OutOfRange("reports_per_second", "0 to 100000");
  }
  if (options.mistakes_permille < 0 || options.mistakes_permille > 1000) {
    return OutOfRange("mistakes_permille", "0 to 1000");
  }
  if (options.retry_delay.microseconds < 1 || options.retry_delay_max < options.retry_delay) {
    return OutOfRange("retry_delay", "positive and at most retry_delay_max");
  }
  const bool http = options.endpoint.base_url.starts_with("http://") || options.endpoint.base_url.starts_with("https://");
  if (!http) return OutOfRange("base_url", "an http or https address");
  return {};
}

TrafficStatistics Traffic::Run() {
  {
    const std::lock_guard lock(mutex_);
    started_ = clock_.Monotonic();
    next_due_ = started_;
  }
  std::vector<std::thread> threads;
  for (int index = 0; index < options_.connections; ++index) {
    threads.emplace_back([this] { Worker(*this).Run(); });
  }
  for (std::thread& thread : threads) thread.join();
  return Statistics();
}

void Traffic::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  stopped_changed_.notify_all();
}

bool Traffic::Stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

TrafficStatistics Traffic::Statistics() const {
  const std::lock_guard lock(mutex_);
  TrafficStatistics statistics = statistics_;
  statistics.elapsed = {clock_.Monotonic().microseconds - started_.microseconds};
  return statistics;
}

std::optional<Traffic::Turn> Traffic::NextTurn() {
  const std::lock_guard lock(mutex_);
  if (stopped_) return std::nullopt;
  if (options_.reports_max > 0 && next_number_ - options_.first_number >= options_.reports_max) return std::nullopt;
  const Turn turn{next_number_++, next_due_};
  if (options_.reports_per_second > 0) {
    // Poisson arrivals: the gaps are exponential.
    const double gap = -std::log(1 - arrivals_.Fraction()) / options_.reports_per_second;
    next_due_.microseconds += static_cast<std::int64_t>(gap * 1e6);
  }
  return turn;
}

bool Traffic::Begin() {
  const std::lock_guard lock(mutex_);
  if (stopped_) return false;
  ++statistics_.planned;
  return true;
}

void Traffic::WaitUntil(Duration due) {
  const std::int64_t left = due.microseconds - clock_.Monotonic().microseconds;
  if (left > 0) WaitFor({left});
}

void Traffic::WaitFor(Duration duration) {
  if (wait_) {
    wait_(duration);
    return;
  }
  std::unique_lock lock(mutex_);
  stopped_changed_.wait_for(lock, std::chrono::microseconds(duration.microseconds), [this] { return stopped_; });
}

std::vector<std::int64_t> Traffic::EarlierReports(Dice& dice) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> reports;
  for (std::uint64_t count = dice.Below(3) + 1; count > 0 && !finished_.empty(); --count) {
    reports.push_back(dice.Pick(finished_));
  }
  std::sort(reports.begin(), reports.end());
  reports.erase(std::unique(reports.begin(), reports.end()), reports.end());
  return reports;
}

void Traffic::Record(Call call, const Reply& reply) {
  const std::lock_guard lock(mutex_);
  CallStatistics& statistics = statistics_.calls[static_cast<std::size_t>(call)];
  ++statistics.attempts;
  if (!reply.answered) {
    ++statistics.unanswered;
    return;
  }
  statistics.latencies.Add(reply.took);
  if (reply.Accepted()) {
    ++statistics.accepted;
  } else {
    const std::string code = reply.code < 0 ? "-" : std::to_string(reply.code);
    ++statistics.refused[std::to_string(reply.status) + "/" + code];
  }
}

void Traffic::Told(const AcknowledgedReport& report) {
  {
    const std::lock_guard lock(mutex_);
    ++statistics_.outcomes[report.outcome];
    for (const AcknowledgedFile& file : report.files) statistics_.file_bytes += file.bytes;
    if (report.outcome == Outcome::kFinished) finished_.push_back(report.report_id);
    if (finished_.size() > kFinishedKeptMax) finished_.pop_front();
  }
  const std::lock_guard lock(telling_);
  if (on_report_) on_report_(report);
}

void Traffic::NeverOpened() {
  const std::lock_guard lock(mutex_);
  ++statistics_.never_opened;
}

}  // namespace porchlight::synthetic
