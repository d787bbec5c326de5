// Goal: who may do what in the directory, over the same routes the server has. Method: both engines; the dispatcher
// over this room's whole route table, with real sessions, Basic and tokens; a clock moved by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "directory/directory_http.h"
#include "directory/migrations.h"
#include "directory/rules.h"
#include "platform/audit/migrations.h"
#include "platform/auth/migrations.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::directory {
namespace {

using http::Method;

struct Browser {
  std::string cookie;
  std::string csrf_token;
  std::string secret;                       // Of the second factor, raw.
};

struct Answer {
  int status = 0;
  Json body;
  std::string set_cookie;
};

std::vector<store::Migration> AllMigrations() {
  std::vector<store::Migration> all = auth::Migrations();
  for (const auto& more : {audit::Migrations(), Migrations()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

class DirectoryTest : public testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    profile_ = profile::LoadFrom(std::string(PORCHLIGHT_SOURCE_DIR) + "/profiles/us").value();
    // So that a test may sign in as often as it likes; the limits have tests of their own.
    profile_.numbers["sign_in_login_per_minute_max"] = 10'000;
    profile_.numbers["sign_in_peer_per_minute_max"] = 10'000;
    database_ = store::FreshDatabase(GetParam(), AllMigrations());
    log_ = observe::SilentLog();
    authenticator_ = std::make_unique<Authenticator>(
        *database_, profile_, clock_, random_, sealer_, *log_,
        AuthenticatorOptions{{crypto::PasswordCost::kFastForTests, 2, 64}, false});
    administration_ = std::make_unique<Administration>(*database_, profile_, clock_, random_, *authenticator_);
    for (http::Route& route : Routes({*database_, profile_, *authenticator_, *administration_})) router_.Add(std::move(route));
    dispatcher_ = std::make_unique<http::Dispatcher>(router_, *authenticator_);
    MakeAccount("root.admin", auth::AccountKind::kStaff, 0, {"sysadmin"});
    admin_ = SignIn("root.admin");
  }

  // The system, as the command line does.
  std::int64_t MakeAccount(const std::string& login, auth::AccountKind kind, std::int64_t organisation, std::vector<std::string> roles) {
    NewAccount wanted;
    wanted.login = login;
    wanted.kind = kind;
    wanted.organisation = organisation;
    wanted.roles = std::move(roles);
    if (kind != auth::AccountKind::kMachine) wanted.password = Sensitive<std::string>(kPassword);
    const Result<CreatedAccount> made = administration_->CreateAccount(auth::SystemCaller("test"), wanted, "r");
    PL_CHECK(made.ok());
    return made->account.id.value;
  }
  std::int64_t MakeOrganisation(const std::string& name, bool test = false) {
    NewOrganisation wanted{name, "esp", "US", "desk@" + name + ".example", test};
    return administration_->CreateOrganisation(auth::SystemCaller("test"), wanted, "r")->id.value;
  }

  Answer Send(Method method, const std::string& path, const std::string& body, const std::vector<std::pair<std::string, std::string>>& headers) {
    http::Request request;
    request.method = method;
    const std::size_t question = path.find('?');
    request.path = path.substr(0, question);
    if (question != std::string::npos) {
      for (const std::string_view pair : Split(std::string_view(path).substr(question + 1), '&')) {
        const std::size_t equals = pair.find('=');
        request.query.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
      }
    }
    request.target = path;
    request.body = body;
    request.peer_address = "192.0.2.9";
    request.request_id = "0123456789abcdef";
    if (method == Method::kPost) request.headers.Add("Content-Type", "application/json");
    for (const auto& [name, value] : headers) request.headers.Add(name, value);
    const http::Response response = dispatcher_->Handle(std::move(request));
    Answer answer{response.status, {}, std::string(response.headers.Find("Set-Cookie").value_or(""))};
    if (const Result<Json> json = ParseJson(response.body); json.ok()) answer.body = *json;
    return answer;
  }
  Answer Get(const Browser& browser, const std::string& path) {
    return Send(Method::kGet, path, "", {{"Cookie", "porchlight_session=" + browser.cookie}});
  }
  Answer Post(const Browser& browser, const std::string& path, const Json& body = Json(Json::Object{})) {
    return Send(Method::kPost, path, body.Serialize(),
                {{"Cookie", "porchlight_session=" + browser.cookie}, {"X-CSRF-Token", browser.csrf_token}});
  }
  Answer Basic(const std::string& login, const std::string& path, const std::string& password = kPassword) {
    return Send(Method::kGet, path, "", {{"Authorization", "Basic " + Base64Encode(login + ":" + password)}});
  }
  Answer Bearer(const std::string& token, const std::string& path) {
    return Send(Method::kGet, path, "", {{"Authorization", "Bearer " + token}});
  }

  Answer TrySignIn(const std::string& login, const std::string& password, const std::string& code = "") {
    Json body = Json().Set("login", login).Set("password", password);
    if (!code.empty()) body.Set("code", code);
    return Send(Method::kPost, "/api/v1/sign-in", body.Serialize(), {});
  }
  static void Take(const Answer& answer, Browser& browser) {
    const std::size_t from = answer.set_cookie.find('=') + 1;
    browser.cookie = answer.set_cookie.substr(from, answer.set_cookie.find(';') - from);
    browser.csrf_token = answer.body.Text("csrf_token");
  }
  // Signs in as a person would, and enrols where the role asks for it.
  Browser SignIn(const std::string& login) {
    Browser browser;
    const Answer entered = TrySignIn(login, kPassword);
    EXPECT_EQ(entered.status, 200) << login;
    Take(entered, browser);
    if (entered.body.Text("second_factor") != "enrol") return browser;
    browser.secret = crypto::Base32Decode(Post(browser, "/api/v1/second-factor").body.Text("secret")).value();
    const Answer confirmed = Post(browser, "/api/v1/second-factor/confirm", Json().Set("code", Code(browser)));
    EXPECT_EQ(confirmed.status, 200);
    Take(confirmed, browser);
    clock_.Advance(Duration::Seconds(30));
    return browser;
  }
  std::string Code(const Browser& browser) const {
    return crypto::TotpCode(browser.secret, clock_.Now().microseconds / 30'000'000);
  }
  std::vector<audit::RecordedEntry> Audit() {
    return database_->Read([](store::ReadTransaction& transaction) { return audit::List(transaction, 0, 100); }).value();
  }
  int AuditCount(std::string_view action) {
    const auto all = Audit();
    return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.entry.action == action; }));
  }
  static std::string Path(const std::string& kind, std::int64_t id, const std::string& rest = "") {
    return "/api/v1/" + kind + "/" + std::to_string(id) + rest;
  }

  static constexpr const char* kPassword = "violet lantern 42";
  ManualClock clock_{Instant{1'800'000'000'000'000}};
  SeededRandom random_{5};
  vault::MasterKeys keys_ = vault::MasterKeys::FromSecret("a secret of the tests");
  vault::Sealer sealer_{keys_, random_};
  profile::Profile profile_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<observe::Log> log_;
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<Administration> administration_;
  http::Router router_;
  std::unique_ptr<http::Dispatcher> dispatcher_;
  Browser admin_;
};

INSTANTIATE_TEST_SUITE_P(Engines, DirectoryTest, testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(DirectoryTest, ASessionTellsWhoIsSignedInAndItsCookieIsGuarded) {
  const Answer session = Get(admin_, "/api/v1/session");
  EXPECT_EQ(session.status, 200);
  EXPECT_EQ(session.body.Text("login"), "root.admin");
  EXPECT_EQ(session.body.Text("second_factor"), "done");
  EXPECT_EQ(session.body.Text("centre_name"), "Porchlight demonstration centre");
  EXPECT_EQ(session.body.Text("csrf_token"), admin_.csrf_token);
  MakeAccount("esp.liaison", auth::AccountKind::kStaff, 0, {"esp_liaison"});
  const Answer entered = TrySignIn("esp.liaison", kPassword);
  EXPECT_NE(entered.set_cookie.find("; Path=/; HttpOnly; SameSite=Strict"), std::string::npos);
  EXPECT_EQ(entered.set_cookie.find("Secure"), std::string::npos);
}

TEST_P(DirectoryTest, BeforeTheSecondFactorNothingElseIsAllowed) {
  MakeAccount("new.admin", auth::AccountKind::kStaff, 0, {"sysadmin"});
  Browser browser;
  Take(TrySignIn("new.admin", kPassword), browser);
  EXPECT_EQ(Get(browser, "/api/v1/session").body.Text("second_factor"), "enrol");
  EXPECT_TRUE(Get(browser, "/api/v1/session").body.Find("permissions")->AsArray()->empty());
  EXPECT_EQ(Get(browser, "/api/v1/accounts").status, 403);
  EXPECT_EQ(Post(browser, "/api/v1/tokens").status, 403);
  const Browser enrolled = SignIn("new.admin");
  EXPECT_EQ(Get(enrolled, "/api/v1/accounts").status, 200);
  EXPECT_EQ(Get(browser, "/api/v1/session").status, 401);
}

TEST_P(DirectoryTest, ARightPasswordWithoutTheCodeAsksForItAndAWrongOneDoesNot) {
  const Answer asked = TrySignIn("root.admin", kPassword);
  EXPECT_EQ(asked.status, 401);
  EXPECT_EQ(asked.body.Find("error")->Text("field"), "/code");
  const Answer wrong = TrySignIn("root.admin", "wrong password 1");
  const Answer nobody = TrySignIn("nobody.here", "wrong password 1");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body.Serialize(), nobody.body.Serialize());
  clock_.Advance(Duration::Minutes(1));
  EXPECT_EQ(TrySignIn("root.admin", kPassword, Code(admin_)).status, 200);
  EXPECT_EQ(TrySignIn("root.admin", kPassword, Code(admin_)).status, 401) << "the same code again";
  EXPECT_EQ(AuditCount("directory.sign_in.failed"), 3);
}

TEST_P(DirectoryTest, FiveFailuresLockAndTheLockIsAudited) {
  for (int count = 0; count < 5; ++count) EXPECT_EQ(TrySignIn("root.admin", "wrong password 1").status, 401);
  EXPECT_EQ(TrySignIn("root.admin", kPassword).status, 429);
  EXPECT_EQ(AuditCount("directory.sign_in.locked_out"), 1);
  clock_.Advance(Duration::Minutes(15));
  EXPECT_EQ(TrySignIn("root.admin", kPassword, Code(admin_)).status, 200);
}

TEST_P(DirectoryTest, SignInTakesOnlyJson) {
  const Answer form = Send(Method::kPost, "/api/v1/sign-in", "{}", {});
  EXPECT_EQ(form.status, http::StatusFor(ErrorCode::kInvalidArgument));
  http::Request request;
  request.method = Method::kPost;
  request.path = "/api/v1/sign-in";
  request.body = Json().Set("login", "root.admin").Set("password", kPassword).Serialize();
  EXPECT_EQ(dispatcher_->Handle(request).status, 415);
}

TEST_P(DirectoryTest, AChangeWithoutTheCsrfTokenIsRefused) {
  Browser forged = admin_;
  forged.csrf_token = "";
  EXPECT_EQ(Post(forged, "/api/v1/organisations", Json().Set("name", "A").Set("kind", "esp").Set("country", "US")).status, 403);
  EXPECT_EQ(Get(forged, "/api/v1/organisations").status, 200);
}

TEST_P(DirectoryTest, SigningOutEndsTheSessionAndClearsTheCookie) {
  const Answer out = Post(admin_, "/api/v1/sign-out");
  EXPECT_EQ(out.status, 204);
  EXPECT_NE(out.set_cookie.find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(Get(admin_, "/api/v1/session").status, 401);
  EXPECT_EQ(AuditCount("directory.session.end"), 1);
}

TEST_P(DirectoryTest, APlatformSeesItsOwnOrganisationAndEveryOtherIsNotThere) {
  const std::int64_t own = MakeOrganisation("lamp");
  const std::int64_t other = MakeOrganisation("torch");
  MakeAccount("lamp.api", auth::AccountKind::kPlatform, own, {"esp_reporter"});
  const Answer list = Basic("lamp.api", "/api/v1/organisations");
  ASSERT_EQ(list.status, 200);
  ASSERT_EQ(list.body.Find("items")->AsArray()->size(), 1U);
  const Answer shown = Basic("lamp.api", Path("organisations", own));
  EXPECT_EQ(shown.body.Text("name"), "lamp");
  EXPECT_EQ(shown.body.Find("contact"), nullptr) << "the centre's field";
  const Answer hidden = Basic("lamp.api", Path("organisations", other));
  const Answer absent = Basic("lamp.api", Path("organisations", 999'999));
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(hidden.body.Serialize(), absent.body.Serialize());
  EXPECT_EQ(Basic("lamp.api", "/api/v1/organisations/x").body.Serialize(), absent.body.Serialize());
  EXPECT_EQ(Basic("lamp.api", "/api/v1/accounts").status, 403);
  EXPECT_EQ(Get(admin_, Path("organisations", own)).body.Text("contact"), "desk@lamp.example");
  EXPECT_EQ(AuditCount("directory.denied"), 1);
}

TEST_P(DirectoryTest, TheCallerOfAPlatformCarriesItsOrganisationAndClasses) {
  const std::int64_t organisation = MakeOrganisation("lamp", true);
  MakeAccount("lamp.api", auth::AccountKind::kPlatform, organisation, {"esp_reporter"});
  const auth::Caller caller = authenticator_->ByBasic("lamp.api", kPassword, "192.0.2.1").value();
  EXPECT_EQ(caller.organisation.value, organisation);
  EXPECT_TRUE(caller.test_traffic) << "its organisation is for tests";
  EXPECT_TRUE(caller.May("tipline.file"));
  EXPECT_TRUE(caller.visibility.Holds(Visibility::kSubmitter));
  EXPECT_FALSE(caller.visibility.Holds(Visibility::kCentre));
  EXPECT_EQ(caller.proof, auth::Proof::kBasic);
}

TEST_P(DirectoryTest, PasswordsAreMadeAndShownOnceAndNeverAgain) {
  const Json wanted = Json().Set("login", "tip.one").Set("kind", "staff").Set("organisation", 0).Set("roles", Json().Append("tip_intake_analyst"));
  const Answer made = Post(admin_, "/api/v1/accounts", wanted);
  ASSERT_EQ(made.status, 201);
  const std::string password(made.body.Text("password"));
  EXPECT_EQ(password.size(), 24U);
  EXPECT_EQ(TrySignIn("tip.one", password).status, 200);
  EXPECT_EQ(Get(admin_, "/api/v1/accounts").body.Serialize().find(password), std::string::npos);
  for (const auto& entry : Audit()) EXPECT_EQ(entry.entry.detail.find(password), std::string::npos);
  EXPECT_EQ(Post(admin_, "/api/v1/accounts", wanted).status, 409);
  Json weak = wanted;
  weak.Set("login", "tip.two").Set("password", "too short");
  EXPECT_EQ(Post(admin_, "/api/v1/accounts", weak).body.Find("error")->Text("field"), "/password");
}

TEST_P(DirectoryTest, ADisabledAccountLosesItsSessionAndItsBasicAtOnce) {
  const std::int64_t organisation = MakeOrganisation("lamp");
  const std::int64_t platform = MakeAccount("lamp.api", auth::AccountKind::kPlatform, organisation, {"esp_reporter"});
  const std::int64_t person = MakeAccount("tip.one", auth::AccountKind::kStaff, 0, {"tip_intake_analyst"});
  const Browser browser = SignIn("tip.one");
  EXPECT_EQ(Basic("lamp.api", "/api/v1/code-lists").status, 200);
  EXPECT_EQ(Get(browser, "/api/v1/code-lists").status, 200);
  for (const std::int64_t id : {platform, person}) EXPECT_EQ(Post(admin_, Path("accounts", id, "/disable")).status, 200);
  EXPECT_EQ(Basic("lamp.api", "/api/v1/code-lists").status, 401);
  EXPECT_EQ(Get(browser, "/api/v1/code-lists").status, 401);
  EXPECT_EQ(Post(admin_, Path("accounts", platform, "/enable")).status, 200);
  EXPECT_EQ(Basic("lamp.api", "/api/v1/code-lists").status, 200);
  EXPECT_EQ(AuditCount("directory.account.disable"), 2);
}

TEST_P(DirectoryTest, NobodyChangesThemselvesAndTheCentreKeepsAnAdministrator) {
  const std::int64_t own = *Get(admin_, "/api/v1/session").body.Find("account")->AsInteger();
  const Json demoted = Json().Set("roles", Json().Append("auditor"));
  EXPECT_EQ(Post(admin_, Path("accounts", own, "/disable")).status, 403);
  EXPECT_EQ(Post(admin_, Path("accounts", own, "/roles"), demoted).status, 403);
  EXPECT_EQ(Post(admin_, Path("accounts", own, "/second-factor/remove")).status, 403);
  const auto by_system = administration_->SetState(auth::SystemCaller("test"), {own}, auth::AccountState::kDisabled, "r");
  EXPECT_EQ(by_system.error().code, ErrorCode::kConflict);
  EXPECT_EQ(administration_->SetRoles(auth::SystemCaller("test"), {own}, {"auditor"}, "r").error().code, ErrorCode::kConflict);
  EXPECT_EQ(Get(admin_, "/api/v1/accounts").status, 200) << "the refused change changed nothing";
  MakeAccount("second.admin", auth::AccountKind::kStaff, 0, {"sysadmin"});
  EXPECT_TRUE(administration_->SetState(auth::SystemCaller("test"), {own}, auth::AccountState::kDisabled, "r").ok());
}

TEST_P(DirectoryTest, RolesFitTheAccount) {
  const std::int64_t organisation = MakeOrganisation("lamp");
  const auto refused = [&](const char* kind, std::int64_t of, std::vector<const char*> roles) {
    Json list{Json::Array{}};
    for (const char* role : roles) list.Append(role);
    const Answer answer = Post(admin_, "/api/v1/accounts", Json().Set("login", "any.body").Set("kind", kind).Set("organisation", of).Set("roles", list));
    return answer.status == http::StatusFor(ErrorCode::kInvalidArgument) ? std::string(answer.body.Find("error")->Text("field")) : "status " + std::to_string(answer.status);
  };
  EXPECT_EQ(refused("staff", 0, {}), "/roles");
  EXPECT_EQ(refused("staff", 0, {"nothing_known"}), "/roles");
  EXPECT_EQ(refused("staff", 0, {"auditor", "auditor"}), "/roles");
  EXPECT_EQ(refused("staff", 0, {"esp_reporter"}), "/roles");
  EXPECT_EQ(refused("platform", organisation, {"tip_supervisor"}), "/roles");
  EXPECT_EQ(refused("platform", 0, {"esp_reporter"}), "/organisation");
  EXPECT_EQ(refused("platform", 999'999, {"esp_reporter"}), "/organisation");
  EXPECT_EQ(refused("machine", 0, {"sysadmin"}), "/roles");
  EXPECT_EQ(refused("staff", 0, {"sysadmin", "tip_intake_analyst"}), "/roles") << "administrators hold no case data";
  EXPECT_EQ(refused("wizard", 0, {"auditor"}), "/kind");
}

TEST_P(DirectoryTest, TokensWorkUntilRevokedAndAreShownOnce) {
  const std::int64_t machine = MakeAccount("probe.machine", auth::AccountKind::kMachine, 0, {"monitoring_agent"});
  const Answer issued = Post(admin_, "/api/v1/tokens", Json().Set("name", "probe").Set("account", machine));
  ASSERT_EQ(issued.status, 201);
  const std::string secret(issued.body.Text("secret"));
  EXPECT_EQ(Bearer(secret, "/api/v1/accounts").status, 403) << "known, and not allowed";
  EXPECT_EQ(authenticator_->ByToken(secret)->May("operations.status.read"), true);
  const Answer list = Get(admin_, "/api/v1/tokens");
  EXPECT_EQ(list.body.Serialize().find(secret), std::string::npos);
  EXPECT_EQ(list.body.Find("items")->AsArray()->front().Text("login"), "probe.machine");
  EXPECT_EQ(Post(admin_, Path("tokens", *issued.body.Find("id")->AsInteger(), "/revoke")).status, 200);
  EXPECT_EQ(Bearer(secret, "/api/v1/accounts").status, 401);
  EXPECT_EQ(Post(admin_, Path("tokens", 999'999, "/revoke")).status, 404);
  const auto refusal = [&](const Json& body) { return std::string(Post(admin_, "/api/v1/tokens", body).body.Find("error")->Text("field")); };
  const Json good = Json().Set("name", "probe").Set("account", machine);
  Json wrong = good;
  EXPECT_EQ(refusal(wrong.Set("roles", Json().Append("sysadmin"))), "/roles");
  wrong = good;
  EXPECT_EQ(refusal(wrong.Set("expires_at", FormatInstant(clock_.Now()))), "/expires_at");
  wrong = good;
  EXPECT_EQ(refusal(wrong.Set("expires_at", FormatInstant(clock_.Now() + Duration::Days(366)))), "/expires_at");
  wrong = good;
  EXPECT_EQ(refusal(wrong.Set("account", 1)), "/account");
}

TEST_P(DirectoryTest, RolesOpenExactlyTheirRoutes) {
  const std::vector<std::pair<const char*, std::vector<int>>> table = {
      {"tip_intake_analyst", {200, 403, 403, 200}}, {"esp_liaison", {200, 403, 403, 200}},
      {"privacy_officer", {403, 200, 200, 200}},    {"auditor", {403, 403, 403, 200}},
      {"statistician", {403, 403, 403, 200}}};
  for (const auto& [role, statuses] : table) {
    MakeAccount(std::string("one.") + role, auth::AccountKind::kStaff, 0, {role});
    const Browser browser = SignIn(std::string("one.") + role);
    const std::vector<const char*> paths = {"/api/v1/organisations", "/api/v1/accounts", "/api/v1/tokens", "/api/v1/code-lists"};
    for (std::size_t index = 0; index < paths.size(); ++index) EXPECT_EQ(Get(browser, paths[index]).status, statuses[index]) << role << " " << paths[index];
    EXPECT_EQ(Post(browser, "/api/v1/accounts").status, 403) << role;
    EXPECT_EQ(Post(browser, "/api/v1/tokens").status, 403) << role;
  }
}

TEST_P(DirectoryTest, CodeListsComeWithTheirLabelsAndOneCanBeAskedFor) {
  const Json all = Get(admin_, "/api/v1/code-lists").body;
  EXPECT_EQ(all.Text("version"), profile_.version);
  EXPECT_EQ(all.Find("lists")->Find("countries")->AsArray()->size(), 249U);
  EXPECT_NE(all.Find("lists")->Find("roles"), nullptr);
  const Json one = Get(admin_, "/api/v1/code-lists?list=report_states").body;
  EXPECT_EQ(one.Find("lists")->AsObject()->size(), 1U);
  EXPECT_EQ(one.Find("lists")->Find("report_states")->AsArray()->front().Find("labels")->Text("es"), "Abierto");
  EXPECT_EQ(Get(admin_, "/api/v1/code-lists?list=nothing").status, 404);
}

TEST_P(DirectoryTest, ListsArePagedByNumberWithinBounds) {
  for (const char* name : {"a", "b", "c"}) MakeOrganisation(name);
  const Json first = Get(admin_, "/api/v1/organisations?limit=2").body;
  EXPECT_EQ(first.Find("items")->AsArray()->size(), 2U);
  const std::int64_t after = *first.Find("next_after")->AsInteger();
  const Json second = Get(admin_, "/api/v1/organisations?limit=2&after=" + std::to_string(after)).body;
  EXPECT_EQ(second.Find("items")->AsArray()->size(), 1U);
  EXPECT_TRUE(second.Find("next_after")->IsNull());
  for (const char* wrong : {"limit=0", "limit=201", "limit=x", "after=-1"}) {
    EXPECT_EQ(Get(admin_, std::string("/api/v1/organisations?") + wrong).status, http::StatusFor(ErrorCode::kInvalidArgument)) << wrong;
  }
  EXPECT_EQ(Get(admin_, "/api/v1/organisations?limit=200").status, 200);
}

TEST_P(DirectoryTest, OrganisationNamesAreUniqueAndTheirCodesKnown) {
  const auto add = [&](const char* name, const char* kind, const char* country) {
    return Post(admin_, "/api/v1/organisations", Json().Set("name", name).Set("kind", kind).Set("country", country));
  };
  EXPECT_EQ(add("Lamp", "esp", "US").status, 201);
  EXPECT_EQ(add("LAMP", "esp", "US").status, 409);
  EXPECT_EQ(add("Torch", "wizards", "US").body.Find("error")->Text("field"), "/kind");
  EXPECT_EQ(add("Torch", "esp", "ZZ").body.Find("error")->Text("field"), "/country");
  EXPECT_EQ(add(" Torch", "esp", "US").body.Find("error")->Text("field"), "/name");
  EXPECT_EQ(AuditCount("directory.organisation.create"), 1);
  OrganisationNames names(*database_, clock_);
  EXPECT_EQ(names.Of({1}), "Lamp");
  EXPECT_EQ(names.Of({0}), "");
  EXPECT_EQ(names.Of({77}), "");
}

TEST_P(DirectoryTest, EveryRouteIsDescribedAndEveryDescriptionIsARoute) {
  std::set<std::string> routes;
  for (const http::Route& route : router_.routes()) {
    routes.insert(std::string(http::NameOf(route.method)) + " " + route.pattern + " " + route.permission);
    EXPECT_TRUE(!route.permission.empty() || route.name.starts_with("directory.s")) << route.name;
  }
  std::set<std::string> described;
  for (const http::ApiOperation& one : Operations()) described.insert(std::string(http::NameOf(one.method)) + " " + one.pattern + " " + one.permission);
  EXPECT_EQ(routes, described);
  const Json document = http::OpenApiDocument("Porchlight", "1", Operations());
  EXPECT_NE(document.Find("components")->Find("schemas")->Find("Session"), nullptr);
}

}  // namespace
}  // namespace porchlight::directory
