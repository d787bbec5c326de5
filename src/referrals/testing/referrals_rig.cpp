#include "referrals/testing/referrals_rig.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/text.h"
#include "deconfliction/deconfliction_jobs.h"
#include "deconfliction/migrations.h"
#include "evidence/migrations.h"
#include "platform/crypto/digest.h"
#include "referrals/agency_source.h"
#include "referrals/delivery_rows.h"
#include "referrals/migrations.h"
#include "tipline/testing/wire_samples.h"
#include "triage/triage_jobs.h"

namespace porchlight::referrals::testing {

namespace {

std::string TableText(const std::string& name) { return tipline::testing::ReadSourceFile("profiles/us/tables/" + name + "/us-2026-11.json"); }

std::vector<std::string> Reasons() {
  std::vector<std::string> reasons;
  for (const profile::Code& one : ReferenceProfile().List("routing_reasons")) reasons.push_back(one.code);
  return reasons;
}

std::string SourceFolder() { return PORCHLIGHT_SOURCE_DIR; }

}  // namespace

const profile::Profile& ReferenceProfile() {
  static const profile::Profile profile = profile::LoadFrom(SourceFolder() + "/profiles/us").value();
  return profile;
}

const RoutingTable& ReferenceRouting() {
  static const RoutingTable table = ReadRoutingTable(TableText("routing")).value();
  return table;
}

std::string AgencyTableText() { return TableText("agencies"); }

const AgencyTable& ReferenceAgencies() {
  static const AgencyTable table = ReadAgencyTable(TableText("agencies")).value();
  return table;
}

geo::Database Places(const std::string& more, const std::string& version) {
  static const vault::testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/" + version + ".json";
  std::ofstream(path) << "{\"version\": \"" << version << "\", \"networks\": ["
                      << R"({"network": "192.0.2.0/24", "country": "US", "region": "OH"},)"
                      << R"({"network": "198.51.100.0/24", "country": "US", "region": "TX"},)"
                      << R"({"network": "100.64.0.0/16", "country": "US", "region": "IA"},)"
                      << R"({"network": "203.0.113.0/24", "country": "CA"})" << (more.empty() ? "" : ", ") << more << "]}";
  geo::Options options;
  options.overlays = {path};
  options.sha256 = crypto::Sha256;
  return geo::Database::Open(options).value();
}

namespace {

std::string LoginOf(std::int64_t account) { return "account " + std::to_string(account); }

}  // namespace

auth::Caller Officer(std::int64_t organisation, std::int64_t account) {
  auth::Caller caller;
  caller.account = {account};
  caller.login = "officer-" + std::to_string(account);
  caller.organisation = {organisation};
  caller.permissions = {"referrals.delivery.read", "referrals.delivery.act", "referrals.agency.list",
                        "deconfliction.interest.read", "deconfliction.interest.write"};
  caller.visibility = {Visibility::kPublic, Visibility::kLawEnforcement};
  caller.proof = auth::Proof::kSession;
  return caller;
}

std::string PersonAt(const std::string& address, const std::string& name, int port) {
  return "<espIdentifier>" + name + "</espIdentifier><ipCaptureEvent><ipAddress>" + address + "</ipAddress><eventName>Upload</eventName>" +
         "<dateTime>2026-11-20T10:00:00Z</dateTime>" + (port == 0 ? "" : "<port>" + std::to_string(port) + "</port>") + "</ipCaptureEvent>";
}

// The reference directory, in which the agency for Ohio has two addresses.
std::string AgenciesText() {
  std::string text = TableText("agencies");
  const std::string code = "\"code\": \"us-icac-oh\",";
  const std::size_t at = text.find(code);
  EXPECT_NE(at, std::string::npos);
  if (at != std::string::npos) text.insert(at + code.size(), " \"notify\": [\"one@ohio.example\", \"two@ohio.example\"],");
  return text;
}

ReferralsRig::ReferralsRig(store::Engine engine)
    : TriageRig(engine), routing(RoutingBook::Read({{"us.json", TableText("routing")}}).value()),
      agencies(AgencyBook::Read({{"us.json", AgenciesText()}}).value()), names(ReferenceProfile()),
      gates(evidence::GateBook::Read({{"us.json", TableText("gate")}}).value()), gatekeeper(*database, gates, clock),
      door(*database, *vault, gates, clock, evidence::Door::PurposesOf(ReferenceProfile())), key(crypto::NewSigningKey(random)),
      clocks(DeliveryClocks::From(ReferenceProfile())), agency_source(AgencySourceFrom(agencies, clock)), notices(agency_source),
      interests(*database, judging, sealer, clock, agency_source), resolving(*database, clock),
      interests_http(*database, interests, notices, clock), meetings_http(*database, resolving, notices, clock, LoginOf) {
  const Result<void> migrated = database->Migrate(migrations());
  EXPECT_TRUE(migrated.ok()) << migrated.error().operator_text;
  UsePlaces(Places());
  EXPECT_TRUE(ScheduleJobs(*database, clock, ReferenceAgencies()).ok());
}

std::vector<store::Migration> ReferralsRig::migrations() {
  std::vector<store::Migration> all = triage::testing::RigMigrations();
  for (const auto& some : {evidence::Migrations(), deconfliction::Migrations(), Migrations()}) all.insert(all.end(), some.begin(), some.end());
  return all;
}

void ReferralsRig::UsePlaces(geo::Database layers) {
  worker.reset();
  places = std::make_unique<geo::Database>(std::move(layers));
  const FeedbackCodes codes = FeedbackCodes::From(ReferenceProfile());
  referring = std::make_unique<Referring>(*database, sealer, RoutingSources{routing, agencies, *places, names}, clock, clocks, codes,
                                          Reasons());
  reader = std::make_unique<DeliveryReader>(sealer, gates, triage::testing::ReferenceRules(), clock, [](std::int64_t id) {
    return "Platform " + std::to_string(id);
  });
  packaging = std::make_unique<Packaging>(*database, *vault, door, *reader, agencies, key, clock, Packaging::Centre{"Test centre", "desk@centre.example"});
  reminding = std::make_unique<Reminding>(*database, *referring, clock, clocks, codes);
  const auto send = [this](const mail::Mail& one) -> Result<void> {
    const auto trouble = mail_trouble.find(one.to);
    if (trouble != mail_trouble.end()) return Error{trouble->second, "The mail server will not.", {}, {}, 0};
    mails.push_back(one);
    return {};
  };
  notifying = std::make_unique<Notifying>(*database, agencies, clock, clocks,
                                          Notifying::Settings{"https://centre.example/console", "Test centre", "desk@centre.example", {"duty@centre.example"}},
                                          send);
  delivery_actions = std::make_unique<DeliveryActions>(*database, *referring, clock, clocks, codes);
  staff_http = std::make_unique<ReferralsHttp>(*database, *referring, clock, LoginOf);
  bulk_http = std::make_unique<BulkHttp>(*database, *delivery_actions, *packaging, *reader, clock);
  agency_http = std::make_unique<DeliveriesHttp>(*database, *delivery_actions, *packaging, *reader, notices, LoginOf, clock, clocks);
  follower = std::make_unique<Runner>(*database, clock);
  worker = std::make_unique<jobs::Worker>(*database, clock, random, jobs::Worker::Options{});
  RegisterJobs(*worker, {*database, *referring, *packaging, *reminding, *notifying, clock});
  triage::RegisterJobs(*worker, {*database, judging, actions, rejudging, throttles, clock});
  deconfliction::RegisterJobs(*worker, *database, clock);
}

std::int64_t ReferralsRig::Claimed(const triage::testing::Wanted& wanted, const std::vector<triage::testing::WantedFile>& files) {
  const std::int64_t report = File(wanted, files);
  Judge();
  EXPECT_TRUE(gatekeeper.DecideFiles({report}).ok());
  const auto claimed = actions.Claim(analyst, {report}, "r");
  EXPECT_TRUE(claimed.ok()) << (claimed.ok() ? "" : claimed.error().public_text);
  return report;
}

std::int64_t ReferralsRig::Referred(const triage::testing::Wanted& wanted, const std::vector<triage::testing::WantedFile>& files) {
  const std::int64_t report = Claimed(wanted, files);
  const auto decision = referring->Refer(analyst, {report}, {}, "", "r");
  EXPECT_TRUE(decision.ok()) << (decision.ok() ? "" : decision.error().public_text + decision.error().operator_text);
  return report;
}

int ReferralsRig::RunJobs() {
  int ran = 0;
  for (;;) {
    const Result<bool> one = worker->RunOne();
    EXPECT_TRUE(one.ok());
    const Result<int> followed = follower->RunOnce();
    EXPECT_TRUE(followed.ok());
    if ((!one.ok() || !*one) && (!followed.ok() || *followed == 0)) return ran;
    ++ran;
  }
}

std::vector<Delivery> ReferralsRig::Deliveries(std::int64_t report) {
  return database->Read([&](store::ReadTransaction& transaction) { return rows::DeliveriesOf(transaction, {report}); }).value();
}

std::optional<Delivery> ReferralsRig::DeliveryTo(std::int64_t report, const std::string& agency) {
  return database
      ->Read([&](store::ReadTransaction& transaction) -> Result<std::optional<Delivery>> {
        const std::optional<AgencyRow> row = PL_TRY(rows::FindAgency(transaction, agency));
        if (!row) return std::optional<Delivery>();
        return rows::FindDelivery(transaction, {report}, row->id);
      })
      .value();
}

std::vector<Decision> ReferralsRig::Decisions(std::int64_t report) {
  return database->Read([&](store::ReadTransaction& transaction) { return rows::DecisionsOf(transaction, {report}); }).value();
}

std::vector<std::string> ReferralsRig::AgenciesOf(std::int64_t report) {
  std::vector<std::string> codes;
  for (const Delivery& one : Deliveries(report)) {
    const auto row = database->Read([&](store::ReadTransaction& transaction) { return rows::FindAgency(transaction, one.agency); });
    codes.push_back((*row)->code);
  }
  return codes;
}

void ReferralsRig::Link(const std::string& agency, std::int64_t organisation) {
  const auto linked = database->Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const std::optional<AgencyRow> row = PL_TRY(rows::FindAgency(transaction, agency));
    return rows::SetOrganisation(transaction, row->id, auth::OrganisationId{organisation});
  });
  EXPECT_TRUE(linked.ok());
}

