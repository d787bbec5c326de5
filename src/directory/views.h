#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "platform/auth/accounts.h"

// What /api/v1 takes and shows of accounts and organisations. The one description of each record: JSON, OpenAPI and
// visibility follow from it. In this room "centre" (V3) are the centre's callers who may read the directory.
namespace porchlight::directory {

struct SignInRequest {
  std::string login;
  Sensitive<std::string> password;
  std::optional<std::string> code;
  static constexpr std::string_view kRecordName = "SignInRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("login", &SignInRequest::login, Visibility::kSubmitter, "Login, without regard to case."),
        Describe("password", &SignInRequest::password, Visibility::kSealed, "Password."),
        Describe("code", &SignInRequest::code, Visibility::kSealed,
                 "Six digits of the authenticator app, where there is a second factor."));
  }
};

struct CodeRequest {
  std::string code;
  static constexpr std::string_view kRecordName = "CodeRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("code", &CodeRequest::code, Visibility::kSealed, "Six digits of the authenticator app."));
  }
};

struct EnrolmentView {
  std::string secret;
  std::string uri;
  static constexpr std::string_view kRecordName = "Enrolment";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("secret", &EnrolmentView::secret, Visibility::kSubmitter, "Base32, for typing into an authenticator app. Shown once."),
        Describe("uri", &EnrolmentView::uri, Visibility::kSubmitter, "The same as an otpauth URI, for a QR code drawn in the page."));
  }
};

struct SessionView {
  auth::AccountId account;
  std::string login;
  std::vector<std::string> roles;
  std::vector<std::string> permissions;
  std::int64_t organisation = 0;
  std::string organisation_name;
  std::string csrf_token;
  std::string second_factor;
  std::vector<std::string> languages;
  std::string centre_name;
  static constexpr std::string_view kRecordName = "Session";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("account", &SessionView::account, Visibility::kSubmitter, "Number of the account."),
        Describe("login", &SessionView::login, Visibility::kSubmitter, "As it was registered."),
        Describe("roles", &SessionView::roles, Visibility::kSubmitter, "Empty until the second factor is done."),
        Describe("permissions", &SessionView::permissions, Visibility::kSubmitter, "What the roles allow; hide what is not here."),
        Describe("organisation", &SessionView::organisation, Visibility::kSubmitter, "0 is the centre."),
        Describe("organisation_name", &SessionView::organisation_name, Visibility::kSubmitter, "Its name."),
        Describe("csrf_token", &SessionView::csrf_token, Visibility::kSubmitter, "Send as X-CSRF-Token with every unsafe request."),
        Describe("second_factor", &SessionView::second_factor, Visibility::kSubmitter,
                 "done; needed: sign in again with a code; enrol: nothing else is allowed before."),
        Describe("languages", &SessionView::languages, Visibility::kSubmitter, "Languages of the profile, the default first."),
        Describe("centre_name", &SessionView::centre_name, Visibility::kSubmitter, "Name of the centre."));
  }
};

struct OrganisationView {
  auth::OrganisationId id;
  std::string name;
  std::string kind;
  std::string country;
  std::string contact;
  bool test = false;
  Instant created_at;
  static constexpr std::string_view kRecordName = "Organisation";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &OrganisationView::id, Visibility::kSubmitter, "Number of the organisation."),
        Describe("name", &OrganisationView::name, Visibility::kSubmitter, "Name."),
        Describe("kind", &OrganisationView::kind, Visibility::kSubmitter, "Code of the list organisation_kinds."),
        Describe("country", &OrganisationView::country, Visibility::kSubmitter, "ISO 3166-1 alpha-2."),
        Describe("contact", &OrganisationView::contact, Visibility::kCentre, "How the centre reaches them."),
        Describe("test", &OrganisationView::test, Visibility::kSubmitter, "All of its accounts file test traffic."),
        Describe("created_at", &OrganisationView::created_at, Visibility::kCentre, "When it was added."));
  }
};

struct OrganisationPage {
  std::vector<OrganisationView> items;
  std::optional<std::int64_t> next_after;
  static constexpr std::string_view kRecordName = "OrganisationPage";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("items", &OrganisationPage::items, Visibility::kPublic, "By number."),
                           Describe("next_after", &OrganisationPage::next_after, Visibility::kPublic, "Pass as `after`; null at the end."));
  }
};

