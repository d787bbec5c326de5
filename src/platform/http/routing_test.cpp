// Goal: a request meets exactly the route, the entrance and the permission that are written in the table.
// Method: small routers asked for many paths; a fake authenticator that records what it was asked, walked over every
// entrance with every kind of credentials.
#include "platform/http/routing.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/text.h"
#include "platform/http/events.h"

namespace porchlight::http {
namespace {

Route MakeRoute(Method method, std::string pattern, Entrance entrance = Entrance::kOpen, std::string permission = "") {
  Route route;
  route.method = method;
  route.name = std::string(NameOf(method)) + " " + pattern;
  route.pattern = std::move(pattern);
  route.entrance = entrance;
  route.permission = std::move(permission);
  route.handler = [](const Request& request, const auth::Caller& caller) {
    std::string text = caller.login;
    for (const auto& [name, value] : request.path_values) text += " " + name + "=" + value;
    return TextResponse(200, text);
  };
  return route;
}

RequestHead Read(std::string_view target) {
  RequestHead head;
  EXPECT_TRUE(ReadTarget(target, head).ok()) << target;
  return head;
}

TEST(TargetTest, NormalisesThePathAndReadsTheQuery) {
  EXPECT_EQ(Read("//ispws///status/").path, "/ispws/status");
  EXPECT_EQ(Read("/").path, "/");
  EXPECT_EQ(Read("//").path, "/");
  EXPECT_EQ(Read("/a%20b+c").path, "/a b+c");
  EXPECT_EQ(Read("http://host.example:80/a?b=1").path, "/a");
  EXPECT_EQ(Read("HTTPS://host.example").path, "/");
  const RequestHead head = Read("/a?name=x+y%26z&empty&=v&name=2");
  EXPECT_EQ(head.Query("name"), "x y&z");
  EXPECT_EQ(head.Query("empty"), "");
  EXPECT_EQ(head.Query("absent"), std::nullopt);
  EXPECT_EQ(head.query.size(), 4U);
}

TEST(TargetTest, RefusesWhatWalksAroundFilters) {
  for (const char* target : {"", "a", "*", "/a/../b", "/a/./b", "/%2e%2e/b", "/a%2fb", "/a%00", "/a%0a", "/a%zz", "/a%2", "/a#b",
                             "/a?x=%zz", "ftp://host.example/a", "host.example:443"}) {
    RequestHead head;
    const Result<void> read = ReadTarget(target, head);
    ASSERT_FALSE(read.ok()) << target;
    EXPECT_EQ(read.error().code, ErrorCode::kMalformed);
  }
  std::string many = "/a?";
  for (int i = 0; i < 128; ++i) many += "x=1&";
  RequestHead head;
  EXPECT_TRUE(ReadTarget(many, head).ok());
  EXPECT_FALSE(ReadTarget(many + "x=1", head).ok());
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    for (const char* pattern : {"/", "/reports", "/reports/{id}", "/reports/new", "/reports/{id}/files/{file}", "/reports/new/draft",
                                "/console/{rest*}", "/console/login"}) {
      router_.Add(MakeRoute(Method::kGet, pattern));
    }
    router_.Add(MakeRoute(Method::kPost, "/reports"));
    router_.Add(MakeRoute(Method::kPost, "/reports/{number}"));
  }
  std::string NameFor(Method method, std::string_view path) const {
    const Router::Match match = router_.Find(method, path);
    if (match.route == nullptr) return match.path_exists ? "405 " + match.allow : "404";
    std::string name = match.route->name;
    for (const auto& [key, value] : match.path_values) name += " " + key + "=" + value;
    return name;
  }
  Router router_;
};

TEST_F(RouterTest, FindsLiteralsBeforeParametersBeforeTheRest) {
  EXPECT_EQ(NameFor(Method::kGet, "/"), "GET /");
  EXPECT_EQ(NameFor(Method::kGet, "/reports"), "GET /reports");
  EXPECT_EQ(NameFor(Method::kGet, "/reports/new"), "GET /reports/new");
  EXPECT_EQ(NameFor(Method::kGet, "/reports/7"), "GET /reports/{id} id=7");
  EXPECT_EQ(NameFor(Method::kPost, "/reports/7"), "POST /reports/{number} number=7");
  EXPECT_EQ(NameFor(Method::kGet, "/reports/7/files/8"), "GET /reports/{id}/files/{file} file=8 id=7");
  EXPECT_EQ(NameFor(Method::kGet, "/reports/new/files/8"), "GET /reports/{id}/files/{file} file=8 id=new");
  EXPECT_EQ(NameFor(Method::kGet, "/console/login"), "GET /console/login");
  EXPECT_EQ(NameFor(Method::kGet, "/console/a/b"), "GET /console/{rest*} rest=a/b");
  EXPECT_EQ(NameFor(Method::kGet, "/console"), "GET /console/{rest*} rest=");
}

TEST_F(RouterTest, HeadFindsGetAndOtherMethodsAreRefusedWithWhatIsAllowed) {
  EXPECT_EQ(NameFor(Method::kHead, "/reports"), "GET /reports");
  EXPECT_EQ(NameFor(Method::kDelete, "/reports"), "405 GET, HEAD, POST");
  EXPECT_EQ(NameFor(Method::kPost, "/reports/new"), "405 GET, HEAD");
  EXPECT_EQ(NameFor(Method::kGet, "/nothing"), "404");
  EXPECT_EQ(NameFor(Method::kGet, "/reports/7/files"), "404");
  EXPECT_EQ(NameFor(Method::kGet, "reports"), "404");
}

TEST(RouterDeathTest, ARouteThatIsThereTwiceOrIncompleteEndsTheProcess) {
  Router router;
  router.Add(MakeRoute(Method::kGet, "/a/{x}"));
  EXPECT_DEATH(router.Add(MakeRoute(Method::kGet, "/a/{y}")), "");
  Route none = MakeRoute(Method::kGet, "/b");
  none.handler = nullptr;
  EXPECT_DEATH(router.Add(none), "");
  EXPECT_DEATH(router.Add(MakeRoute(Method::kGet, "/c/{rest*}/d")), "");
  EXPECT_DEATH(router.Add(MakeRoute(Method::kGet, "/d", Entrance::kOpen, "may.never")), "");
}

class FakeAuthenticator final : public Authenticator {
 public:
  Result<auth::Caller> ByBasic(std::string_view login, std::string_view password, std::string_view) override {
    asked += "basic:" + std::string(login) + ":" + std::string(password) + " ";
    if (login == "locked") return Error{ErrorCode::kTooManyRequests, "Locked.", {}, {}, 30};
    return CallerIf(password == "right", "basic");
  }
  Result<auth::Caller> BySession(std::string_view cookie, std::string_view csrf_token, bool csrf_needed) override {
    asked += "session:" + std::string(cookie) + (csrf_needed ? ":csrf" : "") + " ";
    if (cookie == "throw") throw std::runtime_error("store gone");
    return CallerIf(cookie == "right" && (!csrf_needed || csrf_token == "token"), "session");
  }
  Result<auth::Caller> ByToken(std::string_view token) override {
    asked += "token:" + std::string(token) + " ";
    return CallerIf(token == "right", "token");
  }
  void Denied(const auth::Caller& caller, const Route& route, const RequestHead&) override {
    denied += caller.login + " at " + route.name;
    throw std::runtime_error("must not fail the request");
  }

