-- Up to which report all documents stand in tipline_recent or are not looked for any more, for the index that holds the newest in
-- memory (store::BufferedIndex). Until now every document went there with its report.
CREATE TABLE tipline_recent_merged (
  id PL_KEY,
  number BIGINT NOT NULL
);
INSERT INTO tipline_recent_merged (id, number) SELECT 1, COALESCE(MAX(id), 0) FROM tipline_reports;
