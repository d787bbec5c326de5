-- The count of an item stands among its holders, in the row whose person and report are 0: one page for both instead of two at
-- random places.
CREATE TABLE triage_items_now (
  key BIGINT NOT NULL,
  person BIGINT NOT NULL,
  report BIGINT NOT NULL,
  people BIGINT NOT NULL,
  viral BIGINT NOT NULL,
  PRIMARY KEY (key, person, report)
) PL_CLUSTERED;
INSERT INTO triage_items_now (key, person, report, people, viral)
  SELECT key, 0, 0, people, viral FROM triage_items UNION ALL SELECT key, person, report, 0, 0 FROM triage_item_reports
  ORDER BY 1, 2, 3;
DROP TABLE triage_items;
DROP TABLE triage_item_reports;
ALTER TABLE triage_items_now RENAME TO triage_items;
