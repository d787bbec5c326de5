#include "tests/simulation/platform.h"

#include "platform/crypto/digest.h"
#include "tipline/report_store.h"

namespace porchlight::tests {

namespace {

const std::string kForm = "application/x-www-form-urlencoded";
const std::string kXml = "text/xml; charset=utf-8";
constexpr Duration kFromOpen = Duration::Hours(24);
constexpr Duration kFromChange = Duration::Hours(1);

std::string Hex(std::string_view bytes) { return HexEncode(crypto::Sha256(bytes)); }

std::string UploadForm(std::int64_t report, std::string_view name, std::string_view bytes) {
  std::string body = "--edge\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + std::to_string(report) + "\r\n";
  body += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + std::string(name) + "\"\r\n";
  body += "Content-Type: application/octet-stream\r\n\r\n" + std::string(bytes) + "\r\n--edge--\r\n";
  return body;
}

}  // namespace

void Restart(CentreRig& rig, Faults& faults) {
  rig.Close();
  faults.SetDiskFull(false);
  for (int tries = 0; tries < 50; ++tries) {
    faults.Revive();
    const Result<void> opened = rig.TryOpen();
    if (opened.ok()) return;
    ASSERT_TRUE(faults.dead()) << opened.error().operator_text;
  }
  FAIL() << "the centre does not open any more";
}

Platform::Answer Platform::Call(const std::string& path, const std::string& body, const std::string& type, const std::string& key) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
  const http::Response response = rig_.Send(http::Method::kPost, "/ispws" + path, Basic(login_), body, type, headers);
  Answer answer{response.status, -1, response.body, faults_.dead()};
  if (const auto code = ParseInteger(Element(response.body, "responseCode"))) answer.code = static_cast<int>(*code);
  if (answer.lost) Restart(rig_, faults_);
  return answer;
}

Platform::Answer Platform::Insist(const std::string& path, const std::string& body, const std::string& type, const std::string& key) {
  bool lost = false;
  Answer answer;
  for (int tries = 0; tries < 4; ++tries) {
    answer = Call(path, body, type, key);
    lost = lost || answer.lost;
    if (!answer.lost && answer.status < 500) break;
  }
  if (faults_.disk_full()) { EXPECT_NE(answer.code, 0) << path << " was acknowledged on a full disk"; }
  answer.lost = lost;
  return answer;
}

void Platform::Act(Random& random) {
  switch (random.Below(20)) {
    case 0: case 1: case 2: case 3: return Submit(random);
    case 4: case 5: return SubmitAgain(random);
    case 6: case 7: case 8: case 9: case 10: case 11: return Upload(random);
    case 12: case 13: case 14: case 15: return Finish(random);
    case 16: return Retract(random);
    case 17: return SendRubbish(random);
    default: return TryAnothers(random);
  }
}

SentReport* Platform::Pick(Random& random, std::uint64_t newest) {
  if (reports_.empty()) return nullptr;
  const std::uint64_t back = random.Below(std::min<std::uint64_t>(reports_.size(), newest));
  return &std::prev(reports_.end(), static_cast<std::ptrdiff_t>(back) + 1)->second;
}

void Platform::Learn(const std::string& document, const std::string& key, const Answer& answer) {
  if (answer.lost && key.empty()) ++unknown_submits_;
  if (answer.status >= 500) return;
  ASSERT_EQ(answer.code, 0) << answer.body;
  const std::int64_t id = ParseInteger(Element(answer.body, "reportId")).value_or(0);
  if (!key.empty() && by_key_.contains(key)) {
    EXPECT_EQ(id, by_key_[key]) << "one idempotency key, one report";
    return;
  }
  EXPECT_FALSE(reports_.contains(id)) << "report " << id << " was given out twice";
  const Instant now = rig_.clock().Now();
  reports_[id] = {id, document, key, now + kFromOpen, now + kFromOpen, Stage::kOpen, {}, {}};
  if (!key.empty()) by_key_[key] = id;
}

void Platform::Submit(Random& random) {
  const synthetic::Plan plan = plans_.ProviderPlanOf(next_++);
  const std::string document = synthetic::WriteReport(plan, {rig_.clock().Now(), {}});
  const std::string key = random.Below(2) == 0 ? login_ + "-" + std::to_string(next_) : std::string();
  Learn(document, key, Insist("/submit", document, kXml, key));
}

// The same bytes once more: with its key the same report, without one another that is known to be a repeat.
void Platform::SubmitAgain(Random& random) {
  const SentReport* earlier = Pick(random, 3);
  if (earlier == nullptr) return;
  const std::string document = earlier->document;
  Learn(document, earlier->key, Insist("/submit", document, kXml, earlier->key));
}

void Platform::ExpectRefusalFits(SentReport& report, const Answer& answer) {
  const Instant now = rig_.clock().Now();
  switch (report.stage) {
    case Stage::kOpen:
      if (report.perhaps && answer.code == (*report.perhaps == Stage::kFinished ? 5102 : 5101)) {
        report.stage = *report.perhaps;
        return;
      }
      EXPECT_EQ(answer.code, 5001) << answer.body;
      EXPECT_GE(now, report.alive_until) << "report " << report.id << " was gone before its time";
      report.stage = Stage::kExpired;
      return;
    case Stage::kFinished: EXPECT_EQ(answer.code, 5102) << answer.body; return;
    case Stage::kRetracted: EXPECT_EQ(answer.code, 5101) << answer.body; return;
    case Stage::kExpired: EXPECT_EQ(answer.code, 5001) << answer.body; return;
  }
}

