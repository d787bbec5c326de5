#include "tipline/testing/intake_rig.h"

#include "base/check.h"
#include "base/text.h"
#include "platform/audit/migrations.h"
#include "platform/jobs/migrations.h"
#include "tipline/migrations.h"
#include "tipline/report_store.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::tipline::testing {

std::vector<store::Migration> RigMigrations() {
  std::vector<store::Migration> all = Migrations();
  for (const auto& one : jobs::Migrations()) all.push_back(one);
  for (const auto& one : audit::Migrations()) all.push_back(one);
  return all;
}

namespace {

Error WhoAreYou() { return Error{ErrorCode::kUnauthenticated, "Sign in first.", {}, {}, 0}; }

}  // namespace

Result<auth::Caller> KnownCallers::ByBasic(std::string_view login, std::string_view password, std::string_view) {
  const auto found = callers_.find(login);
  if (found == callers_.end() || password != "right") return WhoAreYou();
  return found->second;
}
Result<auth::Caller> KnownCallers::BySession(std::string_view, std::string_view, bool) { return WhoAreYou(); }
Result<auth::Caller> KnownCallers::ByToken(std::string_view) { return WhoAreYou(); }

auth::Caller Platform(std::string login, std::int64_t account, std::int64_t organisation) {
  auth::Caller caller;
  caller.account = {account};
  caller.login = std::move(login);
  caller.organisation = {organisation};
  caller.roles = {"esp_reporter"};
  caller.permissions = {"tipline.file", "tipline.receipt.read"};
  caller.visibility = {Visibility::kPublic, Visibility::kSubmitter};
  caller.proof = auth::Proof::kBasic;
  return caller;
}

auth::Caller TestPlatform(std::string login, std::int64_t account, std::int64_t organisation) {
  auth::Caller caller = Platform(std::move(login), account, organisation);
  caller.test_traffic = true;
  return caller;
}

auth::Caller Analyst() {
  auth::Caller caller;
  caller.account = {900};
  caller.login = "analyst";
  caller.roles = {"tip_intake_analyst"};
  caller.permissions = {"tipline.report.list", "tipline.report.read", "tipline.counts.read", "tipline.receipt.read"};
  caller.visibility = {Visibility::kPublic, Visibility::kSubmitter, Visibility::kCentre};
  caller.proof = auth::Proof::kBasic;
  return caller;
}

auth::Caller SeniorAnalyst() {
  auth::Caller caller = Analyst();
  caller.account = {901};
  caller.login = "senior";
  caller.permissions.insert("tipline.report.original");
  caller.visibility.Add(Visibility::kRestricted);
  return caller;
}

IntakeRig::IntakeRig(store::Engine engine, const IntakeRules& rules) : clock(SampleNow()), start_(SampleNow()) {
  database = store::FreshDatabase(engine, RigMigrations());
  vault = vault::OpenFolderVault(folder.path(), keys, random).value();
  intake = std::make_unique<IntakeStore>(*database, sealer, clock, random, rules);
  PL_CHECK(intake->Begin().ok());
  IspwsOptions options;
  options.upload_bytes_max = 100'000;
  ispws = std::make_unique<IspwsHttp>(*intake, WireReader(), *vault, clock, ReadSourceFile("api/ispws.xsd"), options);
  for (http::Route& route : ispws->Routes()) router.Add(std::move(route));
  callers.Add(Platform("acme", 1, 7));
  callers.Add(Platform("acme-second", 2, 7));
  callers.Add(Platform("other", 3, 8));
  callers.Add(TestPlatform("acme-test", 4, 7));
  callers.Add(Analyst());
  callers.Add(SeniorAnalyst());
  dispatcher = std::make_unique<http::Dispatcher>(router, callers);
}

http::Response IntakeRig::Send(http::Method method, std::string target, std::string login, std::string content_type, std::string body,
                               std::vector<std::pair<std::string, std::string>> headers) {
  http::Request request;
  request.method = method;
  request.target = std::move(target);
  request.peer_address = "192.0.2.7";
  request.request_id = "00000000000000aa";
  if (!login.empty()) request.headers.Add("Authorization", "Basic " + Base64Encode(login + ":right"));
  if (!content_type.empty()) request.headers.Add("Content-Type", std::move(content_type));
  for (auto& [name, value] : headers) request.headers.Add(name, value);
  request.body = std::move(body);
  return dispatcher->Handle(std::move(request));
}

std::int64_t IntakeRig::Count(const char* sql) {
  // Statements are cached by address: these live for the whole run.
  static std::map<std::string, std::unique_ptr<store::Statement>> statements;
  auto& statement = statements[sql];
  if (!statement) statement = std::make_unique<store::Statement>(store::Statement{"test.count", statements.find(sql)->first.c_str()});
  return database->Read([&](store::ReadTransaction& transaction) { return transaction.First(*statement); }).value()->Integer(0);
}

std::vector<std::string> IntakeRig::RecountProblemsNow() {
  return database->Read([](store::ReadTransaction& transaction) { return RecountProblems(transaction); }).value();
}

std::string Element(const std::string& xml, const std::string& name) {
  const std::string open = "<" + name + ">";
  const std::size_t begin = xml.find(open);
  if (begin == std::string::npos) return {};
  return xml.substr(begin + open.size(), xml.find("</" + name + ">", begin) - begin - open.size());
}

std::string UploadBody(const std::string& boundary, const std::string& id, const std::string& name, const std::string& type,
                       const std::string& bytes) {
  return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + id + "\r\n--" + boundary +
         "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: " + type + "\r\n\r\n" + bytes +
         "\r\n--" + boundary + "--\r\n";
}

std::string FileInfoBody(std::int64_t report, const std::string& file_id, const std::string& rest) {
  return "<fileDetails><reportId>" + std::to_string(report) + "</reportId><fileId>" + file_id + "</fileId>" + rest + "</fileDetails>";
}

}  // namespace porchlight::tipline::testing
