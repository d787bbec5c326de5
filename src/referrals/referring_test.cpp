#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "referrals/delivery_rows.h"
#include "referrals/testing/referrals_rig.h"

namespace porchlight::referrals {
namespace {

using ::testing::ElementsAre;
using testing::PersonAt;
using testing::Places;
using testing::ReferralsRig;
using triage::testing::Wanted;

class ReferringTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override { PL_NEEDS_ENGINE(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Engines, ReferringTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

Wanted From(const std::string& address) {
  Wanted wanted;
  wanted.person = PersonAt(address);
  return wanted;
}

// A picture that has gone viral: its copies are bundled.
const std::string kPicture = "\xff\xd8\xff\xe0 the same picture everywhere";

// The reports' bundle goes to agencies as proposed, its lead first. Answers with the lead.
std::int64_t ReferLead(ReferralsRig& rig, const std::vector<std::int64_t>& reports) {
  rig.Judge();
  const std::int64_t lead = rig.BundleOf(reports.front()).value().lead.value;
  EXPECT_TRUE(rig.actions.Claim(rig.analyst, {lead}, "r").ok());
  EXPECT_TRUE(rig.referring->Refer(rig.analyst, {lead}, {}, "", "r").ok());
  rig.RunJobs();
  return lead;
}

// Twelve copies, each at an address of their own: who shares one is linked, and linked reports stand on their own.
std::vector<std::int64_t> FileCopies(ReferralsRig& rig) {
  std::vector<std::int64_t> reports;
  for (int number = 0; number < 12; ++number) {
    Wanted wanted;
    wanted.person = PersonAt("192.0.2." + std::to_string(10 + number), "copy-" + std::to_string(number));
    reports.push_back(rig.File(wanted, {{kPicture, ""}}));
  }
  return reports;
}

TEST_P(ReferringTest, AReportGoesWhereItsEvidenceLeadsAndSaysWhy) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.Referred(From("192.0.2.7"));
  EXPECT_THAT(rig.AgenciesOf(report), ElementsAre("us-icac-oh"));
  EXPECT_EQ(rig.StateOf(report), "made_available");
  const Decision decision = rig.Decisions(report).front();
  EXPECT_EQ(decision.number, 1);
  EXPECT_EQ(decision.cause, Cause::kDecided);
  EXPECT_EQ(decision.account, rig.analyst.account.value);
  EXPECT_EQ(decision.geo_version, rig.places->version());
  EXPECT_EQ(decision.routing_version, "us-2026-11");
  ASSERT_EQ(decision.candidates.size(), 1U);
  EXPECT_EQ(decision.candidates.front().place, (geo::Place{"US", "OH"}));
  const Delivery delivery = rig.Deliveries(report).front();
  EXPECT_TRUE(delivery.primary);
  EXPECT_EQ(static_cast<EvidenceKind>(delivery.lead_evidence), EvidenceKind::kUploadIp);
  EXPECT_TRUE(rig.RecountProblemsNow().empty());
}

TEST_P(ReferringTest, WhoeverLeavesTheProposalSaysWhy) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.Claimed(From("192.0.2.7"));
  const auto without = rig.referring->Refer(rig.analyst, {report}, {"us-icac-tx"}, "", "r");
  EXPECT_EQ(without.error().field, "/reason");
  EXPECT_EQ(rig.referring->Refer(rig.analyst, {report}, {"us-icac-tx"}, "because", "r").error().field, "/reason");
  EXPECT_EQ(rig.referring->Refer(rig.analyst, {report}, {"nobody"}, "analyst_knowledge", "r").error().field, "/agencies");
  EXPECT_EQ(rig.referring->Refer(rig.analyst, {report}, {"us-icac-tx", "us-icac-tx"}, "analyst_knowledge", "r").error().field, "/agencies");
  EXPECT_TRUE(rig.Deliveries(report).empty());
  EXPECT_EQ(rig.StateOf(report), "in_review");
  ASSERT_TRUE(rig.referring->Refer(rig.analyst, {report}, {"us-icac-tx", "us-icac-oh"}, "analyst_knowledge", "r").ok());
  EXPECT_THAT(rig.AgenciesOf(report), ElementsAre("us-icac-tx", "us-icac-oh"));
  EXPECT_EQ(rig.Decisions(report).front().reason, "analyst_knowledge");
}

TEST_P(ReferringTest, OnlyWhoHasClaimedItRefersAndOnlyOnce) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.Claimed(From("192.0.2.7"));
  const auth::Caller other = triage::testing::TriageAnalyst(951);
  EXPECT_EQ(rig.referring->Refer(other, {report}, {}, "", "r").error().field, "claim");
  EXPECT_EQ(rig.referring->Refer(rig.analyst, {report + 1'000}, {}, "", "r").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(rig.referring->Refer(rig.analyst, {report}, {}, "", "r").ok());
  EXPECT_EQ(rig.referring->Refer(rig.analyst, {report}, {}, "", "r").error().field, "state");
  EXPECT_EQ(rig.Deliveries(report).size(), 1U);
}

TEST_P(ReferringTest, WhereNothingLeadsAnywhereAPersonMustNameAnAgency) {
  ReferralsRig rig(GetParam());
  Wanted wanted;
  wanted.person = "<espIdentifier>u-9</espIdentifier>";
  const std::int64_t report = rig.Claimed(wanted);
  EXPECT_EQ(rig.referring->Refer(rig.analyst, {report}, {}, "", "r").error().field, "/agencies");
  ASSERT_TRUE(rig.referring->Refer(rig.analyst, {report}, {"us-federal"}, "analyst_knowledge", "r").ok());
  EXPECT_EQ(rig.Deliveries(report).front().lead_evidence, 0);
}

TEST_P(ReferringTest, BetterDataWidensAndNeverNarrows) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.Referred(From("192.0.2.7"));
  EXPECT_FALSE(rig.referring->Widen(10).value());
  EXPECT_EQ(rig.Decisions(report).size(), 1U) << "the same layers decide nothing anew";
  rig.UsePlaces(Places(R"({"network": "192.0.2.7/32", "country": "US", "region": "UT"})", "test-2"));
  EXPECT_FALSE(rig.referring->Widen(10).value());
  EXPECT_THAT(rig.AgenciesOf(report), ElementsAre("us-icac-oh", "us-icac-ut"));
  const Decision widened = rig.Decisions(report).back();
  EXPECT_EQ(widened.cause, Cause::kWidened);
  EXPECT_EQ(widened.account, 0);
  EXPECT_EQ(widened.geo_version, rig.places->version());
  EXPECT_FALSE(rig.referring->Widen(10).value());
  EXPECT_EQ(rig.Decisions(report).size(), 2U) << "looked at once for these layers";
  // Nobody knows the place any more: everybody keeps what they have.
  rig.UsePlaces(Places(R"({"network": "192.0.2.7/32", "country": null})", "test-3"));
  EXPECT_FALSE(rig.referring->Widen(10).value());
  EXPECT_THAT(rig.AgenciesOf(report), ElementsAre("us-icac-oh", "us-icac-ut"));
  for (const Delivery& one : rig.Deliveries(report)) EXPECT_FALSE(one.revoked_at.has_value());
}

TEST_P(ReferringTest, WhileAKeyIsMissingNothingCountsAsLookedAt) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.Referred(From("192.0.2.7"));
  rig.UsePlaces(Places(R"({"network": "192.0.2.7/32", "country": "US", "region": "UT"})", "test-2"));
  const vault::MasterKeys none;
  const vault::Sealer blind_sealer(none, rig.random);
  Referring blind(*rig.database, blind_sealer, RoutingSources{rig.routing, rig.agencies, *rig.places, rig.names}, rig.clock,
                  rig.clocks, FeedbackCodes::From(testing::ReferenceProfile()), {});
  const Result<bool> widened = blind.Widen(10);
  ASSERT_FALSE(widened.ok());
  EXPECT_EQ(widened.error().field, vault::kMasterKeyField);
  EXPECT_FALSE(rig.referring->Widen(10).value());
  EXPECT_THAT(rig.AgenciesOf(report), ElementsAre("us-icac-oh", "us-icac-ut")) << "once the key is back";
}

// Invariant 17 of the domain: whatever layers follow one another, who has it keeps it.
TEST_P(ReferringTest, NoSequenceOfLayersTakesAnAgencyAway) {
  SeededRandom random(17);
  const std::vector<std::string> places = {"null", "\"US\", \"region\": \"UT\"", "\"US\", \"region\": \"IA\"", "\"CA\"", "\"US\""};
  for (int sequence = 0; sequence < 3; ++sequence) {
    ReferralsRig rig(GetParam());
    const std::int64_t report = rig.Referred(From("192.0.2.7"));
    std::vector<std::string> had = rig.AgenciesOf(report);
    for (int layer = 0; layer < 6; ++layer) {
      const std::string network = R"({"network": "192.0.2.7/32", "country": )" + places.at(random.Below(places.size())) + "}";
      rig.UsePlaces(Places(network, "layer-" + std::to_string(sequence) + "-" + std::to_string(layer)));
      while (rig.referring->Widen(10).value()) {}
      const std::vector<std::string> has = rig.AgenciesOf(report);
      for (const std::string& agency : had) EXPECT_THAT(has, ::testing::Contains(agency)) << network;
      for (const Delivery& one : rig.Deliveries(report)) EXPECT_FALSE(one.revoked_at.has_value());
      had = has;
    }
    EXPECT_GT(had.size(), 1U) << "some layer led elsewhere, else nothing is tried";
  }
}

TEST_P(ReferringTest, AWalkOverManyGoesOnWhereItStood) {
  ReferralsRig rig(GetParam());
  std::vector<std::int64_t> reports;
  for (int number = 0; number < 5; ++number) {
    Wanted wanted;
    wanted.person = PersonAt("192.0.2.7", "many-" + std::to_string(number));
    reports.push_back(rig.Referred(wanted));
  }
  rig.UsePlaces(Places(R"({"network": "192.0.2.7/32", "country": "US", "region": "UT"})", "test-4"));
  EXPECT_TRUE(rig.referring->Widen(2).value());
  EXPECT_TRUE(rig.referring->Widen(2).value());
  EXPECT_FALSE(rig.referring->Widen(2).value());
  for (const std::int64_t report : reports) EXPECT_THAT(rig.AgenciesOf(report), ElementsAre("us-icac-oh", "us-icac-ut"));
}

TEST_P(ReferringTest, OneMoreAgencyAndTakingOneBackAreAPersonsDecisions) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.Referred(From("192.0.2.7"));
  EXPECT_EQ(rig.referring->Add(rig.analyst, {report}, "us-icac-tx", "", "r").error().field, "/reason");
  ASSERT_TRUE(rig.referring->Add(rig.analyst, {report}, "us-icac-tx", "agency_request", "r").ok());
  EXPECT_EQ(rig.referring->Add(rig.analyst, {report}, "us-icac-tx", "agency_request", "r").error().field, "agency");
  const Delivery ohio = *rig.DeliveryTo(report, "us-icac-oh");
  EXPECT_EQ(rig.referring->Revoke(rig.analyst, ohio.id, "", "r").error().field, "/reason");
  ASSERT_TRUE(rig.referring->Revoke(rig.analyst, ohio.id, "sent_by_mistake", "r").ok());
  EXPECT_EQ(rig.referring->Revoke(rig.analyst, ohio.id, "sent_by_mistake", "r").error().field, "delivery");
  EXPECT_TRUE(rig.DeliveryTo(report, "us-icac-oh")->revoked_at.has_value());
  EXPECT_FALSE(rig.DeliveryTo(report, "us-icac-tx")->revoked_at.has_value());
  EXPECT_EQ(rig.referring->Add(rig.analyst, {rig.Claimed(From("192.0.2.8"))}, "us-icac-tx", "agency_request", "r").error().field, "state");
}

TEST_P(ReferringTest, WhatWasTakenBackByMistakeCanBeGivenAgain) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.Referred(From("192.0.2.7"));
  const Delivery before = rig.Deliveries(report).front();
  rig.RunJobs();
  const Package first = rig.packaging->EnsurePackage(before.id).value();
  ASSERT_TRUE(rig.referring->Revoke(rig.analyst, before.id, "sent_by_mistake", "r").ok());
  rig.clock.Advance(Duration::Hours(1));
  ASSERT_TRUE(rig.referring->Add(rig.analyst, {report}, "us-icac-oh", "agency_request", "r").ok());
  const Delivery after = rig.Deliveries(report).front();
  EXPECT_EQ(after.id, before.id);
  EXPECT_FALSE(after.revoked_at.has_value());
  EXPECT_FALSE(after.opened_at.has_value());
  EXPECT_EQ(after.state, DeliveryState::kMadeAvailable);
  rig.RunJobs();
  EXPECT_EQ(rig.Deliveries(report).front().state, DeliveryState::kNotified);
  const Package second = rig.packaging->EnsurePackage(before.id).value();
  EXPECT_EQ(second.number, first.number + 1) << "the old one tells of a decision that was taken back";
  EXPECT_EQ(rig.packaging->EnsurePackage(before.id).value().number, second.number);
}

