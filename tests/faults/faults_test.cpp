// Goal: a full disk, a read-only disk and a database that goes away and comes back are answered with clear errors; what
// was acknowledged stays, reading goes on, and filing goes on by itself when the cause is gone.
// Method: the real binary as its own process. The disk is full by a file size limit set on the running process, and, for
// whoever may mount, by a real small file system; the database is behind a cable that is pulled.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <fstream>

#include "platform/http/client.h"
#include "platform/store/testing/test_database.h"
#include "tests/common/centre_rig.h"
#include "tests/common/server_process.h"
#include "tests/faults/proxy.h"

namespace porchlight::tests {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

const std::string kDocument =
    "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType><incidentDateTime>2026-03-01T09:00:00Z</incidentDateTime>"
    "</incidentSummary><reporter><reportingPerson/></reporter></report>";

// A platform with a real socket.
class Reporter {
 public:
  explicit Reporter(std::string url) : url_(std::move(url)) {}
  http::ClientResponse Send(http::Method method, const std::string& path, const std::string& body = {}, const std::string& type = {}) {
    http::ClientRequest request;
    request.method = method;
    request.url = url_ + path;
    request.user = "lantern";
    request.password = kPassword;
    request.body = body;
    if (!type.empty()) request.headers.Add("Content-Type", type);
    const auto response = client_.Send(request);
    EXPECT_TRUE(response.ok()) << path << ": " << response.error().operator_text;
    return response.ok() ? *response : http::ClientResponse{};
  }
  http::ClientResponse Submit() { return Send(http::Method::kPost, "/ispws/submit", kDocument, "text/xml"); }
  http::ClientResponse Upload(const std::string& id, std::size_t bytes) {
    const std::vector<http::FormPart> parts = {{"id", "", "", id}, {"file", "a.bin", "application/octet-stream", random_.Bytes(bytes)}};
    return Send(http::Method::kPost, "/ispws/upload", http::EncodeMultipart(parts, "edge"), "multipart/form-data; boundary=edge");
  }
  int Receipt(const std::string& id) { return Send(http::Method::kGet, "/api/v1/receipts/" + id).status; }
  // The number of a report that was opened and acknowledged, or "".
  std::string Open() {
    const http::ClientResponse response = Submit();
    return response.status == 200 ? Element(response.body, "reportId") : std::string();
  }

 private:
  std::string url_;
  http::Client client_;
  SeededRandom random_{7};
};

class FaultsTest : public testing::Test {
 protected:
  // The centre's folder exists and holds one platform.
  void Prepare() {
    rig_.Open();
    rig_.MakeAccount("lantern", auth::AccountKind::kPlatform, rig_.MakeOrganisation("Lanternchat (example)"), "esp_reporter");
    rig_.Close();
  }
  void Start(const std::vector<std::string>& more = {}) {
    server_ = std::make_unique<ServerProcess>(rig_.config().data_directory, "127.0.0.1:0", more);
    ASSERT_FALSE(server_->url().empty());
    reporter_ = std::make_unique<Reporter>(server_->url());
  }
  void ExpectRefusedAndReadable(const http::ClientResponse& refused, const std::string& known) {
    EXPECT_THAT(refused.status, AnyOf(503, 507)) << refused.body;
    EXPECT_THAT(Element(refused.body, "responseCode"), AnyOf("1100", "1110", "1111"));
    EXPECT_TRUE(refused.headers.Find("Retry-After").has_value());
    EXPECT_EQ(reporter_->Receipt(known), 200) << "reading goes on";
    EXPECT_EQ(reporter_->Send(http::Method::kGet, "/healthz/live").status, 200);
  }
  void ExpectAllThere(const std::vector<std::string>& ids) {
    ASSERT_FALSE(ids.empty());
    for (const std::string& id : ids) EXPECT_EQ(reporter_->Receipt(id), 200) << id;
  }

