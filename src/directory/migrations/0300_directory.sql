-- Organisations: platforms, agencies, partners. docs/formats/accounts.md explains each column.
CREATE TABLE directory_organisations (
  id PL_IDENTITY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  country TEXT NOT NULL,
  contact TEXT NOT NULL,
  test BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
