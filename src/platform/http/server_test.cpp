// Goal: the server reads HTTP/1.1 exactly, answers in order, and refuses whatever could be read in two ways or costs
// too much. Method: a real server on a free loopback port, spoken to byte by byte through raw sockets; its clock
// stands still until a test moves it.
#include "platform/http/server.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/text.h"
#include "platform/http/events.h"
#include "platform/http/testing/test_server.h"

namespace porchlight::http {
namespace {

using testing::Answer;
using testing::Gate;
using testing::OpenRoute;
using testing::RawClient;
using testing::TestServer;

constexpr const char* kHost = "Host: test.example\r\n";

class Counter final : public BodyReceiver {
 public:
  explicit Counter(std::function<void()> at_end = nullptr) : at_end_(std::move(at_end)) {}
  ~Counter() override {
    if (at_end_) at_end_();
  }
  Result<void> Receive(std::string_view bytes) override {
    if (bytes.find("STOP") != std::string_view::npos) return Error{ErrorCode::kNoSpace, "The disk is full.", {}, {}, 0};
    EXPECT_LE(bytes.size(), 256U * 1024);
    total_ += bytes.size();
    return {};
  }
  Response Complete() override { return TextResponse(200, std::to_string(total_)); }

 private:
  std::size_t total_ = 0;
  std::function<void()> at_end_;
};

Route UploadRoute(std::size_t bytes_max, Entrance entrance = Entrance::kOpen) {
  Route route = OpenRoute(Method::kPost, "/upload", nullptr);
  route.entrance = entrance;
  route.body_bytes_max = bytes_max;
  route.streaming = [](const RequestHead&, const auth::Caller&) -> Result<std::unique_ptr<BodyReceiver>> {
    return std::unique_ptr<BodyReceiver>(std::make_unique<Counter>());
  };
  return route;
}

void AddRoutes(Router& router) {
  router.Add(OpenRoute(Method::kGet, "/hello", [](const Request& request, const auth::Caller&) {
    return TextResponse(200, "hello " + std::string(request.Query("name").value_or("")));
  }));
  router.Add(OpenRoute(Method::kPost, "/echo", [](const Request& request, const auth::Caller&) { return TextResponse(200, request.body); }));
  router.Add(OpenRoute(Method::kGet, "/large", [](const Request&, const auth::Caller&) {
    return HtmlResponse(200, std::string(300'000, 'a'));
  }));
  router.Add(OpenRoute(Method::kGet, "/peer", [](const Request& request, const auth::Caller&) {
    return TextResponse(200, request.peer_address);
  }));
  Route closed = OpenRoute(Method::kPost, "/closed", [](const Request&, const auth::Caller&) { return TextResponse(200, "in"); });
  closed.entrance = Entrance::kBasic;
  closed.body_bytes_max = 1'000'000;
  router.Add(closed);
  router.Add(UploadRoute(1'000'000));
}

std::string Post(const std::string& path, const std::string& body, const std::string& headers = "") {
  return "POST " + path + " HTTP/1.1\r\n" + kHost + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string Get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\n" + kHost + headers + "\r\n";
}

TEST(ServerTest, AnswersWithItsStandardHeadersAndKeepsTheConnection) {
  TestServer server(AddRoutes);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send(Get("//hello/?name=a%20b")));
    const Answer answer = client.Read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello a b");
    EXPECT_EQ(answer.Header("Request-ID").size(), 16U);
    EXPECT_EQ(answer.Header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.Header("Date"), "Mon, 29 Dec 2025 09:20:00 GMT");
    EXPECT_EQ(answer.Header("Connection"), "");
  }
}

TEST(ServerTest, ReadsARequestThatComesByteByByte) {
  TestServer server(AddRoutes);
  RawClient client(server.port());
  for (const char c : "\r\n" + Post("/echo", "body") + "POST /echo HTTP/1.1\r\n" + kHost +
                          "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n") {
    ASSERT_TRUE(client.Send(std::string_view(&c, 1)));
  }
  EXPECT_EQ(client.Read().body, "body");
  EXPECT_EQ(client.Read().body, "abc0123456789");
}

TEST(ServerTest, AnswersPipelinedRequestsInOrder) {
  TestServer server(AddRoutes);
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += i % 2 == 0 ? Get("/hello?name=" + std::to_string(i)) : Post("/echo", "body " + std::to_string(i));
  client.Send(all);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.Read().body, (i % 2 == 0 ? "hello " : "body ") + std::to_string(i));
}

TEST(ServerTest, HeadSaysTheLengthWithoutTheBody) {
  TestServer server(AddRoutes);
  RawClient client(server.port());
  client.Send("HEAD /hello HTTP/1.1\r\n" + std::string(kHost) + "\r\n" + Get("/hello"));
  const Answer head = client.Read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("Content-Length"), "6");
  EXPECT_EQ(client.Read().body, "hello ");
}

