#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace porchlight::app {

// A bar on a terminal, a line now and then elsewhere. Writes to standard error; one thread.
class Progress {
 public:
  explicit Progress(std::string_view what);
  ~Progress();
  // `total` may grow; 0 means unknown.
  void Show(std::int64_t done, std::int64_t total);

 private:
  std::string what_;
  bool terminal_;
  int shown_percent_ = -1;
};

}  // namespace porchlight::app
