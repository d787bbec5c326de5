#pragma once

#include <functional>

#include "app/centre.h"
#include "app/commands.h"

namespace porchlight::app {

// Reads the settings, opens the centre on the real clock and kernel randomness, runs `work`, and turns its error into
// words and an exit status.
int WithCentre(const CommonArguments& common, Centre::Access access, const std::function<Result<void>(Centre&)>& work);

// The settings of this process: file, environment, flags.
Result<Config> ReadConfig(const CommonArguments& common);

}  // namespace porchlight::app
