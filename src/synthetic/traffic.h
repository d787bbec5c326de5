#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "synthetic/latencies.h"
#include "synthetic/mix.h"
#include "synthetic/reporting_client.h"

// Many providers reporting at once to a running server, each report through its whole life.
namespace porchlight::synthetic {

struct TrafficOptions {
  Endpoint endpoint = {};
  Mix mix = Mix::kShowcase;
  std::uint64_t seed = 1;
  std::uint64_t first_number = 0;           // Of the first report, to go on where an earlier run stopped.
  std::uint64_t reports_max = 100;          // 0: until Stop().
  double reports_per_second = 0;            // Poisson arrivals; 0: as fast as the server answers.
  int connections = 4;                      // 1 to 256, a thread each.
  int attempts_max = 1;                     // Per call; above 1 a restart of the server is survived.
  Duration retry_delay = Duration::Milliseconds(100);       // Doubled after each attempt,
  Duration retry_delay_max = Duration::Seconds(5);          // up to this.
  int mistakes_permille = 0;                // Documents with an unescaped "&", as one public client sends them.
  std::size_t picture_bytes_target = 0;     // As in PictureOptions.
};

enum class Outcome : std::uint8_t {
  kFinished = 1,      // The server acknowledged the finish.
  kRetracted = 2,     // The server acknowledged the retraction.
  kLeftOpen = 3,      // Opened and, as planned, never finished.
  kUnknown = 4,       // Opened; the last call had no answer, so it may or may not have taken effect.
  kRefused = 5,       // Opened; a later call was refused, and the report left as it was.
};

struct AcknowledgedFile {
  std::string file_id;
  std::string sha256;                       // Of the bytes sent, lower-case hexadecimal.
  std::uint64_t bytes = 0;
  std::string details_sha256;               // Of the document about it; empty: none was acknowledged.
};

// Everything the server has acknowledged about one report. Only opened reports are told.
struct AcknowledgedReport {
  std::int64_t report_id = 0;
  std::uint64_t number = 0;                 // Of the plan.
  Category category = Category::kCsam;
  Outcome outcome = Outcome::kLeftOpen;
  std::string document_sha256;
  std::vector<AcknowledgedFile> files;
};

struct CallStatistics {
  std::uint64_t attempts = 0;
  std::uint64_t accepted = 0;
  std::uint64_t unanswered = 0;
  std::map<std::string, std::uint64_t> refused;   // By "HTTP status/response code", such as "400/4100".
  Latencies latencies;                            // Of answered attempts.
};

struct TrafficStatistics {
  std::uint64_t planned = 0;                      // Begun.
  std::map<Outcome, std::uint64_t> outcomes;
  std::uint64_t never_opened = 0;                 // Planned, but the server never acknowledged a submit.
  std::uint64_t file_bytes = 0;                   // Acknowledged.
  std::array<CallStatistics, kCallCount> calls;
  Duration elapsed;

  std::uint64_t Count(Outcome outcome) const;
  Json ToJson() const;
  // A small table for people.
  std::string ToText() const;
};

// Waits for at most that long, or until told to stop. Injected, so that tests move a clock instead.
using Wait = std::function<void(Duration)>;

class Traffic {
 public:
  using OnReport = std::function<void(const AcknowledgedReport&)>;

  // `on_report` is called once per opened report at the end of its life, from any of the threads, one at a time; it
  // may be empty. The clock must outlive this. An empty `wait` really waits and is cut short by Stop().
  // Options out of range end the process: whoever reads them from people checks them first with Check().
  Traffic(TrafficOptions options, const Clock& clock, TransportFactory transports, OnReport on_report, Wait wait = {});

  // Errors: kInvalidArgument, with the field and its range.
  static Result<void> Check(const TrafficOptions& options);

  // Sends all reports and returns when the last one is through. Call once.
  TrafficStatistics Run();
  // No new report is begun; those under way end their life. Thread-safe.
  void Stop();
  // So far. Thread-safe.
  TrafficStatistics Statistics() const;

 private:
  class Worker;
  struct Turn {
    std::uint64_t number = 0;
    Duration due;                            // On the monotonic clock.
  };
  std::optional<Turn> NextTurn();
  bool Begin();                              // False once stopped.
  void WaitUntil(Duration due);
  void WaitFor(Duration duration);
  bool Stopped() const;
  std::vector<std::int64_t> EarlierReports(Dice& dice) const;
  void Record(Call call, const Reply& reply);
  void Told(const AcknowledgedReport& report);
  void NeverOpened();

  TrafficOptions options_;
  const Clock& clock_;
  TransportFactory transports_;
  OnReport on_report_;
  Wait wait_;
  PlanMaker plans_;

  mutable std::mutex mutex_;                 // Of everything below.
  std::condition_variable stopped_changed_;
  bool stopped_ = false;
  std::uint64_t next_number_ = 0;
  Duration started_;
  Duration next_due_;
  Dice arrivals_;
  std::deque<std::int64_t> finished_;        // Recent ones, for repeated accounts.
  TrafficStatistics statistics_;
  std::mutex telling_;                       // Held while on_report_ runs.
};

}  // namespace porchlight::synthetic
