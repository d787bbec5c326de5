-- Who works on whom, so that two agencies hear of each other (README.md). Identifiers are keyed digests, and sealed for the agency that
-- gave them; `reference`, `contact_*` and `note` are what an officer or a supervisor wrote.

-- One row that everybody who opens an interest locks: two that open the same one at once see one another.
CREATE TABLE deconfliction_state (
  id PL_KEY
);
INSERT INTO deconfliction_state (id) VALUES (1);

-- `until`: the moment from which it no longer stands. An agency has one row of one identifier; renewing changes it.
CREATE TABLE deconfliction_interests (
  id PL_IDENTITY,
  agency TEXT NOT NULL,
  account BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  link_key BIGINT NOT NULL,
  sealed PL_BYTES NOT NULL,
  reference TEXT NOT NULL,
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  withdrawn_at BIGINT
);
CREATE UNIQUE INDEX deconfliction_interests_key ON deconfliction_interests (link_key, agency);
CREATE INDEX deconfliction_interests_agency ON deconfliction_interests (agency, id);
CREATE INDEX deconfliction_interests_until ON deconfliction_interests (until) WHERE withdrawn_at IS NULL;

-- An open interest met another agency. `report` 0: two interests met, `other_interest` is the later one. `state`: 1 open, 2 resolved,
-- 3 ended with the interest. `pauses`: 1 when a waiting report is kept from the other agency until it is resolved.
CREATE TABLE deconfliction_meetings (
  id PL_IDENTITY,
  report BIGINT NOT NULL,
  interest BIGINT NOT NULL,
  holder TEXT NOT NULL,
  other TEXT NOT NULL,
  other_interest BIGINT NOT NULL,
  at BIGINT NOT NULL,
  state BIGINT NOT NULL,
  pauses BIGINT NOT NULL,
  outcome BIGINT,
  note TEXT NOT NULL,
  resolved_at BIGINT,
  resolved_by BIGINT
);
CREATE UNIQUE INDEX deconfliction_meetings_pair ON deconfliction_meetings (report, holder, other, other_interest) WHERE state <> 3;
CREATE INDEX deconfliction_meetings_interest ON deconfliction_meetings (interest, id);
CREATE INDEX deconfliction_meetings_holder ON deconfliction_meetings (holder, id);
CREATE INDEX deconfliction_meetings_other ON deconfliction_meetings (other, id);
CREATE INDEX deconfliction_meetings_open ON deconfliction_meetings (pauses DESC, id) WHERE state = 1;
CREATE INDEX deconfliction_meetings_resolved ON deconfliction_meetings (id) WHERE state = 2;
CREATE INDEX deconfliction_meetings_later ON deconfliction_meetings (other_interest, id) WHERE other_interest > 0;
