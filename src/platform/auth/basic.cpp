#include "platform/auth/basic.h"

#include <atomic>
#include <optional>
#include <vector>

#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::auth {

// One pair of login and password. Its own mutex makes concurrent first requests wait for one verification instead of
// running one each. `account_id`, `right` and `used_at` are read without it.
struct BasicSignIn::Remembered {
  std::mutex mutex;
  bool judged = false;
  std::optional<Account> account;        // Set when the credentials are right.
  std::int64_t wrong_for_version = 0;    // The account's version they were wrong for; 0: no such account.
  Duration checked_at;
  std::atomic<std::int64_t> account_id{0};
  std::atomic<bool> right{false};
  std::atomic<std::int64_t> used_at{0};
};

BasicSignIn::BasicSignIn(store::Database& database, const Clock& clock, Random& random, Verifier& verifier)
    : database_(database), clock_(clock), verifier_(verifier), secret_(random.Bytes(32)) {}

Result<Account> BasicSignIn::Check(std::string_view login, std::string_view password, std::string_view peer) {
  std::string message = LowerAscii(login);
  message += '\0';  // No login has one, so no two pairs share a message.
  message += password;
  const std::shared_ptr<Remembered> entry = EntryFor(crypto::HmacSha256(secret_, message));
  const std::lock_guard lock(entry->mutex);
  return CheckEntry(*entry, login, password, peer);
}

Result<Account> BasicSignIn::CheckEntry(Remembered& entry, std::string_view login, std::string_view password, std::string_view peer) {
  const Duration now = clock_.Monotonic();
  entry.used_at = now.microseconds;
  if (entry.judged) {
    const bool fresh = now.microseconds - entry.checked_at.microseconds < kTrusted.microseconds;
    if (!fresh) {
      const std::optional<Account> current =
          PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindAccountByLogin(transaction, login); }));
      const std::int64_t judged_version = entry.account ? entry.account->version : entry.wrong_for_version;
      entry.judged = judged_version == (current ? current->version : 0);
      entry.checked_at = now;
    }
    if (entry.judged && entry.account) return *entry.account;
    if (entry.judged) return SignInFailed();
  }
  entry.right = false;
  entry.account.reset();
  // Read before the check: a change during the check leaves an old version behind, which the next reading rejects.
  const std::optional<Account> before =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindAccountByLogin(transaction, login); }));
  Result<Account> verified = verifier_.Verify(login, password, peer, LockScope::kLoginAtPeer);
  entry.checked_at = clock_.Monotonic();
  if (verified.ok() && verified->kind == AccountKind::kPlatform && before && before->version == verified->version) {
    // Best effort: a full disk must not refuse a platform whose credentials are right.
    static_cast<void>(verifier_.Settle(FailureKey(login, peer, LockScope::kLoginAtPeer)));
    entry.judged = true;
    entry.account = *verified;
    entry.account_id = verified->id.value;
    entry.right = true;
    return verified;
  }
  if (verified.ok()) {
    if (verified->kind == AccountKind::kPlatform) return verified;  // Changed meanwhile: right now, not remembered.
    // A person's password is not enough here: Basic would go around the second factor.
    return verifier_.Fail(FailureKey(login, peer, LockScope::kLoginAtPeer), verified->id);
  }
  if (verified.error().code == ErrorCode::kUnauthenticated) {
    entry.judged = true;
    entry.wrong_for_version = before ? before->version : 0;
    entry.account_id = before ? before->id.value : 0;
  }
  return verified;
}

void BasicSignIn::Forget(AccountId account) {
  const std::lock_guard lock(mutex_);
  std::erase_if(remembered_, [&](const auto& entry) { return entry.second->account_id == account.value; });
}

std::shared_ptr<BasicSignIn::Remembered> BasicSignIn::EntryFor(const std::string& fingerprint) {
  const std::lock_guard lock(mutex_);
  const auto found = remembered_.find(fingerprint);
  if (found != remembered_.end()) return found->second;
  if (remembered_.size() >= kRememberedMax) MakeRoom();
  auto entry = std::make_shared<Remembered>();
  entry->used_at = clock_.Monotonic().microseconds;
  remembered_.emplace(fingerprint, entry);
  return entry;
}

void BasicSignIn::MakeRoom() {
  // Wrong ones first: whoever sends them has no claim to speed. Then the longest unused right one.
  std::erase_if(remembered_, [](const auto& entry) { return !entry.second->right.load(); });
  if (remembered_.size() < kRememberedMax) return;
  auto oldest = remembered_.begin();
  for (auto one = remembered_.begin(); one != remembered_.end(); ++one) {
    if (one->second->used_at < oldest->second->used_at) oldest = one;
  }
  remembered_.erase(oldest);
}

}  // namespace porchlight::auth
