-- Who was made to know of a report, why, and what came of it (README.md). Codes and numbers; places as codes; nothing that a
-- person wrote.

-- Agencies as rows, so that deliveries outlive a table that no longer lists one. `organisation`: whose officers may sign in
-- for it.
CREATE TABLE referrals_agencies (
  id PL_IDENTITY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  listed BIGINT NOT NULL,
  organisation BIGINT UNIQUE
);

-- Every decision about where a report goes, none changed afterwards. Numbers begin at 1 and have no gaps. `evidence`,
-- `candidates` and the versions are what was looked at; `proposed` is what the rules made of it, `chosen` what was decided.
CREATE TABLE referrals_decisions (
  report BIGINT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account BIGINT NOT NULL,
  cause BIGINT NOT NULL,
  reason TEXT NOT NULL,
  confidence BIGINT NOT NULL,
  routing_version TEXT NOT NULL,
  agencies_version TEXT NOT NULL,
  geo_version TEXT NOT NULL,
  evidence TEXT NOT NULL,
  candidates TEXT NOT NULL,
  proposed TEXT NOT NULL,
  chosen TEXT NOT NULL,
  PRIMARY KEY (report, number)
);

-- One report made available to one agency. `rank` orders the agency's list, smallest first: unread before read, urgent
-- before others, newest first. `step`: how far reminders have come; `next_step_at`: when the next is due, NULL for never.
CREATE TABLE referrals_deliveries (
  id PL_IDENTITY,
  report BIGINT NOT NULL,
  agency BIGINT NOT NULL,
  primary_one BIGINT NOT NULL,
  bundled BIGINT NOT NULL,
  urgent BIGINT NOT NULL,
  level BIGINT NOT NULL,
  incident_type BIGINT NOT NULL,
  organisation BIGINT NOT NULL,
  basis BIGINT NOT NULL,
  decision BIGINT NOT NULL,
  lead_evidence BIGINT NOT NULL,
  granted_at BIGINT NOT NULL,
  granted_by BIGINT NOT NULL,
  state BIGINT NOT NULL,
  opened_at BIGINT,
  downloaded_at BIGINT,
  acknowledged_at BIGINT,
  feedback_at BIGINT,
  revoked_at BIGINT,
  redirected_to BIGINT,
  redirected_from BIGINT,
  preserve_until BIGINT,
  step BIGINT NOT NULL,
  next_step_at BIGINT,
  rank BIGINT NOT NULL
);
CREATE UNIQUE INDEX referrals_deliveries_report ON referrals_deliveries (report, agency);
CREATE INDEX referrals_deliveries_list ON referrals_deliveries (agency, bundled, rank, id) WHERE revoked_at IS NULL;
CREATE INDEX referrals_deliveries_due ON referrals_deliveries (next_step_at) WHERE next_step_at IS NOT NULL;
CREATE INDEX referrals_deliveries_overdue ON referrals_deliveries (step, granted_at) WHERE step > 0 AND feedback_at IS NULL;

-- All that ever happened to a delivery. `detail`: a small JSON object of codes.
CREATE TABLE referrals_history (
  id PL_IDENTITY,
  delivery BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  account BIGINT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX referrals_history_delivery ON referrals_history (delivery, id);

-- Packages as they were made; the newest number is the one handed out.
CREATE TABLE referrals_packages (
  delivery BIGINT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  object_name TEXT NOT NULL,
  wrapped_key PL_BYTES NOT NULL,
  master_version BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 PL_BYTES NOT NULL,
  gates TEXT NOT NULL,
  PRIMARY KEY (delivery, number)
);
CREATE INDEX referrals_packages_object ON referrals_packages (object_name);

-- What agencies answered. Rows are added; `usefulness` of the newest that says it counts.
CREATE TABLE referrals_feedback (
  id PL_IDENTITY,
  delivery BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account BIGINT NOT NULL,
  usefulness BIGINT,
  outcomes TEXT NOT NULL,
  gaps TEXT NOT NULL
);
CREATE INDEX referrals_feedback_delivery ON referrals_feedback (delivery, id);

-- How far the search for reports that newer tables lead further has come, by the versions of all of them.
CREATE TABLE referrals_walks (
  versions TEXT PRIMARY KEY,
  last_report BIGINT NOT NULL,
  done BIGINT NOT NULL
);

-- Sums by month ("2026-11"), about agencies, kinds of evidence, rules and platforms; kept by the units of work that change
-- what they count.
CREATE TABLE referrals_tallies (
  month TEXT NOT NULL,
  about TEXT NOT NULL,
  subject TEXT NOT NULL,
  what TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (month, about, subject, what)
) PL_CLUSTERED;
