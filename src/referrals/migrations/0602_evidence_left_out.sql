-- How many pieces of evidence, weaker than those listed, a decision had too many. Before this they were the last of the report.
ALTER TABLE referrals_decisions ADD COLUMN evidence_left_out BIGINT NOT NULL DEFAULT 0;