struct NewOrganisation {
  std::string name;
  std::string kind;
  std::string country;
  std::optional<std::string> contact;
  std::optional<bool> test;
  static constexpr std::string_view kRecordName = "NewOrganisation";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("name", &NewOrganisation::name, Visibility::kCentre, "1 to 200 bytes; unique without regard to case."),
        Describe("kind", &NewOrganisation::kind, Visibility::kCentre, "Code of the list organisation_kinds."),
        Describe("country", &NewOrganisation::country, Visibility::kCentre, "ISO 3166-1 alpha-2."),
        Describe("contact", &NewOrganisation::contact, Visibility::kCentre, "One line, at most 500 bytes."),
        Describe("test", &NewOrganisation::test, Visibility::kCentre, "All of its accounts file test traffic."));
  }
};

struct AccountView {
  auth::AccountId id;
  std::string login;
  auth::AccountKind kind = auth::AccountKind::kStaff;
  std::int64_t organisation = 0;
  std::vector<std::string> roles;
  auth::AccountState state = auth::AccountState::kActive;
  bool test_traffic = false;
  bool second_factor = false;
  std::optional<Instant> locked_until;
  Instant created_at;
  static constexpr std::string_view kRecordName = "Account";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &AccountView::id, Visibility::kCentre, "Number of the account."),
        Describe("login", &AccountView::login, Visibility::kCentre, "As it was registered."),
        Describe("kind", &AccountView::kind, Visibility::kCentre, "platform, staff or machine."),
        Describe("organisation", &AccountView::organisation, Visibility::kCentre, "0 is the centre."),
        Describe("roles", &AccountView::roles, Visibility::kCentre, "Names of roles."),
        Describe("state", &AccountView::state, Visibility::kCentre, "active or disabled."),
        Describe("test_traffic", &AccountView::test_traffic, Visibility::kCentre, "What it files never reaches production counts."),
        Describe("second_factor", &AccountView::second_factor, Visibility::kCentre, "Whether one is enrolled."),
        Describe("locked_until", &AccountView::locked_until, Visibility::kCentre, "End of a lock-out; null when there is none."),
        Describe("created_at", &AccountView::created_at, Visibility::kCentre, "When it was added."));
  }
};

struct AccountPage {
  std::vector<AccountView> items;
  std::optional<std::int64_t> next_after;
  static constexpr std::string_view kRecordName = "AccountPage";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("items", &AccountPage::items, Visibility::kPublic, "By number."),
                           Describe("next_after", &AccountPage::next_after, Visibility::kPublic, "Pass as `after`; null at the end."));
  }
};

struct NewAccount {
  std::string login;
  auth::AccountKind kind = auth::AccountKind::kStaff;
  std::int64_t organisation = 0;
  std::vector<std::string> roles;
  std::optional<Sensitive<std::string>> password;
  std::optional<bool> test_traffic;
  static constexpr std::string_view kRecordName = "NewAccount";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("login", &NewAccount::login, Visibility::kCentre,
                 "3 to 64 of letters, digits, dot, underscore, hyphen, @; unique without regard to case."),
        Describe("kind", &NewAccount::kind, Visibility::kCentre, "platform (HTTP Basic), staff (a person) or machine (tokens only)."),
        Describe("organisation", &NewAccount::organisation, Visibility::kCentre, "0 is the centre."),
        Describe("roles", &NewAccount::roles, Visibility::kCentre, "Names of roles."),
        Describe("password", &NewAccount::password, Visibility::kSealed, "Absent: one is made and returned once. Never for machines."),
        Describe("test_traffic", &NewAccount::test_traffic, Visibility::kCentre, "What it files never reaches production counts."));
  }
};

struct CreatedAccount {
  AccountView account;
  std::optional<std::string> password;
  static constexpr std::string_view kRecordName = "CreatedAccount";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("account", &CreatedAccount::account, Visibility::kCentre, "The account."),
        Describe("password", &CreatedAccount::password, Visibility::kCentre,
                 "The password that was made, shown this once; null when one was given."));
  }
};