  std::string asked;
  std::string denied;

 private:
  static Result<auth::Caller> CallerIf(bool known, const char* login) {
    if (!known) return Error{ErrorCode::kUnauthenticated, "Wrong credentials.", {}, {}, 0};
    auth::Caller caller;
    caller.login = login;
    caller.permissions = {"may"};
    return caller;
  }
};

class DispatcherTest : public testing::Test {
 protected:
  Response Ask(Method method, const std::string& target, std::vector<std::pair<std::string, std::string>> headers = {}) {
    authenticator_.asked.clear();
    Dispatcher dispatcher(router_, authenticator_);
    Request request;
    request.method = method;
    request.target = target;
    request.request_id = "00112233aabbccdd";
    for (auto& [name, value] : headers) request.headers.Add(name, value);
    return dispatcher.Handle(std::move(request));
  }
  Router router_;
  FakeAuthenticator authenticator_;
};

struct Credentials {
  const char* name;
  std::vector<std::pair<std::string, std::string>> headers;
};

const std::vector<Credentials>& AllCredentials() {
  static const std::vector<Credentials> kAll = {
      {"none", {}},
      {"basic", {{"Authorization", "Basic " + Base64Encode("user:right")}}},
      {"lower-case basic", {{"Authorization", "basic " + Base64Encode("user:right")}}},
      {"wrong basic", {{"Authorization", "Basic " + Base64Encode("user:wrong")}}},
      {"broken basic", {{"Authorization", "Basic ***"}}},
      {"basic without colon", {{"Authorization", "Basic " + Base64Encode("user")}}},
      {"token", {{"Authorization", "Bearer right"}}},
      {"wrong token", {{"Authorization", "Bearer wrong"}}},
      {"session", {{"Cookie", "other=1; porchlight_session=right"}}},
      {"session and csrf", {{"Cookie", "porchlight_session=right"}, {"X-CSRF-Token", "token"}}},
      {"wrong session", {{"Cookie", "porchlight_session=wrong"}, {"X-CSRF-Token", "token"}}},
  };
  return kAll;
}

// One letter per kind of credentials above: "." let in, "x" refused with 401.
std::string RowOf(const std::function<int(const Credentials&)>& status) {
  std::string row;
  for (const Credentials& credentials : AllCredentials()) row += status(credentials) == 200 ? '.' : 'x';
  return row;
}

TEST_F(DispatcherTest, EveryEntranceTakesExactlyItsOwnCredentials) {
  const std::vector<std::tuple<Entrance, const char*, const char*>> matrix = {
      //                    GET            POST           (none, basic x2, wrong x3, token x2, session x3)
      {Entrance::kOpen, "...........", "..........."},
      {Entrance::kBasic, "x..xxxxxxxx", "x..xxxxxxxx"},
      {Entrance::kSession, "xxxxxxxx..x", "xxxxxxxxx.x"},
      {Entrance::kToken, "xxxxxx.xxxx", "xxxxxx.xxxx"},
      {Entrance::kApi, "x..xxx.x..x", "x..xxx.xx.x"},
  };
  for (const auto& [entrance, get, post] : matrix) {
    const std::string path = "/" + std::to_string(static_cast<int>(entrance));
    router_.Add(MakeRoute(Method::kGet, path, entrance));
    router_.Add(MakeRoute(Method::kPost, path, entrance));
    EXPECT_EQ(RowOf([&](const Credentials& one) { return Ask(Method::kGet, path, one.headers).status; }), get) << path;
    EXPECT_EQ(RowOf([&](const Credentials& one) { return Ask(Method::kPost, path, one.headers).status; }), post) << path;
  }
}

TEST_F(DispatcherTest, TheOpenEntranceNeverLooksAtCredentials) {
  router_.Add(MakeRoute(Method::kPost, "/open"));
  for (const Credentials& one : AllCredentials()) {
    Ask(Method::kPost, "/open", one.headers);
    EXPECT_EQ(authenticator_.asked, "") << one.name;
  }
}

TEST_F(DispatcherTest, ANamedAuthorizationGoesBeforeTheCookie) {
  router_.Add(MakeRoute(Method::kPost, "/api", Entrance::kApi));
  Ask(Method::kPost, "/api", {{"Authorization", "Bearer right"}, {"Cookie", "porchlight_session=right"}});
  EXPECT_EQ(authenticator_.asked, "token:right ");
}

TEST_F(DispatcherTest, ChallengesAsTheEntranceSays) {
  router_.Add(MakeRoute(Method::kGet, "/basic", Entrance::kBasic));
  router_.Add(MakeRoute(Method::kGet, "/api", Entrance::kApi));
  router_.Add(MakeRoute(Method::kGet, "/session", Entrance::kSession));
  EXPECT_EQ(Ask(Method::kGet, "/basic").headers.Find("WWW-Authenticate"), "Basic realm=\"ESP Web Services\"");
  EXPECT_EQ(Ask(Method::kGet, "/api").headers.Find("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(Ask(Method::kGet, "/session").headers.Find("WWW-Authenticate"), std::nullopt);
}

TEST_F(DispatcherTest, AMissingPermissionIsToldToTheAuthenticatorAndRefused) {
  router_.Add(MakeRoute(Method::kGet, "/may", Entrance::kToken, "may"));
  router_.Add(MakeRoute(Method::kGet, "/may-not", Entrance::kToken, "other"));
  EXPECT_EQ(Ask(Method::kGet, "/may", {{"Authorization", "Bearer right"}}).status, 200);
  EXPECT_EQ(authenticator_.denied, "");
  EXPECT_EQ(Ask(Method::kGet, "/may-not", {{"Authorization", "Bearer right"}}).status, 403);
  EXPECT_EQ(authenticator_.denied, "token at GET /may-not");
  EXPECT_EQ(Ask(Method::kGet, "/may-not").status, 401);
}

TEST_F(DispatcherTest, PassesOnLockOutsWithTheirTime) {
  router_.Add(MakeRoute(Method::kGet, "/basic", Entrance::kBasic));
  const Response response = Ask(Method::kGet, "/basic", {{"Authorization", "Basic " + Base64Encode("locked:x")}});
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.Find("Retry-After"), "30");
}

TEST_F(DispatcherTest, WhatThrowsBecomesA500WithoutDetail) {
  Route route = MakeRoute(Method::kGet, "/throw");
  route.handler = [](const Request&, const auth::Caller&) -> Response { throw std::runtime_error("secret detail"); };
  router_.Add(route);
  router_.Add(MakeRoute(Method::kGet, "/session", Entrance::kSession));
  const Response thrown = Ask(Method::kGet, "/throw");
  EXPECT_EQ(thrown.status, 500);
  EXPECT_EQ(thrown.body.find("secret"), std::string::npos);
  EXPECT_EQ(thrown.headers.Find("Request-ID"), "00112233aabbccdd");
  EXPECT_EQ(Ask(Method::kGet, "/session", {{"Cookie", "porchlight_session=throw"}}).status, 500);
}

TEST_F(DispatcherTest, RefusalsSpeakTheDialectOfTheRoute) {
  Route route = MakeRoute(Method::kPost, "/dialect", Entrance::kBasic);
  route.body_bytes_max = 3;
  route.refuse = [](const RequestHead&, const Error& error) {
    return TextResponse(StatusFor(error.code), "dialect " + std::to_string(static_cast<int>(error.code)));
  };
  router_.Add(route);
  EXPECT_EQ(Ask(Method::kPost, "/dialect").body, "dialect 3");
  EXPECT_EQ(Ask(Method::kPost, "/dialect").headers.Find("WWW-Authenticate"), "Basic realm=\"ESP Web Services\"");
  const Response method = Ask(Method::kGet, "/dialect");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.body, "dialect 8");
  EXPECT_EQ(method.headers.Find("Allow"), "POST");
  const Response absent = Ask(Method::kGet, "/absent");
  EXPECT_EQ(absent.status, 404);
  EXPECT_EQ(absent.content_type, "application/json");
  EXPECT_EQ(Ask(Method::kGet, "/%zz").status, 400);
}

class Collector final : public BodyReceiver {
 public:
  Result<void> Receive(std::string_view bytes) override {
    if (bytes.find('!') != std::string_view::npos) return Error{ErrorCode::kConflict, "No.", {}, {}, 0};
    total_ += bytes.size();
    largest_ = std::max(largest_, bytes.size());
    return {};
  }
  Response Complete() override { return TextResponse(200, std::to_string(total_) + " " + std::to_string(largest_)); }