  CentreRig rig_{"faults"};
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<Reporter> reporter_;
};

TEST_F(FaultsTest, AFileSizeLimitIsAFullDiskAndGoesAwayWithoutARestart) {
  Prepare();
  Start();
  std::vector<std::string> ids = {reporter_->Open(), reporter_->Open()};
  rlimit before{};
  ASSERT_EQ(prlimit(server_->pid(), RLIMIT_FSIZE, nullptr, &before), 0);
  const rlimit full{0, before.rlim_max};
  ASSERT_EQ(prlimit(server_->pid(), RLIMIT_FSIZE, &full, nullptr), 0);
  ExpectRefusedAndReadable(reporter_->Submit(), ids[0]);
  ExpectRefusedAndReadable(reporter_->Upload(ids[0], 20'000), ids[0]);
  ASSERT_EQ(prlimit(server_->pid(), RLIMIT_FSIZE, &before, nullptr), 0);
  ids.push_back(reporter_->Open());
  EXPECT_FALSE(ids.back().empty()) << "filing goes on by itself";
  EXPECT_EQ(reporter_->Upload(ids[0], 20'000).status, 200);
  ExpectAllThere(ids);
}

TEST_F(FaultsTest, AFullFileSystemRefusesAndRecovers) {
  std::filesystem::create_directories(rig_.config().data_directory);
  if (mount("tmpfs", rig_.config().data_directory.c_str(), "tmpfs", 0, "size=16m") != 0) {
    GTEST_SKIP() << "NOT TESTED ON A REAL FULL DISK: mounting needs root; the file size limit above was tested";
  }
  Prepare();
  Start();
  const std::string ballast = rig_.config().data_directory + "/ballast";
  std::ofstream(ballast) << std::string(8 << 20, 'x');
  std::vector<std::string> ids;
  http::ClientResponse last;
  for (int count = 0; count < 200; ++count) {
    // Whichever comes first to the end of the disk: the report or its file.
    last = reporter_->Submit();
    if (last.status != 200) break;
    ids.push_back(Element(last.body, "reportId"));
    last = reporter_->Upload(ids.back(), 200'000);
    if (last.status != 200) break;
  }
  ExpectRefusedAndReadable(last, ids.at(0));
  std::filesystem::remove(ballast);
  const std::string after = reporter_->Open();
  EXPECT_FALSE(after.empty()) << "filing goes on by itself";
  EXPECT_EQ(reporter_->Upload(after, 200'000).status, 200);
  ids.push_back(after);
  ExpectAllThere(ids);
  server_.reset();
  umount(rig_.config().data_directory.c_str());
}

TEST_F(FaultsTest, AReadOnlyFileSystemIsSaidSoAtTheStart) {
  std::filesystem::create_directories(rig_.config().data_directory);
  if (mount("tmpfs", rig_.config().data_directory.c_str(), "tmpfs", 0, "size=16m") != 0) {
    GTEST_SKIP() << "NOT TESTED ON A READ-ONLY DISK: mounting needs root";
  }
  Prepare();
  ASSERT_EQ(mount("tmpfs", rig_.config().data_directory.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=16m"), 0);
  const std::string command = std::string(PORCHLIGHT_BINARY) + " serve --data " + rig_.config().data_directory + " --listen 127.0.0.1:0 2>&1";
  FILE* const output = popen(command.c_str(), "r");
  std::string said;
  for (int c = fgetc(output); c != EOF; c = fgetc(output)) said += static_cast<char>(c);
  EXPECT_NE(pclose(output), 0);
  EXPECT_THAT(said, HasSubstr("read-only"));
  umount(rig_.config().data_directory.c_str());
}

TEST_F(FaultsTest, ADatabaseThatGoesAwayAndComesBackLosesNothing) {
  PL_NEEDS_ENGINE(store::Engine::kPostgres);
  const store::DatabasePlace place(store::Engine::kPostgres);
  const std::string& conninfo = place.conninfo();
  const std::size_t at = conninfo.find("port=") + 5;
  Proxy proxy(static_cast<std::uint16_t>(ParseInteger(conninfo.substr(at, conninfo.find(' ', at) - at)).value()));
  rig_.config().engine = "postgres";
  rig_.config().conninfo = conninfo + " port=" + std::to_string(proxy.port());
  Prepare();
  const std::string settings = rig_.folder() + "/settings.toml";
  std::ofstream(settings) << "[store]\nengine = \"postgres\"\nconninfo = \"" << rig_.config().conninfo << "\"\n";
  Start({"--config", settings});
  std::vector<std::string> ids = {reporter_->Open(), reporter_->Open()};
  EXPECT_EQ(reporter_->Send(http::Method::kGet, "/healthz/ready").status, 200);
  proxy.Pull();
  const http::ClientResponse refused = reporter_->Submit();
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_TRUE(refused.headers.Find("Retry-After").has_value());
  EXPECT_EQ(reporter_->Send(http::Method::kGet, "/healthz/live").status, 200) << "the process itself is well";
  EXPECT_EQ(reporter_->Send(http::Method::kGet, "/healthz/ready").status, 503) << "but a balancer sends nobody here";
  proxy.PutBack();
  for (int tries = 0; tries < 100 && reporter_->Send(http::Method::kGet, "/healthz/ready").status != 200; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  ids.push_back(reporter_->Open());
  EXPECT_FALSE(ids.back().empty()) << "filing goes on by itself";
  ExpectAllThere(ids);
}

}  // namespace
}  // namespace porchlight::tests
