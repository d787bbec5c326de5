-- When an agency was last written to about what it has not read.
CREATE TABLE referrals_digests (
  agency PL_KEY,
  at BIGINT NOT NULL
);
