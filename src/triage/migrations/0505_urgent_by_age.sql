-- Urgent ones by how long they wait: those whose time runs out are found however many wait.
CREATE INDEX triage_tips_urgent ON triage_tips (waiting, received_at, id, claimed_by) WHERE urgent = 1 AND waiting = 1;
