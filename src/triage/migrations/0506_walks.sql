-- How far walks over all reports have come: `name` is "rules:VERSION" (`at`: since when that table is seen to hold; `id`: the last
-- report, the largest number when it is done) or "preservation" (by moment and number).
CREATE TABLE triage_walks (
  name TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  id BIGINT NOT NULL
);
CREATE INDEX triage_tips_preserved ON triage_tips (preserve_until, id) WHERE state IN (5, 6, 14) AND preserve_until IS NOT NULL;
