#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deconfliction/interests_http.h"
#include "deconfliction/meetings_http.h"
#include "evidence/door.h"
#include "evidence/gatekeeper.h"
#include "platform/jobs/jobs.h"
#include "referrals/bulk_http.h"
#include "referrals/deliveries_http.h"
#include "referrals/referrals_http.h"
#include "referrals/referrals_jobs.h"
#include "triage/testing/triage_rig.h"

// Intake, triage, gate and referrals over either engine, with the tables of the reference profile and an overlay that gives the
// documentation ranges places; no socket, no wall clock.
namespace porchlight::referrals::testing {

const profile::Profile& ReferenceProfile();
const RoutingTable& ReferenceRouting();
std::string AgencyTableText();                            // The reference profile's, as JSON.
const AgencyTable& ReferenceAgencies();

// 192.0.2.0/24 is Ohio, 198.51.100.0/24 Texas, 203.0.113.0/24 Canada, 100.64.0.0/16 Iowa. `more`: further networks, as JSON.
geo::Database Places(const std::string& more = "", const std::string& version = "test-1");

auth::Caller Officer(std::int64_t organisation, std::int64_t account = 980);

// A person with an upload from the address at the time of the incident.
std::string PersonAt(const std::string& address, const std::string& name = "u-1", int port = 443);

struct ReferralsRig : triage::testing::TriageRig {
  explicit ReferralsRig(store::Engine engine);
  static std::vector<store::Migration> migrations();       // Of every room the rig stands on.
  // With other layers from now on.
  void UsePlaces(geo::Database places);

  // Files, judges and claims a report for the analyst.
  std::int64_t Claimed(const triage::testing::Wanted& wanted, const std::vector<triage::testing::WantedFile>& files = {});
  // The same, referred as proposed.
  std::int64_t Referred(const triage::testing::Wanted& wanted, const std::vector<triage::testing::WantedFile>& files = {});
  int RunJobs();                                          // Those that are due, and what follows from the outbox.
  std::vector<Delivery> Deliveries(std::int64_t report);
  std::optional<Delivery> DeliveryTo(std::int64_t report, const std::string& agency);
  std::vector<Decision> Decisions(std::int64_t report);   // Oldest first.
  std::vector<std::string> AgenciesOf(std::int64_t report);        // Codes, by delivery.
  void Link(const std::string& agency, std::int64_t organisation); // Whose officers sign in for it.
  std::int64_t Tallied(const std::string& about, const std::string& subject, const std::string& what);
  // One request to these routes, as the server would answer it.
  http::Response Ask(std::vector<http::Route> routes, http::Method method, const std::string& target, const auth::Caller& caller,
                     const std::string& body = "");
  std::string PackageFile(DeliveryId delivery);           // Made and written out; the path.

  auth::Caller analyst = triage::testing::TriageAnalyst();
  RoutingBook routing;
  AgencyBook agencies;
  std::unique_ptr<geo::Database> places;
  PlaceNames names;
  evidence::GateBook gates;
  evidence::Gatekeeper gatekeeper;
  evidence::Door door;
  crypto::SigningKey key;
  DeliveryClocks clocks;
  deconfliction::AgencySource agency_source;
  deconfliction::Notices notices;
  deconfliction::Interests interests;
  deconfliction::Resolving resolving;
  deconfliction::InterestsHttp interests_http;
  deconfliction::MeetingsHttp meetings_http;
  std::unique_ptr<Referring> referring;
  std::unique_ptr<DeliveryReader> reader;
  std::unique_ptr<Packaging> packaging;
  std::unique_ptr<Reminding> reminding;
  // What was written to whom; `mail_trouble`: what the mail server answers to an address.
  std::vector<mail::Mail> mails;
  std::map<std::string, ErrorCode> mail_trouble;
  std::unique_ptr<Notifying> notifying;
  std::unique_ptr<DeliveryActions> delivery_actions;
  std::unique_ptr<ReferralsHttp> staff_http;
  std::unique_ptr<DeliveriesHttp> agency_http;
  std::unique_ptr<BulkHttp> bulk_http;
  std::unique_ptr<Runner> follower;
  std::unique_ptr<jobs::Worker> worker;
};

}  // namespace porchlight::referrals::testing
