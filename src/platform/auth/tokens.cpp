#include "platform/auth/tokens.h"

#include <algorithm>

#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::auth {

namespace {

constexpr std::size_t kNameBytesMax = 100;

#define PL_TOKEN_SELECT \
  "SELECT id, name, account_id, roles, created_at, expires_at, last_used_at, revoked_at FROM auth_tokens "

constexpr store::Statement kInsert{
    "auth.insert_token",
    "INSERT INTO auth_tokens (digest, name, account_id, roles, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) "
    "RETURNING id"};
constexpr store::Statement kList{"auth.list_tokens", PL_TOKEN_SELECT "WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr store::Statement kFind{"auth.find_token", PL_TOKEN_SELECT "WHERE id = $1"};
constexpr store::Statement kFindByDigest{"auth.find_token_by_digest", PL_TOKEN_SELECT "WHERE digest = $1"};
constexpr store::Statement kRevoke{"auth.revoke_token",
                                   "UPDATE auth_tokens SET revoked_at = COALESCE(revoked_at, $1) WHERE id = $2"};
constexpr store::Statement kUsed{"auth.mark_token_used", "UPDATE auth_tokens SET last_used_at = $1 WHERE id = $2"};

Token ReadToken(const store::Row& row) {
  Token token;
  token.id = {row.Integer(0)};
  token.name = row.Text(1);
  token.account = {row.Integer(2)};
  token.roles = RolesFromText(row.Text(3));
  token.created_at = row.Time(4);
  token.expires_at = row.Time(5);
  token.last_used_at = row.OptionalTime(6);
  token.revoked_at = row.OptionalTime(7);
  return token;
}

std::string DigestOf(std::string_view secret) { return HexEncode(crypto::Sha256(secret)); }

Error NoSuchToken(TokenId id) {
  return Error{ErrorCode::kNotFound, "There is no such token.", "token " + std::to_string(id.value), {}, 0};
}

}  // namespace

std::string NewTokenSecret(Random& random) { return "plt_" + Base64UrlEncode(random.Bytes(32)); }

Result<TokenId> InsertToken(store::WriteTransaction& transaction, const NewToken& token, std::string_view secret, Instant now) {
  if (token.name.empty() || token.name.size() > kNameBytesMax || !IsUtf8(token.name)) {
    return Error{ErrorCode::kInvalidArgument, "The name of a token is a text of 1 to 100 bytes.", {}, "/name", 0};
  }
  PL_TRY(FindAccount(transaction, token.account));
  const std::optional<store::Row> row = PL_TRY(
      transaction.First(kInsert, DigestOf(secret), token.name, token.account, RolesText(token.roles), now, token.expires_at));
  if (!row) return Error{ErrorCode::kInternal, "The token was not stored.", "insert answered no id", {}, 0};
  return TokenId{row->Integer(0)};
}

Result<std::vector<Token>> ListTokens(store::ReadTransaction& transaction, TokenId after, int count_max) {
  const std::vector<store::Row> rows = PL_TRY(transaction.All(kList, after, count_max));
  std::vector<Token> tokens;
  tokens.reserve(rows.size());
  for (const store::Row& row : rows) tokens.push_back(ReadToken(row));
  return tokens;
}

Result<Token> FindToken(store::ReadTransaction& transaction, TokenId id) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFind, id));
  if (!row) return NoSuchToken(id);
  return ReadToken(*row);
}

Result<void> RevokeToken(store::WriteTransaction& transaction, TokenId id, Instant now) {
  const std::int64_t changed = PL_TRY(transaction.Execute(kRevoke, now, id));
  if (changed != 1) return NoSuchToken(id);
  return {};
}

Result<std::optional<LiveToken>> FindLiveToken(store::ReadTransaction& transaction, std::string_view secret, Instant now) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindByDigest, DigestOf(secret)));
  if (!row) return std::optional<LiveToken>();
  LiveToken live;
  live.token = ReadToken(*row);
  if (live.token.revoked_at || now >= live.token.expires_at) return std::optional<LiveToken>();
  live.account = PL_TRY(FindAccount(transaction, live.token.account));
  if (live.account.state != AccountState::kActive) return std::optional<LiveToken>();
  std::erase_if(live.account.roles, [&](const std::string& role) {
    return std::find(live.token.roles.begin(), live.token.roles.end(), role) == live.token.roles.end();
  });
  return std::optional<LiveToken>(std::move(live));
}

Result<void> MarkUsed(store::WriteTransaction& transaction, TokenId id, Instant now) {
  PL_TRY(transaction.Execute(kUsed, now, id));
  return {};
}

}  // namespace porchlight::auth
