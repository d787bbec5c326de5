-- Fingerprints (SHA-256, hex, by comma) of the certificates that a package is encrypted to; empty: it is a plain ZIP.
ALTER TABLE referrals_packages ADD COLUMN encrypted_to TEXT NOT NULL DEFAULT '';
