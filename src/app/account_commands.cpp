// account, organisation, token: the directory from the command line. The system acts; every change is audited.
#include <cstdio>

#include "app/command_support.h"
#include "directory/administration.h"
#include "directory/authenticator.h"
#include "platform/observe/log.h"

namespace porchlight::app {
namespace {

constexpr int kPageMax = 500;
constexpr std::string_view kRequest = "command-line";

// The directory over one centre, as the server has it.
struct Directory {
  explicit Directory(Centre& centre)
      : log(observe::SilentLog()),
        authenticator(centre.database(), centre.profile(), centre.clock(), centre.random(), centre.sealer(), *log, {}),
        administration(centre.database(), centre.profile(), centre.clock(), centre.random(), authenticator) {}
  std::unique_ptr<observe::Log> log;
  directory::Authenticator authenticator;
  directory::Administration administration;
  auth::Caller caller = auth::SystemCaller("command-line");
};

// People of the centre sign in to the console; platforms and other organisations' systems use HTTP Basic.
auth::AccountKind KindFor(const AccountArguments& arguments, const profile::Profile& profile) {
  for (const std::string& role : arguments.roles) {
    const auto known = profile.roles.find(role);
    if (known != profile.roles.end() && known->second.permissions.contains("tipline.file")) return auth::AccountKind::kPlatform;
  }
  return auth::AccountKind::kStaff;
}

Result<std::vector<directory::AccountView>> AllAccounts(Directory& directory) {
  std::vector<directory::AccountView> all;
  auth::AccountId after;
  for (;;) {
    directory::AccountPage page = PL_TRY(directory.administration.ListAccounts(directory.caller, after, kPageMax));
    all.insert(all.end(), page.items.begin(), page.items.end());
    if (!page.next_after) return all;
    after.value = *page.next_after;
  }
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

}  // namespace

int RunAccountCreate(const CommonArguments& common, const AccountArguments& arguments) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) -> Result<void> {
    directory::NewAccount wanted;
    wanted.login = arguments.login;
    wanted.kind = KindFor(arguments, centre.profile());
    wanted.organisation = arguments.organisation;
    wanted.roles = arguments.roles;
    wanted.password = Sensitive<std::string>(PL_TRY(ReadSecretLine()));
    wanted.test_traffic = arguments.test_traffic;
    Directory directory(centre);
    const directory::CreatedAccount created = PL_TRY(directory.administration.CreateAccount(directory.caller, wanted, kRequest));
    std::printf("%lld\n", static_cast<long long>(created.account.id.value));
    return {};
  });
}

int RunAccountList(const CommonArguments& common) {
  return WithCentre(common, Centre::Access::kExisting, [](Centre& centre) -> Result<void> {
    Directory directory(centre);
    std::printf("%6s  %-24s %-9s %5s  %-9s %s\n", "id", "login", "kind", "org", "state", "roles");
    for (const directory::AccountView& account : PL_TRY(AllAccounts(directory))) {
      std::printf("%6lld  %-24s %-9s %5lld  %-9s %s%s\n", static_cast<long long>(account.id.value), account.login.c_str(),
                  std::string(NameOf(account.kind)).c_str(), static_cast<long long>(account.organisation),
                  std::string(NameOf(account.state)).c_str(), Joined(account.roles).c_str(), account.test_traffic ? " (test traffic)" : "");
    }
    return {};
  });
}

int RunAccountDisable(const CommonArguments& common, const std::string& login) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) -> Result<void> {
    Directory directory(centre);
    const std::optional<auth::Account> account = PL_TRY(
        centre.database().Read([&](store::ReadTransaction& transaction) { return auth::FindAccountByLogin(transaction, login); }));
    if (!account)
      return Error{ErrorCode::kNotFound, "There is no account \"" + login + "\"; `porchlight account list` shows them.", {}, {}, 0};
    PL_TRY(directory.administration.SetState(directory.caller, account->id, auth::AccountState::kDisabled, kRequest));
    std::printf("Disabled %s; its sessions have ended.\n", login.c_str());
    return {};
  });
}

int RunOrganisationCreate(const CommonArguments& common, const OrganisationArguments& arguments) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) -> Result<void> {
    Directory directory(centre);
    directory::NewOrganisation wanted;
    wanted.name = arguments.name;
    wanted.kind = arguments.kind;
    wanted.country = arguments.country;
    const directory::OrganisationView made = PL_TRY(directory.administration.CreateOrganisation(directory.caller, wanted, kRequest));
    std::printf("%lld\n", static_cast<long long>(made.id.value));
    return {};
  });
}

int RunOrganisationList(const CommonArguments& common) {
  return WithCentre(common, Centre::Access::kExisting, [](Centre& centre) -> Result<void> {
    Directory directory(centre);
    auth::OrganisationId after;
    std::printf("%6s  %-14s %-7s %s\n", "id", "kind", "country", "name");
    for (;;) {
      const directory::OrganisationPage page = PL_TRY(directory.administration.ListOrganisations(directory.caller, after, kPageMax));
      for (const directory::OrganisationView& one : page.items) {
        std::printf("%6lld  %-14s %-7s %s%s\n", static_cast<long long>(one.id.value), one.kind.c_str(), one.country.c_str(),
                    one.name.c_str(), one.test ? " (test)" : "");
      }
      if (!page.next_after) return {};
      after.value = *page.next_after;
    }
  });
}

int RunTokenCreate(const CommonArguments& common, const TokenArguments& arguments) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) -> Result<void> {
    Directory directory(centre);
    // A token acts for a machine account of the same name, made with it the first time.
    std::optional<auth::Account> account = PL_TRY(centre.database().Read(
        [&](store::ReadTransaction& transaction) { return auth::FindAccountByLogin(transaction, arguments.name); }));
    directory::NewToken wanted;
    if (account) {
      wanted.account = account->id;
    } else {
      directory::NewAccount machine;
      machine.login = arguments.name;
      machine.kind = auth::AccountKind::kMachine;
      machine.organisation = arguments.organisation;
      machine.roles = arguments.roles;
      wanted.account = PL_TRY(directory.administration.CreateAccount(directory.caller, machine, kRequest)).account.id;
    }
    wanted.name = arguments.name;
    wanted.roles = arguments.roles;
    wanted.expires_at = centre.clock().Now() + Duration::Days(arguments.days);
    const directory::IssuedToken issued = PL_TRY(directory.administration.IssueToken(directory.caller, wanted, kRequest));
    std::fprintf(stderr, "The token is shown this once:\n");
    std::printf("%s\n", issued.secret.c_str());
    return {};
  });
}

}  // namespace porchlight::app