TEST(ServerTest, RefusesWhatCouldBeReadInTwoWaysAndCloses) {
  TestServer server(AddRoutes);
  const std::string start = "POST /echo HTTP/1.1\r\n" + std::string(kHost);
  const std::vector<std::pair<std::string, int>> cases = {
      {start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {start + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
      {start + "Content-Length: 3, 3\r\n\r\nabc", 400},
      {start + "Content-Length: +3\r\n\r\nabc", 400},
      {start + "Content-Length: -1\r\n\r\n", 400},
      {start + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {start + "Content-Length:\r\n\r\n", 400},
      {start + "Content-Length : 3\r\n\r\nabc", 400},
      {start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(300, 'x') + "\r\nabc\r\n", 400},
      {"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {start + "X: a\r\n folded\r\n\r\n", 400},
      {start + "X: a\nY: b\r\n\r\n", 400},
      {start + "X: a\rY: b\r\n\r\n", 400},
      {start + std::string("X: a\0b\r\n\r\n", 10), 400},
      {start + "no colon\r\n\r\n", 400},
      {start + ": no name\r\n\r\n", 400},
      {start + "Host: other.example\r\n\r\n", 400},
      {start + "Authorization: Basic YTpi\r\nAuthorization: Basic YTpj\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\n\r\n", 400},
      {"GET  /hello HTTP/1.1\r\n" + std::string(kHost) + "\r\n", 400},
      {"GET /hello\r\n\r\n", 400},
      {"GET /hello HTTP/2.0\r\n" + std::string(kHost) + "\r\n", 505},
      {"GET /../etc HTTP/1.1\r\n" + std::string(kHost) + "\r\n", 400},
      {"GET /a%00 HTTP/1.1\r\n" + std::string(kHost) + "\r\n", 400},
      {start + "Expect: something\r\nContent-Length: 1\r\n\r\na", 417},
      {"\x16\x03\x01\x02\x00\x01\n", 400},
  };
  for (const auto& [request, status] : cases) {
    RawClient client(server.port());
    client.Send(request + Get("/hello?name=smuggled"));
    const Answer answer = client.Read();
    EXPECT_EQ(answer.status, status) << request;
    EXPECT_EQ(answer.Header("Connection"), "close") << request;
    EXPECT_EQ(answer.Header("Request-ID").size(), 16U) << request;
    client.EndOfSending();
    EXPECT_EQ(client.ReadToEnd(), "") << request;
  }
}

TEST(ServerTest, HoldsTheLimitsOfTheHead) {
  TestServer server(AddRoutes);
  EXPECT_EQ(server.Ask(Get("/hello?name=" + std::string(8192 - 12, 'a'))).status, 200);
  EXPECT_EQ(server.Ask(Get("/hello?name=" + std::string(8192 - 11, 'a'))).status, 414);
  EXPECT_EQ(server.Ask("GET /" + std::string(100'000, 'a')).status, 414);
  EXPECT_EQ(server.Ask(Get("/hello", "X: " + std::string(40'000, 'a') + "\r\n")).status, 431);
  std::string many;
  for (int i = 0; i < 99; ++i) many += "X: 1\r\n";
  EXPECT_EQ(server.Ask(Get("/hello", many)).status, 200);
  EXPECT_EQ(server.Ask(Get("/hello", many + "X: 1\r\n")).status, 431);
}

TEST(ServerTest, HoldsBodyLimitsForBothFramings) {
  TestServer server(AddRoutes);
  EXPECT_EQ(server.Ask(Post("/echo", std::string(65536, 'a'))).status, 200);
  EXPECT_EQ(server.Ask("POST /echo HTTP/1.1\r\n" + std::string(kHost) + "Content-Length: 65537\r\n\r\n").status, 413);
  EXPECT_EQ(server.Ask("POST /upload HTTP/1.1\r\n" + std::string(kHost) + "Content-Length: 1000001\r\n\r\n").status, 413);
  const std::string chunked = "POST /upload HTTP/1.1\r\n" + std::string(kHost) + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(server.Ask(chunked + "F4240\r\n" + std::string(1'000'000, 'a') + "\r\n0\r\n\r\n").body, "1000000");
  const Answer refused = server.Ask(chunked + "F4241\r\n" + std::string(1'000'001, 'a') + "\r\n0\r\n\r\n");
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.Header("Connection"), "close");
  EXPECT_EQ(server.Ask("POST /echo HTTP/1.1\r\n" + std::string(kHost) + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" +
                       std::string(65537, 'a') + "\r\n0\r\n\r\n").status, 413);
}

TEST(ServerTest, ARefusedSmallBodyLeavesTheConnectionUsable) {
  TestServer server(AddRoutes);
  RawClient client(server.port());
  client.Send(Post("/closed", "not read") + Get("/hello"));
  const Answer refused = client.Read();
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.Header("WWW-Authenticate"), "Basic realm=\"ESP Web Services\"");
  EXPECT_EQ(client.Read().body, "hello ");
}

TEST(ServerTest, SaysContinueOnlyAfterAdmission) {
  TestServer server(AddRoutes);
  const std::string head = "POST /closed HTTP/1.1\r\n" + std::string(kHost) + "Expect: 100-continue\r\n";
  RawClient known(server.port());
  known.Send(head + "Authorization: Basic " + Base64Encode("a:right") + "\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(known.Read().status, 100);
  known.Send("body");
  EXPECT_EQ(known.Read().body, "in");
  const Answer unknown = server.Ask(head + "Content-Length: 4\r\n\r\n");
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(unknown.Header("Connection"), "close");
  EXPECT_EQ(server.Ask(head + "Authorization: Basic " + Base64Encode("a:right") + "\r\nContent-Length: 1000001\r\n\r\n").status, 413);
}

TEST(ServerTest, AReceiverMayRefuseInTheMiddle) {
  TestServer server(AddRoutes);
  const Answer answer = server.Ask(Post("/upload", std::string(200'000, 'a') + "STOP" + std::string(200'000, 'a')));
  EXPECT_EQ(answer.status, 507);
  EXPECT_EQ(answer.Header("Connection"), "close");
}

TEST(ServerTest, AClientThatGoesAwayEndsItsReceiver) {
  Gate ended;
  TestServer server([&](Router& router) {
    Route route = UploadRoute(1'000'000);
    route.streaming = [&](const RequestHead&, const auth::Caller&) -> Result<std::unique_ptr<BodyReceiver>> {
      return std::unique_ptr<BodyReceiver>(std::make_unique<Counter>([&] { ended.Pass(); }));
    };
    router.Add(route);
  });
  {
    RawClient client(server.port());
    client.Send("POST /upload HTTP/1.1\r\n" + std::string(kHost) + "Content-Length: 500000\r\n\r\n" + std::string(100'000, 'a'));
  }
  ended.WaitForWaiting(1);
  {
    RawClient client(server.port());
    client.Send("POST /upload HTTP/1.1\r\n" + std::string(kHost) + "Transfer-Encoding: chunked\r\n\r\nFFFF\r\nabc");
  }
  ended.WaitForWaiting(2);
  ended.Open();
}

// Answers in how many pieces its body came.
class PieceCounter final : public BodyReceiver {
 public:
  Result<void> Receive(std::string_view bytes) override {
    ++pieces_;
    total_ += bytes.size();
    return {};
  }
  Response Complete() override { return TextResponse(200, std::to_string(total_) + " in " + std::to_string(pieces_)); }

 private:
  std::size_t total_ = 0;
  int pieces_ = 0;
};

void AddPiecesRoute(Router& router) {
  Route route = OpenRoute(Method::kPost, "/pieces", nullptr);
  route.body_bytes_max = 1'000'000;
  route.streaming = [](const RequestHead&, const auth::Caller&) -> Result<std::unique_ptr<BodyReceiver>> {
    return std::unique_ptr<BodyReceiver>(std::make_unique<PieceCounter>());
  };
  router.Add(route);
}

TEST(ServerTest, BodiesOfKnownLengthUpToALimitComeInOnePiece) {
  TestServer server(AddPiecesRoute);
  EXPECT_EQ(server.Ask(Post("/pieces", std::string(65'537, 'a'))).body, "65537 in 1");
  EXPECT_EQ(server.Ask(Post("/pieces", std::string(262'144, 'a'))).body, "262144 in 1");
  EXPECT_EQ(server.Ask(Post("/pieces", std::string(262'145, 'a'))).body, "262145 in 5");
  RawClient client(server.port());
  client.Send(Post("/pieces", std::string(100'000, 'a')) + Post("/pieces", std::string(70'000, 'b')));
  EXPECT_EQ(client.Read().body, "100000 in 1");
  EXPECT_EQ(client.Read().body, "70000 in 1");
}

TEST(ServerTest, WithoutRoomToGatherABodyIsStreamedUntilThereIsRoomAgain) {
  TestServer server(AddPiecesRoute);
  std::vector<std::unique_ptr<RawClient>> slow;
  // 128 times 256 KB are the 32 MB there are. The next one's answer tells that all of them have been heard.
  for (int i = 0; i < 128; ++i) {
    slow.push_back(std::make_unique<RawClient>(server.port()));
    slow.back()->Send("POST /pieces HTTP/1.1\r\n" + std::string(kHost) + "Content-Length: 262144\r\n\r\na");
  }
  std::string streamed;
  for (int attempt = 0; attempt < 1000 && streamed != "100000 in 2"; ++attempt) {
    streamed = server.Ask(Post("/pieces", std::string(100'000, 'a'))).body;
  }
  EXPECT_EQ(streamed, "100000 in 2");
  slow.front()->Send(std::string(262'143, 'a'));
  EXPECT_EQ(slow.front()->Read().body, "262144 in 1");
  std::string gathered = server.Ask(Post("/pieces", std::string(100'000, 'a'))).body;
  EXPECT_EQ(gathered, "100000 in 1");
  // All is taken once more, and then all who took it go away.
  slow.push_back(std::make_unique<RawClient>(server.port()));
  slow.back()->Send("POST /pieces HTTP/1.1\r\n" + std::string(kHost) + "Content-Length: 262144\r\n\r\na");
  for (int attempt = 0; attempt < 1000 && gathered != "100000 in 2"; ++attempt) {
    gathered = server.Ask(Post("/pieces", std::string(100'000, 'a'))).body;
  }
  EXPECT_EQ(gathered, "100000 in 2");
  slow.clear();
  for (int attempt = 0; attempt < 1000 && gathered != "262144 in 1"; ++attempt) {
    gathered = server.Ask(Post("/pieces", std::string(262'144, 'a'))).body;
  }
  EXPECT_EQ(gathered, "262144 in 1");
}

TEST(ServerTest, AGatheredBodyThatIsRefusedLeavesTheConnectionUsable) {
  TestServer server(AddRoutes);
  RawClient client(server.port());
  client.Send(Post("/closed", std::string(100'000, 'a')) + Get("/hello"));
  EXPECT_EQ(client.Read().status, 401);
  EXPECT_EQ(client.Read().body, "hello ");
}

TEST(ServerTest, WhatNoRouteTakesIsRefusedBeforeItIsRead) {
  TestServer server(AddRoutes);
  const std::string announced = std::string(kHost) + "Content-Length: 100000\r\n\r\n";
  EXPECT_EQ(server.Ask("POST /nowhere HTTP/1.1\r\n" + announced).status, 404);
  EXPECT_EQ(server.Ask("POST /hello HTTP/1.1\r\n" + announced).status, 405);
  EXPECT_EQ(server.Ask("POST /echo HTTP/1.1\r\n" + announced).status, 413);
}

TEST(ServerTest, SpeaksHttp10) {
  TestServer server(AddRoutes);
  RawClient client(server.port());
  client.Send("GET /hello HTTP/1.0\r\n\r\n");
  const Answer answer = client.Read();
  EXPECT_EQ(answer.body, "hello ");
  EXPECT_EQ(answer.Header("Connection"), "close");
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(server.Ask("GET /hello HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").Header("Connection"), "keep-alive");
}

TEST(ServerTest, GzipsTextWhenAskedAndAllowed) {
  TestServer server(AddRoutes);
  const Answer packed = server.Ask(Get("/large", "Accept-Encoding: br, gzip;q=0.5\r\n"));
  EXPECT_EQ(packed.Header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed.Header("Vary"), "Accept-Encoding");
  std::string plain(400'000, '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string body = packed.body;
  stream.next_in = reinterpret_cast<Bytef*>(body.data());
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.total_out, 300'000U);
  inflateEnd(&stream);
  EXPECT_EQ(server.Ask(Get("/large")).Header("Content-Encoding"), "");
  EXPECT_EQ(server.Ask(Get("/large")).body.size(), 300'000U);
  EXPECT_EQ(server.Ask(Get("/large", "Accept-Encoding: gzip;q=0\r\n")).Header("Content-Encoding"), "");
  EXPECT_EQ(server.Ask(Get("/hello", "Accept-Encoding: gzip\r\n")).Header("Content-Encoding"), "");
  EXPECT_EQ(server.Ask(Get("/large", "Accept-Encoding: gzip\r\nSec-Fetch-Site: cross-site\r\n")).Header("Content-Encoding"), "");
}

TEST(ServerTest, TrustsForwardedAddressesOnlyWhenTold) {
  const std::string headers = "X-Forwarded-For: 192.0.2.1, 198.51.100.7\r\n";
  EXPECT_EQ(TestServer(AddRoutes).Ask(Get("/peer", headers)).body, "127.0.0.1");
  ServerOptions options;
  options.trust_forwarded_for = true;
  TestServer trusting(AddRoutes, options);
  EXPECT_EQ(trusting.Ask(Get("/peer", headers)).body, "198.51.100.7");
  EXPECT_EQ(trusting.Ask(Get("/peer", "X-Forwarded-For: nonsense\r\n")).body, "127.0.0.1");
}

}  // namespace
}  // namespace porchlight::http
