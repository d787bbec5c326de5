-- Up to which report the documents stand in tipline_recent, for the index that holds the newest in memory (store::BufferedIndex).
-- Until now every document went there with its report.
CREATE TABLE tipline_recent_merging (
  id PL_KEY,
  merged BIGINT NOT NULL,
  next_key BIGINT NOT NULL,
  newest BIGINT NOT NULL
);
INSERT INTO tipline_recent_merging (id, merged, next_key, newest)
  SELECT 1, COALESCE(MAX(id), 0), 0, COALESCE(MAX(id), 0) FROM tipline_reports;
