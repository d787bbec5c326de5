-- What reported pictures look like (README.md). Hashes, numbers and codes; no content.

-- One row that every grouping locks.
CREATE TABLE hashing_state (
  id PL_KEY
);
INSERT INTO hashing_state (id) VALUES (1);

-- How the bytes came out, once for all files that have them. Format, sides, `complete` and quality are NULL when there is no
-- hash; `look` also when its quality is too low.
CREATE TABLE hashing_contents (
  sha256 PL_BYTES PRIMARY KEY,
  at BIGINT NOT NULL,
  outcome BIGINT NOT NULL,
  format BIGINT,
  width BIGINT,
  height BIGINT,
  complete BIGINT,
  quality BIGINT,
  loader BIGINT NOT NULL,
  look BIGINT
);

-- Distinct hashes. `grp` is the group it first came to; that may have joined another since.
CREATE TABLE hashing_looks (
  id PL_IDENTITY,
  hash PL_BYTES NOT NULL UNIQUE,
  grp BIGINT NOT NULL
);
CREATE INDEX hashing_looks_grp ON hashing_looks (grp, id);

-- `parent`: the group it joined. `least`, the smallest hash, and the counts are kept where there is none.
CREATE TABLE hashing_groups (
  id PL_IDENTITY,
  parent BIGINT,
  least PL_BYTES NOT NULL,
  looks BIGINT NOT NULL,
  contents BIGINT NOT NULL,
  files BIGINT NOT NULL,
  first_file BIGINT NOT NULL
);
CREATE INDEX hashing_groups_parent ON hashing_groups (parent) WHERE parent IS NOT NULL;

-- Which group joined which, in order, for processes that hold them in memory.
CREATE TABLE hashing_joins (
  id PL_IDENTITY,
  joined BIGINT NOT NULL,
  into_group BIGINT NOT NULL
);

CREATE TABLE hashing_files (
  file PL_KEY,
  at BIGINT NOT NULL,
  sha256 PL_BYTES NOT NULL,
  look BIGINT
);
CREATE INDEX hashing_files_look ON hashing_files (look, file) WHERE look IS NOT NULL;