void Platform::Upload(Random& random) {
  SentReport* report = Pick(random);
  if (report == nullptr) return;
  const std::string bytes = random.Bytes(1 + random.Below(40'000));
  const Answer answer = Insist("/upload", UploadForm(report->id, "photo.jpg", bytes), "multipart/form-data; boundary=edge");
  const Instant now = rig_.clock().Now();
  if (answer.lost) report->over_from = std::max(report->over_from, now + kFromChange);
  if (answer.status >= 500) return;
  if (answer.code != 0) return ExpectRefusalFits(*report, answer);
  EXPECT_EQ(report->stage, Stage::kOpen) << "a file was added to a report that is over";
  EXPECT_LT(now, report->over_from);
  report->alive_until = std::max(report->alive_until, now + kFromChange);
  report->over_from = std::max(report->over_from, now + kFromChange);
  report->files.push_back({Element(answer.body, "fileId"), Hex(bytes)});
  if (random.Below(2) == 0) return;
  const std::string details = "<fileDetails><reportId>" + std::to_string(report->id) + "</reportId><fileId>" + report->files.back().file_id +
                              "</fileId><fileViewedByEsp>true</fileViewedByEsp></fileDetails>";
  const Answer told = Insist("/fileinfo", details, kXml);
  if (told.status < 500) { EXPECT_EQ(told.code, 0) << told.body; }
}

void Platform::End(SentReport& report, const std::string& path, Stage after) {
  const Answer answer = Insist(path, "id=" + std::to_string(report.id), kForm);
  if (answer.lost && report.stage == Stage::kOpen) report.perhaps = after;
  if (answer.status >= 500) return;
  if (answer.code != 0) return ExpectRefusalFits(report, answer);
  EXPECT_TRUE(report.stage == Stage::kOpen) << "report " << report.id << " ended twice by " << path;
  EXPECT_LT(rig_.clock().Now(), report.over_from);
  report.stage = after;
  if (after != Stage::kFinished) return;
  for (const SentFile& file : report.files) {
    EXPECT_NE(answer.body.find("<fileId>" + file.file_id + "</fileId>"), std::string::npos) << "finish does not name " << file.file_id;
  }
}

void Platform::Finish(Random& random) {
  if (SentReport* report = Pick(random)) End(*report, "/finish", Stage::kFinished);
}

void Platform::Retract(Random& random) {
  if (SentReport* report = Pick(random)) End(*report, "/retract", Stage::kRetracted);
}

void Platform::SendRubbish(Random& random) {
  const std::string good = synthetic::WriteReport(plans_.ProviderPlanOf(next_), {rig_.clock().Now(), {}});
  const std::string cut = good.substr(0, random.Below(good.size()));
  const Answer answer = Call("/submit", cut, kXml);
  if (answer.status >= 500) return;
  EXPECT_TRUE(answer.code == 4110 || answer.code == 4100) << answer.body;
  EXPECT_EQ(answer.status, 400);
}

void Platform::TryAnothers(Random& random) {
  if (heard_of_ == 0) return;
  const char* const paths[] = {"/finish", "/retract"};
  const Answer answer = Call(paths[random.Below(2)], "id=" + std::to_string(heard_of_), kForm);
  if (answer.status < 500) { EXPECT_EQ(answer.code, 5001) << "another's report: " << answer.body; }
}

void Platform::CheckAll() {
  const Instant now = rig_.clock().Now();
  for (auto& [id, report] : reports_) {
    const http::Response response = rig_.Send(http::Method::kGet, "/api/v1/receipts/" + std::to_string(id), Basic(login_));
    ASSERT_EQ(response.status, 200) << "report " << id << " was acknowledged and has no receipt: " << response.body;
    const Json receipt = *ParseJson(response.body);
    const std::string_view state = receipt.Text("state");
    EXPECT_EQ(receipt.Text("document_sha256"), Hex(report.document));
    EXPECT_EQ(*receipt.Find("test")->AsBool(), test_traffic_);
    const bool open = state == "opened" || state == "files_pending";
    switch (report.stage) {
      case Stage::kOpen:
        if (now < report.alive_until) { EXPECT_TRUE(open || state == "finished" || state == "retracted") << id << " is " << state; }
        break;
      case Stage::kFinished: EXPECT_TRUE(state == "finished" || state == "triaged" || state == "closed") << id << " " << state; break;
      case Stage::kRetracted: EXPECT_EQ(state, "retracted") << id; break;
      case Stage::kExpired: EXPECT_TRUE(open || state == "expired_unfinished") << id << " is " << state; break;
    }
    if (report.stage != Stage::kFinished && (report.stage != Stage::kOpen || now >= report.alive_until)) continue;
    if (state == "retracted") continue;
    const auto detail = rig_.centre().database().Read([&, number = id](store::ReadTransaction& transaction) {
      return tipline::FindOriginal(transaction, rig_.centre().sealer(), tipline::ReportId{number}, 0);
    });
    ASSERT_TRUE(detail.ok()) << detail.error().public_text;
    EXPECT_EQ(detail->bytes, report.document) << "the original of " << id << " is not what was sent";
    const auto files = rig_.centre().database().Read([&, number = id](store::ReadTransaction& transaction) {
      return tipline::ListFiles(transaction, rig_.centre().sealer(), tipline::ReportId{number});
    });
    ASSERT_TRUE(files.ok());
    for (const SentFile& sent : report.files) {
      const auto found = std::find_if(files->begin(), files->end(), [&](const tipline::FileView& one) { return one.wire_id == sent.file_id; });
      ASSERT_NE(found, files->end()) << "file " << sent.file_id << " of report " << id << " is lost";
      EXPECT_EQ(found->sha256, sent.sha256);
    }
  }
}

}  // namespace porchlight::tests
