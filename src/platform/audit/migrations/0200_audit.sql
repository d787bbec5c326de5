-- docs/formats/audit.md
CREATE TABLE audit_entries (
  id PL_IDENTITY,
  at BIGINT NOT NULL,
  account BIGINT NOT NULL,
  login TEXT NOT NULL,
  proof TEXT NOT NULL,
  action TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject BIGINT NOT NULL,
  subject_key TEXT NOT NULL,
  purpose TEXT NOT NULL,
  before_digest TEXT NOT NULL,
  after_digest TEXT NOT NULL,
  detail TEXT NOT NULL,
  denied BIGINT NOT NULL CHECK (denied IN (0, 1)),
  request_id TEXT NOT NULL
);
CREATE INDEX audit_entries_subject ON audit_entries (subject_kind, subject, id);

-- The tree's leaves. No foreign key: an entry that vanished must be found and named, not refused by accident.
CREATE TABLE audit_leaves (
  leaf PL_KEY,
  entry BIGINT NOT NULL UNIQUE,
  hash PL_BYTES NOT NULL
);

-- Roots of complete subtrees of 2^level leaves, level 8, 16, 24, ... only.
CREATE TABLE audit_nodes (
  level BIGINT NOT NULL,
  position BIGINT NOT NULL,
  hash PL_BYTES NOT NULL,
  PRIMARY KEY (level, position)
);

CREATE TABLE audit_heads (
  size PL_KEY,
  root PL_BYTES NOT NULL,
  at BIGINT NOT NULL,
  previous PL_BYTES NOT NULL,
  frontier PL_BYTES NOT NULL,
  key_id TEXT NOT NULL,
  signature PL_BYTES NOT NULL
);

-- The head that is stored but not known to be witnessed: at most one.
CREATE TABLE audit_unwitnessed (
  size PL_KEY
);

-- Entry numbers below the newest sealed one that were not there when it was sealed: of transactions that were still
-- running then, or never committed.
CREATE TABLE audit_gaps (
  first_entry PL_KEY,
  last_entry BIGINT NOT NULL,
  found_at BIGINT NOT NULL
);

-- One row, locked by whoever seals.
CREATE TABLE audit_sealer (
  id PL_KEY,
  turns BIGINT NOT NULL
);
INSERT INTO audit_sealer (id, turns) VALUES (1, 0);
