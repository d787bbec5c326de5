// simulate: synthetic platforms filing lifelike reports over HTTP.
#include <atomic>
#include <cstdio>
#include <thread>

#include "app/command_support.h"
#include "app/progress.h"
#include "app/stop_signals.h"
#include "base/clock.h"
#include "synthetic/traffic.h"

namespace porchlight::app {
namespace {

// Shows the progress until the traffic is through, and ends it at a signal.
void Watch(synthetic::Traffic& traffic, StopSignals& signals, const std::atomic<bool>& done, std::int64_t total) {
  Progress progress("Filing reports");
  while (!done.load()) {
    if (signals.Wait(Duration::Milliseconds(200))) traffic.Stop();
    progress.Show(static_cast<std::int64_t>(traffic.Statistics().planned), total);
  }
}

}  // namespace

int RunSimulate(const SimulateArguments& arguments) {
  const Result<std::string> password = ReadSecretLine();
  if (!password.ok()) return Complain(password.error());
  synthetic::TrafficOptions options;
  options.endpoint.base_url = arguments.url;
  options.endpoint.login = arguments.login;
  options.endpoint.password = *password;
  options.mix = arguments.showcase ? synthetic::Mix::kShowcase : synthetic::Mix::kFaithful;
  options.seed = arguments.seed;
  options.reports_max = static_cast<std::uint64_t>(arguments.reports);
  options.reports_per_second = arguments.rate;
  options.connections = arguments.connections;
  options.attempts_max = 8;
  const Result<void> checked = synthetic::Traffic::Check(options);
  if (!checked.ok()) return Complain(checked.error());

  SystemClock clock;
  StopSignals signals;
  synthetic::Traffic traffic(options, clock, synthetic::NetworkTransport(), {});
  synthetic::TrafficStatistics statistics;
  std::atomic<bool> done{false};
  std::thread runner([&] {
    statistics = traffic.Run();
    done.store(true);
  });
  Watch(traffic, signals, done, arguments.reports);
  runner.join();
  std::fputs(statistics.ToText().c_str(), stdout);
  if (statistics.planned > 0 && statistics.never_opened == statistics.planned) {
    return Complain({ErrorCode::kUnavailable, "Not one report was accepted: check --url, --login and the password.", {}, {}, 0});
  }
  return 0;
}

}  // namespace porchlight::app
