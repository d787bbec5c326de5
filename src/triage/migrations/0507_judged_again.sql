-- Scores that are not a report's first, by their time: what changed since somebody was last here.
CREATE INDEX triage_scores_again ON triage_scores (at, id) WHERE cause <> 'filed';
