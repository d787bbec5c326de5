#include "evidence/testing/evidence_rig.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "evidence/migrations.h"
#include "tipline/intake_store.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::evidence::testing {

using tipline::Answer;
using tipline::FileId;
using tipline::ReportId;
using tipline::testing::Element;

std::string ReferenceTableText() { return tipline::testing::ReadSourceFile("profiles/us/tables/gate/us-2026-11.json"); }

const GateTable& ReferenceTable() {
  static const GateTable table = ReadGateTable(ReferenceTableText()).value();
  return table;
}

GateBook BookWith(const std::string& later) {
  return GateBook::Read({{"us-2026-11.json", ReferenceTableText()}, {"later.json", later}}).value();
}

std::string ReplaceAll(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

auth::Caller Reviewer(std::int64_t account) {
  auth::Caller caller;
  caller.account = {account};
  caller.login = "reviewer-" + std::to_string(account);
  caller.permissions = {"evidence.gate.read", "evidence.file.open"};
  caller.visibility = {Visibility::kPublic, Visibility::kCentre, Visibility::kRestricted};
  caller.proof = auth::Proof::kSession;
  return caller;
}

auth::Caller Legal(std::int64_t account) {
  auth::Caller caller = Reviewer(account);
  caller.login = "legal-" + std::to_string(account);
  caller.permissions = {"evidence.gate.read", "evidence.authority.write", "evidence.gate.write"};
  caller.visibility = {Visibility::kPublic, Visibility::kCentre};
  return caller;
}

std::string Details(Answer viewed, Answer available, const std::string& labels) {
  const auto element = [](const std::string& name, Answer answer) {
    if (answer == Answer::kMissing) return std::string();
    return "<" + name + ">" + (answer == Answer::kYes ? "true" : "false") + "</" + name + ">";
  };
  return element("fileViewedByEsp", viewed) + element("publiclyAvailable", available) + labels;
}

namespace {

Result<media::Preview> PreviewWithoutDecoding(std::string_view bytes, media::PreviewBlur blur) {
  media::Preview preview;
  if (!media::SniffFormat(bytes)) {
    preview.refusal = media::MediaOutcome::kUnsupported;
    return preview;
  }
  preview.picture = media::GreyPicture{{2, 1}, {static_cast<std::uint8_t>(blur), 200}};
  return preview;
}

}  // namespace

EvidenceRig::EvidenceRig(store::Engine engine)
    : IntakeRig(engine), book(GateBook::Read({{"us-2026-11.json", ReferenceTableText()}}).value()), gatekeeper(*database, book, clock),
      door(*database, *vault, book, clock, {"triage", "legal_order"}), runner(*database, clock),
      evidence_http(*database, gatekeeper, clock), gate_tables(*database, book, clock),
      gate_tables_http(*database, gate_tables, gatekeeper, clock, [](std::int64_t account) { return "login-" + std::to_string(account); }),
      make_preview(PreviewWithoutDecoding), limits{3, Duration::Minutes(2), Duration::Seconds(60)},
      revealing(*database, door, {[this](std::string_view bytes, media::PreviewBlur blur) { return make_preview(bytes, blur); }, 6'000}, clock, limits),
      reveal_http(*database, revealing, clock, [](std::int64_t account) { return "login-" + std::to_string(account); }), worker(std::make_unique<jobs::Worker>(*database, clock, random, jobs::Worker::Options{})) {
  std::vector<store::Migration> all = tipline::testing::RigMigrations();
  for (const store::Migration& one : Migrations()) all.push_back(one);
  const Result<void> migrated = database->Migrate(all);
  EXPECT_TRUE(migrated.ok()) << (migrated.ok() ? "" : migrated.error().operator_text);
  RegisterJobs(*worker, {*database, gatekeeper, clock});
  for (http::Route& route : evidence_http.Routes()) router.Add(std::move(route));
  for (http::Route& route : gate_tables_http.Routes()) router.Add(std::move(route));
  for (http::Route& route : reveal_http.Routes()) router.Add(std::move(route));
  auth::Caller reviewer = Reviewer();
  reviewer.login = "reviewer";
  callers.Add(reviewer);
  auth::Caller legal = Legal();
  legal.login = "legal";
  callers.Add(legal);
  auth::Caller supervisor = Reviewer(980);
  supervisor.login = "supervisor";
  supervisor.permissions.insert("evidence.exposure.read");
  callers.Add(supervisor);
  auth::Caller welfare;
  welfare.account = {990};
  welfare.login = "welfare";
  welfare.permissions = {"evidence.exposure.read"};
  welfare.visibility = {Visibility::kPublic};
  welfare.proof = auth::Proof::kSession;
  callers.Add(welfare);
}

std::string EvidenceRig::BytesOf(std::size_t index) {
  return std::string("\xFF\xD8\xFF\xE0", 4) + "a harmless picture " + std::to_string(index) + std::string(5'000, 'x');
}

std::int64_t EvidenceRig::Open(const std::vector<std::string>& details) {
  const http::Response opened =
      Send(http::Method::kPost, "/ispws/submit", "acme", "text/xml", tipline::testing::MinimalReport());
  EXPECT_EQ(opened.status, 200) << opened.body;
  const std::string id = Element(opened.body, "reportId");
  for (std::size_t index = 0; index < details.size(); ++index) {
    const http::Response sent = Send(http::Method::kPost, "/ispws/upload", "acme", "multipart/form-data; boundary=b",
                                     tipline::testing::UploadBody("b", id, "a.jpg", "image/jpeg", BytesOf(index)));
    EXPECT_EQ(sent.status, 200) << sent.body;
    if (details[index].empty()) continue;
    const std::string body = tipline::testing::FileInfoBody(*ParseInteger(id), Element(sent.body, "fileId"), details[index]);
    const http::Response described = Send(http::Method::kPost, "/ispws/fileinfo", "acme", "text/xml", body);
    EXPECT_EQ(described.status, 200) << described.body;
  }
  return ParseInteger(id).value_or(0);
}

void EvidenceRig::Finish(std::int64_t report) {
  const http::Response finished =
      Send(http::Method::kPost, "/ispws/finish", "acme", "multipart/form-data; boundary=b",
           "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + std::to_string(report) + "\r\n--b--\r\n");
  EXPECT_EQ(finished.status, 200) << finished.body;
}

ReportId EvidenceRig::File(const std::vector<std::string>& details) {
  const std::int64_t report = Open(details);
  Finish(report);
  return {report};
}

FileId EvidenceRig::FileOf(ReportId report, int place) { return {report.value * tipline::kPlacesPerReport + place}; }

int EvidenceRig::RunJobs() {
  int all = 0;
  for (;;) {
    const Result<bool> ran = worker->RunOne();
    EXPECT_TRUE(ran.ok()) << (ran.ok() ? "" : ran.error().operator_text);
    if (!ran.ok() || !*ran) return all;
    ++all;
  }
}

std::vector<GateRow> EvidenceRig::Decisions(FileId file) {
  auto rows = database->Read([&](store::ReadTransaction& transaction) { return rows::GatesOf(transaction, file); });
  EXPECT_TRUE(rows.ok()) << (rows.ok() ? "" : rows.error().operator_text);
  return rows.ok() ? *std::move(rows) : std::vector<GateRow>();
}

GateRow EvidenceRig::Newest(FileId file) {
  const std::vector<GateRow> rows = Decisions(file);
  EXPECT_FALSE(rows.empty()) << "file " << file.value << " is not decided about";
  return rows.empty() ? GateRow() : rows.back();
}

std::vector<std::string> EvidenceRig::AllDecisions() {
  static constexpr store::Statement kAll{
      "test.all_gates",
      "SELECT file, sequence, at, table_version, jurisdiction, rule, decision, inputs, account FROM evidence_gates ORDER BY file, sequence"};
  std::vector<std::string> lines;
  const auto rows = database->Read([&](store::ReadTransaction& transaction) { return transaction.All(kAll); });
  for (const store::Row& row : rows.value()) {
    std::string line;
    for (const std::size_t column : {0U, 1U, 2U, 6U, 8U}) line += std::to_string(row.Integer(column)) + "|";
    for (const std::size_t column : {3U, 4U, 5U, 7U}) line += row.Text(column) + "|";
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<audit::RecordedEntry> EvidenceRig::Trail(ReportId report) {
  return database
      ->Read([&](store::ReadTransaction& transaction) { return audit::ListOf(transaction, "report", report.value, 1'000); })
      .value();
}

Result<std::string> EvidenceRig::Read(const auth::Caller& caller, FileId file, std::string_view purpose) {
  std::string bytes;
  const auto keep = [&](std::string_view some) -> Result<void> {
    bytes += some;
    return {};
  };
  const Result<void> opened = door.OpenFile(caller, file, purpose, keep, "r");
  if (opened.ok()) return bytes;
  EXPECT_EQ(bytes, "") << "a refusal came after bytes";
  return opened.error();
}

Authority EvidenceRig::Warrant(ReportId report) const {
  Authority authority;
  authority.report = report;
  authority.kind = AuthorityKind::kWarrant;
  authority.reference = "26-mj-0001";
  authority.from = clock.Now();
  authority.until = clock.Now() + Duration::Days(1);
  return authority;
}

Authority EvidenceRig::Add(const Authority& authority) {
  const Result<Authority> added = gatekeeper.AddAuthority(Legal(), authority, "r");
  EXPECT_TRUE(added.ok()) << (added.ok() ? "" : added.error().public_text);
  return added.ok() ? *added : Authority();
}

}  // namespace porchlight::evidence::testing