std::int64_t ReferralsRig::Tallied(const std::string& about, const std::string& subject, const std::string& what) {
  static constexpr store::Statement kTallied{
      "referrals_test.tallied",
      "SELECT COALESCE(SUM(count), 0) FROM referrals_tallies WHERE about = $1 AND subject = $2 AND what = $3"};
  return database->Read([&](store::ReadTransaction& transaction) -> Result<std::int64_t> {
    const std::optional<store::Row> row = PL_TRY(transaction.First(kTallied, about, subject, what));
    return row->Integer(0);
  }).value();
}

http::Response ReferralsRig::Ask(std::vector<http::Route> routes, http::Method method, const std::string& target,
                                 const auth::Caller& caller, const std::string& body) {
  tipline::testing::KnownCallers known;
  known.Add(caller);
  http::Router paths;
  for (http::Route& route : routes) paths.Add(std::move(route));
  http::Dispatcher door_of_test(paths, known);
  http::Request request;
  request.method = method;
  EXPECT_TRUE(http::ReadTarget(target, request).ok());
  request.headers.Add("Authorization", "Basic " + Base64Encode(caller.login + ":right"));
  if (!body.empty()) request.headers.Add("Content-Type", "application/json");
  request.body = body;
  request.request_id = "r";
  return door_of_test.Handle(std::move(request));
}

std::string ReferralsRig::PackageFile(DeliveryId delivery) {
  const Result<Package> package = packaging->EnsurePackage(delivery);
  EXPECT_TRUE(package.ok()) << (package.ok() ? "" : package.error().public_text + " " + package.error().operator_text);
  const std::string path = folder.path() + "/package-" + std::to_string(delivery.value) + ".zip";
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  const auto write = [&](std::string_view bytes) {
    out << bytes;
    return Result<void>();
  };
  if (package.ok()) {
    EXPECT_TRUE(packaging->Read(*package, write).ok());
  }
  return path;
}

}  // namespace porchlight::referrals::testing