struct PasswordRequest {
  std::optional<Sensitive<std::string>> password;
  static constexpr std::string_view kRecordName = "PasswordRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("password", &PasswordRequest::password, Visibility::kSealed, "Absent: one is made and returned once."));
  }
};

struct RolesRequest {
  std::vector<std::string> roles;
  static constexpr std::string_view kRecordName = "RolesRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("roles", &RolesRequest::roles, Visibility::kCentre, "All roles of the account from now on."));
  }
};

struct TokenView {
  std::int64_t id = 0;
  std::string name;
  auth::AccountId account;
  std::string login;
  std::vector<std::string> roles;
  Instant created_at;
  Instant expires_at;
  std::optional<Instant> last_used_at;
  std::optional<Instant> revoked_at;
  static constexpr std::string_view kRecordName = "Token";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &TokenView::id, Visibility::kCentre, "Number of the token."),
        Describe("name", &TokenView::name, Visibility::kCentre, "What it is for."),
        Describe("account", &TokenView::account, Visibility::kCentre, "The machine account it acts for."),
        Describe("login", &TokenView::login, Visibility::kCentre, "That account's login."),
        Describe("roles", &TokenView::roles, Visibility::kCentre, "At most the account's."),
        Describe("created_at", &TokenView::created_at, Visibility::kCentre, "When it was issued."),
        Describe("expires_at", &TokenView::expires_at, Visibility::kCentre, "From then on it is refused."),
        Describe("last_used_at", &TokenView::last_used_at, Visibility::kCentre, "To the minute; null when never."),
        Describe("revoked_at", &TokenView::revoked_at, Visibility::kCentre, "Null while it stands."));
  }
};

struct TokenPage {
  std::vector<TokenView> items;
  std::optional<std::int64_t> next_after;
  static constexpr std::string_view kRecordName = "TokenPage";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("items", &TokenPage::items, Visibility::kPublic, "By number."),
                           Describe("next_after", &TokenPage::next_after, Visibility::kPublic, "Pass as `after`; null at the end."));
  }
};

struct NewToken {
  std::string name;
  auth::AccountId account;
  std::vector<std::string> roles;
  std::optional<Instant> expires_at;
  static constexpr std::string_view kRecordName = "NewToken";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("name", &NewToken::name, Visibility::kCentre, "What it is for; 1 to 100 bytes."),
        Describe("account", &NewToken::account, Visibility::kCentre, "An active machine account."),
        Describe("roles", &NewToken::roles, Visibility::kCentre, "Some of the account's; absent: all of them."),
        Describe("expires_at", &NewToken::expires_at, Visibility::kCentre, "Absent: as late as the profile allows."));
  }
};

struct IssuedToken {
  std::int64_t id = 0;
  std::string secret;
  TokenView token;
  static constexpr std::string_view kRecordName = "IssuedToken";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("id", &IssuedToken::id, Visibility::kCentre, "Number of the token."),
                           Describe("secret", &IssuedToken::secret, Visibility::kCentre,
                                    "What to send as the bearer token; shown this once."),
                           Describe("token", &IssuedToken::token, Visibility::kCentre, "What was issued."));
  }
};

struct CodeView {
  std::string code;
  Json labels;
  std::string valid_from;
  std::string valid_to;
  Json maps_to;
  static constexpr std::string_view kRecordName = "Code";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("code", &CodeView::code, Visibility::kPublic, "The code, as stored in rows."),
        Describe("labels", &CodeView::labels, Visibility::kPublic, "Text by language."),
        Describe("valid_from", &CodeView::valid_from, Visibility::kPublic, "First day, or empty."),
        Describe("valid_to", &CodeView::valid_to, Visibility::kPublic, "Last day, or empty."),
        Describe("maps_to", &CodeView::maps_to, Visibility::kPublic, "Value in other schemes, by scheme."));
  }
};

// `lists` is an object: name of the list to its codes, in the profile's order; "roles" are the profile's roles.
struct CodeLists {
  std::string profile;
  std::string version;
  std::map<std::string, std::vector<CodeView>> lists;
  Json ToJson() const;
  static Json Schema(Json& components);
};

}  // namespace porchlight::directory
