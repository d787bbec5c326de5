#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "platform/auth/accounts.h"

// The rows of console sessions. The cookie's value is never stored: a row's id is its SHA-256.
namespace porchlight::auth {

struct Session {
  std::string id;
  AccountId account;
  std::string csrf_token;
  Instant created_at;
  Instant last_seen_at;
  bool second_factor_done = false;
};

struct SessionLife {
  Duration idle;
  Duration absolute;
};

// What a new session hands to the browser, once.
struct SessionSecrets {
  std::string cookie;                      // 32 random bytes, base64url.
  std::string csrf_token;
};
SessionSecrets NewSessionSecrets(Random& random);
std::string SessionId(std::string_view cookie);

// Sessions beyond this end, the oldest first.
constexpr int kSessionsPerAccountMax = 20;
Result<Session> InsertSession(store::WriteTransaction& transaction, const SessionSecrets& secrets, AccountId account,
                              bool second_factor_done, Instant now);
// The session and its account, if both are alive: within idle and absolute life (an end is exclusive), account active.
struct LiveSession {
  Session session;
  Account account;
};
Result<std::optional<LiveSession>> FindSession(store::ReadTransaction& transaction, std::string_view id, const SessionLife& life,
                                               Instant now);
Result<void> MarkSeen(store::WriteTransaction& transaction, std::string_view id, Instant now);
Result<bool> EndSession(store::WriteTransaction& transaction, std::string_view id);  // False: there was none.
Result<void> EndSessionsOf(store::WriteTransaction& transaction, AccountId account);
// Removes what has expired, and failures that are neither locked nor recent. Answers how many rows. Safe to repeat.
Result<std::int64_t> SweepExpired(store::WriteTransaction& transaction, const SessionLife& life, Instant now);

}  // namespace porchlight::auth