TEST_P(ReferringTest, AnUrgentReportReachesAnAgencyThatHadItAsACopy) {
  ReferralsRig rig(GetParam());
  const std::vector<std::int64_t> reports = FileCopies(rig);
  ReferLead(rig, reports);
  const std::int64_t member = reports.back();
  ASSERT_TRUE(rig.DeliveryTo(member, "us-icac-oh")->bundled);
  const Package copy = rig.packaging->EnsurePackage(rig.DeliveryTo(member, "us-icac-oh")->id).value();
  rig.clock.Advance(Duration::Hours(1));
  ASSERT_TRUE(rig.actions.Pull(rig.analyst, {member}, "r").ok());
  ASSERT_TRUE(rig.actions.Claim(rig.analyst, {member}, "r").ok());
  ASSERT_TRUE(rig.actions.SetSignal(rig.analyst, {member}, triage::Signal::kConfirmedDanger, true, "r").ok());
  ASSERT_TRUE(rig.referring->Refer(rig.analyst, {member}, {}, "", "r").ok());
  const Delivery delivery = *rig.DeliveryTo(member, "us-icac-oh");
  EXPECT_TRUE(delivery.urgent);
  EXPECT_FALSE(delivery.bundled);
  EXPECT_TRUE(delivery.next_step_at.has_value());
  EXPECT_EQ(*delivery.next_step_at, delivery.granted_at + Duration::Minutes(15));
  EXPECT_EQ(rig.packaging->EnsurePackage(delivery.id).value().number, copy.number + 1) << "the copy's does not say that it is urgent";
}

