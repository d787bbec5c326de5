#include "app/progress.h"

#include <unistd.h>

#include <cstdio>

namespace porchlight::app {

Progress::Progress(std::string_view what) : what_(what), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (terminal_ && shown_percent_ >= 0) std::fputc('\n', stderr);
}

void Progress::Show(std::int64_t done, std::int64_t total) {
  const int percent = total > 0 ? static_cast<int>(done * 100 / total) : 0;
  const int step = terminal_ ? 1 : 25;
  if (shown_percent_ >= 0 && percent < shown_percent_ + step && done != total) return;
  if (percent == shown_percent_) return;
  shown_percent_ = percent;
  if (!terminal_) {
    std::fprintf(stderr, "%s: %d%%\n", what_.c_str(), percent);
    return;
  }
  constexpr int kWidth = 30;
  const std::string bar = std::string(static_cast<std::size_t>(percent * kWidth / 100), '#');
  std::fprintf(stderr, "\r%-24s [%-*s] %3d%%  %lld of %lld", what_.c_str(), kWidth, bar.c_str(), percent,
               static_cast<long long>(done), static_cast<long long>(total));
  std::fflush(stderr);
}

}  // namespace porchlight::app
