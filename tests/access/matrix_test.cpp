// Goal: who may do what is one table that a person can read, and the server does exactly that.
// Method: every route of the server is asked by the public and by an account of every role of the profile, with real
// credentials through the real dispatcher; who was let in is compared with matrix.txt. A new route or role that nobody
// wrote into that file fails here.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/common/centre_rig.h"

namespace porchlight::tests {
namespace {

constexpr store::Statement kDenials{"test.denials", "SELECT COUNT(*) FROM audit_entries WHERE denied = 1"};

using Matrix = std::map<std::string, std::set<std::string>>;   // Route -> roles that were let in; "public" is everybody.

std::string LineOf(const http::Route& route) { return std::string(http::NameOf(route.method)) + " " + route.pattern; }

// An id nobody has, so that whoever is let in changes nothing.
std::string TargetOf(const http::Route& route) {
  std::string target = route.pattern;
  for (std::size_t open = target.find('{'); open != std::string::npos; open = target.find('{')) {
    target.replace(open, target.find('}', open) - open + 1, "999999999");
  }
  return target;
}

bool Takes(http::Entrance entrance, const Credentials& who) {
  const bool basic = who.authorization.starts_with("Basic ");
  const bool bearer = who.authorization.starts_with("Bearer ");
  switch (entrance) {
    case http::Entrance::kOpen: return true;
    case http::Entrance::kBasic: return basic;
    case http::Entrance::kSession: return !who.cookie.empty();
    case http::Entrance::kToken: return bearer;
    case http::Entrance::kApi: return basic || bearer || !who.cookie.empty();
  }
  return false;
}

class MatrixTest : public testing::Test {
 protected:
  void SetUp() override {
    rig_.config().public_reports_per_minute = 100'000;
    rig_.Open();
    organisation_ = rig_.MakeOrganisation("Lanternchat (example)");
    for (const http::Route& route : rig_.serving().router().routes()) routes_.push_back(&route);
    // Whoever signs out is nobody afterwards.
    std::stable_partition(routes_.begin(), routes_.end(), [](const http::Route* one) { return one->name != "directory.sign_out"; });
  }

  Credentials MakeSomebody(const profile::Role& role) {
    const std::string login = "m." + role.name;
    const auth::OrganisationId organisation = role.outside ? organisation_ : auth::OrganisationId{0};
    if (role.second_factor) {
      rig_.MakeAccount(login, auth::AccountKind::kStaff, organisation, role.name);
      const Credentials session = rig_.SignIn(login);
      EXPECT_FALSE(session.cookie.empty()) << role.name;
      return session;
    }
    const auto kind = role.outside ? auth::AccountKind::kPlatform : auth::AccountKind::kMachine;
    rig_.MakeAccount(login, kind, organisation, role.name);
    return role.outside ? Basic(login) : rig_.MachineToken();
  }

  int StatusOf(const http::Route& route, const Credentials& who) {
    const bool form = route.pattern.starts_with("/ispws") || route.pattern == "/report";
    return rig_.Send(route.method, TargetOf(route), who, form ? "id=999999999" : "{}",
                     form ? "application/x-www-form-urlencoded" : "application/json").status;
  }

  std::int64_t Denials() {
    const auto row = rig_.centre().database().Read([](store::ReadTransaction& transaction) { return transaction.First(kDenials); });
    return row.ok() && *row ? (*row)->Integer(0) : -1;
  }

