-- Reports that a supervisor holds for a legal reason. `stood`: the state to which the report goes back. `reference` and `note` are what
-- a member of the staff wrote, of the order and not of the report. Rows stay when a hold is lifted.
CREATE TABLE triage_holds (
  id PL_IDENTITY,
  report BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account BIGINT NOT NULL,
  reason TEXT NOT NULL,
  reference TEXT NOT NULL,
  review_on TEXT NOT NULL,
  stood BIGINT NOT NULL,
  lifted_at BIGINT,
  lifted_by BIGINT,
  note TEXT NOT NULL
);
CREATE UNIQUE INDEX triage_holds_now ON triage_holds (report) WHERE lifted_at IS NULL;
CREATE INDEX triage_holds_due ON triage_holds (review_on, id) WHERE lifted_at IS NULL;
CREATE INDEX triage_holds_report ON triage_holds (report, id);