 private:
  std::size_t total_ = 0;
  std::size_t largest_ = 0;
};

TEST_F(DispatcherTest, FeedsAStreamingRouteInPiecesAndHoldsBodyLimits) {
  Route route = MakeRoute(Method::kPost, "/upload");
  route.handler = nullptr;
  route.streaming = [](const RequestHead&, const auth::Caller&) -> Result<std::unique_ptr<BodyReceiver>> {
    return std::unique_ptr<BodyReceiver>(std::make_unique<Collector>());
  };
  route.body_bytes_max = 200'000;
  router_.Add(route);
  Dispatcher dispatcher(router_, authenticator_);
  const auto ask = [&](std::string body) {
    Request request;
    request.method = Method::kPost;
    request.target = "/upload";
    request.body = std::move(body);
    return dispatcher.Handle(std::move(request));
  };
  EXPECT_EQ(ask(std::string(200'000, 'a')).body, "200000 65536");
  EXPECT_EQ(ask(std::string(200'001, 'a')).status, 413);
  EXPECT_EQ(ask(std::string(100'000, '!')).status, 409);
  EXPECT_EQ(ask("").body, "0 0");
}

TEST_F(DispatcherTest, RunsAStreamedAnswerIntoTheBody) {
  int runs = 0;
  const auto add = [&](const std::string& path, std::vector<std::string> pieces, bool fails) {
    Route route = MakeRoute(Method::kGet, path);
    route.handler = [&runs, pieces, fails](const Request&, const auth::Caller&) {
      Response response;
      response.body = "ignored";
      response.stream_bytes = 10;
      response.stream = [&runs, pieces, fails](const BodySink& sink) -> Result<void> {
        ++runs;
        for (const std::string& piece : pieces) PL_TRY(sink(piece));
        if (fails) return Error{ErrorCode::kConflict, "It changed.", {}, {}, 0};
        return {};
      };
      return response;
    };
    router_.Add(route);
  };
  add("/whole", {"01234", "", "56789"}, false);
  add("/short", {"01234"}, false);
  add("/long", {"01234", "567890"}, false);
  add("/failing", {"0123456789"}, true);
  const Response whole = Ask(Method::kGet, "/whole");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, "0123456789");
  EXPECT_EQ(whole.headers.Find("Request-ID"), "00112233aabbccdd");
  EXPECT_FALSE(whole.stream);
  EXPECT_EQ(Ask(Method::kGet, "/short").status, 500);
  EXPECT_EQ(Ask(Method::kGet, "/long").status, 500);
  EXPECT_EQ(Ask(Method::kGet, "/failing").status, 409);
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(Ask(Method::kHead, "/whole").body, "");
  EXPECT_EQ(runs, 4);
}

TEST(StandardHeadersTest, AreOnEveryAnswerUnlessTheHandlerSaidOtherwise) {
  RequestHead head;
  head.tls = true;
  head.request_id = "ours";
  Response page = HtmlResponse(200, "<p>");
  page.headers.Set("Cache-Control", "max-age=60");
  AddStandardHeaders(page, head);
  EXPECT_EQ(page.headers.Find("Cache-Control"), "max-age=60");
  EXPECT_NE(page.headers.Find("Content-Security-Policy")->find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(page.headers.Find("Referrer-Policy"), "no-referrer");
  EXPECT_TRUE(page.headers.Find("Strict-Transport-Security").has_value());
  head.tls = false;
  Response json = JsonResponse(200, Json().Set("a", 1));
  AddStandardHeaders(json, head);
  EXPECT_EQ(json.headers.Find("Cache-Control"), "no-store");
  EXPECT_EQ(json.headers.Find("Content-Security-Policy"), std::nullopt);
  EXPECT_EQ(json.headers.Find("Strict-Transport-Security"), std::nullopt);
  EXPECT_EQ(json.headers.Find("X-Content-Type-Options"), "nosniff");
}

TEST(MessageTest, ErrorsShowThePublicTextOnly) {
  const Response response = ErrorResponse(Error{ErrorCode::kInvalidArgument, "Too short.", "row 17", "/name", 5}, "abc");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body, R"({"error":{"code":"invalid_argument","message":"Too short.","field":"/name","request_id":"abc"}})");
  EXPECT_EQ(response.headers.Find("Retry-After"), "5");
  EXPECT_EQ(ErrorResponse(Error{ErrorCode::kInternal, "", "secret", {}, 0}, "x").body.find("secret"), std::string::npos);
}

TEST(MessageTest, JsonBodiesNeedTheirType) {
  Request request;
  request.body = R"({"a":1})";
  EXPECT_TRUE(request.JsonBody().ok());
  request.headers.Set("Content-Type", "application/json; charset=utf-8");
  EXPECT_TRUE(request.JsonBody().ok());
  request.headers.Set("content-type", "text/plain");
  EXPECT_EQ(request.JsonBody().error().code, ErrorCode::kUnsupported);
  request.headers.Set("Content-Type", "application/json");
  request.body = "{";
  EXPECT_EQ(request.JsonBody().error().code, ErrorCode::kMalformed);
}

TEST(EventsTest, WriteTheWireFormAndCloseWhoDoesNotRead) {
  EventHub hub;
  const std::shared_ptr<EventSource> source = hub.Subscribe();
  int wakes = 0;
  source->Attach([&] { ++wakes; });
  hub.Publish(7, "report", "line one\nline two");
  EXPECT_EQ(source->Take(), "id: 7\nevent: report\ndata: line one\ndata: line two\n\n");
  EXPECT_EQ(source->Take(), "");
  EXPECT_EQ(wakes, 1);
  hub.Publish(8, "", std::string(EventSource::kQueuedBytesMax, 'x'));
  EXPECT_TRUE(source->closed());
  EXPECT_EQ(hub.listeners(), 0U);
  const std::shared_ptr<EventSource> other = hub.Subscribe();
  EXPECT_EQ(hub.listeners(), 1U);
  hub.CloseAll();
  EXPECT_TRUE(other->closed());
}

}  // namespace
}  // namespace porchlight::http
