-- What is news to whoever was away: 0 nothing; 1 the report moved to another level, or into or out of urgency; 2 it is the report's first
-- score and came long after the report was opened (docs: triage/README.md).
ALTER TABLE triage_scores ADD COLUMN news BIGINT NOT NULL DEFAULT 0;
CREATE INDEX triage_scores_news ON triage_scores (news, at, id) WHERE news > 0;
