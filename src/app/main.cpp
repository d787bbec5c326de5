// The one program. Subcommands only read their arguments here; what they do is in *_command.cpp.
#include <CLI/CLI.hpp>
#include <csignal>

#include "app/commands.h"

namespace porchlight::app {
namespace {

constexpr const char* kAbout =
    "Porchlight, a clearinghouse for missing and exploited children.\n"
    "\n"
    "  porchlight demo --data DIR                      look around: a centre with synthetic reports\n"
    "  porchlight serve --data DIR --listen ADDR:PORT  run a centre\n"
    "  porchlight account create --data DIR --login L --role ROLE   (password on standard input)\n"
    "\n"
    "Settings come from a file (--config), the environment (PORCHLIGHT_...) and flags, in this order;\n"
    "`porchlight config` lists them all.";

// Options that several subcommands share. Lives as long as the parse.
struct Shared {
  CommonArguments arguments;
  std::string data;
  std::string listen;

  CLI::App* Under(CLI::App* command) {
    command->add_option("--config", arguments.config_file, "Settings file (TOML)")->check(CLI::ExistingFile);
    command->add_option("--data", data, "Folder of the centre's data");
    return command;
  }
  const CommonArguments& Ready() {
    if (!data.empty()) arguments.flags["data"] = data;
    if (!listen.empty()) arguments.flags["listen"] = listen;
    return arguments;
  }
};

class CommandLine {
 public:
  CommandLine() {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", std::string(PORCHLIGHT_VERSION));
    AddServing();
    AddSimulate();
    AddDirectory();
    AddKeeping();
    AddTriage();
    AddAudit();
    AddInformation();
  }

  int Run(int count, char** words) {
    try {
      app_.parse(count, words);
    } catch (const CLI::ParseError& problem) {
      return app_.exit(problem);
    }
    return status_;
  }

 private:
  void AddServing() {
    CLI::App* serve = shared_.Under(app_.add_subcommand("serve", "Run a centre until it is told to stop (SIGTERM)"));
    serve->add_option("--listen", shared_.listen, "ADDRESS:PORT; port 0 picks a free one");
    serve->callback([this] { status_ = RunServe(shared_.Ready()); });
    CLI::App* demo = shared_.Under(app_.add_subcommand("demo", "Run a demonstration centre with synthetic reports arriving"));
    demo->add_option("--listen", shared_.listen, "ADDRESS:PORT");
    demo->add_option("--rate", demo_.rate, "Reports per second after the first batch")
        ->check(CLI::Range(0.0, 1000.0))
        ->capture_default_str();
    demo->add_option("--first", demo_.first_batch, "Reports filed at once at the first start")
        ->check(CLI::Range(0, 1'000'000))
        ->capture_default_str();
    demo->add_flag("--codes", demo_.codes, "Print the current second-factor codes of the demonstration logins, and stop");
    demo->add_option("--announce", demo_.announce_file, "Write address and logins to this file as JSON when ready");
    demo->callback([this] { status_ = RunDemo(shared_.Ready(), demo_); });
  }

