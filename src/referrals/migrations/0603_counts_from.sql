-- From when reminders count, when that is later than the grant: a legal hold was lifted.
ALTER TABLE referrals_deliveries ADD COLUMN counts_from BIGINT;
