// Goal: an answer that waits for something else holds no thread, is sent once it is ready, whoever says so and when, and is never
// left alone by a server that ends. Method: a real server with a single handler thread, over raw sockets; answers that the test
// makes ready by hand.
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "platform/http/internal/handler_pool.h"
#include "platform/http/testing/test_server.h"

namespace porchlight::http {
namespace {

using testing::OpenRoute;
using testing::RawClient;
using testing::TestServer;

// Holds what is to be called once an answer is ready.
class Waiting {
 public:
  void Add(std::function<void()> ready) {
    const std::lock_guard lock(mutex_);
    ready_.push_back(std::move(ready));
    changed_.notify_all();
  }
  void WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready_.size() >= count; });
  }
  void MakeReady(std::size_t index) {
    std::function<void()> ready;
    {
      const std::lock_guard lock(mutex_);
      ready = std::exchange(ready_.at(index), nullptr);
    }
    ready();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> ready_;
};

class Later final : public LaterAnswer {
 public:
  Later(std::function<void(std::function<void()>)> begin, std::function<Response()> take)
      : begin_(std::move(begin)), take_(std::move(take)) {}
  void Begin(std::function<void()> ready) noexcept override { begin_(std::move(ready)); }
  Response Take() override { return take_(); }

 private:
  std::function<void(std::function<void()>)> begin_;
  std::function<Response()> take_;
};

Response AnswerLater(std::function<void(std::function<void()>)> begin, std::function<Response()> take) {
  Response response;
  response.later = std::make_shared<Later>(std::move(begin), std::move(take));
  return response;
}

const std::string kHost = "Host: test.example\r\n\r\n";
std::string Get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\n" + kHost; }

ServerOptions OneThread() {
  ServerOptions options;
  options.handler_threads = 1;
  return options;
}

class LaterAnswerTest : public ::testing::Test {
 protected:
  void AddRoutes(Router& router) {
    router.Add(OpenRoute(Method::kGet, "/hello", [](const Request&, const auth::Caller&) { return TextResponse(200, "hello"); }));
    router.Add(OpenRoute(Method::kGet, "/later/{name}", [this](const Request& request, const auth::Caller&) {
      const std::string name(request.PathValue("name"));
      return AnswerLater([this](auto ready) { waiting_.Add(std::move(ready)); }, [name] { return TextResponse(200, "later " + name); });
    }));
    router.Add(OpenRoute(Method::kGet, "/at-once", [](const Request&, const auth::Caller&) {
      return AnswerLater([](auto ready) { ready(); }, [] { return TextResponse(201, "at once"); });
    }));
    router.Add(OpenRoute(Method::kGet, "/throws", [](const Request&, const auth::Caller&) {
      return AnswerLater([](auto ready) { ready(); }, []() -> Response { throw std::runtime_error("secret"); });
    }));
    router.Add(OpenRoute(Method::kGet, "/later-still", [this](const Request&, const auth::Caller&) {
      const auto begin = [this](auto ready) { waiting_.Add(std::move(ready)); };
      return AnswerLater(begin, [begin] { return AnswerLater(begin, [] { return TextResponse(200, "in the end"); }); });
    }));
    Route upload = OpenRoute(Method::kPost, "/upload", nullptr);
    upload.streaming = [this](const RequestHead&, const auth::Caller&) -> Result<std::unique_ptr<BodyReceiver>> {
      return std::unique_ptr<BodyReceiver>(std::make_unique<Upload>(waiting_, upload_ended_on_));
    };
    router.Add(std::move(upload));
  }

  class Upload final : public BodyReceiver {
   public:
    Upload(Waiting& waiting, std::promise<std::string>& ended_on) : waiting_(waiting), ended_on_(ended_on) {}
    ~Upload() override {
      char thread[16] = {};
      pthread_getname_np(pthread_self(), thread, sizeof thread);
      ended_on_.set_value(thread);
    }
    Result<void> Receive(std::string_view bytes) override {
      size_ += bytes.size();
      return {};
    }
    Response Complete() override {
      return AnswerLater([this](auto ready) { waiting_.Add(std::move(ready)); },
                         [size = size_] { return TextResponse(200, std::to_string(size)); });
    }

   private:
    Waiting& waiting_;
    std::promise<std::string>& ended_on_;
    std::size_t size_ = 0;
  };

  Waiting waiting_;
  std::promise<std::string> upload_ended_on_;
  TestServer server_{[this](Router& router) { AddRoutes(router); }, OneThread()};
};