TEST_P(ReferringTest, WhatWasClosedAsSomethingElseIsNotWidened) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.Referred(From("192.0.2.7"));
  const auto close = [&](store::WriteTransaction& transaction) -> Result<void> {
    static constexpr store::Statement kClose{"referrals_test.close", "UPDATE triage_tips SET state = 9, disposition = 6 WHERE id = $1"};
    PL_TRY(transaction.Execute(kClose, report));
    return {};
  };
  ASSERT_TRUE(rig.database->Write(close).ok());
  rig.UsePlaces(Places(R"({"network": "192.0.2.7/32", "country": "US", "region": "UT"})", "test-5"));
  EXPECT_FALSE(rig.referring->Widen(10).value());
  EXPECT_THAT(rig.AgenciesOf(report), ElementsAre("us-icac-oh"));
  EXPECT_EQ(rig.referring->Add(rig.analyst, {report}, "us-icac-tx", "agency_request", "r").error().field, "state");
}

TEST_P(ReferringTest, TheVictimsPlaceIsToldToo) {
  ReferralsRig rig(GetParam());
  Wanted wanted = From("192.0.2.7");
  wanted.victim = "<victimPerson/>" + PersonAt("198.51.100.7", "victim");
  const std::int64_t report = rig.Referred(wanted);
  EXPECT_THAT(rig.AgenciesOf(report), ElementsAre("us-icac-oh", "us-icac-tx"));
}

