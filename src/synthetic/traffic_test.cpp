// Goal: each report lives its planned life over the wire, statistics and acknowledgements agree with what the server
// holds, and failures between any two calls lose nothing that was acknowledged. Method: a reporting server in memory
// that can go deaf, answer 503 or drop answers after acting; a clock that moves only when somebody waits.
#include "synthetic/traffic.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <set>

#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::synthetic {
namespace {

const Instant kNow{1'790'000'000'000'000};

struct StoredReport {
  std::string document_sha256;
  std::map<std::string, std::string> files;   // Id to SHA-256.
  std::string state = "open";
};

// The reporting API's states and codes, without validation.
class MemoryServer {
 public:
  enum class Fault { kNone, kBusy, kDeaf, kLostAnswer };
  std::function<Fault(std::uint64_t request_index)> faults = [](std::uint64_t) { return Fault::kNone; };
  std::map<std::int64_t, StoredReport> reports;
  std::map<std::string, std::uint64_t> requests;     // By path.
  std::set<std::string> content_types;
  std::mutex mutex;

  TransportFactory Factory() {
    return [this] { return [this](const http::ClientRequest& request) { return Answer(request); }; };
  }

 private:
  Result<http::ClientResponse> Answer(const http::ClientRequest& request) {
    const std::lock_guard lock(mutex);
    const Fault fault = faults(index_++);
    const Error gone{ErrorCode::kUnavailable, "", "", "", 0};
    if (fault == Fault::kDeaf) return gone;
    if (fault == Fault::kBusy) return Reply(503, 1000);
    EXPECT_EQ(request.user, "lantern");
    EXPECT_EQ(request.password, "secret");
    http::ClientResponse response = Act(request);
    if (fault == Fault::kLostAnswer) return gone;
    return response;
  }

  static http::ClientResponse Reply(int status, int code, const std::string& more = "") {
    return {status, {}, "<reportResponse><responseCode>" + std::to_string(code) + "</responseCode>" + more +
                            "</reportResponse>"};
  }

  http::ClientResponse Act(const http::ClientRequest& request) {
    const std::string path = request.url.substr(request.url.find("/ispws") + 6);
    ++requests[path];
    content_types.insert(std::string(request.headers.Find("Content-Type").value_or("none")));
    if (path == "/xsd") return {200, {}, "<xs:schema/>"};
    if (path == "/submit") {
      if (request.body.find("&</report>") != std::string::npos) return Reply(400, 4110);
      const std::int64_t id = 1000 + static_cast<std::int64_t>(reports.size());
      reports[id].document_sha256 = HexEncode(crypto::Sha256(request.body));
      return Reply(200, 0, IdElement(id));
    }
    const std::int64_t id = IdIn(request.body, path);
    const auto found = reports.find(id);
    if (found == reports.end()) return Reply(404, 5001);
    StoredReport& report = found->second;
    if (report.state == "finished") return Reply(409, 5102);
    if (report.state == "retracted") return Reply(409, 5101);
    if (path == "/upload") return Upload(report, id, request.body);
    if (path == "/finish") report.state = "finished";
    if (path == "/retract") report.state = "retracted";
    return Reply(200, 0, IdElement(id));
  }

  http::ClientResponse Upload(StoredReport& report, std::int64_t id, const std::string& body) {
    const std::size_t part = body.find("name=\"file\"");
    const std::size_t begin = body.find("\r\n\r\n", part) + 4;
    const std::size_t end = body.rfind("\r\n--", body.rfind("--\r\n") - 1);
    const std::string file_id = "f" + std::to_string(files_++);
    report.files[file_id] = HexEncode(crypto::Sha256(std::string_view(body).substr(begin, end - begin)));
    return Reply(200, 0, IdElement(id) + "<fileId>" + file_id + "</fileId>");
  }

  static std::string IdElement(std::int64_t id) { return "<reportId>" + std::to_string(id) + "</reportId>"; }

  static std::int64_t IdIn(const std::string& body, const std::string& path) {
    std::size_t begin = 0;
    if (path == "/fileinfo") {
      begin = body.find("<reportId>") + 10;
    } else if (body.starts_with("id=")) {
      begin = 3;
    } else {
      begin = body.find("\r\n\r\n", body.find("name=\"id\"")) + 4;
    }
    return ParseInteger(body.substr(begin, body.find_first_not_of("0123456789", begin) - begin)).value_or(-1);
  }

  std::uint64_t index_ = 0;
  std::uint64_t files_ = 0;
};

struct Rig {
  explicit Rig(TrafficOptions chosen) : options(std::move(chosen)) {
    options.endpoint = {"http://127.0.0.1:1/", "lantern", "secret", Duration::Seconds(1)};
  }
  TrafficStatistics Run() {
    Traffic traffic(
        options, clock, server.Factory(), [this](const AcknowledgedReport& report) { told.push_back(report); },
        [this](Duration duration) { clock.Advance(duration); });
    return traffic.Run();
  }
  // Whatever was acknowledged is on the server as it was sent.
  void ExpectNothingAcknowledgedIsLost() const {
    for (const AcknowledgedReport& report : told) {
      ASSERT_TRUE(server.reports.contains(report.report_id));
      const StoredReport& stored = server.reports.at(report.report_id);
      EXPECT_EQ(stored.document_sha256, report.document_sha256);
      for (const AcknowledgedFile& file : report.files) EXPECT_EQ(stored.files.at(file.file_id), file.sha256);
      if (report.outcome == Outcome::kFinished) {
        EXPECT_EQ(stored.state, "finished");
      }
      if (report.outcome == Outcome::kRetracted) {
        EXPECT_EQ(stored.state, "retracted");
      }
      if (report.outcome == Outcome::kLeftOpen) {
        EXPECT_EQ(stored.state, "open");
      }
    }
  }

  TrafficOptions options;
  MemoryServer server;
  ManualClock clock{kNow};
  std::vector<AcknowledgedReport> told;
};

TEST(TrafficTest, EachReportLivesItsPlannedLife) {
  Rig rig({.seed = 3, .reports_max = 150, .connections = 1});
  const TrafficStatistics statistics = rig.Run();
  EXPECT_EQ(statistics.planned, 150U);
  EXPECT_EQ(statistics.never_opened, 0U);
  rig.ExpectNothingAcknowledgedIsLost();

  const PlanMaker plans(Mix::kShowcase, 3);
  std::uint64_t finished = 0;
  std::uint64_t files = 0;
  std::uint64_t twice = 0;
  for (std::uint64_t number = 0; number < 150; ++number) {
    const Plan plan = plans.ProviderPlanOf(number);
    finished += plan.ending == Ending::kFinished ? 1 : 0;
    files += plan.files.size();
    twice += plan.submitted_twice ? 1 : 0;
  }
  EXPECT_EQ(statistics.Count(Outcome::kFinished), finished);
  EXPECT_EQ(rig.server.requests["/upload"], files);
  EXPECT_EQ(rig.server.reports.size(), 150 + twice);
  EXPECT_EQ(rig.told.size(), rig.server.reports.size());
  EXPECT_LT(rig.server.requests["/fileinfo"], files);
  EXPECT_GT(rig.server.requests["/fileinfo"], files / 2);
  EXPECT_GT(rig.server.requests["/xsd"], 0U);
  // Both form encodings, several document types, and none at all.
  EXPECT_GE(rig.server.content_types.size(), 6U);
}

TEST(TrafficTest, TwoRunsFromOneSeedSendTheSameDocuments) {
  Rig first({.seed = 4, .reports_max = 15, .connections = 1});
  Rig second({.seed = 4, .reports_max = 15, .connections = 1});
  first.Run();
  second.Run();
  ASSERT_EQ(first.told.size(), second.told.size());
  for (std::size_t index = 0; index < first.told.size(); ++index) {
    EXPECT_EQ(first.told[index].document_sha256, second.told[index].document_sha256);
  }
}

TEST(TrafficTest, ManyConnectionsShareTheReportsWithoutLosingOrRepeatingOne) {
  Rig rig({.seed = 5, .reports_max = 60, .connections = 8});
  const TrafficStatistics statistics = rig.Run();
  EXPECT_EQ(statistics.planned, 60U);
  std::set<std::uint64_t> numbers;
  for (const AcknowledgedReport& report : rig.told) numbers.insert(report.number);
  EXPECT_EQ(numbers.size(), 60U);
  rig.ExpectNothingAcknowledgedIsLost();
}

TEST(TrafficTest, RetriesSurviveADeafServerAndLostAnswers) {
  Rig rig({.seed = 6, .reports_max = 50, .connections = 1, .attempts_max = 20});
  rig.server.faults = [](std::uint64_t index) {
    if (index >= 50 && index < 62) return MemoryServer::Fault::kDeaf;
    if (index % 7 == 3) return MemoryServer::Fault::kLostAnswer;
    if (index % 11 == 5) return MemoryServer::Fault::kBusy;
    return MemoryServer::Fault::kNone;
  };
  const TrafficStatistics statistics = rig.Run();
  EXPECT_EQ(statistics.never_opened, 0U);
  EXPECT_EQ(statistics.Count(Outcome::kUnknown), 0U);
  EXPECT_EQ(statistics.Count(Outcome::kRefused), 0U);
  EXPECT_GT(statistics.calls[static_cast<std::size_t>(Call::kSubmit)].unanswered, 0U);
  rig.ExpectNothingAcknowledgedIsLost();
}

TEST(TrafficTest, WithoutRetriesALostAnswerIsToldAsUnknownAndNothingMoreIsSent) {
  Rig rig({.seed = 6, .reports_max = 60, .connections = 1});
  rig.server.faults = [](std::uint64_t index) {
    return index % 5 == 4 ? MemoryServer::Fault::kLostAnswer : MemoryServer::Fault::kNone;
  };
  const TrafficStatistics statistics = rig.Run();
  EXPECT_GT(statistics.Count(Outcome::kUnknown), 0U);
  EXPECT_GT(statistics.never_opened, 0U);
  EXPECT_EQ(statistics.never_opened + statistics.outcomes.at(Outcome::kUnknown) +
                statistics.Count(Outcome::kFinished) + statistics.Count(Outcome::kRetracted) +
                statistics.Count(Outcome::kLeftOpen),
            rig.told.size() + statistics.never_opened);
  rig.ExpectNothingAcknowledgedIsLost();
}

TEST(TrafficTest, RetriesEndAfterTheLastAttempt) {
  Rig rig({.seed = 7, .reports_max = 3, .connections = 1, .attempts_max = 4});
  rig.server.faults = [](std::uint64_t) { return MemoryServer::Fault::kBusy; };
  const TrafficStatistics statistics = rig.Run();
  EXPECT_EQ(statistics.never_opened, 3U);
  EXPECT_TRUE(rig.told.empty());
  EXPECT_EQ(statistics.calls[static_cast<std::size_t>(Call::kSubmit)].refused.at("503/1000"), 12U);
}

TEST(TrafficTest, DelaysDoubleUpToTheirBound) {
  Rig rig({.seed = 8, .reports_max = 1, .connections = 1, .attempts_max = 6, .retry_delay = Duration::Milliseconds(100),
           .retry_delay_max = Duration::Milliseconds(500)});
  // A provider that reads no schema first has one call only.
  while (Providers()[PlanMaker(Mix::kShowcase, rig.options.seed).PlanOf(0).provider].habit.reads_schema_first) {
    ++rig.options.seed;
  }
  rig.server.faults = [](std::uint64_t) { return MemoryServer::Fault::kDeaf; };
  rig.Run();
  EXPECT_EQ(rig.clock.Now() - kNow, Duration::Milliseconds(100 + 200 + 400 + 500 + 500));
}

TEST(TrafficTest, MistakesAreRefusedAndCountedByCode) {
  Rig rig({.seed = 9, .reports_max = 20, .connections = 1, .mistakes_permille = 1000});
  const TrafficStatistics statistics = rig.Run();
  EXPECT_EQ(statistics.never_opened, 20U);
  EXPECT_EQ(statistics.calls[static_cast<std::size_t>(Call::kSubmit)].refused.at("400/4110"), 20U);
}

TEST(TrafficTest, ArrivalsHaveTheAskedRate) {
  Rig rig({.mix = Mix::kFaithful, .seed = 10, .reports_max = 300, .reports_per_second = 50, .connections = 1});
  rig.server.faults = [](std::uint64_t) { return MemoryServer::Fault::kDeaf; };
  rig.Run();
  const double seconds = static_cast<double>((rig.clock.Now() - kNow).microseconds) / 1e6;
  EXPECT_NEAR(seconds, 6.0, 5 * 6.0 / std::sqrt(300.0));
}

TEST(TrafficTest, StopEndsARunWithoutEndAfterTheReportsUnderWay) {
  Rig rig({.seed = 11, .reports_max = 0, .connections = 2});
  Traffic* running = nullptr;
  std::atomic<int> count = 0;
  Traffic traffic(
      rig.options, rig.clock, rig.server.Factory(),
      [&](const AcknowledgedReport& report) {
        rig.told.push_back(report);
        if (++count == 10) running->Stop();
      },
      [](Duration) {});
  running = &traffic;
  traffic.Run();
  EXPECT_GE(rig.told.size(), 10U);
  EXPECT_LE(rig.told.size(), 14U);
  rig.ExpectNothingAcknowledgedIsLost();
}

TEST(TrafficTest, OptionsOutOfRangeAreNamed) {
  const auto field = [](const TrafficOptions& options) {
    const Result<void> result = Traffic::Check(options);
    return result.ok() ? std::string() : result.error().field;
  };
  TrafficOptions good;
  good.endpoint.base_url = "http://127.0.0.1:8080";
  EXPECT_EQ(field(good), "");
  for (const int connections : {0, 257}) {
    TrafficOptions bad = good;
    bad.connections = connections;
    EXPECT_EQ(field(bad), "/connections");
  }
  for (const double rate : {-0.1, 100'000.1, std::nan("")}) {
    TrafficOptions bad = good;
    bad.reports_per_second = rate;
    EXPECT_EQ(field(bad), "/reports_per_second");
  }
  TrafficOptions bad = good;
  bad.endpoint.base_url = "ftp://127.0.0.1";
  EXPECT_EQ(field(bad), "/base_url");
  bad = good;
  bad.attempts_max = 0;
  EXPECT_EQ(field(bad), "/attempts_max");
  bad = good;
  bad.mistakes_permille = 1001;
  EXPECT_EQ(field(bad), "/mistakes_permille");
  bad = good;
  bad.retry_delay_max = {1};
  EXPECT_EQ(field(bad), "/retry_delay");
}

TEST(TrafficStatisticsTest, ShowsItselfAsJsonAndAsATable) {
  Rig rig({.seed = 12, .reports_max = 10, .connections = 1});
  const TrafficStatistics statistics = rig.Run();
  const Json json = statistics.ToJson();
  EXPECT_EQ(*json.Find("planned")->AsInteger(), 10);
  EXPECT_NE(json.Find("submit")->Find("p99_ms"), nullptr);
  EXPECT_NE(statistics.ToText().find("submit"), std::string::npos);
}

TEST(ReadReplyTest, ReadsTheRecordedFormsAndSurvivesAnythingElse) {
  const Reply good = ReadReply({200, {}, R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><reportResponse>)"
                                         "<responseCode>0</responseCode><responseDescription>Success"
                                         "</responseDescription><reportId>4564654</reportId><fileId>ab12</fileId>"
                                         "</reportResponse>"});
  EXPECT_TRUE(good.Accepted());
  EXPECT_EQ(good.report_id, 4564654);
  EXPECT_EQ(good.file_id, "ab12");
  EXPECT_FALSE(ReadReply({401, {}, ""}).Accepted());
  EXPECT_EQ(ReadReply({200, {}, "<responseCode>zero</responseCode>"}).code, -1);
  EXPECT_EQ(ReadReply({200, {}, "<responseCode>"}).code, -1);
  EXPECT_FALSE(ReadReply({400, {}, ""}).Transient());
  EXPECT_TRUE(ReadReply({503, {}, ""}).Transient());
  EXPECT_TRUE(Reply().Transient());
}

}  // namespace
}  // namespace porchlight::synthetic
