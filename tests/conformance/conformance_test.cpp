// Goal: the public client libraries of the reporting API work against this server unchanged.
// Method: their habits (habits.h) are replayed byte for byte over TCP against the whole centre on a socket, with a clock
// that stands still; every reply is compared as text with the form that docs/formats/ispws.md promises, for each client
// alone. Then single peculiarities: framing, names, compression, repeats, and documents that some client gets wrong.
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <iterator>

#include "platform/crypto/digest.h"
#include "tests/common/centre_rig.h"
#include "tests/conformance/habits.h"
#include "tests/conformance/raw_client.h"
#include "tipline/report_store.h"

namespace porchlight::tests {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kDeclaration = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";
constexpr const char* kUnknownReport = "8999999999";
const std::string kUnknownFile = "a" + std::string(31, '0');

// A store whose writes can be refused for a while.
class StubbornDatabase final : public store::Database {
 public:
  static constexpr ErrorCode kNone = ErrorCode::kNotFound;   // No store refuses a write so: nothing is refused.
  StubbornDatabase(const std::atomic<ErrorCode>& refusal, std::unique_ptr<store::Database> inner)
      : refusal_(refusal), inner_(std::move(inner)) {}
  store::Engine engine() const override { return inner_->engine(); }
  Result<void> Migrate(const std::vector<store::Migration>& migrations) override { return inner_->Migrate(migrations); }
  Result<void> BackUpTo(const std::string& path) override { return inner_->BackUpTo(path); }
  Result<bool> HoldForThisProcess() override { return inner_->HoldForThisProcess(); }
  Result<void> Ping() override { return inner_->Ping(); }

 protected:
  Result<void> RunRead(const std::function<Result<void>(store::ReadTransaction&)>& work) override { return inner_->Read(work); }
  Result<void> RunWrite(const std::function<Result<void>(store::WriteTransaction&)>& work) override {
    if (refusal_.load() != kNone) return Error{refusal_.load(), "Nothing can be stored.", "as the test wishes", {}, 60};
    return inner_->Write(work);
  }

 private:
  const std::atomic<ErrorCode>& refusal_;
  std::unique_ptr<store::Database> inner_;
};

std::string LoginOf(const Habit& habit) { return "client-" + LowerAscii(habit.name); }

// A centre that listens, with a platform account for each client.
class Service {
 public:
  Service() {
    rig_.config().listen = "127.0.0.1:0";
    rig_.config().worker_threads = 0;
    rig_.config().handler_threads = 8;
    rig_.seams().database = [this](std::unique_ptr<store::Database> inner) -> std::unique_ptr<store::Database> {
      return std::make_unique<StubbornDatabase>(refusal_, std::move(inner));
    };
    rig_.Open();
    const auth::OrganisationId organisation = rig_.MakeOrganisation("Lanternchat (example)");
    for (const Habit& habit : AllHabits()) rig_.MakeAccount(LoginOf(habit), auth::AccountKind::kPlatform, organisation, "esp_reporter");
    rig_.Close();
    auto centre = app::Centre::Open(rig_.config(), app::Centre::Access::kExisting, rig_.clock(), rig_.random(), rig_.seams());
    PL_CHECK(centre.ok());
    centre_ = *std::move(centre);
    auto serving = app::Serving::Start(*centre_, *log_);
    PL_CHECK(serving.ok());
    serving_ = *std::move(serving);
  }
  std::uint16_t port() const { return serving_->port(); }
  // `calls` run while no write succeeds.
  void WhileWritesFail(ErrorCode refusal, const std::function<void()>& calls) {
    refusal_.store(refusal);
    calls();
    refusal_.store(StubbornDatabase::kNone);
  }
  std::vector<std::string> FileNames(const std::string& report) {
    const auto files = centre_->database().Read([&](store::ReadTransaction& transaction) {
      return tipline::ListFiles(transaction, centre_->sealer(), tipline::ReportId{ParseInteger(report).value()});
    });
    std::vector<std::string> names;
    for (const tipline::FileView& file : *files) names.push_back(file.name.Reveal());
    return names;
  }

 private:
  std::atomic<ErrorCode> refusal_{StubbornDatabase::kNone};
  CentreRig rig_{"conformance"};
  std::unique_ptr<observe::Log> log_ = observe::SilentLog();
  std::unique_ptr<app::Centre> centre_;
  std::unique_ptr<app::Serving> serving_;
};

// One running client: it speaks as its habit says and keeps its connection, or does not.
class Client {
 public:
  Client(const Habit& habit, std::uint16_t port, const std::string& password = kPassword)
      : habit_(habit), port_(port), sender_{"127.0.0.1:" + std::to_string(port), Basic(LoginOf(habit), password).authorization} {}

