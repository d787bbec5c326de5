#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "platform/auth/accounts.h"

// Bearer tokens of machine accounts. The token is returned once, when it is issued; the row keeps its SHA-256.
namespace porchlight::auth {

using TokenId = Id<struct TokenTag>;

struct Token {
  TokenId id;
  std::string name;
  AccountId account;
  std::vector<std::string> roles;          // At most the account's; what it may do is the part both still have.
  Instant created_at;
  Instant expires_at;
  std::optional<Instant> last_used_at;     // To the minute.
  std::optional<Instant> revoked_at;
};

// "plt_" and 32 random bytes, base64url: the prefix lets secret scanners find a leaked one.
std::string NewTokenSecret(Random& random);

struct NewToken {
  std::string name;                        // 1 to 100 bytes.
  AccountId account;
  std::vector<std::string> roles;
  Instant expires_at;
};
// Errors: kInvalidArgument (name), kNotFound (account).
Result<TokenId> InsertToken(store::WriteTransaction& transaction, const NewToken& token, std::string_view secret, Instant now);
Result<std::vector<Token>> ListTokens(store::ReadTransaction& transaction, TokenId after, int count_max);
Result<Token> FindToken(store::ReadTransaction& transaction, TokenId id);  // Errors: kNotFound.
// Revoking twice keeps the first time. Errors: kNotFound.
Result<void> RevokeToken(store::WriteTransaction& transaction, TokenId id, Instant now);

// The token and its account if both are alive: not revoked, not expired (the end is exclusive), account active.
struct LiveToken {
  Token token;
  Account account;                         // Its roles are reduced to those the token carries.
};
Result<std::optional<LiveToken>> FindLiveToken(store::ReadTransaction& transaction, std::string_view secret, Instant now);
Result<void> MarkUsed(store::WriteTransaction& transaction, TokenId id, Instant now);

}  // namespace porchlight::auth
