-- Tables of the gate that legal staff added beside those of the profile. Rows are added, never changed; `document` is the table as it was
-- sent. Numbers have no gaps: whoever has read up to one has read all before it.
CREATE TABLE evidence_gate_tables (
  id PL_KEY,
  version TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL,
  at BIGINT NOT NULL,
  account BIGINT NOT NULL
);
CREATE INDEX evidence_reviews_table ON evidence_reviews (table_version, file, sequence);