TEST_P(ReferringTest, MembersOfABundleGoToTheirOwnPlaces) {
  ReferralsRig rig(GetParam());
  std::vector<std::int64_t> reports;
  const std::vector<std::string> addresses = {"192.0.2.7", "198.51.100.7", "203.0.113.7", ""};
  for (int number = 0; number < 12; ++number) {
    Wanted wanted;
    const std::string name = "copy-" + std::to_string(number);
    const std::string& address = addresses[static_cast<std::size_t>(number) % addresses.size()];
    wanted.person = address.empty() ? "<espIdentifier>" + name + "</espIdentifier>" : PersonAt(address, name);
    reports.push_back(rig.File(wanted, {{kPicture, ""}}));
  }
  const std::int64_t lead = ReferLead(rig, reports);
  int told = 0;
  for (const std::int64_t report : reports) {
    const triage::Tip tip = rig.TipOf(report);
    const bool placeless = std::count(reports.begin(), reports.end(), report) > 0 && (report - reports.front()) % 4 == 3;
    if (placeless) {
      EXPECT_EQ(rig.StateOf(report), "closed");
      EXPECT_TRUE(rig.Deliveries(report).empty());
      continue;
    }
    EXPECT_EQ(rig.StateOf(report), "made_available") << report;
    ASSERT_EQ(rig.Deliveries(report).size(), 1U);
    EXPECT_EQ(rig.Deliveries(report).front().bundled, report != lead);
    EXPECT_EQ(tip.disposition, report == lead ? triage::Disposition::kReferral : triage::Disposition::kBundled);
    ++told;
  }
  EXPECT_EQ(told, 9);
  EXPECT_THAT(rig.AgenciesOf(reports[1]), ElementsAre("us-icac-tx"));
  EXPECT_THAT(rig.AgenciesOf(reports[2]), ElementsAre("unit-ca"));
  // Whoever comes later follows as well.
  Wanted late;
  late.person = PersonAt("198.51.100.9", "late");
  const std::int64_t later = rig.File(late, {{kPicture, ""}});
  rig.Judge();
  rig.RunJobs();
  EXPECT_THAT(rig.AgenciesOf(later), ElementsAre("us-icac-tx"));
  EXPECT_TRUE(rig.RecountProblemsNow().empty()) << "the sum over states is what was accepted";
}

