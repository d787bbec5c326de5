-- Senders whose reports stand behind those of others. `reason` and `note` are what a member of the staff wrote, of the sender and not of a
-- report. Rows stay when one has ended.
CREATE TABLE triage_throttles (
  id PL_IDENTITY,
  organisation BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account BIGINT NOT NULL,
  reason TEXT NOT NULL,
  until BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by BIGINT,
  note TEXT NOT NULL
);
CREATE UNIQUE INDEX triage_throttles_now ON triage_throttles (organisation) WHERE ended_at IS NULL;

-- 1 when it stands behind; `rank` has it too. The clocks of urgent ones pass over those.
ALTER TABLE triage_tips ADD COLUMN behind BIGINT NOT NULL DEFAULT 0;
DROP INDEX triage_tips_urgent;
CREATE INDEX triage_tips_urgent ON triage_tips (waiting, behind, received_at, id, claimed_by) WHERE urgent = 1 AND waiting = 1;