  void AddSimulate() {
    CLI::App* simulate = app_.add_subcommand("simulate", "File lifelike synthetic reports over the wire API, as platforms do");
    simulate->add_option("--url", simulate_.url, "Base address of the server, such as http://127.0.0.1:8080")->required();
    simulate->add_option("--login", simulate_.login, "Login of a platform account")->required();
    simulate->add_flag("--password-stdin", password_stdin_, "Read the password from standard input (always done; for scripts that say it)");
    simulate->add_option("--rate", simulate_.rate, "Reports per second; 0: as fast as answered")
        ->check(CLI::Range(0.0, 100'000.0))
        ->capture_default_str();
    simulate->add_option("--reports", simulate_.reports, "How many; 0: until stopped")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    simulate->add_option("--seed", simulate_.seed, "The same seed files the same reports")->capture_default_str();
    simulate->add_option("--connections", simulate_.connections, "Connections at once")->check(CLI::Range(1, 256))->capture_default_str();
    simulate->add_flag("--showcase", simulate_.showcase, "Show rare categories more often than the 2022 mix does");
    simulate->callback([this] { status_ = RunSimulate(simulate_); });
  }

  void AddDirectory() {
    CLI::App* account = app_.add_subcommand("account", "Accounts of platforms, staff and machines")->require_subcommand(1);
    CLI::App* create = shared_.Under(account->add_subcommand("create", "Make an account; the password is read from standard input"));
    create->add_option("--login", account_.login, "Name to sign in with")->required();
    create->add_option("--role", account_.roles, "Role; may be given several times")->required();
    create->add_option("--org", account_.organisation, "Number of the organisation; 0 is the centre")->capture_default_str();
    create->add_flag("--test-traffic", account_.test_traffic, "What it files never reaches production counts");
    create->callback([this] { status_ = RunAccountCreate(shared_.Ready(), account_); });
    shared_.Under(account->add_subcommand("list", "List accounts"))->callback([this] { status_ = RunAccountList(shared_.Ready()); });
    CLI::App* disable = shared_.Under(account->add_subcommand("disable", "Disable an account and end its sessions"));
    disable->add_option("--login", account_.login, "Its login")->required();
    disable->callback([this] { status_ = RunAccountDisable(shared_.Ready(), account_.login); });

    CLI::App* organisation = app_.add_subcommand("organisation", "Platforms, agencies and other organisations")->require_subcommand(1);
    CLI::App* make = shared_.Under(organisation->add_subcommand("create", "Make an organisation and print its number"));
    make->add_option("--name", organisation_.name, "Its name")->required();
    make->add_option("--kind", organisation_.kind, "Kind, from the profile's list")->capture_default_str();
    make->add_option("--country", organisation_.country, "ISO 3166-1 alpha-2")->capture_default_str();
    make->callback([this] { status_ = RunOrganisationCreate(shared_.Ready(), organisation_); });
    shared_.Under(organisation->add_subcommand("list", "List organisations"))->callback([this] {
      status_ = RunOrganisationList(shared_.Ready());
    });

    CLI::App* token = app_.add_subcommand("token", "Tokens for machines")->require_subcommand(1);
    CLI::App* issue = shared_.Under(token->add_subcommand("create", "Make a token and print it once"));
    issue->add_option("--name", token_.name, "What it is for")->required();
    issue->add_option("--role", token_.roles, "Role; may be given several times")->required();
    issue->add_option("--org", token_.organisation, "Number of the organisation; 0 is the centre")->capture_default_str();
    issue->add_option("--days", token_.days, "Days until it expires")->check(CLI::Range(1, 3650))->capture_default_str();
    issue->callback([this] { status_ = RunTokenCreate(shared_.Ready(), token_); });
  }

  void AddKeeping() {
    shared_.Under(app_.add_subcommand("migrate", "Bring the database to this version's schema (serve does it too)"))
        ->callback([this] { status_ = RunMigrate(shared_.Ready()); });
    CLI::App* keys = app_.add_subcommand("keys", "The master keys that evidence and sealed texts are kept under")->require_subcommand(1);
    shared_.Under(keys->add_subcommand("list", "Say how many there are, and where"))->callback([this] {
      status_ = RunKeysList(shared_.Ready());
    });
    shared_.Under(keys->add_subcommand("add", "Add a key for what comes from the next start on; what older ones keep stays readable"))
        ->callback([this] { status_ = RunKeysAdd(shared_.Ready()); });
    CLI::App* backup = shared_.Under(app_.add_subcommand("backup", "Back up a running or stopped centre into a new folder, and check it"));
    backup->add_option("--to", target_, "The new folder")->required();
    backup->add_flag("--with-keys", with_keys_, "Put the keys in too: whoever has the backup can then read it");
    backup->callback([this] { status_ = RunBackup(shared_.Ready(), target_, with_keys_); });
    CLI::App* restore = app_.add_subcommand("restore", "Check a backup and lay it into an empty data folder");
    restore->add_option("--from", source_, "The backup")->required();
    restore->add_option("--data", shared_.data, "The new data folder")->required();
    restore->add_option("--keys", keys_, "Folder with master.key, audit.key and package.key, when the backup was made without them");
    restore->callback([this] { status_ = RunRestore(source_, shared_.data, keys_); });
    CLI::App* out =
        shared_.Under(app_.add_subcommand("export", "Write one report with its receipt, history and audit proofs into a folder"));
    out->add_option("--report", number_, "Number of the report")->required();
    out->add_option("--to", target_, "The new folder")->required();
    out->add_option("--purpose", purpose_, "Why, from the profile's list; it is recorded")->required();
    out->callback([this] { status_ = RunExport(shared_.Ready(), number_, target_, purpose_); });
  }

  void AddTriage() {
    const CLI::IsMember formats({"json", "table"});
    CLI::App* tips = app_.add_subcommand("tips", "Filed reports as triage judges them; works beside a running server");
    tips->require_subcommand(1);
    CLI::App* list = shared_.Under(tips->add_subcommand("list", "List judged reports with priority, completeness and bundle"));
    list->add_option("--sort", tips_.sort, "Order")->check(CLI::IsMember({"priority", "newest", "oldest"}))->capture_default_str();
    list->add_option("--limit", tips_.limit, "At most so many")->check(CLI::Range(1, 10'000'000))->capture_default_str();
    list->add_option("--format", tips_.format, "json or table")->check(formats)->capture_default_str();
    list->add_flag("--queue", tips_.queue, "Only what waits for a person, a bundle as its lead alone");
    list->callback([this] { status_ = RunTipsList(shared_.Ready(), tips_); });
    CLI::App* show = shared_.Under(tips->add_subcommand("show", "Show why one report stands where it stands"));
    show->add_option("report", number_, "Number of the report")->required();
    show->add_option("--format", tips_.format, "json or table")->check(formats)->capture_default_str();
    show->callback([this] { status_ = RunTipsShow(shared_.Ready(), number_, tips_.format); });

    CLI::App* package = app_.add_subcommand("package", "Delivery packages, as agencies get them");
    package->require_subcommand(1);
    CLI::App* verify = package->add_subcommand("verify", "Check a package: needs no centre, only the file");
    verify->add_option("file", target_, "The ZIP file")->required();
    verify->add_option("--key", keys_, "The centre's public key, 64 hex digits, as the centre told you");
    verify->callback([this] { status_ = RunPackageVerify(target_, keys_); });
    shared_.Under(package->add_subcommand("key", "Print the public key that agencies check packages by"))->callback([this] {
      status_ = RunPackageKey(shared_.Ready());
    });

    CLI::App* triage = app_.add_subcommand("triage", "The rules of triage")->require_subcommand(1);
    CLI::App* replay = shared_.Under(
        triage->add_subcommand("replay", "Judge a stored period again by a table, changing nothing; says what would move"));
    replay->add_option("--rules", replay_.rules, "Version of the table")->required();
    replay->add_option("--from", replay_.from, "Received at this date or time, or later");
    replay->add_option("--to", replay_.to, "Received before this date or time");
    replay->add_option("--examples", replay_.examples, "Reports shown one by one")->capture_default_str();
    replay->add_option("--format", replay_.format, "json or table")->check(formats)->capture_default_str();
    replay->callback([this] { status_ = RunTriageReplay(shared_.Ready(), replay_); });
  }

  void AddAudit() {
    CLI::App* audit = app_.add_subcommand("audit", "The audit log")->require_subcommand(1);
    shared_.Under(audit->add_subcommand("verify", "Recompute the whole log and every signed head; names any altered row"))
        ->callback([this] { status_ = RunAuditVerify(shared_.Ready()); });
    CLI::App* prove = shared_.Under(audit->add_subcommand("prove", "Print a proof of one entry for somebody who holds only a tree head"));
    prove->add_option("--entry", number_, "Number of the entry")->required();
    prove->callback([this] { status_ = RunAuditProve(shared_.Ready(), number_); });
  }

  void AddInformation() {
    app_.add_subcommand("config", "List every setting: name, environment variable, default, meaning")->callback([this] {
      status_ = RunConfig();
    });
    app_.add_subcommand("openapi", "Print the OpenAPI 3.1 document of the JSON API")->callback([this] { status_ = RunOpenApi(); });
  }

  CLI::App app_{kAbout, "porchlight"};
  Shared shared_;
  DemoArguments demo_;
  SimulateArguments simulate_;
  AccountArguments account_;
  OrganisationArguments organisation_;
  TokenArguments token_;
  TipListArguments tips_;
  ReplayArguments replay_;
  std::string target_;
  std::string source_;
  std::string keys_;
  std::string purpose_ = "export";
  std::int64_t number_ = 0;
  bool with_keys_ = false;
  bool password_stdin_ = true;
  int status_ = 0;
};

}  // namespace
}  // namespace porchlight::app

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // A file size limit is answered like a full disk.
  porchlight::app::CommandLine line;
  return line.Run(count, words);
}
