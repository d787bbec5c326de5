-- Reports that were handed over and that nobody has any more: each agency said that it is the wrong place, or it was taken back. They
-- wait for a person. `why`: 1 wrong place, 2 taken back.
CREATE TABLE referrals_unplaced (
  report PL_KEY,
  urgent BIGINT NOT NULL,
  since BIGINT NOT NULL,
  why BIGINT NOT NULL
);
CREATE INDEX referrals_unplaced_list ON referrals_unplaced (urgent DESC, since, report);
