-- With `waiting` in front these two are chosen also by a planner that has counted the others and found these empty (SQLite keeps no
-- counts of an index without rows, and then walks the whole queue for nothing).
DROP INDEX triage_tips_leads;
DROP INDEX triage_tips_in_review;
CREATE INDEX triage_tips_leads ON triage_tips (waiting, rank, id) WHERE bundle IS NOT NULL AND waiting = 1;
CREATE INDEX triage_tips_in_review ON triage_tips (waiting, rank, id) WHERE claimed_by IS NOT NULL AND waiting = 1;
