// Goal: an answer that is written while it is sent arrives byte for byte or visibly short, costs a bounded memory, holds
// up nobody, and ends with its client. Method: raw sockets that stop reading or go away, the real curl for the large
// one, a clock moved by hand, and functions that break every promise.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "platform/http/testing/test_server.h"

namespace porchlight::http {
namespace {

using testing::Answer;
using testing::Gate;
using testing::OpenRoute;
using testing::RawClient;
using testing::TestServer;

constexpr std::int64_t kEndless = std::int64_t{1} << 40;
constexpr int kSmallBuffer = 64 * 1024;
// Queue and piece of the server, its send buffer (at most 4 MiB on Linux), our receive buffer.
constexpr std::int64_t kAheadMax = 8 << 20;

std::string Head(const std::string& method, const std::string& path) {
  return method + " " + path + " HTTP/1.1\r\nHost: test.example\r\nAccept-Encoding: gzip\r\n\r\n";
}

std::string Pattern(std::int64_t at, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((static_cast<std::uint64_t>(at++) * 2'654'435'761U) >> 15U);
  return bytes;
}

Result<void> SendPattern(const BodySink& sink, std::int64_t bytes, std::int64_t piece, std::atomic<std::int64_t>* accepted = nullptr) {
  for (std::int64_t at = 0; at < bytes; at += piece) {
    const std::int64_t size = std::min(piece, bytes - at);
    PL_TRY(sink(Pattern(at, static_cast<std::size_t>(size))));
    if (accepted != nullptr) *accepted += size;
  }
  return {};
}

Route Download(const std::string& path, std::int64_t bytes, BodyStream stream) {
  return OpenRoute(Method::kGet, path, [=](const auto&, const auth::Caller&) {
    Response response;
    response.content_type = "text/plain";
    response.stream = stream;
    response.stream_bytes = bytes;
    return response;
  });
}

void AddHello(Router& router) {
  router.Add(OpenRoute(Method::kGet, "/hello", [](const auto&, const auth::Caller&) { return TextResponse(200, "hello"); }));
}

// Never ends by itself; says why it was ended.
struct Endless {
  std::atomic<std::int64_t> accepted{0};
  std::atomic<int> ended_by{0};
  Gate ended;

  Route At(const std::string& path) {
    return Download(path, kEndless, [this](const BodySink& sink) {
      const Result<void> sent = SendPattern(sink, kEndless, 100'000, &accepted);
      ended_by = static_cast<int>(sent.error().code);
      ended.Open();
      return sent;
    });
  }
  void WaitForEnd() {
    ended.Pass();
    EXPECT_EQ(ended_by, static_cast<int>(ErrorCode::kUnavailable));
  }
};

TEST(ServerDownloadTest, CurlGetsEveryByteOfALargeBodyWithFlatMemory) {
  if (!testing::HasCurl()) GTEST_SKIP() << "curl is not installed: a large download by a real client was NOT tested";
  constexpr std::int64_t kBytes = 64 << 20;
  constexpr std::int64_t kPiece = 1'000'003;
  std::atomic<std::int64_t> resident_max{0};
  TestServer server([&](Router& router) {
    router.Add(Download("/large", kBytes, [&](const BodySink& sink) -> Result<void> {
      const BodySink measured = [&](std::string_view bytes) {
        resident_max = std::max<std::int64_t>(resident_max, testing::ResidentBytes());
        return sink(bytes);
      };
      return SendPattern(measured, kBytes, kPiece);
    }));
  });
  const std::filesystem::path file = std::filesystem::temp_directory_path() / ("http_download_" + std::to_string(getpid()));
  const std::int64_t before = testing::ResidentBytes();
  const std::string curl = "curl -s --compressed --noproxy '*' --max-time 120 -w '%{http_code} %{size_download}' -o " + file.string();
  EXPECT_EQ(testing::OutputOf(curl + " " + testing::UrlOf(server, "/large")), "200 " + std::to_string(kBytes));
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  constexpr std::int64_t kGrowthMax = 48 << 20;  // A sanitizer keeps books on memory of its own.
#else
  constexpr std::int64_t kGrowthMax = 8 << 20;
#endif
  EXPECT_LT(resident_max - before, kGrowthMax);
  std::ifstream got(file, std::ios::binary);
  std::string piece(kPiece, '\0');
  std::int64_t same = 0;
  for (std::int64_t at = 0; at < kBytes; at += kPiece) {
    got.read(piece.data(), kPiece);
    const auto size = static_cast<std::size_t>(got.gcount());
    if (piece.substr(0, size) == Pattern(at, size)) same += static_cast<std::int64_t>(size);
  }
  EXPECT_EQ(same, kBytes);
  std::filesystem::remove(file);
}

TEST(ServerDownloadTest, AClientThatDoesNotReadHoldsUpNobodyAndIsCutOff) {
  Endless endless;
  ServerOptions options;
  options.handler_threads = 1;
  TestServer server(
      [&](Router& router) {
        AddHello(router);
        router.Add(endless.At("/endless"));
        router.Add(Download("/small", 10, [](const BodySink& sink) { return SendPattern(sink, 10, 3); }));
      },
      options);
  RawClient slow(server.port(), kSmallBuffer);
  slow.Send(Head("GET", "/endless"));
  EXPECT_EQ(slow.Read(true).status, 200);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(server.Ask(Head("GET", i % 2 == 0 ? "/hello" : "/small")).status, 200);
  while (endless.ended_by == 0) {
    server.clock().Advance(Duration::Seconds(31));
    EXPECT_EQ(server.Ask(Head("GET", "/hello")).body, "hello");
  }
  endless.WaitForEnd();
  EXPECT_LT(endless.accepted, kAheadMax);
}

TEST(ServerDownloadTest, ATricklingClientIsTooSlow) {
  Endless endless;
  ServerOptions options;
  options.write_stall_max = Duration::Seconds(1'000'000);
  options.body_bytes_per_second_min = 1'000'000;
  TestServer server(
      [&](Router& router) {
        AddHello(router);
        router.Add(endless.At("/endless"));
      },
      options);
  RawClient slow(server.port(), kSmallBuffer);
  slow.Send(Head("GET", "/endless"));
  EXPECT_EQ(slow.Read(true).status, 200);
  while (endless.ended_by == 0) {
    slow.ReadSome();
    server.clock().Advance(Duration::Seconds(31));
    EXPECT_EQ(server.Ask(Head("GET", "/hello")).body, "hello");
  }
  endless.WaitForEnd();
}

TEST(ServerDownloadTest, ASlowFunctionIsNotTheClientsFault) {
  Gate gate;
  TestServer server([&](Router& router) {
    AddHello(router);
    router.Add(Download("/slow", 20, [&](const BodySink& sink) -> Result<void> {
      PL_TRY(sink("0123456789"));
      gate.Pass();
      return sink("abcdefghij");
    }));
  });
  RawClient client(server.port());
  client.Send(Head("GET", "/slow"));
  EXPECT_EQ(client.Read(true).status, 200);
  gate.WaitForWaiting(1);
  RawClient idle(server.port());
  idle.Send(Head("GET", "/hello"));
  EXPECT_EQ(idle.Read().status, 200);
  // After this answer on another connection the first one is idle, on the clock as it stands.
  EXPECT_EQ(server.Ask(Head("GET", "/hello")).status, 200);
  server.clock().Advance(Duration::Seconds(3600));
  // That it is closed shows that all deadlines have been looked at.
  EXPECT_EQ(idle.ReadToEnd(), "");
  gate.Open();
  std::string body;
  while (body.size() < 20) {
    const std::string piece = client.ReadSome();
    ASSERT_NE(piece, "");
    body += piece;
  }
  EXPECT_EQ(body, "0123456789abcdefghij");
}

TEST(ServerDownloadTest, AClientThatGoesAwayEndsTheFunctionAndFreesItsPlace) {
  Endless endless;
  ServerOptions options;
  options.downloads_max = 1;
  TestServer server(
      [&](Router& router) {
        router.Add(endless.At("/endless"));
        router.Add(Download("/small", 10, [](const BodySink& sink) { return SendPattern(sink, 10, 3); }));
      },
      options);
  {
    RawClient client(server.port());
    client.Send(Head("GET", "/endless"));
    EXPECT_EQ(client.Read(true).status, 200);
    EXPECT_NE(client.ReadSome(), "");
  }
  endless.WaitForEnd();
  const std::string line = server.log().WaitFor("http.download");
  EXPECT_NE(line.find("route=test /endless ended=cut bytes="), std::string::npos) << line;
  // The place is free a moment after the function has returned.
  Answer answer = server.Ask(Head("GET", "/small"));
  while (answer.status == 503) answer = server.Ask(Head("GET", "/small"));
  EXPECT_EQ(answer.body, Pattern(0, 10));
}

TEST(ServerDownloadTest, WhateverFailsIsSeenAsShortAndLogged) {
  constexpr std::int64_t kBytes = 1'000'000;
  const Error broken{ErrorCode::kCorrupt, "Broken.", "digest differs", {}, 0};
  struct Case {
    std::string why;
    std::int64_t bytes;
    std::int64_t arrive;
    BodyStream stream;
  };
  const std::vector<Case> cases = {
      {"digest differs", kBytes, 0, [&](const BodySink&) -> Result<void> { return broken; }},
      {"digest differs", kBytes, kBytes / 2, [&](const BodySink& sink) -> Result<void> {
         PL_TRY(SendPattern(sink, kBytes / 2, 1000));
         return broken;
       }},
      {"digest differs", kBytes, kBytes - 1, [&](const BodySink& sink) -> Result<void> {
         PL_TRY(SendPattern(sink, kBytes, 1000));
         return broken;
       }},
      {"a handler threw: torn", kBytes, kBytes / 2, [&](const BodySink& sink) -> Result<void> {
         PL_TRY(SendPattern(sink, kBytes / 2, 1000));
         throw std::runtime_error("torn");
       }},
      {"a streamed body ended after 999999 of 1000000 bytes announced", kBytes, kBytes - 1,
       [&](const BodySink& sink) { return SendPattern(sink, kBytes - 1, 1000); }},
      {"a streamed body is longer than the 1000000 bytes announced", kBytes, 0,
       [&](const BodySink& sink) { return SendPattern(sink, kBytes + 1, kBytes + 1); }},
      {"a streamed body is longer than the 1000000 bytes announced", kBytes, kBytes - 1,
       [&](const BodySink& sink) -> Result<void> {
         PL_TRY(SendPattern(sink, kBytes, 1000));
         EXPECT_EQ(sink("x").error().code, ErrorCode::kInternal);
         return {};
       }},
      {"digest differs", 0, 0, [&](const BodySink&) -> Result<void> { return broken; }},
      {"a streamed body is longer than the 0 bytes announced", 0, 0, [&](const BodySink& sink) { return sink("x"); }},
  };
  TestServer server([&](Router& router) {
    for (std::size_t i = 0; i < cases.size(); ++i) router.Add(Download("/" + std::to_string(i), cases[i].bytes, cases[i].stream));
  });
  for (std::size_t i = 0; i < cases.size(); ++i) {
    RawClient client(server.port());
    client.Send(Head("GET", "/" + std::to_string(i)));
    const Answer answer = client.Read();
    if (cases[i].bytes == 0) {
      EXPECT_EQ(answer.status, 0) << i;
    } else {
      EXPECT_EQ(answer.Header("Content-Length"), std::to_string(kBytes)) << i;
      EXPECT_TRUE(answer.body == Pattern(0, static_cast<std::size_t>(cases[i].arrive))) << i << ": " << answer.body.size();
    }
    EXPECT_EQ(client.ReadToEnd(), "") << i;
    const std::string line = server.log().WaitFor("http.download");
    EXPECT_NE(line.find("route=test /" + std::to_string(i) + " ended=failed bytes=" + std::to_string(answer.body.size())), std::string::npos)
        << line;
    EXPECT_TRUE(line.ends_with("why=" + cases[i].why + " (warning)")) << line;
  }
  EXPECT_NE(server.metrics().Exposition().find("porchlight_http_downloads_total{ended=\"failed\"} 9"), std::string::npos);
}

TEST(ServerDownloadTest, AnUnknownLengthIsOurFaultAndNothingIsSent) {
  TestServer server([&](Router& router) {
    router.Add(Download("/unknown", -1, [](const BodySink& sink) { return sink("x"); }));
  });
  EXPECT_EQ(server.Ask(Head("GET", "/unknown")).status, 500);
}

TEST(ServerDownloadTest, CurlCallsAFailedDownloadPartial) {
  if (!testing::HasCurl()) GTEST_SKIP() << "curl is not installed: what a real client makes of a short body was NOT tested";
  TestServer server([&](Router& router) {
    router.Add(Download("/late", 1'000'000, [](const BodySink& sink) -> Result<void> {
      PL_TRY(SendPattern(sink, 1'000'000, 1000));
      return Error{ErrorCode::kCorrupt, "Broken.", {}, {}, 0};
    }));
  });
  const std::string curl = "curl -s --noproxy '*' --max-time 20 -o /dev/null -w '%{http_code} %{size_download} %{exitcode}' ";
  EXPECT_EQ(testing::OutputOf(curl + testing::UrlOf(server, "/late")), "200 999999 18");
}

TEST(ServerDownloadTest, BeyondDownloadsMaxIsRefusedBeforeAnythingIsStreamed) {
  Gate gate;
  std::atomic<int> runs{0};
  ServerOptions options;
  options.downloads_max = 2;
  TestServer server(
      [&](Router& router) {
        AddHello(router);
        router.Add(Download("/wait", 4, [&](const BodySink& sink) {
          ++runs;
          gate.Pass();
          return sink("done");
        }));
      },
      options);
  RawClient first(server.port());
  RawClient second(server.port());
  first.Send(Head("GET", "/wait"));
  second.Send(Head("GET", "/wait"));
  gate.WaitForWaiting(2);
  RawClient third(server.port());
  third.Send(Head("GET", "/wait") + Head("GET", "/hello"));
  const Answer refused = third.Read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("Retry-After"), "10");
  EXPECT_NE(refused.body.find("unavailable"), std::string::npos);
  EXPECT_EQ(third.Read().body, "hello");
  EXPECT_EQ(runs, 2);
  gate.Open();
  EXPECT_EQ(first.Read().body, "done");
  EXPECT_EQ(second.Read().body, "done");
  // Whoever has read one to its end has its place again.
  third.Send(Head("GET", "/wait"));
  EXPECT_EQ(third.Read().body, "done");
  EXPECT_NE(server.metrics().Exposition().find("porchlight_http_downloads_refused_total 1"), std::string::npos);
}

TEST(ServerDownloadTest, HeadAnswersTheHeadersWithoutRunningIt) {
  std::atomic<int> runs{0};
  TestServer server([&](Router& router) {
    router.Add(Download("/small", 5, [&](const BodySink& sink) {
      ++runs;
      return sink("small");
    }));
  });
  RawClient client(server.port());
  client.Send(Head("HEAD", "/small") + Head("GET", "/small"));
  const Answer head = client.Read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("Content-Length"), "5");
  EXPECT_EQ(head.Header("Content-Type"), "text/plain");
  EXPECT_EQ(client.Read().body, "small");
  EXPECT_EQ(runs, 1);
}

TEST(ServerDownloadTest, TheConnectionIsKeptAndBytesAreCounted) {
  static constexpr std::int64_t kBytes = 3'000'000;
  TestServer server([&](Router& router) {
    AddHello(router);
    router.Add(Download("/large", kBytes, [](const BodySink& sink) { return SendPattern(sink, kBytes, 70'000); }));
    router.Add(Download("/empty", 0, [](const BodySink&) -> Result<void> { return {}; }));
  });
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 5; ++i) all += Head("GET", "/large") + Head("GET", "/empty") + Head("GET", "/hello");
  client.Send(all);
  for (int i = 0; i < 5; ++i) {
    const Answer large = client.Read();
    EXPECT_EQ(large.Header("Content-Length"), std::to_string(kBytes));
    EXPECT_EQ(large.Header("Content-Encoding"), "");
    EXPECT_EQ(large.Header("Connection"), "");
    EXPECT_EQ(large.Header("Cache-Control"), "no-store");
    EXPECT_TRUE(large.body == Pattern(0, kBytes));
    const Answer empty = client.Read();
    EXPECT_EQ(empty.status, 200);
    EXPECT_EQ(empty.Header("Content-Length"), "0");
    EXPECT_EQ(client.Read().body, "hello");
    EXPECT_NE(server.log().WaitFor("http.download").find("ended=complete bytes=3000000 "), std::string::npos);
    EXPECT_NE(server.log().WaitFor("http.download").find("ended=complete bytes=0 "), std::string::npos);
  }
  const std::string exposition = server.metrics().Exposition();
  const std::string counter = "porchlight_http_bytes_total{direction=\"out\"} ";
  ASSERT_NE(exposition.find(counter), std::string::npos);
  EXPECT_GT(std::stoll(exposition.substr(exposition.find(counter) + counter.size())), 5 * kBytes);
  EXPECT_NE(exposition.find("porchlight_http_downloads_total{ended=\"complete\"} 10"), std::string::npos);
}

TEST(ServerDownloadTest, AnHttp10ClientGetsItsBodyAndTheEnd) {
  TestServer server([&](Router& router) {
    router.Add(Download("/small", 10, [](const BodySink& sink) { return SendPattern(sink, 10, 3); }));
  });
  RawClient client(server.port());
  client.Send("GET /small HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.Read().body, Pattern(0, 10));
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(ServerDownloadTest, DrainingLetsADownloadEnd) {
  Gate gate;
  TestServer server([&](Router& router) {
    AddHello(router);
    router.Add(Download("/wait", 2'000'000, [&](const BodySink& sink) -> Result<void> {
      PL_TRY(sink(std::string(1'000'000, 'a')));
      gate.Pass();
      return sink(std::string(1'000'000, 'b'));
    }));
  });
  RawClient idle(server.port());
  idle.Send(Head("GET", "/hello"));
  EXPECT_EQ(idle.Read().status, 200);
  RawClient busy(server.port());
  busy.Send(Head("GET", "/wait"));
  const Answer head = busy.Read(true);
  EXPECT_EQ(head.Header("Content-Length"), "2000000");
  gate.WaitForWaiting(1);
  std::thread drain([&] { server.server().Drain(); });
  EXPECT_EQ(idle.ReadToEnd(), "");
  gate.Open();
  EXPECT_TRUE(busy.ReadToEnd() == std::string(1'000'000, 'a') + std::string(1'000'000, 'b'));
  drain.join();
  EXPECT_NE(server.log().WaitFor("http.download").find("ended=complete"), std::string::npos);
}

TEST(ServerDownloadTest, TheEndOfDrainingEndsWhatIsStillUnderWay) {
  Endless endless;
  Endless unread;
  ServerOptions options;
  options.drain_time_max = Duration::Milliseconds(50);
  TestServer server(
      [&](Router& router) {
        router.Add(endless.At("/endless"));
        router.Add(unread.At("/unread"));
      },
      options);
  RawClient reader(server.port());
  reader.Send(Head("GET", "/endless"));
  RawClient slow(server.port(), kSmallBuffer);
  slow.Send(Head("GET", "/unread"));
  EXPECT_EQ(slow.Read(true).status, 200);
  std::thread reading([&] { reader.ReadToEnd(); });
  server.server().Drain();
  endless.WaitForEnd();
  unread.WaitForEnd();
  server.Stop();
  reading.join();
}

}  // namespace
}  // namespace porchlight::http
