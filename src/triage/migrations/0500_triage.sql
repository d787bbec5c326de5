-- What we make of filed reports (README.md). Codes, numbers and keyed digests; nothing that a person wrote.

-- One narrow row per judged report; the queue reads nothing else. `rank` orders the queue, smallest first. `folded`: 1
-- when the report stands under another one, the lead of its bundle or the report it repeats. `waiting`: 1 when it waits for a
-- person on its own: not folded, no test traffic, and triaged, in review or paused.
CREATE TABLE triage_tips (
  id PL_KEY,
  state BIGINT NOT NULL,
  rank BIGINT NOT NULL,
  level BIGINT NOT NULL,
  points BIGINT NOT NULL,
  urgent BIGINT NOT NULL,
  completeness BIGINT NOT NULL,
  organisation BIGINT NOT NULL,
  source BIGINT NOT NULL,
  incident_type BIGINT NOT NULL,
  test BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  preserve_until BIGINT,
  incidents BIGINT NOT NULL,
  folded BIGINT NOT NULL,
  waiting BIGINT NOT NULL,
  pulled BIGINT NOT NULL,
  bundle BIGINT,
  repeats BIGINT,
  scores BIGINT NOT NULL,
  claimed_by BIGINT,
  claimed_until BIGINT,
  disposition BIGINT
);

CREATE INDEX triage_tips_rank ON triage_tips (rank, id);

-- The queue: what waits for a person. A walk finds in its index all that filters ask for, and reads the rows of the
-- page alone. What is rare has an index of its own.
CREATE INDEX triage_tips_queue ON triage_tips (rank, id, level, urgent, incident_type, source, organisation, state, claimed_by,
  bundle, completeness, received_at) WHERE waiting = 1;
CREATE INDEX triage_tips_waiting ON triage_tips (received_at, id, level, urgent, incident_type, source, organisation, state,
  claimed_by, bundle, completeness) WHERE waiting = 1;
CREATE INDEX triage_tips_organisation ON triage_tips (organisation, rank, id, level, urgent, incident_type, source, state,
  claimed_by, bundle, completeness, received_at) WHERE waiting = 1;
CREATE INDEX triage_tips_type ON triage_tips (incident_type, rank, id) WHERE incident_type <> 1 AND waiting = 1;
CREATE INDEX triage_tips_leads ON triage_tips (rank, id) WHERE bundle IS NOT NULL AND waiting = 1;
CREATE INDEX triage_tips_in_review ON triage_tips (rank, id) WHERE claimed_by IS NOT NULL AND waiting = 1;
CREATE INDEX triage_tips_claimed ON triage_tips (claimed_by, id) WHERE claimed_by IS NOT NULL;
CREATE INDEX triage_tips_bundle ON triage_tips (bundle, id) WHERE bundle IS NOT NULL;

-- Every score a report was ever given, none changed afterwards. The key is the report's number times 1024 plus the
-- count. `inputs` holds all that the rules looked at, so that any table can judge it again.
CREATE TABLE triage_scores (
  id PL_KEY,
  at BIGINT NOT NULL,
  rules TEXT NOT NULL,
  cause TEXT NOT NULL,
  account BIGINT NOT NULL,
  level BIGINT NOT NULL,
  points BIGINT NOT NULL,
  urgent BIGINT NOT NULL,
  completeness BIGINT NOT NULL,
  fired TEXT NOT NULL,
  missing TEXT NOT NULL,
  inputs TEXT NOT NULL
);

-- Things that go round, by a keyed digest: how many reported people they were reported of, and in which reports. Once viral, an
-- item stays so, whatever a later table says.
CREATE TABLE triage_items (
  key PL_KEY,
  people BIGINT NOT NULL,
  viral BIGINT NOT NULL
);
CREATE TABLE triage_item_reports (
  key BIGINT NOT NULL,
  person BIGINT NOT NULL,
  report BIGINT NOT NULL,
  PRIMARY KEY (key, person, report)
);

-- One viral item, and the reports that stand under it. `closed`: 1 when its lead was decided on; whatever comes later to it
-- is closed too.
CREATE TABLE triage_bundles (
  id PL_IDENTITY,
  item BIGINT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  lead BIGINT NOT NULL,
  reports BIGINT NOT NULL,
  incidents BIGINT NOT NULL,
  closed BIGINT NOT NULL
);

-- Identifiers of reported persons, by a keyed digest of their normal form.
CREATE TABLE triage_links (
  key BIGINT NOT NULL,
  report BIGINT NOT NULL,
  organisation BIGINT NOT NULL,
  PRIMARY KEY (key, report)
);
CREATE INDEX triage_links_report ON triage_links (report);
