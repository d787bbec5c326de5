// serve: one centre until it is told to stop.
#include <cstdio>

#include "app/command_support.h"
#include "app/serving.h"
#include "app/stop_signals.h"

namespace porchlight::app {
namespace {

observe::Level LevelOf(const std::string& name) {
  if (name == "debug") return observe::Level::kDebug;
  if (name == "warning") return observe::Level::kWarning;
  if (name == "error") return observe::Level::kError;
  return observe::Level::kInfo;
}

}  // namespace

int RunServe(const CommonArguments& common) {
  StopSignals signals;
  return WithCentre(common, Centre::Access::kCreate, [&](Centre& centre) -> Result<void> {
    const std::unique_ptr<observe::Log> log = observe::OpenLog(centre.config().log_file, LevelOf(centre.config().log_level));
    const std::unique_ptr<Serving> serving = PL_TRY(Serving::Start(centre, *log));
    std::printf("listening on %s\n", serving->url().c_str());
    std::fflush(stdout);
    signals.Wait();
    std::printf("stopping: requests under way may end\n");
    std::fflush(stdout);
    serving->Drain();
    return {};
  });
}

}  // namespace porchlight::app
