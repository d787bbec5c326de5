-- triage_bundles.closed: 2 when the lead was handed to agencies, so that members go to theirs.
-- Two tables that are only ever read by their whole key lie in its order: half of the pages that a report touches.
CREATE TABLE triage_links_now (
  key BIGINT NOT NULL,
  report BIGINT NOT NULL,
  organisation BIGINT NOT NULL,
  PRIMARY KEY (key, report)
) PL_CLUSTERED;
INSERT INTO triage_links_now (key, report, organisation) SELECT key, report, organisation FROM triage_links;
DROP TABLE triage_links;
ALTER TABLE triage_links_now RENAME TO triage_links;
CREATE INDEX triage_links_report ON triage_links (report);

CREATE TABLE triage_item_reports_now (
  key BIGINT NOT NULL,
  person BIGINT NOT NULL,
  report BIGINT NOT NULL,
  PRIMARY KEY (key, person, report)
) PL_CLUSTERED;
INSERT INTO triage_item_reports_now (key, person, report) SELECT key, person, report FROM triage_item_reports;
DROP TABLE triage_item_reports;
ALTER TABLE triage_item_reports_now RENAME TO triage_item_reports;
