-- Who may open a reported file, and on what ground (README.md). Ids, codes and reference numbers; no content.

-- Every decision there ever was: rows are added, never changed. Of one file the highest sequence holds; sequences begin at
-- 1 and have no gaps. `inputs` holds all that the rules looked at.
CREATE TABLE evidence_gates (
  file BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  at BIGINT NOT NULL,
  table_version TEXT NOT NULL,
  jurisdiction TEXT NOT NULL,
  rule TEXT NOT NULL,
  decision BIGINT NOT NULL,
  inputs TEXT NOT NULL,
  account BIGINT NOT NULL,
  PRIMARY KEY (file, sequence)
);

-- Warrants, consents and exigencies. `files`: a JSON list of ids, NULL for every file of the report. Only the revocation is
-- ever added to a row.
CREATE TABLE evidence_authorities (
  id PL_IDENTITY,
  report BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  reference TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_until BIGINT,
  files TEXT,
  account BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_by BIGINT
);
CREATE INDEX evidence_authorities_report ON evidence_authorities (report, id);
CREATE UNIQUE INDEX evidence_authorities_reference ON evidence_authorities (report, kind, reference) WHERE revoked_at IS NULL;

-- Decisions that a newer table would make otherwise. A flag stands while its decision is the newest of the file.
CREATE TABLE evidence_reviews (
  file BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  table_version TEXT NOT NULL,
  at BIGINT NOT NULL,
  rule TEXT NOT NULL,
  decision BIGINT NOT NULL,
  PRIMARY KEY (file, sequence, table_version)
);

-- How far the search for such decisions has come, by table.
CREATE TABLE evidence_review_walks (
  table_version TEXT PRIMARY KEY,
  last_file BIGINT NOT NULL,
  done BIGINT NOT NULL
);