  const Habit& habit() const { return habit_; }
  Habit& habit() { return habit_; }
  const Sender& sender() const { return sender_; }
  int connections() const { return connections_; }
  int interim_answers() const { return interim_answers_; }
  // 0: each piece of the body whole.
  void SetPieceBytes(std::size_t bytes) { piece_bytes_ = bytes; }

  Answer Get(const std::string& target) { return Ask(GetOf(habit_, sender_, target)); }
  Answer Status() { return Get(habit_.base + "/status" + habit_.tail); }
  Answer Schema() { return Get(habit_.base + "/xsd" + habit_.tail); }
  Answer Submit(const std::string& document) { return Ask(DocumentOf(habit_, sender_, "/submit", document)); }
  Answer Submit() { return Submit(habit_.report); }
  Answer Upload(const std::string& id, const std::string& bytes) { return Ask(UploadOf(habit_, sender_, id, bytes)); }
  Answer Describe(const std::string& id, const std::string& file) {
    return Ask(DocumentOf(habit_, sender_, "/fileinfo", Filled(Filled(habit_.details, "report", id), "file", file)));
  }
  Answer Finish(const std::string& id) { return Ask(IdFormOf(habit_, sender_, "/finish", id)); }
  Answer Retract(const std::string& id) { return Ask(IdFormOf(habit_, sender_, "/retract", id)); }
  std::string Opened() { return Element(Submit().body, "reportId"); }
  Json Receipt(const std::string& id) {
    const Result<Json> receipt = ParseJson(Get("/api/v1/receipts/" + id).body);
    EXPECT_TRUE(receipt.ok());
    return receipt.ok() ? *receipt : Json();
  }

  Answer Ask(const WireRequest& request) {
    if (!raw_) {
      raw_ = std::make_unique<RawClient>(port_);
      ++connections_;
    }
    raw_->SendInPieces(request.head, piece_bytes_ == 0 ? request.head.size() : piece_bytes_);
    Answer answer;
    if (request.head.find("Expect: 100-continue") != std::string::npos) {
      answer = raw_->Read();
      if (answer.status == 100) ++interim_answers_;
    }
    if (answer.status < 200) {
      for (const std::string& piece : request.body) raw_->SendInPieces(piece, piece_bytes_ == 0 ? 64 * 1024 : piece_bytes_);
      answer = raw_->Read();
    }
    if (habit_.connections == Connections::kOnePerCall || answer.Header("Connection") == "close" || answer.status == 0) raw_.reset();
    return answer;
  }

