#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <cstdint>

namespace porchlight::store {

// No file of this process grows beyond that length while it lives: a full disk, as far as SQLite sees.
class LengthLimit {
 public:
  explicit LengthLimit(std::uintmax_t bytes) {
    EXPECT_TRUE(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    rlimit full = before_;
    full.rlim_cur = static_cast<rlim_t>(bytes);
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  }
  ~LengthLimit() { EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0); }
  LengthLimit(const LengthLimit&) = delete;
  LengthLimit& operator=(const LengthLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace porchlight::store
