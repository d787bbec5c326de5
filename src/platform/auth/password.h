#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "platform/crypto/secret.h"

namespace porchlight::auth {

constexpr std::size_t kPasswordBytesMax = 256;

// Length (in bytes; at most kPasswordBytesMax), UTF-8, no control characters, not the login, more than three different
// characters. Errors: kInvalidArgument.
Result<void> CheckPassword(std::string_view password, std::string_view login, int length_min);

// The only place that runs Argon2id: each run takes tens of megabytes and milliseconds, so few run at once and few
// wait. Thread-safe.
class PasswordGate {
 public:
  struct Options {
    crypto::PasswordCost cost = crypto::PasswordCost::kProduction;
    int running_max = 2;
    int waiting_max = 64;
  };
  PasswordGate(Options options, Random& random);

  // Errors: kUnavailable (too many are waiting).
  Result<std::string> Hash(std::string_view password);
  // An empty `phc` (no such account, or a machine's) never matches and takes as long as one that does not match.
  Result<bool> Matches(std::string_view phc, std::string_view password);

 private:
  Result<void> Enter();
  void Leave();

  const Options options_;
  std::string nobodys_phc_;
  std::mutex mutex_;
  std::condition_variable free_;
  int running_ = 0;
  int waiting_ = 0;
};

}  // namespace porchlight::auth
