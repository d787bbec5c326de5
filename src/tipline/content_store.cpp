#include <limits>

#include "base/text.h"
#include "tipline/content.h"
#include "tipline/intake_rows.h"
#include "tipline/intake_store.h"
#include "tipline/report_store.h"

namespace porchlight::tipline {

namespace {

constexpr store::Statement kFiledFiles{
    "tipline.filed_files",
    "SELECT id, wire_id, received_at, bytes, kind, sniffed_type, declared_type, md5, sha1, sha256, details, viewed_by_esp, "
    "publicly_available, supplemental, industry_classification, annotations, has_original_hash, has_ip "
    "FROM tipline_files WHERE id >= $1 AND id < $2 ORDER BY id"};
constexpr store::Statement kPreserveUntil{"tipline.preserve_until", "SELECT preserve_until FROM tipline_reports WHERE id = $1"};

FiledFile FileOf(const store::Row& row) {
  FiledFile file;
  FileView& facts = file.facts;
  facts.id = {row.Integer(0)};
  facts.wire_id = row.Text(1);
  facts.received_at = row.Time(2);
  facts.bytes = row.Integer(3);
  facts.kind = static_cast<FileKind>(row.Integer(4));
  facts.sniffed_type = row.Text(5);
  facts.declared_type = row.Text(6);
  facts.md5 = HexEncode(row.Bytes(7));
  facts.sha1 = HexEncode(row.Bytes(8));
  facts.sha256 = HexEncode(row.Bytes(9));
  facts.described = row.Integer(10) > 0;
  facts.viewed_by_esp = static_cast<Answer>(row.Integer(11));
  facts.publicly_available = static_cast<Answer>(row.Integer(12));
  facts.supplemental = row.Bool(13);
  facts.industry_classification = row.Text(14);
  facts.annotations = rows::WordsIn(row.Text(15));
  file.has_original_hash = row.Bool(16);
  file.has_network = row.Bool(17);
  return file;
}

}  // namespace

Result<FiledReport> FindFiled(store::ReadTransaction& transaction, const vault::Sealer& sealer, ReportId id) {
  FiledReport filed;
  filed.report = PL_TRY(FindReport(transaction, id));
  const std::optional<store::Row> until = PL_TRY(transaction.First(kPreserveUntil, id));
  if (until) filed.preserve_until = until->OptionalTime(0);
  const Original original = PL_TRY(FindOriginal(transaction, sealer, id, 0));
  filed.content = PL_TRY(ReadReportContent(original.bytes));
  if (filed.report.files == 0) return filed;
  std::vector<std::int64_t> places;
  PL_TRY(transaction.Each(kFiledFiles, {id.value * kPlacesPerReport, (id.value + 1) * kPlacesPerReport}, [&](store::Row&& row) {
    filed.files.push_back(FileOf(row));
    places.push_back(row.Integer(10));
    return true;
  }));
  for (std::size_t index = 0; index < places.size(); ++index) {
    if (places[index] <= 0) continue;
    const Original details = PL_TRY(FindOriginal(transaction, sealer, id, places[index]));
    FiledFile& file = filed.files[index];
    file.details_place = places[index];
    file.content = PL_TRY(ReadFileContent(details.bytes));
    for (NetworkUse& use : file.content.network) use.file = file.facts.wire_id;
  }
  return filed;
}

}  // namespace porchlight::tipline
