#include "app/demo_logins.h"

#include <filesystem>
#include <tuple>

#include "app/files.h"
#include "base/text.h"
#include "directory/administration.h"
#include "directory/authenticator.h"
#include "referrals/delivery_rows.h"

namespace porchlight::app {
namespace {

constexpr std::int64_t kTotpStepMicroseconds = 30'000'000;
constexpr std::string_view kRequest = "demonstration";

std::string PathIn(const std::string& data_directory) { return data_directory + "/demo.json"; }

Json LoginToJson(const DemoLogin& login) {
  return Json()
      .Set("login", login.login)
      .Set("password", login.password)
      .Set("role", login.role)
      .Set("second_factor", HexEncode(login.second_factor));
}

Result<DemoLogin> LoginFromJson(const Json& json) {
  const std::optional<std::string> secret = HexDecode(json.Text("second_factor"));
  if (json.Text("login").empty() || !secret) return Error{ErrorCode::kCorrupt, "demo.json does not hold demonstration logins.", {}, {}, 0};
  return DemoLogin{std::string(json.Text("login")), std::string(json.Text("password")), std::string(json.Text("role")), *secret};
}

// "amber-quiet-lantern-42": easy to type, made anew for every demonstration.
std::string NewPassword(Random& random) {
  constexpr std::array<std::string_view, 16> kWords = {"amber", "birch", "candle", "delta", "ember", "fern", "garden", "harbour",
                                                       "island", "juniper", "kettle", "lantern", "meadow", "north", "orchard", "pebble"};
  const auto word = [&] { return std::string(kWords.at(random.Below(kWords.size()))); };
  return word() + "-" + word() + "-" + word() + "-" + std::to_string(10 + random.Below(90));
}

// Signs in as that person would the first time, and sets up the second factor.
Result<std::string> EnrolSecondFactor(directory::Authenticator& authenticator, const DemoLogin& login, const Clock& clock) {
  const auth::Entered entered = PL_TRY(authenticator.sign_in().Enter(login.login, login.password, "", "127.0.0.1"));
  if (entered.second_factor != auth::SecondFactor::kEnrol) return std::string();
  const std::string session = entered.live.session.id;
  const auth::Enrolment enrolment = PL_TRY(authenticator.sign_in().OfferSecondFactor(session));
  const std::string secret = crypto::Base32Decode(enrolment.secret).value();
  // The step before this one, so that the code shown right afterwards has not been used.
  const std::string code = crypto::TotpCode(secret, clock.Now().microseconds / kTotpStepMicroseconds - 1);
  const auth::Entered confirmed = PL_TRY(authenticator.sign_in().ConfirmSecondFactor(session, code));
  PL_TRY(authenticator.sign_in().Leave(confirmed.live.session.id));
  return secret;
}

// An organisation whose officers sign in for that agency.
Result<std::int64_t> MakeAgency(Centre& centre, directory::Administration& administration, std::string_view code, const std::string& name) {
  directory::NewOrganisation wanted;
  wanted.name = name;
  wanted.kind = "icac";
  wanted.country = "US";
  const directory::OrganisationView made = PL_TRY(administration.CreateOrganisation(auth::SystemCaller("demonstration"), wanted, kRequest));
  const auto link = [&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(referrals::rows::SyncAgencies(transaction, centre.agencies().At(centre.clock().Now())));
    const std::optional<referrals::AgencyRow> agency = PL_TRY(referrals::rows::FindAgency(transaction, code));
    if (!agency) return Error{ErrorCode::kInternal, "The directory has no agency " + std::string(code) + ".", {}, {}, 0};
    return referrals::rows::SetOrganisation(transaction, agency->id, made.id);
  };
  PL_TRY(centre.database().Write(link));
  return made.id.value;
}

Result<DemoLogins> MakeLogins(Centre& centre, observe::Log& log) {
  directory::Authenticator authenticator(centre.database(), centre.profile(), centre.clock(), centre.random(), centre.sealer(), log, {});
  directory::Administration administration(centre.database(), centre.profile(), centre.clock(), centre.random(), authenticator);
  const auth::Caller system = auth::SystemCaller("demonstration");
  const auto create = [&](DemoLogin& login, auth::AccountKind kind, std::int64_t organisation) -> Result<void> {
    login.password = NewPassword(centre.random());
    directory::NewAccount wanted;
    wanted.login = login.login;
    wanted.kind = kind;
    wanted.organisation = organisation;
    wanted.roles = {login.role};
    wanted.password = Sensitive<std::string>(login.password);
    PL_TRY(administration.CreateAccount(system, wanted, kRequest));
    return {};
  };
  DemoLogins logins;
  directory::NewOrganisation platform;
  platform.name = "Synthetic platforms (example)";
  platform.kind = "esp";
  platform.country = "US";
  const directory::OrganisationView made = PL_TRY(administration.CreateOrganisation(system, platform, kRequest));
  logins.platform = {"platform", "", "esp_reporter", ""};
  PL_TRY(create(logins.platform, auth::AccountKind::kPlatform, made.id.value));
  for (const auto& [name, role] :
       {std::pair{"analyst", "tip_intake_analyst"}, {"supervisor", "tip_supervisor"}, {"legal", "legal"}, {"admin", "sysadmin"},
        {"auditor", "auditor"}}) {
    DemoLogin login{name, "", role, ""};
    PL_TRY(create(login, auth::AccountKind::kStaff, 0));
    login.second_factor = PL_TRY(EnrolSecondFactor(authenticator, login, centre.clock()));
    logins.people.push_back(std::move(login));
  }
  // Officers of one agency and of another, so that one can see that neither sees the other's.
  for (const auto& [login_name, agency, name, role] :
       {std::tuple{"officer", "us-icac-oh", "Ohio Internet Crimes Task Force (example)", "le_officer"},
        std::tuple{"officer-ca", "us-icac-ca", "California Internet Crimes Task Force (example)", "le_officer"}}) {
    const std::int64_t organisation = PL_TRY(MakeAgency(centre, administration, agency, name));
    DemoLogin login{login_name, "", role, ""};
    PL_TRY(create(login, auth::AccountKind::kStaff, organisation));
    login.second_factor = PL_TRY(EnrolSecondFactor(authenticator, login, centre.clock()));
    logins.people.push_back(std::move(login));
  }
  return logins;
}

}  // namespace

Json DemoLogins::ToJson() const {
  Json list{Json::Array{}};
  for (const DemoLogin& login : people) list.Append(LoginToJson(login));
  return Json().Set("people", std::move(list)).Set("platform", LoginToJson(platform));
}

Result<DemoLogins> DemoLogins::Read(const std::string& data_directory) {
  const std::string text = PL_TRY(ReadSmallFile(PathIn(data_directory)));
  const Json json = PL_TRY(ParseJson(text));
  DemoLogins logins;
  const Json* people = json.Find("people");
  const Json* platform = json.Find("platform");
  if (people == nullptr || people->AsArray() == nullptr || platform == nullptr) {
    return Error{ErrorCode::kCorrupt, PathIn(data_directory) + " does not hold demonstration logins.", {}, {}, 0};
  }
  for (const Json& one : *people->AsArray()) logins.people.push_back(PL_TRY(LoginFromJson(one)));
  logins.platform = PL_TRY(LoginFromJson(*platform));
  return logins;
}

Result<DemoLogins> DemoLogins::Prepare(Centre& centre, observe::Log& log) {
  const std::string& folder = centre.config().data_directory;
  if (std::filesystem::exists(PathIn(folder))) return Read(folder);
  const std::vector<auth::Account> accounts = PL_TRY(centre.database().Read([](store::ReadTransaction& transaction) {
    return auth::ListAccounts(transaction, std::nullopt, auth::AccountId{0}, 1);
  }));
  if (!accounts.empty()) {
    return Error{ErrorCode::kConflict,
                 folder + " holds a centre that is no demonstration (or one whose first start was cut short); name another folder.",
                 {},
                 {},
                 0};
  }
  const DemoLogins logins = PL_TRY(MakeLogins(centre, log));
  PL_TRY(WriteSmallFile(PathIn(folder), logins.ToJson().SerializePretty()));
  return logins;
}

std::string CurrentCode(const DemoLogin& login, Instant now) {
  if (login.second_factor.empty()) return "(none needed)";
  return crypto::TotpCode(login.second_factor, now.microseconds / kTotpStepMicroseconds);
}

}  // namespace porchlight::app
