-- state: 1 waiting, 2 leased, 3 dead. lane: 1 urgent, 2 normal, 3 bulk.
-- due_at: when somebody may take it: not_before while waiting, the end of the lease while leased, NULL once dead.
CREATE TABLE jobs_queue (
  id PL_IDENTITY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  lane BIGINT NOT NULL,
  state BIGINT NOT NULL,
  unique_key TEXT,
  tries BIGINT NOT NULL,
  enqueued_at BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  due_at BIGINT,
  lease_token BIGINT,
  last_error TEXT NOT NULL
);

CREATE INDEX jobs_queue_by_due ON jobs_queue (lane, due_at, id);
CREATE INDEX jobs_queue_by_state ON jobs_queue (state, lane);
CREATE UNIQUE INDEX jobs_queue_by_unique_key ON jobs_queue (kind, unique_key) WHERE state = 1 AND unique_key IS NOT NULL;
