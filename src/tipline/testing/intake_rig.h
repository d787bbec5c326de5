#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "platform/http/routing.h"
#include "platform/store/testing/test_database.h"
#include "platform/vault/testing/temporary_folder.h"
#include "platform/vault/vault.h"
#include "tipline/intake_store.h"
#include "tipline/ispws_http.h"
#include "tipline/wire.h"

// The intake with everything below it, over either engine, and a dispatcher in front; no socket, no wall clock.
namespace porchlight::tipline::testing {

// Lets in whoever was told to it; the password is always "right".
class KnownCallers final : public http::Authenticator {
 public:
  void Add(const auth::Caller& caller) { callers_[caller.login] = caller; }
  Result<auth::Caller> ByBasic(std::string_view login, std::string_view password, std::string_view peer) override;
  Result<auth::Caller> BySession(std::string_view cookie, std::string_view csrf_token, bool csrf_needed) override;
  Result<auth::Caller> ByToken(std::string_view token) override;
  void Denied(const auth::Caller&, const http::Route&, const http::RequestHead&) override { ++denied; }
  int denied = 0;

 private:
  std::map<std::string, auth::Caller, std::less<>> callers_;
};

auth::Caller Platform(std::string login, std::int64_t account, std::int64_t organisation);   // May file and read receipts.
auth::Caller TestPlatform(std::string login, std::int64_t account, std::int64_t organisation);
auth::Caller Analyst();            // V3, may list and read.
auth::Caller SeniorAnalyst();      // Also V5 and the originals.

struct IntakeRig {
  explicit IntakeRig(store::Engine engine, const IntakeRules& rules = {});

  // One request as a platform's program would send it; `login` empty: no credentials.
  http::Response Send(http::Method method, std::string target, std::string login, std::string content_type, std::string body,
                      std::vector<std::pair<std::string, std::string>> headers = {});
  http::Response Get(std::string target, std::string login) { return Send(http::Method::kGet, std::move(target), std::move(login), {}, {}); }
  std::int64_t Count(const char* sql);                       // One number from the database.
  std::vector<std::string> RecountProblemsNow();

  Instant start() const { return start_; }
  ManualClock clock;
  SeededRandom random{20261123};
  vault::MasterKeys keys = vault::MasterKeys::FromSecret("a secret of the tests");
  vault::Sealer sealer{keys, random};
  std::unique_ptr<store::Database> database;
  vault::testing::TemporaryFolder folder;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<IntakeStore> intake;
  std::unique_ptr<IspwsHttp> ispws;
  http::Router router;
  KnownCallers callers;
  std::unique_ptr<http::Dispatcher> dispatcher;

 private:
  Instant start_;
};

// The steps of the rooms that the rig stands on; a room above adds its own.
std::vector<store::Migration> RigMigrations();

// The text between <name> and </name>, or "".
std::string Element(const std::string& xml, const std::string& name);
std::string UploadBody(const std::string& boundary, const std::string& id, const std::string& name, const std::string& type,
                       const std::string& bytes);
std::string FileInfoBody(std::int64_t report, const std::string& file_id, const std::string& rest = "");

}  // namespace porchlight::tipline::testing