TEST_P(ReferringTest, AMemberThatIsPulledOutKeepsItsAgenciesAndWaitsForAPerson) {
  ReferralsRig rig(GetParam());
  const std::vector<std::int64_t> reports = FileCopies(rig);
  const std::int64_t lead = ReferLead(rig, reports);
  const std::int64_t member = reports.back() == lead ? reports.front() : reports.back();
  ASSERT_EQ(rig.StateOf(member), "made_available");
  ASSERT_TRUE(rig.actions.Pull(rig.analyst, {member}, "r").ok());
  EXPECT_EQ(rig.StateOf(member), "triaged");
  EXPECT_TRUE(rig.TipOf(member).Waits());
  EXPECT_THAT(rig.AgenciesOf(member), ElementsAre("us-icac-oh"));
}

// Invariant 8 of the domain: out of the bundle it is routed as one that never was in it.
TEST_P(ReferringTest, AMemberThatIsPulledOutIsRoutedLikeOneThatWasNeverBundled) {
  ReferralsRig rig(GetParam());
  const std::vector<std::int64_t> reports = FileCopies(rig);
  Wanted elsewhere;
  elsewhere.person = PersonAt("198.51.100.9", "elsewhere");
  const std::int64_t member = rig.File(elsewhere, {{kPicture, ""}});
  rig.Judge();
  ASSERT_TRUE(rig.TipOf(member).folded);
  ASSERT_TRUE(rig.actions.Pull(rig.analyst, {member}, "r").ok());
  ASSERT_TRUE(rig.actions.Claim(rig.analyst, {member}, "r").ok());
  ASSERT_TRUE(rig.referring->Refer(rig.analyst, {member}, {}, "", "r").ok());
  elsewhere.person = PersonAt("198.51.100.9", "its-twin");
  const std::int64_t twin = rig.Referred(elsewhere, {{kPicture + " but another one", ""}});
  EXPECT_FALSE(rig.TipOf(twin).bundle);
  EXPECT_EQ(rig.AgenciesOf(member), rig.AgenciesOf(twin));
  EXPECT_THAT(rig.AgenciesOf(member), ElementsAre("us-icac-tx"));
  EXPECT_EQ(rig.Decisions(member).front().candidates.size(), rig.Decisions(twin).front().candidates.size());
  EXPECT_TRUE(rig.RecountProblemsNow().empty());
}

TEST_P(ReferringTest, TestTrafficGoesToNobody) {
  ReferralsRig rig(GetParam());
  const std::int64_t report = rig.File(From("192.0.2.7"), {}, "acme-test");
  rig.Judge();
  const auto claimed = rig.actions.Claim(rig.analyst, {report}, "r");
  if (claimed.ok()) {
    EXPECT_EQ(rig.referring->Refer(rig.analyst, {report}, {}, "", "r").error().field, "state");
  }
  EXPECT_TRUE(rig.Deliveries(report).empty());
}

TEST_P(ReferringTest, AgenciesOfANewDirectoryGetRowsAndOldOnesStay) {
  ReferralsRig rig(GetParam());
  AgencyTable table = testing::ReferenceAgencies();
  table.agencies.front().name = "Renamed desk (example)";
  table.agencies.pop_back();
  ASSERT_TRUE(rig.database->Write([&](store::WriteTransaction& transaction) { return rows::SyncAgencies(transaction, table); }).ok());
  const auto all = rig.database->Read(rows::ListAgencies).value();
  EXPECT_EQ(all.size(), testing::ReferenceAgencies().agencies.size());
  const auto find = [&](const std::string& code) {
    return *std::find_if(all.begin(), all.end(), [&](const AgencyRow& row) { return row.code == code; });
  };
  EXPECT_EQ(find(table.agencies.front().code).name, "Renamed desk (example)");
  EXPECT_FALSE(find("interpol").listed);
}

}  // namespace
}  // namespace porchlight::referrals
