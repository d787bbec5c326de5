// Goal: time, load, ends and encryption: deadlines strike, a full queue says so, draining answers what is under way,
// uploads of any size stay flat in memory, TLS and real clients work. Method: raw sockets with a clock moved by hand,
// the real curl where it is installed, and our own client.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/text.h"
#include "platform/http/client.h"
#include "platform/http/events.h"
#include "platform/http/form.h"
#include "platform/http/testing/test_server.h"

namespace porchlight::http {
namespace {

using testing::Answer;
using testing::Gate;
using testing::HasCurl;
using testing::OpenRoute;
using testing::OutputOf;
using testing::RawClient;
using testing::ResidentBytes;
using testing::TestServer;
using testing::UrlOf;

const std::string kHost = "Host: test.example\r\n";
const std::string kGetHello = "GET /hello HTTP/1.1\r\n" + kHost + "\r\n";

void AddHello(Router& router) {
  router.Add(OpenRoute(Method::kGet, "/hello", [](const Request&, const auth::Caller&) { return TextResponse(200, "hello"); }));
  router.Add(OpenRoute(Method::kPost, "/echo", [](const Request& request, const auth::Caller&) {
    return TextResponse(200, std::string(NameOf(request.method)) + " " + std::string(request.headers.Find("X-Test").value_or("")) + " " + request.body);
  }));
}

TEST(ServerTimeTest, AHeadThatNeverEndsIsAnsweredAndClosed) {
  TestServer server(AddHello);
  RawClient slow(server.port());
  slow.Send(kGetHello);
  EXPECT_EQ(slow.Read().status, 200);
  slow.Send("GET /hello HTTP/1.1\r\n");
  // The next answer on another connection comes after this one's bytes have been read.
  EXPECT_EQ(server.Ask(kGetHello).status, 200);
  server.clock().Advance(Duration::Seconds(14));
  slow.Send("Host: a.example\r\n");
  EXPECT_EQ(server.Ask(kGetHello).status, 200);
  server.clock().Advance(Duration::Seconds(2));
  EXPECT_EQ(slow.Read().status, 408);
  EXPECT_EQ(slow.ReadToEnd(), "");
}

TEST(ServerTimeTest, AnIdleConnectionIsClosedWithoutAWord) {
  TestServer server(AddHello);
  RawClient client(server.port());
  // An answer may be here before its connection counts as idle; the answer to another one, by the same thread, comes after that.
  const auto ask_and_rest = [&] {
    client.Send(kGetHello);
    EXPECT_EQ(client.Read().status, 200);
    EXPECT_EQ(server.Ask(kGetHello).status, 200);
  };
  ask_and_rest();
  server.clock().Advance(Duration::Seconds(119));
  ask_and_rest();
  server.clock().Advance(Duration::Seconds(121));
  EXPECT_EQ(client.ReadToEnd(), "");
  // The first is refused by a reset, of which the second is told.
  EXPECT_FALSE(client.Send(kGetHello) && client.Send(kGetHello));
}

TEST(ServerTimeTest, ABodyThatStallsOrTricklesIsCutOff) {
  TestServer server(AddHello);
  const std::string head = "POST /echo HTTP/1.1\r\n" + kHost + "Content-Length: 60000\r\n\r\n";
  RawClient stalled(server.port());
  stalled.Send(head + "abc");
  EXPECT_EQ(server.Ask(kGetHello).status, 200);
  server.clock().Advance(Duration::Seconds(29));
  EXPECT_EQ(server.Ask(kGetHello).status, 200);
  server.clock().Advance(Duration::Seconds(2));
  EXPECT_EQ(stalled.Read().status, 408);

  RawClient trickling(server.port());
  trickling.Send(head);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(server.Ask(kGetHello).status, 200);
    server.clock().Advance(Duration::Seconds(16));
    trickling.Send("abc");
  }
  EXPECT_EQ(trickling.Read().status, 408);
}

TEST(ServerLoadTest, AFullQueueIsRefusedAtOnceAndTheConnectionKept) {
  Gate gate;
  ServerOptions options;
  options.handler_threads = 1;
  options.queue_max = 1;
  TestServer server(
      [&](Router& router) {
        router.Add(OpenRoute(Method::kGet, "/hello", [&](const Request&, const auth::Caller&) {
          gate.Pass();
          return TextResponse(200, "hello");
        }));
      },
      options);
  RawClient first(server.port());
  first.Send(kGetHello);
  gate.WaitForWaiting(1);
  RawClient second(server.port());
  RawClient third(server.port());
  second.Send(kGetHello);
  third.Send(kGetHello);
  // Whichever of the two came second to the queue is refused; the other waits.
  std::array<Answer, 2> answers;
  std::thread reader([&] { answers[0] = second.Read(); });
  std::thread other([&] { answers[1] = third.Read(); });
  while (server.metrics().Exposition().find("porchlight_http_overload_total 1") == std::string::npos) std::this_thread::yield();
  gate.Open();
  reader.join();
  other.join();
  const Answer& refused = answers[0].status == 503 ? answers[0] : answers[1];
  EXPECT_EQ(answers[0].status + answers[1].status, 703);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  EXPECT_EQ(refused.Header("Connection"), "");
  EXPECT_EQ(first.Read().status, 200);
}

TEST(ServerLoadTest, PastTheLimitTheOldestIdleConnectionMakesRoom) {
  ServerOptions options;
  options.connections_max = 2;
  Gate gate;
  TestServer server(
      [&](Router& router) {
        AddHello(router);
        router.Add(OpenRoute(Method::kGet, "/wait", [&](const Request&, const auth::Caller&) {
          gate.Pass();
          return TextResponse(200, "");
        }));
      },
      options);
  RawClient idle(server.port());
  idle.Send(kGetHello);
  EXPECT_EQ(idle.Read().status, 200);
  RawClient busy(server.port());
  busy.Send("GET /wait HTTP/1.1\r\n" + kHost + "\r\n");
  gate.WaitForWaiting(1);
  RawClient third(server.port());
  third.Send("GET /wait HTTP/1.1\r\n" + kHost + "\r\n");
  gate.WaitForWaiting(2);
  EXPECT_EQ(idle.ReadToEnd(), "");
  RawClient fourth(server.port());
  EXPECT_EQ(fourth.Read().status, 503);
  gate.Open();
  EXPECT_EQ(busy.Read().status, 200);
  EXPECT_EQ(third.Read().status, 200);
}

TEST(ServerLoadTest, ManyClientsAtOnceAllGetTheirOwnAnswer) {
  TestServer server(AddHello);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      RawClient client(server.port());
      for (int j = 0; j < 100; ++j) {
        const std::string body = std::to_string(i) + "-" + std::to_string(j) + std::string(static_cast<std::size_t>(j) * 700, 'x');
        client.Send("POST /echo HTTP/1.1\r\n" + kHost + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        if (client.Read().body == (body.size() > 65536 ? "" : "POST  " + body)) ++right;
        else if (body.size() > 65536) return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(right, 16 * 93);
}

TEST(ServerDrainTest, AnswersWhatIsUnderWayAndClosesTheRest) {
  Gate gate;
  TestServer server([&](Router& router) {
    AddHello(router);
    router.Add(OpenRoute(Method::kGet, "/wait", [&](const Request&, const auth::Caller&) {
      gate.Pass();
      return TextResponse(200, "done");
    }));
  });
  RawClient idle(server.port());
  idle.Send(kGetHello);
  EXPECT_EQ(idle.Read().status, 200);
  RawClient busy(server.port());
  busy.Send("GET /wait HTTP/1.1\r\n" + kHost + "\r\n");
  gate.WaitForWaiting(1);
  std::thread drain([&] { server.server().Drain(); });
  EXPECT_EQ(idle.ReadToEnd(), "");
  gate.Open();
  const Answer answer = busy.Read();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.Header("Connection"), "close");
  drain.join();
}

TEST(ServerEventsTest, StreamsEventsBeatsAndEndsOnDrain) {
  EventHub hub;
  TestServer server([&](Router& router) {
    Route route = OpenRoute(Method::kGet, "/events", [&](const Request&, const auth::Caller&) {
      Response response;
      response.events = hub.Subscribe();
      return response;
    });
    route.long_lived = true;
    router.Add(route);
  });
  RawClient client(server.port());
  client.Send("GET /events HTTP/1.1\r\n" + kHost + "Accept-Encoding: gzip\r\n\r\n");
  const Answer answer = client.Read(true);
  EXPECT_EQ(answer.Header("Content-Type"), "text/event-stream");
  EXPECT_EQ(answer.Header("Content-Encoding"), "");
  EXPECT_EQ(answer.Header("Cache-Control"), "no-store");
  hub.Publish(1, "report", "new");
  EXPECT_EQ(client.ReadSome(), "id: 1\nevent: report\ndata: new\n\n");
  server.clock().Advance(Duration::Seconds(16));
  EXPECT_EQ(client.ReadSome(), ":\n\n");
  hub.Publish(2, "report", "next");
  EXPECT_EQ(client.ReadSome(), "id: 2\nevent: report\ndata: next\n\n");
  server.Stop();
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(hub.listeners(), 0U);
  hub.Publish(3, "report", "nobody listens, nothing breaks");
}

TEST(ServerStartTest, SaysWhatIsWrongWithItsOptions) {
  Router router;
  testing::SimpleAuthenticator authenticator;
  const SystemClock clock;
  SystemRandom random;
  const auto log = observe::SilentLog();
  const auto metrics = observe::NewMetrics();
  const auto start = [&](const ServerOptions& options) { return Server::Start(options, router, authenticator, clock, random, *log, *metrics); };
  TestServer other(AddHello);
  ServerOptions options;
  options.port = other.port();
  const auto taken = start(options);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, ErrorCode::kConflict);
  EXPECT_NE(taken.error().public_text.find(std::to_string(other.port())), std::string::npos);
  options.port = 0;
  options.address = "not an address";
  EXPECT_EQ(start(options).error().code, ErrorCode::kInvalidArgument);
  options.address = "127.0.0.1";
  options.certificate_file = "/nowhere.pem";
  EXPECT_EQ(start(options).error().code, ErrorCode::kInvalidArgument);
}

TEST(ServerStartTest, RecoversWhenDescriptorsRunOut) {
  TestServer server(AddHello);
  RawClient waiting(server.port());
  waiting.Send(kGetHello);
  EXPECT_EQ(waiting.Read().status, 200);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  auto late = std::make_unique<RawClient>(server.port());
  late->Send(kGetHello);
  EXPECT_EQ(late->Read().status, 200);
  const int lowest_free = dup(0);
  close(lowest_free);
  RawClient starved(server.port());  // Takes the last descriptor; the server has none for its side.
  const rlimit none{static_cast<rlim_t>(lowest_free) + 1, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  {
    // If the server was quicker than the limit, this answers at once; if not, after the limit is lifted.
    starved.Send(kGetHello);
  }
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(starved.Read().status, 200);
}

// A certificate for 127.0.0.1 signed by itself, in a folder that goes away with the object.
class TestCertificate {
 public:
  TestCertificate() : folder_(std::filesystem::temp_directory_path() / ("http_test_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test.example"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    FILE* file = std::fopen(certificate_file().c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen(key_file().c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~TestCertificate() { std::filesystem::remove_all(folder_); }
  std::string certificate_file() const { return folder_ / "certificate.pem"; }
  std::string key_file() const { return folder_ / "key.pem"; }
  std::filesystem::path folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

TEST(ServerTlsTest, ServesRealClientsOverTlsFromVersion12) {
  if (!HasCurl()) GTEST_SKIP() << "curl is not installed: TLS was NOT tested";
  const TestCertificate certificate;
  ServerOptions options;
  options.certificate_file = certificate.certificate_file();
  options.private_key_file = certificate.key_file();
  const std::string large = std::string(5'000'000, 'x') + "end";
  TestServer server(
      [&](Router& router) {
        AddHello(router);
        router.Add(OpenRoute(Method::kGet, "/download", [&](const Request&, const auth::Caller&) {
          Response response;
          response.stream_bytes = static_cast<std::int64_t>(large.size());
          response.stream = [&](const BodySink& sink) { return sink(large); };
          return response;
        }));
      },
      options);
  const std::string url = UrlOf(server, "/hello", "https");
  const std::string curl = "curl -sk --noproxy '*' --max-time 20 ";
  const std::string twice = OutputOf(curl + "-i " + url + " " + url + " -w '%{num_connects} '");
  EXPECT_NE(twice.find("trict-Transport-Security: max-age"), std::string::npos) << twice;
  EXPECT_NE(twice.find("1 "), std::string::npos);
  EXPECT_TRUE(twice.ends_with("0 ")) << "the second request should reuse the connection: " << twice;
  std::ofstream(certificate.folder() / "body") << std::string(60'000, 'x');
  EXPECT_EQ(OutputOf(curl + "--data-binary @" + (certificate.folder() / "body").string() + " " + UrlOf(server, "/echo", "https")).size(), 60'006U);
  EXPECT_EQ(OutputOf(curl + UrlOf(server, "/download", "https")), large);
  EXPECT_EQ(OutputOf(curl + "--tls-max 1.1 -o /dev/null -w '%{http_code}' " + url), "000");
  RawClient plain(server.port());
  plain.Send(kGetHello);
  EXPECT_EQ(plain.Read().status, 0);
}

class FormReceiver final : public BodyReceiver {
 public:
  FormReceiver(std::string boundary, std::atomic<std::int64_t>& resident_max)
      : resident_max_(resident_max), reader_(std::move(boundary), {[](const MultipartReader::Part&) -> Result<void> { return {}; },
                                                                   [this](std::string_view bytes) -> Result<void> {
                                                                     total_ += bytes.size();
                                                                     return {};
                                                                   },
                                                                   []() -> Result<void> { return {}; }}) {}
  Result<void> Receive(std::string_view bytes) override {
    if (++pieces_ % 256 == 0) resident_max_ = std::max<std::int64_t>(resident_max_, ResidentBytes());
    return reader_.Feed(bytes);
  }
  Response Complete() override {
    const Result<void> whole = reader_.Finish();
    return whole.ok() ? TextResponse(200, std::to_string(total_)) : ErrorResponse(whole.error(), "");
  }

 private:
  std::atomic<std::int64_t>& resident_max_;
  MultipartReader reader_;
  std::size_t total_ = 0;
  std::size_t pieces_ = 0;
};

// Several public clients write all of a body before they read; they must still learn why they were refused.
TEST(ServerUploadTest, WhoeverWritesALargeBodyToItsEndStillReadsTheRefusal) {
  TestServer server([&](Router& router) {
    Route route = OpenRoute(Method::kPost, "/upload", [](const Request&, const auth::Caller&) { return TextResponse(200, "never"); });
    route.entrance = Entrance::kBasic;
    router.Add(route);
  });
  RawClient client(server.port());
  constexpr std::size_t kPiece = 1 << 20;
  constexpr int kPieces = 64;
  const std::string length = std::to_string(kPiece * kPieces);
  ASSERT_TRUE(client.Send("POST /upload HTTP/1.1\r\n" + kHost + "Content-Length: " + length + "\r\n\r\n"));
  const std::string piece(kPiece, 'x');
  for (int sent = 0; sent < kPieces; ++sent) ASSERT_TRUE(client.Send(piece)) << "closed after " << sent << " MiB";
  EXPECT_EQ(client.Read().status, 401);
}

TEST(ServerUploadTest, StreamsALargeFileFromCurlWithFlatMemory) {
  if (!HasCurl()) GTEST_SKIP() << "curl is not installed: uploads by a real client were NOT tested";
  std::atomic<std::int64_t> resident_max{0};
  TestServer server([&](Router& router) {
    Route route = OpenRoute(Method::kPost, "/upload", nullptr);
    route.entrance = Entrance::kBasic;
    route.body_bytes_max = 1 << 30;
    route.streaming = [&](const RequestHead& head, const auth::Caller&) -> Result<std::unique_ptr<BodyReceiver>> {
      std::string boundary = PL_TRY(MultipartReader::BoundaryOf(head.headers.Find("Content-Type").value_or("")));
      return std::unique_ptr<BodyReceiver>(std::make_unique<FormReceiver>(std::move(boundary), resident_max));
    };
    router.Add(route);
  });
  const std::filesystem::path file = std::filesystem::temp_directory_path() / ("http_upload_" + std::to_string(getpid()));
  std::ofstream(file).close();
  std::filesystem::resize_file(file, 256 << 20);
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  constexpr std::int64_t kGrowthMax = 64 << 20;  // A sanitizer keeps books on memory of its own.
#else
  constexpr std::int64_t kGrowthMax = 16 << 20;
#endif
  const std::int64_t before = ResidentBytes();
  const std::string base = "curl -s --noproxy '*' --max-time 120 -F id=1 -F file=@" + file.string() + " " + UrlOf(server, "/upload") + " ";
  EXPECT_EQ(OutputOf(base + "-u a:right"), std::to_string((256 << 20) + 1));
  EXPECT_EQ(OutputOf(base + "-u a:right -H 'Transfer-Encoding: chunked'"), std::to_string((256 << 20) + 1));
  EXPECT_LT(resident_max - before, kGrowthMax);
  // Refused on the head: curl has asked with Expect, so the file is not sent.
  EXPECT_EQ(OutputOf(base + "-u a:wrong -o /dev/null -H 'Expect: 100-continue' -w '%{http_code} %{size_upload}'"), "401 0");
  std::filesystem::remove(file);
}

TEST(ClientTest, SendsAndReceivesAndReportsWhatFails) {
  TestServer server(AddHello);
  Client client;
  ClientRequest request;
  request.url = UrlOf(server, "/hello");
  const Result<ClientResponse> hello = client.Send(request);
  ASSERT_TRUE(hello.ok());
  EXPECT_EQ(hello->status, 200);
  EXPECT_EQ(hello->body, "hello");
  EXPECT_EQ(hello->headers.Find("x-content-type-options"), "nosniff");
  request.method = Method::kPost;
  request.url = UrlOf(server, "/echo");
  request.body = "body";
  request.headers.Set("X-Test", "value");
  EXPECT_EQ(client.Send(request)->body, "POST value body");
  request.body = "";
  EXPECT_EQ(client.Send(request)->body, "POST value ");
  request.method = Method::kHead;
  request.url = UrlOf(server, "/hello");
  EXPECT_EQ(client.Send(request)->status, 200);
  request.method = Method::kGet;
  request.url = UrlOf(server, "/absent");
  EXPECT_EQ(client.Send(request)->status, 404);
  request.headers.Set("X-Test", "a\r\nInjected: b");
  EXPECT_EQ(client.Send(request).error().code, ErrorCode::kInvalidArgument);
  request.headers = {};
  request.url = "file:///etc/hostname";
  EXPECT_EQ(client.Send(request).error().code, ErrorCode::kInvalidArgument);
  request.url = UrlOf(server, "/hello");
  server.Stop();
  EXPECT_EQ(client.Send(request).error().code, ErrorCode::kUnavailable);
}

TEST(ClientTest, GivesUpAfterItsTime) {
  Gate gate;
  TestServer server([&](Router& router) {
    router.Add(OpenRoute(Method::kGet, "/wait", [&](const Request&, const auth::Caller&) {
      gate.Pass();
      return TextResponse(200, "");
    }));
  });
  ClientRequest request;
  request.url = UrlOf(server, "/wait");
  request.time_max = Duration::Milliseconds(50);
  EXPECT_EQ(Client().Send(request).error().code, ErrorCode::kTimeout);
  gate.Open();
}

TEST(ClientTest, WritesFormsThatItsOwnReaderReads) {
  Request request;
  request.headers.Set("Content-Type", "multipart/form-data; boundary=bound");
  request.body = EncodeMultipart({{"a\"b", "", "", "1"}, {"c", "", "text/plain", "2\r\n"}}, "bound");
  const auto fields = ParseForm(request);
  ASSERT_TRUE(fields.ok());
  EXPECT_EQ(fields->at("a\"b"), "1");
  EXPECT_EQ(fields->at("c"), "2\r\n");
}

}  // namespace
}  // namespace porchlight::http
