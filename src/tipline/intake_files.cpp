#include "base/json.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/jobs/outbox.h"
#include "tipline/events.h"
#include "tipline/intake_rows.h"
#include "tipline/intake_store.h"

// Files of an unfinished report and what their sender says about them.
namespace porchlight::tipline {

namespace {

constexpr std::size_t kFileIdRandomDigits = 24;
constexpr std::size_t kFileIdDigits = 32;

// The row changes only while it may; no row answered means that it may not (see rows::WhyNot).
constexpr store::Statement kTakeFile{
    "tipline.take_file",
    "UPDATE tipline_reports SET state = 2, files = files + 1, expires_at = CASE WHEN expires_at < $1 THEN $1 ELSE expires_at END "
    "WHERE id = $2 AND state IN (1, 2) AND expires_at > $3 AND organisation = $4 "
    "AND CASE WHEN counted = 2 THEN 1 ELSE 0 END = $5 RETURNING " PL_TIPLINE_REPORT_COLUMNS};
constexpr store::Statement kTakeDocument{
    "tipline.take_document",
    "UPDATE tipline_reports SET documents = documents + 1, expires_at = CASE WHEN expires_at < $1 THEN $1 ELSE expires_at END "
    "WHERE id = $2 AND state IN (1, 2) AND expires_at > $3 AND organisation = $4 "
    "AND CASE WHEN counted = 2 THEN 1 ELSE 0 END = $5 RETURNING " PL_TIPLINE_REPORT_COLUMNS};
constexpr store::Statement kInsertFile{
    "tipline.insert_file",
    "INSERT INTO tipline_files (id, wire_id, received_at, bytes, kind, sniffed_type, declared_type, name_sealed, object_name, "
    "object_key, object_master_version, md5, sha1, sha256, details, viewed_by_esp, exif_viewed_by_esp, publicly_available, "
    "supplemental, industry_classification, annotations, findings, has_ip, has_original_hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, 0, 0, 0, '', '', '', 0, 0)"};
constexpr store::Statement kDescribeFile{
    "tipline.describe_file",
    "UPDATE tipline_files SET details = $1, viewed_by_esp = $2, exif_viewed_by_esp = $3, publicly_available = $4, "
    "supplemental = $5, industry_classification = $6, annotations = $7, has_ip = $8, has_original_hash = $9, uploaded_at = $10, "
    "findings = $11 WHERE id = $12 AND wire_id = $13"};

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

// Hides the place a little: ids should not look like a count, though nothing depends on it.
std::uint32_t MaskOf(std::string_view random_digits) {
  const std::string digest = crypto::Sha256(random_digits);
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < 4; ++i) mask = (mask << 8U) | static_cast<unsigned char>(digest[i]);
  return mask;
}

Error TooMany(std::string_view what, std::int64_t count_max) {
  return Error{ErrorCode::kTooLarge, "A report holds at most " + std::to_string(count_max) + " " + std::string(what) + ".", {},
               std::string(what), 0};
}

audit::Entry EntryOf(std::string_view action, ReportId report, std::string_view wire_id, std::string_view sha256,
                     std::string_view request_id) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "report";
  entry.subject = report.value;
  entry.after_digest = HexEncode(sha256);
  entry.detail = Json().Set("file", wire_id).Serialize();
  entry.request_id = request_id;
  return entry;
}

}  // namespace

// 24 random digits, the first a-f, and the file's place in its report under a mask: the row is found by its key, with
// no index over random texts.
std::string IntakeStore::NewFileId(std::int64_t place) const {
  std::string digits = HexEncode(random_.Bytes(kFileIdRandomDigits / 2));
  digits[0] = static_cast<char>('a' + static_cast<char>(random_.Below(6)));
  std::uint32_t masked = static_cast<std::uint32_t>(place) ^ MaskOf(digits);
  std::string last(4, '\0');
  for (std::size_t i = 4; i-- > 0; masked >>= 8U) last[i] = static_cast<char>(masked & 0xffU);
  return digits + HexEncode(last);
}

std::optional<std::int64_t> PlaceOfFileId(std::string_view wire_id) {
  if (wire_id.size() != kFileIdDigits || wire_id[0] < 'a' || wire_id[0] > 'f') return std::nullopt;
  const std::optional<std::string> last = HexDecode(wire_id.substr(kFileIdRandomDigits));
  if (!last) return std::nullopt;
  std::uint32_t masked = 0;
  for (const char byte : *last) masked = (masked << 8U) | static_cast<unsigned char>(byte);
  const std::int64_t place = masked ^ MaskOf(wire_id.substr(0, kFileIdRandomDigits));
  if (place < 1 || place >= kPlacesPerReport) return std::nullopt;
  return place;
}

Result<void> IntakeStore::CheckOpen(const auth::Caller& caller, ReportId report) {
  const Instant now = clock_.Now();
  return database_.Read([&](store::ReadTransaction& transaction) -> Result<void> {
    Error error = rows::WhyNot(transaction, caller, report, now);
    if (error.code == ErrorCode::kUnavailable && error.field == "report") return {};  // Nothing stands against it.
    return error;
  });
}

Result<std::string> IntakeStore::AddFile(const auth::Caller& caller, const Upload& upload) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) { return AddFileIn(transaction, caller, upload, now); });
}

