-- Reports as received (README.md). In the clear: ids, codes, numbers, digests. Everything else is sealed.

-- One narrow row per report; lists read nothing else. `counted`: 1 production, 2 test traffic, 3 a repeat of the same
-- bytes that another report counts for. `content`: bits of what the document holds, 1 chat, 2 URL, 4 account.
CREATE TABLE tipline_reports (
  id PL_IDENTITY,
  received_at BIGINT NOT NULL,
  incident_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  finished_at BIGINT,
  preserve_until BIGINT,
  organisation BIGINT NOT NULL,
  account BIGINT NOT NULL,
  same_bytes_as BIGINT,
  state BIGINT NOT NULL,
  source BIGINT NOT NULL,
  incident_type BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  urgent BIGINT NOT NULL,
  batched BIGINT NOT NULL,
  content BIGINT NOT NULL,
  files BIGINT NOT NULL,
  documents BIGINT NOT NULL,
  findings BIGINT NOT NULL
);

-- What people look for that is rare is indexed on its own; what is common is found by walking the ids backwards.
CREATE INDEX tipline_reports_organisation ON tipline_reports (organisation, id);
CREATE INDEX tipline_reports_state ON tipline_reports (state, id) WHERE state <> 3;
CREATE INDEX tipline_reports_incident_type ON tipline_reports (incident_type, id) WHERE incident_type <> 1;
CREATE INDEX tipline_reports_urgent ON tipline_reports (id) WHERE urgent = 1;
CREATE INDEX tipline_reports_batched ON tipline_reports (id) WHERE batched = 1;
CREATE INDEX tipline_reports_test ON tipline_reports (id) WHERE counted = 2;
CREATE INDEX tipline_reports_repeats ON tipline_reports (same_bytes_as, id) WHERE same_bytes_as IS NOT NULL;

-- Every submitted document, byte for byte, sealed. The key is the report's number times 65536 plus the document's
-- place in it (0: the report itself), so a report's documents lie together without another index.
CREATE TABLE tipline_originals (
  id PL_KEY,
  kind BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 PL_BYTES NOT NULL,
  facts TEXT,
  sealed PL_BYTES
);

-- Metadata of each uploaded file; its bytes are in the vault. The key is built like that of the originals, so the
-- order of the keys is the order of upload.
CREATE TABLE tipline_files (
  id PL_KEY,
  wire_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  sniffed_type TEXT NOT NULL,
  declared_type TEXT NOT NULL,
  name_sealed PL_BYTES NOT NULL,
  object_name TEXT NOT NULL,
  object_key PL_BYTES NOT NULL,
  object_master_version BIGINT NOT NULL,
  md5 PL_BYTES NOT NULL,
  sha1 PL_BYTES NOT NULL,
  sha256 PL_BYTES NOT NULL,
  details BIGINT NOT NULL,
  viewed_by_esp BIGINT NOT NULL,
  exif_viewed_by_esp BIGINT NOT NULL,
  publicly_available BIGINT NOT NULL,
  supplemental BIGINT NOT NULL,
  industry_classification TEXT NOT NULL,
  annotations TEXT NOT NULL,
  findings TEXT NOT NULL,
  has_ip BIGINT NOT NULL,
  has_original_hash BIGINT NOT NULL,
  uploaded_at BIGINT
);
CREATE INDEX tipline_files_object ON tipline_files (object_name);

-- Findings of a finished report, where its files added some to those of the document.
CREATE TABLE tipline_findings (
  report PL_KEY,
  findings TEXT NOT NULL
);

-- Kept by the transaction that changes a report; `shard` lets writers of PostgreSQL touch different rows.
CREATE TABLE tipline_counters (
  day BIGINT NOT NULL,
  organisation BIGINT NOT NULL,
  source BIGINT NOT NULL,
  incident_type BIGINT NOT NULL,
  state BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  shard BIGINT NOT NULL,
  reports BIGINT NOT NULL,
  PRIMARY KEY (day, organisation, source, incident_type, state, counted, shard)
);

-- Documents of the last hours by a short keyed digest, to know the same bytes when they come again.
CREATE TABLE tipline_recent (
  id PL_KEY,
  report BIGINT NOT NULL
);

CREATE TABLE tipline_idempotency (
  organisation BIGINT NOT NULL,
  account BIGINT NOT NULL,
  key_sha256 PL_BYTES NOT NULL,
  document_sha256 PL_BYTES NOT NULL,
  report BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (organisation, account, key_sha256)
);
CREATE INDEX tipline_idempotency_received ON tipline_idempotency (received_at);
