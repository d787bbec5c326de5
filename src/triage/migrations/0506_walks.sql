-- How far walks over all reports have come: `name` is "rules:VERSION" (by number; the largest number when it is done) or
-- "preservation" (by moment and number).
CREATE TABLE triage_walks (
  name TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  id BIGINT NOT NULL
);
CREATE INDEX triage_tips_preserved ON triage_tips (waiting, preserve_until, id) WHERE waiting = 1 AND preserve_until IS NOT NULL;
