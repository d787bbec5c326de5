#include "triage/testing/triage_rig.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "hashing/migrations.h"
#include "tipline/report_store.h"
#include "tipline/testing/wire_samples.h"
#include "triage/migrations.h"
#include "triage/triage_jobs.h"
#include "triage/tip_rows.h"

namespace porchlight::triage::testing {

namespace {

std::string In(const std::string& name, const std::string& content) {
  return content.empty() ? std::string() : "<" + name + ">" + content + "</" + name + ">";
}

}  // namespace

const RuleBook& ReferenceRules() {
  static const RuleBook book =
      RuleBook::Read({{"us-2026-11.json", tipline::testing::ReadSourceFile("profiles/us/tables/triage/us-2026-11.json")}}).value();
  return book;
}

std::string ReportDocument(const Wanted& wanted) {
  std::string text = "<report>";
  if (wanted.batched) text += "<batchedReport reason=\"VIRAL_POTENTIAL_MEME\"/>";
  text += "<incidentSummary>" + In("incidentType", wanted.type) + In("escalateToHighPriority", wanted.escalation) +
          In("reportAnnotations", wanted.annotations) + In("incidentDateTime", wanted.incident_time) + "</incidentSummary>";
  if (!wanted.url.empty()) text += "<internetDetails><webPageIncident>" + In("url", wanted.url) + "</webPageIncident></internetDetails>";
  if (!wanted.conversation.empty()) {
    text += "<internetDetails><chatImIncident>" + In("content", wanted.conversation) + "</chatImIncident></internetDetails>";
  }
  text += "<reporter><reportingPerson><firstName>Pat</firstName><lastName>Example</lastName></reportingPerson>" +
          In("companyTemplate", wanted.company_template) + "</reporter>";
  for (int person = 0; person < wanted.people && !wanted.person.empty(); ++person) text += In("personOrUserReported", wanted.person);
  text += In("victim", wanted.victim) + In("additionalInfo", wanted.note) + "</report>";
  return text;
}

RuleBook WithNewerTable(const std::string& version, const std::string& valid_from) {
  const std::string first = tipline::testing::ReadSourceFile("profiles/us/tables/triage/us-2026-11.json");
  std::string second = first;
  const auto change = [&](std::string_view from, std::string_view to) {
    const auto at = second.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) second.replace(at, from.size(), to);
  };
  change("\"us-2026-11\"", "\"" + version + "\"");
  change("2020-01-01", valid_from);
  change("\"suicid*\"", "\"lighthouse\", \"suicid*\"");
  change("\"all\": [\"escalated\"], \"points\": 300, \"floor\": 1, \"urgent\": true", "\"all\": [\"escalated\"], \"points\": 10");
  return RuleBook::Read({{"a.json", first}, {"b.json", second}}).value();
}

std::vector<store::Migration> RigMigrations() {
  std::vector<store::Migration> all = tipline::testing::RigMigrations();
  for (const auto& some : {Migrations(), hashing::Migrations()}) all.insert(all.end(), some.begin(), some.end());
  return all;
}

TriageRig::TriageRig(store::Engine engine)
    : IntakeRig(engine), judging(ReferenceRules(), sealer, "a key of the tests"),
      actions(*database, judging, clock, ActionRules{}), rejudging(*database, judging, sealer, clock), throttles(*database, clock), runner(*database, judging, clock, {}),
      hashing(*database, *vault, clock, random), near_copies(*database, judging, clock) {
  const Result<void> migrated = database->Migrate(RigMigrations());
  EXPECT_TRUE(migrated.ok()) << migrated.error().operator_text;
  triage::RegisterJobs(hashing.worker, {*database, judging, actions, rejudging, throttles, clock});
}

std::int64_t TriageRig::File(const Wanted& wanted, const std::vector<WantedFile>& files, const std::string& login) {
  using tipline::testing::Element;
  const http::Response opened = Send(http::Method::kPost, "/ispws/submit", login, "text/xml", ReportDocument(wanted));
  EXPECT_EQ(opened.status, 200) << opened.body;
  const std::string id = Element(opened.body, "reportId");
  for (const WantedFile& file : files) {
    const http::Response sent = Send(http::Method::kPost, "/ispws/upload", login, "multipart/form-data; boundary=b",
                                     tipline::testing::UploadBody("b", id, "a.jpg", "image/jpeg", file.bytes));
    EXPECT_EQ(sent.status, 200) << sent.body;
    if (file.details.empty()) continue;
    const std::string body = tipline::testing::FileInfoBody(*ParseInteger(id), Element(sent.body, "fileId"), file.details);
    const http::Response described = Send(http::Method::kPost, "/ispws/fileinfo", login, "text/xml", body);
    EXPECT_EQ(described.status, 200) << described.body;
  }
  const http::Response finished = Send(http::Method::kPost, "/ispws/finish", login, "multipart/form-data; boundary=b",
                                       "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + id + "\r\n--b--\r\n");
  EXPECT_EQ(finished.status, 200) << finished.body;
  return ParseInteger(id).value_or(0);
}

int TriageRig::Judge() {
  int all = 0;
  for (;;) {
    const Result<int> some = runner.RunOnce();
    EXPECT_TRUE(some.ok()) << (some.ok() ? "" : some.error().operator_text);
    if (!some.ok() || *some == 0) return all;
    all += *some;
  }
}

void TriageRig::Compare() {
  for (;;) {
    const int ran = hashing.Run();
    const Result<int> some = near_copies.RunOnce();
    EXPECT_TRUE(some.ok()) << (some.ok() ? "" : some.error().operator_text);
    if (!some.ok() || (*some == 0 && ran == 0)) return;
  }
}

Tip TriageRig::TipOf(std::int64_t report) {
  const auto tip = database->Read([&](store::ReadTransaction& transaction) { return rows::FindTip(transaction, {report}); });
  EXPECT_TRUE(tip.ok() && tip->has_value()) << "report " << report << " is not judged";
  return tip.ok() && tip->has_value() ? **tip : Tip();
}

Score TriageRig::ScoreOf(std::int64_t report) {
  const int number = TipOf(report).scores;
  const auto score = database->Read([&](store::ReadTransaction& transaction) { return rows::FindScore(transaction, {report}, number); });
  EXPECT_TRUE(score.ok()) << (score.ok() ? "" : score.error().operator_text);
  return score.ok() ? *score : Score();
}

std::optional<Bundle> TriageRig::BundleOf(std::int64_t report) {
  const std::optional<BundleId> id = TipOf(report).bundle;
  if (!id) return std::nullopt;
  return database->Read([&](store::ReadTransaction& transaction) { return rows::FindBundle(transaction, *id); }).value();
}

std::string TriageRig::StateOf(std::int64_t report) {
  const auto row = database->Read([&](store::ReadTransaction& transaction) { return tipline::FindReport(transaction, {report}); });
  return std::string(NameOf(row.value().state));
}

std::vector<std::string> TriageRig::Fired(std::int64_t report) {
  std::vector<std::string> codes;
  for (const FiredRule& rule : ScoreOf(report).verdict.fired) codes.push_back(rule.code);
  return codes;
}

auth::Caller TriageAnalyst(std::int64_t account) {
  auth::Caller caller = tipline::testing::Analyst();
  caller.account = {account};
  caller.login = "analyst-" + std::to_string(account);
  for (const char* permission : {"triage.queue.read", "triage.tip.read", "triage.tip.work"}) caller.permissions.insert(permission);
  return caller;
}

}  // namespace porchlight::triage::testing