  CentreRig rig_{"matrix"};
  auth::OrganisationId organisation_;
  std::vector<const http::Route*> routes_;
};

Matrix ReadMatrix() {
  Matrix matrix;
  std::ifstream file(std::string(PORCHLIGHT_SOURCE_DIR) + "/tests/access/matrix.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(": ");
    std::istringstream roles(line.substr(colon + 1));
    auto& entry = matrix[line.substr(0, colon)];
    for (std::string one; roles >> one;) entry.insert(one);
  }
  return matrix;
}

// "everyone-signed-in" stands for every role of a person.
std::string TextOf(Matrix matrix, const std::set<std::string>& people) {
  std::string text;
  for (auto& [route, roles] : matrix) {
    if (roles == people) roles = {"everyone-signed-in"};
    text += route + ":";
    for (const std::string& role : roles) text += " " + role;
    text += "\n";
  }
  return text;
}

TEST_F(MatrixTest, EveryRouteLetsInExactlyTheRolesOfTheTableAndRecordsEachDenial) {
  Matrix found;
  std::set<std::string> people;
  std::int64_t forbidden = 0;
  for (const http::Route* route : routes_) {
    const int status = StatusOf(*route, {});
    const bool open = route->entrance == http::Entrance::kOpen;
    found[LineOf(*route)] = open ? std::set<std::string>{"public"} : std::set<std::string>{};
    EXPECT_TRUE(open || status == 401) << LineOf(*route) << " asked by the public answered " << status;
  }
  for (const auto& [name, role] : rig_.centre().profile().roles) {
    const Credentials who = MakeSomebody(role);
    if (role.second_factor) people.insert(name);
    for (const http::Route* route : routes_) {
      if (route->entrance == http::Entrance::kOpen) continue;
      const int status = StatusOf(*route, who);
      EXPECT_EQ(status == 401, !Takes(route->entrance, who)) << LineOf(*route) << " asked by " << name << " answered " << status;
      if (status == 403) ++forbidden;
      if (status != 401 && status != 403) found[LineOf(*route)].insert(name);
    }
  }
  EXPECT_EQ(Denials(), forbidden) << "each denial of somebody known is in the audit log";
  EXPECT_GT(forbidden, 500);
  EXPECT_EQ(TextOf(found, people), TextOf(ReadMatrix(), {})) << "If the change is meant, tests/access/matrix.txt is:\n" << TextOf(found, people);
}

TEST_F(MatrixTest, ASessionBeforeItsSecondFactorOpensNothingButTheSecondFactor) {
  rig_.MakeAccount("half.way", auth::AccountKind::kStaff, auth::OrganisationId{0}, "tip_supervisor");
  const http::Response entered =
      rig_.Send(http::Method::kPost, "/api/v1/sign-in", {}, Json().Set("login", "half.way").Set("password", kPassword).Serialize());
  ASSERT_EQ(entered.status, 200);
  const std::string cookie(entered.headers.Find("Set-Cookie").value_or(""));
  const std::size_t equals = cookie.find('=');
  const Credentials half{{}, cookie.substr(equals + 1, cookie.find(';') - equals - 1), std::string(ParseJson(entered.body)->Text("csrf_token"))};
  for (const http::Route* route : routes_) {
    if (route->permission.empty()) continue;
    const int status = StatusOf(*route, half);
    EXPECT_TRUE(status == 401 || status == 403) << LineOf(*route) << " answered " << status;
  }
}

TEST_F(MatrixTest, AnothersReceiptAnswersExactlyAsOneThatDoesNotExist) {
  const auth::OrganisationId other = rig_.MakeOrganisation("Kitebook (example)");
  rig_.MakeAccount("lantern", auth::AccountKind::kPlatform, organisation_, "esp_reporter");
  rig_.MakeAccount("kite", auth::AccountKind::kPlatform, other, "esp_reporter");
  const std::string document =
      "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType><incidentDateTime>2026-03-01T09:00:00Z</incidentDateTime>"
      "</incidentSummary><reporter><reportingPerson/></reporter></report>";
  const std::string id = Element(rig_.Send(http::Method::kPost, "/ispws/submit", Basic("lantern"), document, "text/xml").body, "reportId");
  ASSERT_FALSE(id.empty());
  ASSERT_EQ(rig_.Send(http::Method::kGet, "/api/v1/receipts/" + id, Basic("lantern")).status, 200);
  const http::Response hidden = rig_.Send(http::Method::kGet, "/api/v1/receipts/" + id, Basic("kite"));
  const http::Response absent = rig_.Send(http::Method::kGet, "/api/v1/receipts/999999999", Basic("kite"));
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(hidden.status, absent.status);
  EXPECT_EQ(hidden.body, absent.body);
  EXPECT_EQ(hidden.headers.all(), absent.headers.all());
  for (const char* call : {"/ispws/finish", "/ispws/retract"}) {
    const std::string form = "application/x-www-form-urlencoded";
    const http::Response theirs = rig_.Send(http::Method::kPost, call, Basic("kite"), "id=" + id, form);
    const http::Response nobodys = rig_.Send(http::Method::kPost, call, Basic("kite"), "id=999999999", form);
    EXPECT_EQ(theirs.status, nobodys.status);
    EXPECT_EQ(Element(theirs.body, "responseCode"), "5001");
    EXPECT_EQ(Element(theirs.body, "responseDescription"), Element(nobodys.body, "responseDescription"));
  }
}

}  // namespace
}  // namespace porchlight::tests
