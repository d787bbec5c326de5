-- Notices that a platform need not keep a report's data much longer. `keep_notices`: how many were given or passed over; `keep_notice_at`:
-- when the next is due, NULL for never; 0 for deliveries from before this, which are looked at once.
ALTER TABLE referrals_deliveries ADD COLUMN keep_notices BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referrals_deliveries ADD COLUMN keep_notice_at BIGINT;
UPDATE referrals_deliveries SET keep_notice_at = 0 WHERE preserve_until IS NOT NULL AND revoked_at IS NULL AND redirected_to IS NULL
  AND bundled = 0;
CREATE INDEX referrals_deliveries_keep ON referrals_deliveries (keep_notice_at, id) WHERE keep_notice_at IS NOT NULL;
CREATE INDEX referrals_deliveries_ending ON referrals_deliveries (agency, bundled, preserve_until, id) WHERE revoked_at IS NULL;