 private:
  Habit habit_;
  const std::uint16_t port_;
  const Sender sender_;
  std::unique_ptr<RawClient> raw_;
  std::size_t piece_bytes_ = 0;
  int connections_ = 0;
  int interim_answers_ = 0;
};

std::string Tag(const std::string& name, const std::string& content) { return "<" + name + ">" + content + "</" + name + ">"; }
std::string ReportIdTag(const std::string& id) { return Tag("reportId", id); }
std::string FilesTag(const std::vector<std::string>& ids) {
  std::string list;
  for (const std::string& id : ids) list += Tag("fileId", id);
  return list.empty() ? "<files/>" : Tag("files", list);
}

// What clients read outside the body, whatever the answer.
void ExpectEnvelope(const Answer& answer, int status) {
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_EQ(answer.Header("Content-Type"), "application/xml;charset=UTF-8");
  EXPECT_FALSE(answer.Header("Request-ID").empty());
  EXPECT_EQ(answer.Header("Content-Length"), std::to_string(answer.wire_body.size()));
  EXPECT_EQ(answer.Header("WWW-Authenticate"), status == 401 ? "Basic realm=\"ESP Web Services\"" : "");
}
void ExpectSuccess(const Answer& answer, const std::string& root, const std::string& below) {
  ExpectEnvelope(answer, 200);
  EXPECT_EQ(answer.body, kDeclaration + Tag(root, "<responseCode>0</responseCode>" + below));
}
// `after`: what follows the description.
void ExpectRefusal(const Answer& answer, int status, const std::string& code_and_label, const std::string& root, const std::string& after) {
  ExpectEnvelope(answer, status);
  const std::string code = code_and_label.substr(0, 4);
  const std::string start =
      kDeclaration + ("<" + root + ">") + Tag("responseCode", code) + "<responseDescription>" + code_and_label.substr(5);
  const std::string end = "</responseDescription>" + after + "</" + root + ">";
  EXPECT_THAT(answer.body, StartsWith(start));
  EXPECT_THAT(answer.body, EndsWith(end));
  if (answer.body.size() < start.size() + end.size()) return;
  EXPECT_EQ(answer.body.substr(start.size(), answer.body.size() - start.size() - end.size()).find('<'), std::string::npos) << answer.body;
}
void ExpectReportNumber(const std::string& id) {
  EXPECT_GT(ParseInteger(id).value_or(0), 0) << id;
  EXPECT_LE(id.size(), 15U) << id << " is no number that every double holds exactly";
}
void ExpectFileId(const std::string& id) {
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << id;
  EXPECT_GE(id.front(), 'a') << id << " could be taken for a number";
}

// Harmless bytes that no two lengths share.
std::string FileBytes(std::size_t count) {
  std::string bytes = "tide table " + std::to_string(count) + "\r\n--";
  while (bytes.size() < count) bytes += static_cast<char>(bytes.size() * 37 % 251);
  return bytes.substr(0, count);
}
std::string SchemaFile() {
  std::ifstream file(std::string(PORCHLIGHT_SOURCE_DIR) + "/api/ispws.xsd", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ConformanceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { service_ = std::make_unique<Service>(); }
  static void TearDownTestSuite() { service_.reset(); }
  static Client Of(const std::string& name) { return Client(HabitOf(name), service_->port()); }
  static void ExpectDocumentStored(Client& client, const std::string& id, const std::string& document, const std::string& state) {
    const Json receipt = client.Receipt(id);
    // What is finished is judged by the server's own work at any moment from then on, and closed when it is a repeat.
    const std::string now(receipt.Text("state"));
    const bool went_on = state == "finished" && (now == "triaged" || now == "closed");
    EXPECT_TRUE(now == state || went_on) << now;
    EXPECT_EQ(receipt.Text("document_sha256"), HexEncode(crypto::Sha256(document)));
  }
  // The id that the file was given.
  static std::string ExpectUploaded(const Answer& answer, const std::string& report, const std::string& bytes) {
    const std::string file = Element(answer.body, "fileId");
    ExpectFileId(file);
    ExpectSuccess(answer, "reportResponse",
                  Tag("responseDescription", "Success") + ReportIdTag(report) + Tag("fileId", file) +
                      Tag("hash", HexEncode(crypto::Md5(bytes))));
    return file;
  }

  static std::unique_ptr<Service> service_;
};
std::unique_ptr<Service> ConformanceTest::service_;

class EveryClientTest : public ConformanceTest, public testing::WithParamInterface<Habit> {
 protected:
  static void ExpectWholeLife(Client& client, const std::string& bytes) {
    const std::string success = Tag("responseDescription", "Success");
    ExpectSuccess(client.Status(), "reportResponse",
                  Tag("responseDescription", "Remote User : " + LoginOf(client.habit()) + ", Remote Ip : 127.0.0.1"));
    if (client.habit().reads_schema) { EXPECT_EQ(client.Schema().body, SchemaFile()); }
    const Answer opened = client.Submit();
    const std::string id = Element(opened.body, "reportId");
    ExpectReportNumber(id);
    ExpectSuccess(opened, "reportResponse", success + ReportIdTag(id));
    const std::string file = ExpectUploaded(client.Upload(id, bytes), id, bytes);
    ExpectSuccess(client.Describe(id, file), "reportResponse", success + ReportIdTag(id) + Tag("fileId", file));
    ExpectSuccess(client.Finish(id), "reportDoneResponse", ReportIdTag(id) + FilesTag({file}));
    ExpectDocumentStored(client, id, client.habit().report, "finished");
    EXPECT_EQ(service_->FileNames(id), std::vector<std::string>{client.habit().file_name});
  }
  Client client_{GetParam(), service_->port()};
};

TEST_P(EveryClientTest, FilesAReportFromStatusToFinish) {
  ExpectWholeLife(client_, FileBytes(150'000));
  const int calls = GetParam().reads_schema ? 7 : 6;   // The receipt is the last.
  EXPECT_EQ(client_.connections(), GetParam().connections == Connections::kKept ? 1 : calls);
}

TEST_P(EveryClientTest, FilesAReportInPiecesThatSplitEveryToken) {
  client_.SetPieceBytes(3);
  ExpectWholeLife(client_, FileBytes(500));
}

TEST_P(EveryClientTest, FinishesAReportWithoutFiles) {
  const std::string id = client_.Opened();
  ExpectSuccess(client_.Finish(id), "reportDoneResponse", ReportIdTag(id) + "<files/>");
}

TEST_P(EveryClientTest, TakesAReportBack) {
  const std::string id = client_.Opened();
  ExpectUploaded(client_.Upload(id, FileBytes(80)), id, FileBytes(80));
  ExpectSuccess(client_.Retract(id), "reportResponse", Tag("responseDescription", "Success") + ReportIdTag(id));
  ExpectDocumentStored(client_, id, GetParam().report, "retracted");
}

TEST_P(EveryClientTest, IsToldOfAWrongPasswordInTheRootOfItsCall) {
  const std::string id = client_.Opened();
  Client wrong(GetParam(), service_->port(), "not the password of " + GetParam().name);
  const std::string refusal = "2000 Authentication required";
  ExpectRefusal(wrong.Status(), 401, refusal, "reportResponse", "");
  ExpectRefusal(wrong.Schema(), 401, refusal, "reportResponse", "");
  ExpectRefusal(wrong.Submit(), 401, refusal, "reportResponse", "");
  ExpectRefusal(wrong.Upload(id, FileBytes(80)), 401, refusal, "reportResponse", "");
  ExpectRefusal(wrong.Upload(id, FileBytes(2'000'000)), 401, refusal, "reportResponse", "");
  ExpectRefusal(wrong.Describe(id, kUnknownFile), 401, refusal, "reportResponse", "");
  ExpectRefusal(wrong.Finish(id), 401, refusal, "reportDoneResponse", ReportIdTag("0") + "<files/>");
  ExpectRefusal(wrong.Retract(id), 401, refusal, "reportResponse", "");
  ExpectDocumentStored(client_, id, GetParam().report, "opened");
}

TEST_P(EveryClientTest, IsToldOfDocumentsThatAreMalformedOrInvalid) {
  const std::string report = GetParam().report;
  const std::string cut = report.substr(0, report.rfind("</incidentSummary>"));
  ExpectRefusal(client_.Submit(cut), 400, "4110 Malformed XML submittal\n[", "reportResponse", "");
  ExpectRefusal(client_.Submit(""), 400, "4110 Malformed XML submittal", "reportResponse", "");
  std::string unknown_word = report;
  unknown_word.replace(unknown_word.find("Misleading Domain Name"), 22, "Misleading Domain");
  ExpectRefusal(client_.Submit(unknown_word), 400, "4100 Validation failed\n[", "reportResponse", "");
  const std::string details = Filled(Filled(GetParam().details, "report", "1"), "file", kUnknownFile);
  ExpectRefusal(client_.Submit(details), 400, "4100 Validation failed\n[", "reportResponse", "");
  client_.habit().details = report;
  ExpectRefusal(client_.Describe("1", kUnknownFile), 400, "4100 Validation failed\n[", "reportResponse", "");
  client_.habit().details = cut;
  ExpectRefusal(client_.Describe("1", kUnknownFile), 400, "4110 Malformed XML submittal\n[", "reportResponse", "");
}

TEST_P(EveryClientTest, IsToldOfReportsAndFilesThatDoNotExist) {
  const std::string refusal = "5001 Report does not exist";
  const std::string number = ReportIdTag(kUnknownReport);
  ExpectRefusal(client_.Upload(kUnknownReport, FileBytes(80)), 404, refusal, "reportResponse", number);
  ExpectRefusal(client_.Upload(kUnknownReport, FileBytes(2'000'000)), 404, refusal, "reportResponse", number);
  ExpectRefusal(client_.Describe(kUnknownReport, kUnknownFile), 404, refusal, "reportResponse", number);
  ExpectRefusal(client_.Finish(kUnknownReport), 404, refusal, "reportDoneResponse", number + "<files/>");
  ExpectRefusal(client_.Retract(kUnknownReport), 404, refusal, "reportResponse", number);
  const std::string id = client_.Opened();
  ExpectRefusal(client_.Describe(id, kUnknownFile), 400, "5002 File does not exist", "reportResponse", ReportIdTag(id));
}

TEST_P(EveryClientTest, IsToldOfIdsThatAreNoNumbers) {
  const std::string refusal = "4000 Invalid request";
  ExpectRefusal(client_.Finish("seven"), 400, refusal, "reportDoneResponse", ReportIdTag("0") + "<files/>");
  ExpectRefusal(client_.Retract("seven"), 400, refusal, "reportResponse", "");
  ExpectRefusal(client_.Upload("seven", FileBytes(80)), 400, refusal, "reportResponse", "");
}

TEST_P(EveryClientTest, IsToldThatAFinishedReportIsFinished) {
  const std::string refusal = "5102 Report already finished";
  const std::string id = client_.Opened();
  const std::string file = Element(client_.Upload(id, FileBytes(80)).body, "fileId");
  const std::string other = Element(client_.Upload(id, FileBytes(90)).body, "fileId");
  const std::string done = client_.Finish(id).body;
  EXPECT_THAT(done, HasSubstr(FilesTag({file, other})));
  // Its first answer may have been lost: it is told 200 and the files once more.
  ExpectRefusal(client_.Finish(id), 200, refusal, "reportDoneResponse", ReportIdTag(id) + FilesTag({file, other}));
  ExpectRefusal(client_.Retract(id), 409, refusal, "reportResponse", ReportIdTag(id));
  ExpectRefusal(client_.Upload(id, FileBytes(80)), 409, refusal, "reportResponse", ReportIdTag(id));
  ExpectRefusal(client_.Describe(id, file), 409, refusal, "reportResponse", ReportIdTag(id));
  ExpectDocumentStored(client_, id, GetParam().report, "finished");
}

TEST_P(EveryClientTest, IsToldThatARetractedReportIsRetracted) {
  const std::string refusal = "5101 Report already retracted";
  const std::string id = client_.Opened();
  const std::string file = Element(client_.Upload(id, FileBytes(80)).body, "fileId");
  client_.Retract(id);
  ExpectRefusal(client_.Retract(id), 200, refusal, "reportResponse", ReportIdTag(id));
  ExpectRefusal(client_.Finish(id), 409, refusal, "reportDoneResponse", ReportIdTag(id) + "<files/>");
  ExpectRefusal(client_.Upload(id, FileBytes(80)), 409, refusal, "reportResponse", ReportIdTag(id));
  ExpectRefusal(client_.Describe(id, file), 409, refusal, "reportResponse", ReportIdTag(id));
}

TEST_P(EveryClientTest, SubmitsTheSameBytesAgainAfterARefusalThatPasses) {
  const std::string before = client_.Opened();
  service_->WhileWritesFail(ErrorCode::kUnavailable, [&] {
    const Answer refused = client_.Submit();
    ExpectRefusal(refused, 503, "1100 Save failed", "reportResponse", "");
    EXPECT_FALSE(refused.Header("Retry-After").empty());
  });
  const std::string after = client_.Opened();
  EXPECT_EQ(ParseInteger(after).value(), ParseInteger(before).value() + 1) << "what was refused left nothing behind";
  ExpectDocumentStored(client_, after, GetParam().report, "opened");
}

TEST_P(EveryClientTest, RepeatsEachCallOfAnOpenReportAfterARefusalThatPasses) {
  const std::string id = client_.Opened();
  const std::string file = Element(client_.Upload(id, FileBytes(80)).body, "fileId");
  service_->WhileWritesFail(ErrorCode::kUnavailable, [&] {
    ExpectRefusal(client_.Upload(id, FileBytes(90)), 503, "1110 Upload failed", "reportResponse", ReportIdTag(id));
    ExpectRefusal(client_.Describe(id, file), 503, "1300 Update failed", "reportResponse", ReportIdTag(id));
    ExpectRefusal(client_.Finish(id), 503, "1300 Update failed", "reportDoneResponse", ReportIdTag(id) + "<files/>");
    ExpectRefusal(client_.Retract(id), 503, "1300 Update failed", "reportResponse", ReportIdTag(id));
  });
  const std::string other = ExpectUploaded(client_.Upload(id, FileBytes(90)), id, FileBytes(90));
  EXPECT_EQ(client_.Describe(id, file).status, 200);
  ExpectSuccess(client_.Finish(id), "reportDoneResponse", ReportIdTag(id) + FilesTag({file, other}));
}

TEST_P(EveryClientTest, SubmitsTheSameBytesAgainAfterALostAnswer) {
  const WireRequest request = DocumentOf(GetParam(), client_.sender(), "/submit", GetParam().report);
  const std::string bytes = request.Bytes();
  const std::string before = client_.Opened();
  RawClient(service_->port()).Send(bytes.substr(0, bytes.size() - 1));
  const std::string after_half = client_.Opened();
  EXPECT_EQ(ParseInteger(after_half).value(), ParseInteger(before).value() + 1) << "a document that came in part opens no report";
  {
    RawClient lost(service_->port());
    lost.Send(bytes);
    EXPECT_EQ(lost.Read().status, 200);   // The server has answered; suppose that the client never saw it.
  }
  const std::string again = client_.Opened();
  EXPECT_EQ(ParseInteger(again).value(), ParseInteger(after_half).value() + 2) << "without a key each /submit opens a report of its own";
  ExpectDocumentStored(client_, again, GetParam().report, "opened");
}

INSTANTIATE_TEST_SUITE_P(Clients, EveryClientTest, testing::ValuesIn(AllHabits()),
                         [](const auto& one) { return one.param.name; });

using OneClientTest = ConformanceTest;

TEST_F(OneClientTest, AFullDiskHasTheStatusOfItsCode) {
  Client client = Of("LW");
  service_->WhileWritesFail(ErrorCode::kNoSpace,
                            [&] { ExpectRefusal(client.Submit(), 507, "1100 Save failed", "reportResponse", ""); });
}

TEST_F(OneClientTest, PathsJoinedByHandReachTheSameCall) {
  Client client = Of("GO");
  for (const auto& [base, tail] : std::vector<std::pair<std::string, std::string>>{
           {"/ispws", ""}, {"/ispws/", ""}, {"//ispws", ""}, {"/ispws", "/"}, {"/ispws//", "/"}}) {
    client.habit().base = base;
    client.habit().tail = tail;
    EXPECT_EQ(client.Status().status, 200) << base << " " << tail;
    const std::string id = client.Opened();
    EXPECT_EQ(client.Finish(id).status, 200) << base << " " << tail;
  }
}

TEST_F(OneClientTest, FileNamesComeOutAsBaseNames) {
  Client client = Of("GO");
  const std::string id = client.Opened();
  std::vector<std::string> expected;
  for (const auto& [sent, name] : std::vector<std::pair<std::string, std::string>>{
           {R"("tide.bin")", "tide.bin"},
           {R"("/var/tmp/board/att4Qb9Za")", "att4Qb9Za"},
           {R"("C:\harbour\tide.bin")", "tide.bin"},
           {R"("../../tide.bin")", "tide.bin"},
           {R"("blob")", "blob"},
           {R"("quay %22é%22.txt")", "quay \"é\".txt"},
           {R"("quay \"é\".txt")", "quay \"é\".txt"},
           {R"("north\\quay.txt")", "quay.txt"},
           {R"("line%0Abreak.txt")", "linebreak.txt"},
           {R"("100%.txt")", "100%.txt"},
           {R"("a;b=c.txt")", "a;b=c.txt"}}) {
    client.habit().file_part = "filename=" + sent + "\nContent-Type: application/octet-stream";
    ExpectUploaded(client.Upload(id, FileBytes(70)), id, FileBytes(70));
    expected.push_back(name);
  }
  EXPECT_EQ(service_->FileNames(id), expected);
}

TEST_F(OneClientTest, AClientThatAsksFirstIsAnsweredBeforeItSends) {
  for (const char* name : {"PHP", "RB"}) {
    Client client = Of(name);
    std::string document = client.habit().report;
    document.insert(document.find("</report>"), Tag("additionalInfo", std::string(1'500'000, 'n')));
    const std::string id = Element(client.Submit(document).body, "reportId");
    ExpectUploaded(client.Upload(id, FileBytes(2'500'000)), id, FileBytes(2'500'000));
    EXPECT_EQ(client.interim_answers(), 2) << name;
    ExpectDocumentStored(client, id, document, "files_pending");
    Client wrong(HabitOf(name), service_->port(), "not the password of " + std::string(name));
    ExpectRefusal(wrong.Upload(id, FileBytes(2'500'000)), 401, "2000 Authentication required", "reportResponse", "");
    EXPECT_EQ(wrong.interim_answers(), 0) << "what is refused anyhow is not asked for";
  }
}

TEST_F(OneClientTest, AClientThatAsksFirstButDoesNotWaitIsServedToo) {
  Client client = Of("PHP");
  const std::string id = client.Opened();
  RawClient raw(service_->port());
  raw.Send(UploadOf(client.habit(), client.sender(), id, FileBytes(1'200'000)).Bytes());
  Answer answer = raw.Read();
  if (answer.status == 100) answer = raw.Read();
  ExpectUploaded(answer, id, FileBytes(1'200'000));
}

TEST_F(OneClientTest, LongAnswersArePackedForThoseWhoTakeItAndForNobodyElse) {
  for (const Habit& habit : AllHabits()) {
    Client client = Of(habit.name);
    const bool takes_gzip = LowerAscii(habit.document_head).find("accept-encoding: gzip") != std::string::npos;
    const Answer schema = client.Schema();
    ExpectEnvelope(schema, 200);
    EXPECT_EQ(schema.Packed(), takes_gzip) << habit.name;
    EXPECT_EQ(schema.body, SchemaFile()) << habit.name;
    EXPECT_FALSE(client.Status().Packed()) << habit.name;
    std::string many = habit.report;
    std::string flawed;
    for (int i = 0; i < 20; ++i) flawed += "<victim/>";
    many.insert(many.find("</report>"), flawed);
    const Answer refused = client.Submit(many);
    ExpectRefusal(refused, 400, "4100 Validation failed\n[", "reportResponse", "");
    EXPECT_EQ(refused.Packed(), takes_gzip && refused.body.size() > 1024) << habit.name;
  }
}

TEST_F(OneClientTest, CoopUploadsInParallelAndFinishesAll) {
  Client client = Of("COOP");
  const std::string id = client.Opened();
  std::vector<std::unique_ptr<RawClient>> connections;
  std::vector<WireRequest> uploads;
  for (std::size_t i = 0; i < 6; ++i) {
    connections.push_back(std::make_unique<RawClient>(service_->port()));
    uploads.push_back(UploadOf(client.habit(), client.sender(), id, FileBytes(140'000 + i)));
    connections[i]->Send(uploads[i].head);
  }
  // Chunk by chunk in turn, so that all are under way at once.
  for (std::size_t piece = 0; piece < uploads[0].body.size(); ++piece) {
    for (std::size_t i = 0; i < uploads.size(); ++i) connections[i]->Send(uploads[i].body[piece]);
  }
  std::vector<std::string> files;
  for (std::size_t i = 0; i < uploads.size(); ++i) files.push_back(ExpectUploaded(connections[i]->Read(), id, FileBytes(140'000 + i)));
  const std::string done = client.Finish(id).body;
  for (const std::string& file : files) EXPECT_THAT(done, HasSubstr(Tag("fileId", file)));
  EXPECT_EQ(service_->FileNames(id), std::vector<std::string>(6, "blob"));
}

TEST_F(OneClientTest, CoopSendsTextWithALengthBesideStreams) {
  Client client = Of("COOP");
  const std::string id = client.Opened();
  client.habit().chunked_upload = false;
  client.habit().upload_head = client.habit().form_head;
  client.habit().upload_boundary = client.habit().form_boundary;
  client.habit().file_part = "filename=\"thread_7.csv\"\nContent-Type: text/csv";
  const std::string csv = "content,thread\n\"hello \"\"q\"\", é\",\"7\"\n";
  ExpectUploaded(client.Upload(id, csv), id, csv);
  EXPECT_EQ(service_->FileNames(id), std::vector<std::string>{"thread_7.csv"});
}

TEST_F(OneClientTest, PartsInAnotherOrderAndUnknownOnesAreAccepted) {
  Client client = Of("JAVA");
  const std::string id = client.Opened();
  const std::string body = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\ntide\r\n"
                           "--edge\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nnone\r\n"
                           "--edge\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + id + "\r\n--edge--\r\n";
  WireRequest request = DocumentOf(client.habit(), client.sender(), "/upload", body);
  request.head.replace(request.head.find("text/xml; charset=utf-8"), 23, "multipart/form-data; boundary=edge");
  ExpectUploaded(client.Ask(request), id, "tide");
}

TEST_F(OneClientTest, TheSameBytesAndNoBytesGetIdsOfTheirOwn) {
  Client client = Of("TS");
  const std::string id = client.Opened();
  std::vector<std::string> files;
  for (const std::string& bytes : {std::string(), std::string("tide"), std::string("tide")}) {
    files.push_back(ExpectUploaded(client.Upload(id, bytes), id, bytes));
  }
  EXPECT_NE(files[1], files[2]);
  EXPECT_THAT(client.Finish(id).body, HasSubstr(FilesTag(files)));
}

TEST_F(OneClientTest, AConnectionThatIsNotToBeKeptEndsAfterTheWholeAnswer) {
  Client client = Of("PHP");
  WireRequest request = GetOf(client.habit(), client.sender(), "/ispws/xsd");
  request.head.insert(request.head.find("Accept:"), "Connection: close\r\n");
  RawClient raw(service_->port());
  raw.Send(request.Bytes());
  const Answer answer = raw.Read();
  EXPECT_EQ(answer.body, SchemaFile());
  EXPECT_EQ(answer.Header("Connection"), "close");
  EXPECT_TRUE(raw.Ended());
}

TEST_F(OneClientTest, TheTypeOfADocumentIsFoundByReadingIt) {
  for (const char* type : {"", "text/plain;charset=UTF-8", "text/xml", "text/xml; charset=utf-8", "application/xml", "image/png"}) {
    Client client = Of("GO");
    client.habit().document_type = type;
    const std::string id = client.Opened();
    ExpectReportNumber(id);
    const std::string file = Element(client.Upload(id, FileBytes(70)).body, "fileId");
    EXPECT_EQ(client.Describe(id, file).status, 200) << type;
  }
}

TEST_F(OneClientTest, DocumentsThatAClientGetsWrongAreRefusedAndSaidWhy) {
  const auto with = [](const char* name, const std::string& mark, const std::string& instead) {
    std::string document = HabitOf(name).report;
    PL_CHECK(document.find(mark) != std::string::npos);
    return document.replace(document.find(mark), mark.size(), instead);
  };
  const std::string ip = "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>";
  const struct {
    const char* name;
    std::string document;
    const char* refusal;
  } kSlips[] = {
      {"TS", with("TS", "Mika", "Mika & <Co>"), "4110 Malformed XML submittal\n["},
      {"TS", with("TS", "Misleading Domain Name", "Online Enticement of Children for Sexual Act"), "4100 Validation failed\n["},
      {"LW", with("LW", "    <reporter>", "    <internetDetails></internetDetails>\n    <reporter>"), "4100 Validation failed\n["},
      {"JAVA", with("JAVA", "<spam>true", "<spam>false"), "4100 Validation failed\n["},
      {"COOP", with("COOP", "09:59:59.000Z", "10:05:01.000Z"), "4100 Validation failed\n["},
      {"COOP", with("COOP", "<webPageIncident/>", "<webPageIncident><url>https://board.example/a b</url></webPageIncident>"),
       "4100 Validation failed\n["},
  };
  for (const auto& slip : kSlips) ExpectRefusal(Of(slip.name).Submit(slip.document), 400, slip.refusal, "reportResponse", "");
  Client coop = Of("COOP");
  const std::string id = coop.Opened();
  const std::string file = Element(coop.Upload(id, FileBytes(70)).body, "fileId");
  coop.habit().details.insert(coop.habit().details.find("<additionalInfo/>"), ip + ip);
  ExpectRefusal(coop.Describe(id, file), 400, "4100 Validation failed\n[", "reportResponse", "");
}

TEST_F(OneClientTest, AttributesWherePythonPutsThemAreAccepted) {
  Client client = Of("PY");
  std::string document = client.habit().report;
  document.insert(document.find("<reporter>"),
                  "<lawEnforcement fleaCountry=\"NZ\"><agencyName>Harbour Police (example)</agencyName></lawEnforcement>");
  document.insert(document.find("</report>"),
                  "<personOrUserReported><associatedAccount accountType=\"Linked\" thirdPartyUser=\"true\"><espIdentifier>user-7"
                  "</espIdentifier></associatedAccount></personOrUserReported>");
  const std::string id = Element(client.Submit(document).body, "reportId");
  ExpectReportNumber(id);
  ExpectDocumentStored(client, id, document, "opened");
  const std::string file = Element(client.Upload(id, FileBytes(70)).body, "fileId");
  client.habit().details.insert(client.habit().details.find("</fileDetails>"),
                                "<details><nameValuePair type=\"EXIF\"><name>Camera</name><value>none</value></nameValuePair></details>");
  EXPECT_EQ(client.Describe(id, file).status, 200);
}

}  // namespace
}  // namespace porchlight::tests
