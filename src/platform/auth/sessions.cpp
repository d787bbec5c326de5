#include "platform/auth/sessions.h"

#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::auth {

namespace {

constexpr Duration kFailuresKept = Duration::Days(1);

constexpr store::Statement kInsert{
    "auth.insert_session",
    "INSERT INTO auth_sessions (id, account_id, csrf_token, created_at, last_seen_at, second_factor_done) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr store::Statement kEndOldest{
    "auth.end_oldest_sessions",
    "DELETE FROM auth_sessions WHERE account_id = $1 AND id NOT IN (SELECT id FROM auth_sessions WHERE account_id = $2 "
    "ORDER BY created_at DESC, id LIMIT $3)"};
constexpr store::Statement kFind{
    "auth.find_session",
    "SELECT account_id, csrf_token, created_at, last_seen_at, second_factor_done FROM auth_sessions WHERE id = $1"};
constexpr store::Statement kSeen{"auth.mark_session_seen",
                                 "UPDATE auth_sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $3"};
constexpr store::Statement kEnd{"auth.end_session", "DELETE FROM auth_sessions WHERE id = $1"};
constexpr store::Statement kEndOf{"auth.end_sessions", "DELETE FROM auth_sessions WHERE account_id = $1"};
constexpr store::Statement kSweep{"auth.sweep_sessions",
                                  "DELETE FROM auth_sessions WHERE created_at <= $1 OR last_seen_at <= $2"};
constexpr store::Statement kSweepFailures{
    "auth.sweep_failures", "DELETE FROM auth_failures WHERE last_at <= $1 AND (locked_until IS NULL OR locked_until <= $2)"};

}  // namespace

SessionSecrets NewSessionSecrets(Random& random) {
  return {Base64UrlEncode(random.Bytes(32)), Base64UrlEncode(random.Bytes(32))};
}

std::string SessionId(std::string_view cookie) { return HexEncode(crypto::Sha256(cookie)); }

Result<Session> InsertSession(store::WriteTransaction& transaction, const SessionSecrets& secrets, AccountId account,
                              bool second_factor_done, Instant now) {
  const Session session{SessionId(secrets.cookie), account, secrets.csrf_token, now, now, second_factor_done};
  PL_TRY(transaction.Execute(kEndOldest, account, account, kSessionsPerAccountMax - 1));
  PL_TRY(transaction.Execute(kInsert, session.id, account, session.csrf_token, now, now, second_factor_done));
  return session;
}

Result<std::optional<LiveSession>> FindSession(store::ReadTransaction& transaction, std::string_view id, const SessionLife& life,
                                               Instant now) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFind, id));
  if (!row) return std::optional<LiveSession>();
  LiveSession live;
  live.session = {std::string(id), {row->Integer(0)}, row->Text(1), row->Time(2), row->Time(3), row->Bool(4)};
  const bool alive = now < live.session.created_at + life.absolute && now < live.session.last_seen_at + life.idle;
  if (!alive) return std::optional<LiveSession>();
  live.account = PL_TRY(FindAccount(transaction, live.session.account));
  if (live.account.state != AccountState::kActive) return std::optional<LiveSession>();
  return std::optional<LiveSession>(std::move(live));
}

Result<void> MarkSeen(store::WriteTransaction& transaction, std::string_view id, Instant now) {
  PL_TRY(transaction.Execute(kSeen, now, id, now));
  return {};
}

Result<bool> EndSession(store::WriteTransaction& transaction, std::string_view id) {
  const std::int64_t ended = PL_TRY(transaction.Execute(kEnd, id));
  return ended > 0;
}

Result<void> EndSessionsOf(store::WriteTransaction& transaction, AccountId account) {
  PL_TRY(transaction.Execute(kEndOf, account));
  return {};
}

Result<std::int64_t> SweepExpired(store::WriteTransaction& transaction, const SessionLife& life, Instant now) {
  const std::int64_t sessions = PL_TRY(transaction.Execute(kSweep, now - life.absolute, now - life.idle));
  const std::int64_t failures = PL_TRY(transaction.Execute(kSweepFailures, now - kFailuresKept, now));
  return sessions + failures;
}

}  // namespace porchlight::auth
