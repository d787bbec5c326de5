-- docs/formats/outbox.md
CREATE TABLE jobs_outbox (
  sequence PL_IDENTITY,
  kind TEXT NOT NULL,
  subject BIGINT NOT NULL,
  detail TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE jobs_bookmarks (
  reader TEXT PRIMARY KEY,
  sequence BIGINT NOT NULL
);

-- PostgreSQL only: what is added to a transaction's number, so that sequences go on growing in a restored cluster.
CREATE TABLE jobs_outbox_origin (
  id BIGINT PRIMARY KEY,
  transaction_offset BIGINT NOT NULL
);
INSERT INTO jobs_outbox_origin (id, transaction_offset) VALUES (1, 0);
