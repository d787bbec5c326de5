#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/result.h"

// One function per subcommand. Each answers the process's exit status; errors have been printed with what to do next.
namespace porchlight::app {

// What every subcommand takes: where settings come from.
struct CommonArguments {
  std::string config_file;
  std::map<std::string, std::string> flags;   // Setting name -> value.
};

int RunServe(const CommonArguments& common);

struct DemoArguments {
  bool codes = false;                          // Only print the current second-factor codes.
  double rate = 2.0;                           // Reports per second after the first batch.
  std::int64_t first_batch = 200;
  std::string announce_file;                   // Receives the address and logins as JSON, for the self-check.
};
int RunDemo(const CommonArguments& common, const DemoArguments& arguments);

struct SimulateArguments {
  std::string url;
  std::string login;
  double rate = 0;                             // Per second; 0: as fast as the server answers.
  std::int64_t reports = 100;
  std::uint64_t seed = 1;
  int connections = 4;
  bool showcase = false;                       // Rare categories often enough to see them.
};
int RunSimulate(const SimulateArguments& arguments);

struct AccountArguments {
  std::string login;
  std::vector<std::string> roles;
  std::int64_t organisation = 0;
  bool test_traffic = false;
};
int RunAccountCreate(const CommonArguments& common, const AccountArguments& arguments);
int RunAccountList(const CommonArguments& common);
int RunAccountDisable(const CommonArguments& common, const std::string& login);

struct OrganisationArguments {
  std::string name;
  std::string kind = "esp";
  std::string country = "US";
};
int RunOrganisationCreate(const CommonArguments& common, const OrganisationArguments& arguments);
int RunOrganisationList(const CommonArguments& common);

struct TokenArguments {
  std::string name;
  std::vector<std::string> roles;
  std::int64_t organisation = 0;
  int days = 365;
};
int RunTokenCreate(const CommonArguments& common, const TokenArguments& arguments);

struct TipListArguments {
  std::string sort = "priority";
  std::int64_t limit = 50;
  std::string format = "table";
  bool queue = false;                          // Only what waits for a person, bundles folded.
};
int RunTipsList(const CommonArguments& common, const TipListArguments& arguments);
int RunTipsShow(const CommonArguments& common, std::int64_t report, const std::string& format);

struct ReplayArguments {
  std::string rules;
  std::string from;
  std::string to;
  std::int64_t examples = 20;
  std::string format = "table";
};
int RunTriageReplay(const CommonArguments& common, const ReplayArguments& arguments);

// `key`: hex of the centre's public key, or empty: the one in the package.
int RunPackageVerify(const std::string& file, const std::string& key);
int RunPackageKey(const CommonArguments& common);

int RunMigrate(const CommonArguments& common);
int RunKeysList(const CommonArguments& common);
int RunKeysAdd(const CommonArguments& common);
int RunBackup(const CommonArguments& common, const std::string& target, bool with_keys);
int RunRestore(const std::string& source, const std::string& data, const std::string& keys);
int RunAuditVerify(const CommonArguments& common);
int RunAuditProve(const CommonArguments& common, std::int64_t entry);
int RunExport(const CommonArguments& common, std::int64_t report, const std::string& target, const std::string& purpose);
int RunConfig();
int RunOpenApi();

// Prints an error for people: what is wrong, where, and what to do. Answers 1.
int Complain(const Error& error);
// One line from standard input, without its end; for secrets, which never stand in arguments.
Result<std::string> ReadSecretLine();

}  // namespace porchlight::app
