-- What each platform's reports of a month were worth (README.md). One row per platform and month, made anew by a job; sums
-- and codes only.
CREATE TABLE relations_scorecards (
  month TEXT NOT NULL,
  organisation BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  reports BIGINT NOT NULL,
  card TEXT NOT NULL,
  PRIMARY KEY (month, organisation)
) PL_CLUSTERED;