IntakeStore::Change<std::string> IntakeStore::AddFileLater(const auth::Caller& caller, Upload upload) {
  const auto kept = std::make_shared<const std::pair<auth::Caller, Upload>>(caller, std::move(upload));
  return Later<std::string>([this, kept, now = clock_.Now()](store::WriteTransaction& transaction) {
    return AddFileIn(transaction, kept->first, kept->second, now);
  });
}

Result<std::string> IntakeStore::AddFileIn(store::WriteTransaction& transaction, const auth::Caller& caller, const Upload& upload,
                                           Instant now) const {
  const auto row = PL_TRY(transaction.First(kTakeFile, now + rules_.finish_from_change, upload.report, now, caller.organisation,
                                            rows::TestOf(caller)));
  if (!row) return rows::WhyNot(transaction, caller, upload.report, now);
  const rows::Report report = rows::ReadReport(*row);
  if (report.files > rules_.files_max) return TooMany("files", rules_.files_max);
  const std::string wire_id = NewFileId(report.files);
  const std::int64_t key = report.id.value * kPlacesPerReport + report.files;
  const vault::ObjectReference& object = upload.object.reference;
  const crypto::FileDigests& digests = upload.object.digests;
  PL_TRY(transaction.Execute(kInsertFile, key, wire_id, now, object.bytes, upload.sniffed.kind, upload.sniffed.media_type,
                             upload.declared_type,
                             store::Blob{sealer_.Seal(upload.name.Reveal(), FileNameContext(wire_id))}, object.name,
                             store::Blob{object.wrapped_key}, object.master_version, store::Blob{digests.md5},
                             store::Blob{digests.sha1}, store::Blob{digests.sha256}));
  PL_TRY(audit::Record(transaction, caller, EntryOf("tipline.file.add", report.id, wire_id, digests.sha256, upload.request_id), now));
  const Json detail = Json().Set("file", key).Set("kind", NameOf(upload.sniffed.kind));
  PL_TRY(jobs::Publish(transaction, events::kFileReceived, report.id.value, detail.Serialize(), now));
  if (report.files == 1) {
    rows::Report before = report;
    before.state = ReportState::kOpened;
    rows::Recount(transaction, before, report);
  }
  return wire_id;
}

struct IntakeStore::Description {
  auth::Caller caller;
  wire::FileFacts facts;
  std::optional<std::int64_t> place;  // That the file's id was made for.
  std::int64_t bytes = 0;
  std::string sha256;
  std::string sealed;
  std::string request_id;
  Instant now;
};

IntakeStore::Description IntakeStore::Describe(const auth::Caller& caller, const wire::FileFacts& facts, std::string_view bytes,
                                               std::string_view request_id) const {
  Description description{caller, facts, PlaceOfFileId(facts.wire_file_id), static_cast<std::int64_t>(bytes.size()),
                          crypto::Sha256(bytes), {}, std::string(request_id), clock_.Now()};
  description.sealed = sealer_.Seal(bytes, OriginalContext(description.sha256));
  return description;
}

Result<void> IntakeStore::DescribeFile(const auth::Caller& caller, const wire::FileFacts& facts, std::string_view bytes,
                                       std::string_view request_id) {
  const Description description = Describe(caller, facts, bytes, request_id);
  return database_.Write([&](store::WriteTransaction& transaction) { return DescribeFileIn(transaction, description); });
}

IntakeStore::Change<void> IntakeStore::DescribeFileLater(const auth::Caller& caller, const wire::FileFacts& facts, std::string_view bytes,
                                                         std::string_view request_id) {
  const auto description = std::make_shared<const Description>(Describe(caller, facts, bytes, request_id));
  return Later<void>(
      [this, description](store::WriteTransaction& transaction) { return DescribeFileIn(transaction, *description); });
}

Result<void> IntakeStore::DescribeFileIn(store::WriteTransaction& transaction, const Description& description) const {
  const auto& [caller, facts, place, bytes, sha256, sealed, request_id, now] = description;
  const ReportId id{facts.report_id};
  const auto row =
      PL_TRY(transaction.First(kTakeDocument, now + rules_.finish_from_change, id, now, caller.organisation, rows::TestOf(caller)));
  if (!row) return rows::WhyNot(transaction, caller, id, now);
  const rows::Report report = rows::ReadReport(*row);
  if (!place || *place > report.files) return rows::UnknownFile();
  if (report.documents > rules_.documents_max) return TooMany("documents", rules_.documents_max);
  const std::int64_t document = report.documents - 1;
  const std::optional<Instant> uploaded_at = facts.uploaded_at ? std::optional(facts.uploaded_at->instant) : std::nullopt;
  const std::int64_t changed = PL_TRY(transaction.Execute(
      kDescribeFile, document, facts.viewed_by_esp, facts.exif_viewed_by_esp, facts.publicly_available, facts.supplemental,
      facts.industry_classification, Joined(facts.annotations), facts.has_ip, facts.has_original_hash, uploaded_at,
      rows::FindingsText(facts.findings), id.value * kPlacesPerReport + *place, facts.wire_file_id));
  if (changed == 0) return rows::UnknownFile();
  PL_TRY(rows::InsertDocument(transaction, {id, document, rows::DocumentKind::kFileDetails, now, bytes, sha256, {}, sealed}));
  PL_TRY(audit::Record(transaction, caller, EntryOf("tipline.file.describe", id, facts.wire_file_id, sha256, request_id), now));
  return {};
}

}  // namespace porchlight::tipline
