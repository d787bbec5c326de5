#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "platform/auth/verifier.h"

namespace porchlight::auth {

// HTTP Basic for platforms, fast: credentials that were once verified are remembered by an HMAC of login and password
// under a key that dies with the process, together with the account's version, which is read again at most once a
// second. So a change or a disabling counts within a second (at once in this process, after Forget), and neither
// Argon2id nor a lock-out stands in the way of a platform whose credentials are known to be right. The same wrong
// credentials, sent again and again by a forgotten machine, count as one failure and do not lock the others out.
// Thread-safe.
class BasicSignIn {
 public:
  static constexpr Duration kTrusted = Duration::Seconds(1);
  static constexpr std::size_t kRememberedMax = 8192;
  BasicSignIn(store::Database& database, const Clock& clock, Random& random, Verifier& verifier);

  // The active platform account. Errors: those of Verifier::Verify.
  Result<Account> Check(std::string_view login, std::string_view password, std::string_view peer);
  // The next request reads the account again, whatever was remembered.
  void Forget(AccountId account);

 private:
  struct Remembered;
  std::shared_ptr<Remembered> EntryFor(const std::string& fingerprint);
  Result<Account> CheckEntry(Remembered& entry, std::string_view login, std::string_view password, std::string_view peer);
  void MakeRoom();

  store::Database& database_;
  const Clock& clock_;
  Verifier& verifier_;
  const std::string secret_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Remembered>> remembered_;
};

}  // namespace porchlight::auth