TEST_F(LaterAnswerTest, ManyWaitAtOnceWithoutAThreadAndEachGetsItsOwnInAnyOrder) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t index = 0; index < 20; ++index) {
    clients.push_back(std::make_unique<RawClient>(server_.port()));
    clients.back()->Send(Get("/later/" + std::to_string(index)));
    waiting_.WaitFor(index + 1);
  }
  EXPECT_EQ(server_.Ask(Get("/hello")).body, "hello");
  for (std::size_t index = clients.size(); index-- > 0;) {
    waiting_.MakeReady(index);
    EXPECT_EQ(clients[index]->Read().body, "later " + std::to_string(index));
  }
}

TEST_F(LaterAnswerTest, ItIsAnAnswerLikeAnyOtherAndTheConnectionGoesOn) {
  RawClient client(server_.port());
  client.Send(Get("/later/a") + Get("/hello"));
  waiting_.WaitFor(1);
  std::thread([this] { waiting_.MakeReady(0); }).join();
  const testing::Answer answer = client.Read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "later a");
  EXPECT_EQ(answer.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.Header("request-id").size(), 16U);
  EXPECT_EQ(client.Read().body, "hello");
  EXPECT_NE(server_.log().WaitFor("http.request").find("status=200"), std::string::npos);
}

TEST_F(LaterAnswerTest, ItMayBeReadyBeforeItIsWaitedFor) {
  const testing::Answer answer = server_.Ask(Get("/at-once"));
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "at once");
}

