-- Accounts, sessions, tokens and sign-in failures. docs/formats/accounts.md explains each column.
CREATE TABLE auth_accounts (
  id PL_IDENTITY,
  login TEXT NOT NULL,
  login_digest TEXT NOT NULL UNIQUE,
  kind BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  roles TEXT NOT NULL,
  password TEXT NOT NULL,
  second_factor PL_BYTES,
  second_factor_step BIGINT NOT NULL,
  pending_factor PL_BYTES,
  pending_until BIGINT,
  state BIGINT NOT NULL,
  test_traffic BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX auth_accounts_by_organisation ON auth_accounts (organisation_id, id);

CREATE TABLE auth_sessions (
  id TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES auth_accounts (id),
  csrf_token TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  second_factor_done BIGINT NOT NULL
);
CREATE INDEX auth_sessions_by_account ON auth_sessions (account_id);
CREATE INDEX auth_sessions_by_created ON auth_sessions (created_at);

CREATE TABLE auth_tokens (
  id PL_IDENTITY,
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES auth_accounts (id),
  roles TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX auth_tokens_by_account ON auth_tokens (account_id, id);

CREATE TABLE auth_failures (
  login_digest TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  locked_until BIGINT
);
CREATE INDEX auth_failures_by_last ON auth_failures (last_at);

CREATE TABLE auth_guards (
  name TEXT PRIMARY KEY,
  taken BIGINT NOT NULL
);
INSERT INTO auth_guards (name, taken) VALUES ('administrators', 0);
