// demo: a centre with synthetic platforms filing reports, to look around in. Never for real data: its logins are
// written beside it.
#include <atomic>
#include <cstdio>
#include <thread>

#include "app/command_support.h"
#include "app/demo_logins.h"
#include "app/demo_places.h"
#include "app/files.h"
#include "app/progress.h"
#include "app/serving.h"
#include "app/stop_signals.h"
#include "synthetic/traffic.h"
#include "tipline/report_store.h"

namespace porchlight::app {
namespace {

constexpr int kConnections = 4;

synthetic::TrafficOptions TrafficFor(const std::string& url, const DemoLogins& logins, const DemoArguments& arguments,
                                     std::uint64_t first_number) {
  synthetic::TrafficOptions options;
  options.endpoint.base_url = url;
  options.endpoint.login = logins.platform.login;
  options.endpoint.password = logins.platform.password;
  options.mix = synthetic::Mix::kShowcase;
  options.seed = 2022;
  options.first_number = first_number;
  options.reports_per_second = arguments.rate;
  options.reports_max = 0;
  options.connections = kConnections;
  options.mistakes_permille = 20;
  return options;
}

void PrintWelcome(const std::string& url, const DemoLogins& logins, const Clock& clock) {
  std::printf("\nA demonstration centre is running. Everything in it is synthetic.\n\n");
  std::printf("  Console          %s/console\n  Public form      %s/report\n  Reporting API    %s/ispws\n\n", url.c_str(), url.c_str(),
              url.c_str());
  std::printf("  %-12s %-22s %-28s %s\n", "login", "password", "role", "second-factor code now");
  for (const DemoLogin& login : logins.people) {
    std::printf("  %-12s %-22s %-28s %s\n", login.login.c_str(), login.password.c_str(), login.role.c_str(),
                CurrentCode(login, clock.Now()).c_str());
  }
  std::printf("  %-12s %-22s %-28s %s\n\n", logins.platform.login.c_str(), logins.platform.password.c_str(), logins.platform.role.c_str(),
              "(HTTP Basic)");
  std::printf("Codes change every 30 seconds: ./run --codes prints them again (each works once). Ctrl-C ends the demonstration.\n\n");
  std::fflush(stdout);
}

Result<void> Announce(const std::string& file, const std::string& url, const DemoLogins& logins) {
  if (file.empty()) return {};
  return WriteSmallFile(file, Json(logins.ToJson()).Set("url", url).SerializePretty());
}

// The first reports at once, so that there is something to see; then a steady stream until the signal.
void FileReports(const std::string& url, const DemoLogins& logins, const DemoArguments& arguments, std::int64_t reports_there,
                 const Clock& clock, StopSignals& signals) {
  DemoArguments pace = arguments;
  bool stopped = false;
  const auto run = [&](synthetic::TrafficOptions options, std::int64_t total) {
    synthetic::Traffic traffic(options, clock, synthetic::NetworkTransport(), {});
    std::atomic<bool> done{false};
    std::thread runner([&] {
      traffic.Run();
      done.store(true);
    });
    std::optional<Progress> progress;
    if (total > 0) progress.emplace("Filing reports");
    while (!done.load()) {
      if (signals.Wait(Duration::Milliseconds(200))) {
        stopped = true;
        traffic.Stop();
      }
      if (progress) progress->Show(static_cast<std::int64_t>(traffic.Statistics().planned), total);
    }
    runner.join();
  };
  std::uint64_t next = static_cast<std::uint64_t>(reports_there);
  if (reports_there == 0 && arguments.first_batch > 0) {
    synthetic::TrafficOptions first = TrafficFor(url, logins, pace, 0);
    first.reports_per_second = 0;
    first.reports_max = static_cast<std::uint64_t>(arguments.first_batch);
    run(first, arguments.first_batch);
    next = first.reports_max;
  }
  PrintWelcome(url, logins, clock);
  if (stopped) return;
  if (arguments.rate <= 0) {
    signals.Wait();
    return;
  }
  run(TrafficFor(url, logins, pace, next), 0);
}

// The synthetic addresses get places, unless the settings name some.
Result<CommonArguments> WithDemoPlaces(const CommonArguments& common) {
  const Config config = PL_TRY(ReadConfig(common));
  CommonArguments placed = common;
  if (config.data_directory.empty() || !config.geo_overlays.empty()) return placed;
  const std::string file = config.data_directory + "/demo_places.json";
  PL_TRY(MakeFolder(config.data_directory));
  PL_TRY(WriteSmallFile(file, DemoPlaces()));
  placed.flags["geo.overlays"] = file;
  placed.flags.emplace("centre.contact", "desk@centre.example");
  return placed;
}

int PrintCodes(const CommonArguments& common) {
  const auto data = common.flags.find("data");
  const Result<DemoLogins> logins = DemoLogins::Read(data == common.flags.end() ? "" : data->second);
  if (!logins.ok()) return Complain(logins.error());
  const SystemClock clock;
  for (const DemoLogin& login : logins->people) std::printf("%-12s %s\n", login.login.c_str(), CurrentCode(login, clock.Now()).c_str());
  return 0;
}

}  // namespace

int RunDemo(const CommonArguments& common, const DemoArguments& arguments) {
  if (arguments.codes) return PrintCodes(common);
  StopSignals signals;
  const Result<CommonArguments> placed = WithDemoPlaces(common);
  if (!placed.ok()) return Complain(placed.error());
  return WithCentre(*placed, Centre::Access::kCreate, [&](Centre& centre) -> Result<void> {
    if (!centre.config().listen.starts_with("127.") && !centre.config().listen.starts_with("[::1]")) {
      return Error{ErrorCode::kInvalidArgument, "The demonstration listens on this machine only: --listen 127.0.0.1:8080.", {}, {}, 0};
    }
    const std::unique_ptr<observe::Log> log = observe::OpenLog(centre.config().data_directory + "/demo.log", observe::Level::kInfo);
    const DemoLogins logins = PL_TRY(DemoLogins::Prepare(centre, *log));
    const std::int64_t reports_there = PL_TRY(centre.database().Read(tipline::NewestNumber));
    const std::unique_ptr<Serving> serving = PL_TRY(Serving::Start(centre, *log));
    PL_TRY(Announce(arguments.announce_file, serving->url(), logins));
    FileReports(serving->url(), logins, arguments, reports_there, centre.clock(), signals);
    serving->Drain();
    return {};
  });
}

}  // namespace porchlight::app
