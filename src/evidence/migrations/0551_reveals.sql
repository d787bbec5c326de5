-- Every time somebody was shown a preview of a reported file: how much staff are exposed to, by person, day and file. Of no
-- use for judging anybody's work, and not shown as that.

-- `day`: since 1970-01-01, UTC. `blur`: media::PreviewBlur. `shown` becomes 0 when no preview came out after all; `ended_at` is
-- set once, when it was closed. One that nobody closed counts with the longest time that it can have been shown.
CREATE TABLE evidence_reveals (
  id PL_IDENTITY,
  account BIGINT NOT NULL,
  day BIGINT NOT NULL,
  file BIGINT NOT NULL,
  at BIGINT NOT NULL,
  blur BIGINT NOT NULL,
  shown BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX evidence_reveals_day ON evidence_reveals (day, account);
CREATE INDEX evidence_reveals_file ON evidence_reveals (file);