TEST_F(LaterAnswerTest, WhatItThrowsIsNotTold) {
  const testing::Answer answer = server_.Ask(Get("/throws"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
}

TEST_F(LaterAnswerTest, WhatCameLaterMayComeLaterStill) {
  RawClient client(server_.port());
  client.Send(Get("/later-still"));
  waiting_.WaitFor(1);
  waiting_.MakeReady(0);
  waiting_.WaitFor(2);
  EXPECT_EQ(server_.Ask(Get("/hello")).status, 200);  // On the only handler thread.
  waiting_.MakeReady(1);
  EXPECT_EQ(client.Read().body, "in the end");
}

TEST_F(LaterAnswerTest, AReceiverMayAnswerLaterTooAndEndsWhereHandlersRun) {
  RawClient client(server_.port());
  client.Send("POST /upload HTTP/1.1\r\nContent-Length: 5\r\n" + kHost + "abcde");
  waiting_.WaitFor(1);
  EXPECT_EQ(server_.Ask(Get("/hello")).status, 200);
  waiting_.MakeReady(0);
  EXPECT_EQ(client.Read().body, "5");
  EXPECT_EQ(upload_ended_on_.get_future().get(), "pl-handler");
}

TEST_F(LaterAnswerTest, AClientThatHasGoneIsNotWaitedForByAnybody) {
  {
    RawClient client(server_.port());
    client.Send(Get("/later/a"));
    waiting_.WaitFor(1);
  }
  waiting_.MakeReady(0);
  EXPECT_EQ(server_.Ask(Get("/hello")).status, 200);
}

TEST_F(LaterAnswerTest, DrainingWaitsForIt) {
  RawClient client(server_.port());
  client.Send(Get("/later/a"));
  waiting_.WaitFor(1);
  std::thread draining([this] { server_.server().Drain(); });
  EXPECT_FALSE(server_.log().WaitFor("http.drain_begun").empty());
  waiting_.MakeReady(0);
  const testing::Answer answer = client.Read();
  EXPECT_EQ(answer.body, "later a");
  EXPECT_EQ(answer.Header("connection"), "close");
  draining.join();
}

TEST(LaterAnswerThreadsTest, WhatHoldsItsThreadWhileItBeginsTakesNoPlaceInTheQueue) {
  testing::Gate gate;
  ServerOptions options;
  options.handler_threads = 3;
  options.queue_max = 1;
  const auto add = [&gate](Router& router) {
    router.Add(OpenRoute(Method::kGet, "/begins", [&gate](const Request&, const auth::Caller&) {
      const auto begin = [&gate](auto ready) {
        gate.Pass();
        ready();
      };
      return AnswerLater(begin, [] { return TextResponse(200, "begun"); });
    }));
    router.Add(OpenRoute(Method::kGet, "/hello", [](const Request&, const auth::Caller&) { return TextResponse(200, "hello"); }));
  };
  TestServer server(add, options);
  RawClient first(server.port());
  RawClient second(server.port());
  first.Send(Get("/begins"));
  gate.WaitForWaiting(1);
  second.Send(Get("/begins"));
  gate.WaitForWaiting(2);
  EXPECT_EQ(server.Ask(Get("/hello")).status, 200);  // On the third.
  gate.Open();
  EXPECT_EQ(first.Read().body, "begun");
  EXPECT_EQ(second.Read().body, "begun");
}

// Routes whose answer, or whose handler itself, waits for the test. A server that ends gives up on its clients after a millisecond, but
// what will still be called must be there.
class LaterAnswerEndTest : public ::testing::Test {
 protected:
  LaterAnswerEndTest() : server_([this](Router& router) { AddRoutes(router); }, Impatient()) {}

  static ServerOptions Impatient() {
    ServerOptions options = OneThread();
    options.drain_time_max = Duration::Milliseconds(1);
    return options;
  }
  void AddRoutes(Router& router) {
    const auto later = [this](const Request&, const auth::Caller&) {
      return AnswerLater([this](auto ready) { waiting_.Add(std::move(ready)); }, [] { return TextResponse(200, "too late"); });
    };
    router.Add(OpenRoute(Method::kGet, "/later", later));
    router.Add(OpenRoute(Method::kGet, "/later-still", [this](const Request&, const auth::Caller&) {
      const auto begin = [this](auto ready) { waiting_.Add(std::move(ready)); };
      return AnswerLater(begin, [this, begin] {
        gate_.Pass();
        return AnswerLater(begin, [] { return TextResponse(200, "too late"); });
      });
    }));
    router.Add(OpenRoute(Method::kGet, "/slow", [this, later](const Request& request, const auth::Caller& caller) {
      gate_.Pass();
      return later(request, caller);
    }));
  }
  std::thread End() {
    std::thread ending([this] {
      server_.Stop();
      has_ended_ = true;
    });
    EXPECT_FALSE(server_.log().WaitFor("http.drained").empty());
    return ending;
  }

  Waiting waiting_;
  testing::Gate gate_;
  std::atomic<bool> has_ended_ = false;
  TestServer server_;
};

TEST_F(LaterAnswerEndTest, TheServerWaitsForWhatIsStillToBeReady) {
  RawClient client(server_.port());
  client.Send(Get("/later"));
  waiting_.WaitFor(1);
  std::thread ending = End();
  EXPECT_FALSE(has_ended_);
  waiting_.MakeReady(0);
  ending.join();
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(LaterAnswerEndTest, AHandlerMayBeginToWaitWhenTheServerEndsAlready) {
  RawClient client(server_.port());
  client.Send(Get("/slow"));
  gate_.WaitForWaiting(1);
  std::thread ending = End();
  gate_.Open();
  waiting_.WaitFor(1);
  waiting_.MakeReady(0);
  ending.join();
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(LaterAnswerEndTest, WhatCameLaterMayBeginToWaitAgainWhenTheServerEndsAlready) {
  RawClient client(server_.port());
  client.Send(Get("/later-still"));
  waiting_.WaitFor(1);
  waiting_.MakeReady(0);
  gate_.WaitForWaiting(1);
  std::thread ending = End();
  gate_.Open();
  waiting_.WaitFor(2);
  waiting_.MakeReady(1);
  ending.join();
  EXPECT_EQ(client.ReadToEnd(), "");
}

class Ran final : public internal::Task {
 public:
  void RunOnPool() override { ran_.set_value(); }
  void Wait() { ran_.get_future().wait(); }

 private:
  std::promise<void> ran_;
};

TEST(LaterAnswerPoolTest, WhatIsExpectedStandsInTheQueueUntilItHasComeBack) {
  internal::HandlerPool pool(1, 1);
  for (int task = 0; task < 2; ++task) {
    pool.Expect();
    pool.Left();
  }
  EXPECT_FALSE(pool.Push(std::make_shared<Ran>(), internal::Priority::kNewRequest));
  const auto under_way = std::make_shared<Ran>();
  EXPECT_TRUE(pool.Push(under_way, internal::Priority::kUnderWay));
  under_way->Wait();
  const auto first = std::make_shared<Ran>();
  const auto second = std::make_shared<Ran>();
  pool.Resume(first);
  pool.Resume(second);
  first->Wait();
  second->Wait();
  const auto fresh = std::make_shared<Ran>();
  EXPECT_TRUE(pool.Push(fresh, internal::Priority::kNewRequest));
  fresh->Wait();
}

TEST(LaterAnswerDispatchTest, WithoutASocketItIsWaitedFor) {
  Router router;
  router.Add(OpenRoute(Method::kGet, "/later", [](const Request&, const auth::Caller&) {
    return AnswerLater([](auto ready) { std::thread(std::move(ready)).detach(); }, [] { return TextResponse(200, "later"); });
  }));
  testing::SimpleAuthenticator authenticator;
  Dispatcher dispatcher(router, authenticator);
  Request request;
  request.target = "/later";
  request.request_id = "0123456789abcdef";
  const Response response = dispatcher.Handle(std::move(request));
  EXPECT_EQ(response.body, "later");
  EXPECT_EQ(response.later, nullptr);
  EXPECT_EQ(response.headers.Find("Request-ID"), "0123456789abcdef");
}

}  // namespace
}  // namespace porchlight::http
