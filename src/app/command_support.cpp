#include "app/command_support.h"

#include <cstdio>
#include <cstdlib>

namespace porchlight::app {

int Complain(const Error& error) {
  std::fprintf(stderr, "porchlight: %s\n", error.public_text.empty() ? "something went wrong" : error.public_text.c_str());
  if (!error.operator_text.empty()) std::fprintf(stderr, "  (%s)\n", error.operator_text.c_str());
  return 1;
}

Result<std::string> ReadSecretLine() {
  constexpr std::size_t kBytesMax = 4096;
  std::string line;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
    if (line.size() == kBytesMax) return Error{ErrorCode::kTooLarge, "The line on standard input is longer than 4096 bytes.", {}, {}, 0};
    line += static_cast<char>(c);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) return Error{ErrorCode::kInvalidArgument, "Give the password on standard input, as one line.", {}, {}, 0};
  return line;
}

Result<Config> ReadConfig(const CommonArguments& common) {
  return LoadConfig(common.config_file, [](const char* name) -> const char* { return std::getenv(name); }, common.flags);
}

int WithCentre(const CommonArguments& common, Centre::Access access, const std::function<Result<void>(Centre&)>& work) {
  const Result<Config> config = ReadConfig(common);
  if (!config.ok()) return Complain(config.error());
  SystemClock clock;
  SystemRandom random;
  Result<std::unique_ptr<Centre>> centre = Centre::Open(*config, access, clock, random);
  if (!centre.ok()) return Complain(centre.error());
  const Result<void> done = work(**centre);
  return done.ok() ? 0 : Complain(done.error());
}

}  // namespace porchlight::app
