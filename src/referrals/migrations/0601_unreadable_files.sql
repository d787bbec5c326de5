-- How many files could not be read when a package was made: it is made again when they may be there once more.
ALTER TABLE referrals_packages ADD COLUMN unreadable BIGINT NOT NULL DEFAULT 0;
