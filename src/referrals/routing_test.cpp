#include "referrals/routing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "referrals/testing/referrals_rig.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::referrals {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Places;
using testing::ReferenceAgencies;
using testing::ReferenceProfile;
using testing::ReferenceRouting;
using tipline::NetworkEvent;
using tipline::NetworkUse;
using tipline::Party;
using tipline::PlaceKind;
using tipline::StatedPlace;

constexpr std::string_view kDay = "2026-11-25";

OffsetInstant At(const std::string& text) { return ParseDateTime(text).value(); }

NetworkUse Use(const std::string& address, NetworkEvent event = NetworkEvent::kUpload, const std::string& at = "2026-11-20T10:00:00Z") {
  NetworkUse use;
  use.address = address;
  use.party = Party::kReported;
  use.event = event;
  use.port = 443;
  if (!at.empty()) use.at = At(at);
  return use;
}

StatedPlace Stated(PlaceKind kind, const std::string& region, const std::string& country) {
  StatedPlace place;
  place.kind = kind;
  place.party = Party::kReported;
  place.region = region;
  place.country = country;
  return place;
}

struct Case {
  Case() { report.content.incident_at = At("2026-11-20T10:00:00Z"); }
  std::vector<PlaceEvidence> Evidence() const {
    return Found().evidence;
  }
  FoundPlaces Found() const {
    static const PlaceNames names(ReferenceProfile());
    return FindPlaces(report, ReferenceRouting(), Places(), names);
  }
  Proposal Decide() const {
    const std::vector<Candidate> candidates = Weigh(Evidence(), ReferenceRouting());
    return Propose(candidates, ReferenceRouting(), ReferenceAgencies(), kDay);
  }
  std::vector<std::string> Agencies() const {
    std::vector<std::string> codes;
    for (const Choice& one : Decide().choices) codes.push_back(one.agency);
    return codes;
  }
  tipline::FiledReport report;
};

TEST(PlaceEvidenceTest, WhatAnAddressSaysDependsOnWhenAndWhatFor) {
  Case one;
  one.report.content.network = {Use("192.0.2.1"), Use("192.0.2.2", NetworkEvent::kLogin), Use("192.0.2.3", NetworkEvent::kRegistration),
                                Use("192.0.2.4", NetworkEvent::kLogin, "2026-01-01T00:00:00Z"),
                                Use("192.0.2.5", NetworkEvent::kUpload, "2026-11-23T10:00:00Z"),
                                Use("192.0.2.6", NetworkEvent::kUpload, "2026-11-23T10:00:01Z"), Use("192.0.2.7", NetworkEvent::kUpload, "")};
  std::vector<EvidenceKind> kinds;
  for (const PlaceEvidence& evidence : one.Evidence()) kinds.push_back(evidence.kind);
  // One of each kind, place and note is kept: the upload at the edge of the window is the first upload again.
  EXPECT_THAT(kinds, ElementsAre(EvidenceKind::kUploadIp, EvidenceKind::kNearIp, EvidenceKind::kRegistrationIp, EvidenceKind::kFarIp,
                                 EvidenceKind::kUploadIp));
  EXPECT_THAT(one.Evidence().back().notes, ElementsAre(EvidenceNote::kUndated));
  EXPECT_EQ(one.Evidence().front().weight, 60);
  EXPECT_EQ(one.Evidence().back().weight, 36);
}

TEST(PlaceEvidenceTest, WhatCannotBeResolvedSaysSo) {
  Case one;
  NetworkUse no_port = Use("100.65.0.1");
  no_port.port = 0;
  NetworkUse proxy = Use("192.0.2.1");
  proxy.possible_proxy = tipline::Answer::kYes;
  one.report.content.network = {no_port, Use("100.66.0.1"), Use("10.0.0.1"), Use("not an address"), Use("2001:db8::1"), proxy};
  const std::vector<PlaceEvidence> evidence = one.Evidence();
  ASSERT_EQ(evidence.size(), 6U);
  EXPECT_THAT(evidence[0].notes, ElementsAre(EvidenceNote::kCarrierNat, EvidenceNote::kNoPort, EvidenceNote::kNoPlaceKnown));
  EXPECT_THAT(evidence[1].notes, ElementsAre(EvidenceNote::kCarrierNat, EvidenceNote::kNoPlaceKnown));
  EXPECT_THAT(evidence[2].notes, ElementsAre(EvidenceNote::kPrivateAddress));
  EXPECT_THAT(evidence[3].notes, ElementsAre(EvidenceNote::kNotAnAddress));
  EXPECT_THAT(evidence[4].notes, ElementsAre(EvidenceNote::kNoPlaceKnown));
  for (std::size_t index = 0; index < 5; ++index) EXPECT_EQ(evidence[index].weight, 0);
  EXPECT_THAT(evidence[5].notes, ElementsAre(EvidenceNote::kPossibleProxy));
  EXPECT_EQ(evidence[5].weight, 12);
}

TEST(PlaceEvidenceTest, StatedPlacesAreReadAsPeopleWriteThem) {
  Case one;
  one.report.content.places = {Stated(PlaceKind::kBilling, "ohio", "United States"), Stated(PlaceKind::kHome, "TX", ""),
                               Stated(PlaceKind::kEstimated, "", "Canada"), Stated(PlaceKind::kOtherAddress, "Bavaria", "DE"),
                               Stated(PlaceKind::kSchool, "", "Atlantis"), Stated(PlaceKind::kIncident, "", "")};
  const std::vector<PlaceEvidence> evidence = one.Evidence();
  ASSERT_EQ(evidence.size(), 5U) << "a place without country and region says nothing";
  EXPECT_EQ(evidence[0].place, (geo::Place{"US", "OH"}));
  EXPECT_EQ(evidence[1].place, (geo::Place{"US", "TX"}));
  EXPECT_THAT(evidence[1].notes, ElementsAre(EvidenceNote::kCountryAssumed));
  EXPECT_EQ(evidence[1].weight, 18);
  EXPECT_EQ(evidence[2].place, (geo::Place{"CA", ""}));
  EXPECT_EQ(evidence[3].place, (geo::Place{"DE", ""}));
  EXPECT_THAT(evidence[4].notes, ElementsAre(EvidenceNote::kUnknownCountry));
}

TEST(PlaceEvidenceTest, PhonesLeadToTheirCountryOnlyWhenTheySayIt) {
  const RoutingTable& table = ReferenceRouting();
  EXPECT_EQ(table.CountryOfPhone("+1 614 555 0100"), "US");
  EXPECT_EQ(table.CountryOfPhone("+1 (416) 555-0100"), "CA");
  EXPECT_EQ(table.CountryOfPhone("+47 22 00 00 00"), "NO");
  EXPECT_EQ(table.CountryOfPhone("+7 701 000 0000"), "KZ");
  EXPECT_EQ(table.CountryOfPhone("614 555 0100"), "");
  EXPECT_EQ(table.CountryOfPhone("+"), "");
  EXPECT_EQ(table.CountryOfPhone(""), "");
}

TEST(PlaceEvidenceTest, WhereThereIsTooMuchTheStrongestIsKeptInItsOrderAndTheVictims) {
  Case one;
  std::vector<StatedPlace>& places = one.report.content.places;
  const std::vector<profile::Code>& countries = ReferenceProfile().List("countries");
  ASSERT_GT(countries.size(), 80U);
  for (std::size_t index = 0; index < 80; ++index) places.push_back(Stated(PlaceKind::kOtherAddress, "", countries[index].code));
  places.push_back(Stated(PlaceKind::kBilling, "OH", "US"));
  StatedPlace school = Stated(PlaceKind::kSchool, "TX", "US");
  school.party = Party::kVictim;
  places.push_back(school);
  tipline::Identifier phone;
  phone.kind = tipline::IdentifierKind::kPhone;
  phone.party = Party::kVictim;
  phone.value = "+47 22 00 00 00";
  one.report.content.identifiers = {phone};
  const FoundPlaces found = one.Found();
  ASSERT_EQ(found.evidence.size(), kEvidenceMax);
  EXPECT_EQ(found.left_out, 23);
  EXPECT_EQ(found.evidence[57].kind, EvidenceKind::kBillingAddress) << "strong, though it stands late in the report";
  EXPECT_EQ(found.evidence[58].kind, EvidenceKind::kSchool);
  EXPECT_EQ(found.evidence[59].kind, EvidenceKind::kPhone) << "weakest of all, and the victim's";
  EXPECT_EQ(found.evidence[0].place.country, countries[0].code) << "of equals the first of the report";
  EXPECT_THAT(one.Agencies(), ::testing::Contains("us-icac-oh"));
  EXPECT_THAT(one.Agencies(), ::testing::Contains("us-icac-tx"));
}

TEST(PlaceEvidenceTest, NothingOfWhoReportedIsLookedAt) {
  Case one;
  NetworkUse own = Use("192.0.2.1");
  own.party = Party::kReporter;
  one.report.content.network = {own};
  StatedPlace home = Stated(PlaceKind::kHome, "OH", "US");
  home.party = Party::kReporter;
  one.report.content.places = {home};
  EXPECT_THAT(one.Evidence(), IsEmpty());
  EXPECT_THAT(one.Agencies(), IsEmpty());
}

TEST(PlaceEvidenceTest, WhatIsStoredReadsBack) {
  Case one;
  one.report.content.network = {Use("192.0.2.1"), Use("10.0.0.1", NetworkEvent::kLogin, "")};
  for (const PlaceEvidence& evidence : one.Evidence()) EXPECT_EQ(EvidenceFromJson(ToJson(evidence)).value(), evidence);
  for (const Candidate& candidate : Weigh(one.Evidence(), ReferenceRouting())) {
    EXPECT_EQ(CandidateFromJson(ToJson(candidate)).value(), candidate);
  }
  for (const Choice& choice : one.Decide().choices) EXPECT_EQ(ChoiceFromJson(ToJson(choice)).value(), choice);
  EXPECT_EQ(EvidenceFromJson(Json()).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(CandidateFromJson(Json()).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ChoiceFromJson(Json()).error().code, ErrorCode::kCorrupt);
}

TEST(RoutingTest, KnownRegionGoesToItsUnitUnknownToTheFederalOneAbroadToThatCountry) {
  Case ohio;
  ohio.report.content.network = {Use("192.0.2.1")};
  EXPECT_THAT(ohio.Agencies(), ElementsAre("us-icac-oh"));
  EXPECT_EQ(ohio.Decide().confidence, Confidence::kHigh);
  Case somewhere;
  somewhere.report.content.places = {Stated(PlaceKind::kBilling, "", "US")};
  EXPECT_THAT(somewhere.Agencies(), ElementsAre("us-federal"));
  EXPECT_EQ(somewhere.Decide().confidence, Confidence::kMedium);
  Case abroad;
  abroad.report.content.places = {Stated(PlaceKind::kOtherAddress, "", "Norway")};
  EXPECT_THAT(abroad.Agencies(), ElementsAre("unit-no"));
  EXPECT_EQ(abroad.Decide().confidence, Confidence::kLow);
  Case without_unit;
  without_unit.report.content.places = {Stated(PlaceKind::kHome, "", "AQ")};
  EXPECT_THAT(without_unit.Agencies(), ElementsAre("interpol"));
  EXPECT_THAT(Case().Agencies(), IsEmpty());
  EXPECT_EQ(Case().Decide().confidence, Confidence::kNone);
}

TEST(RoutingTest, TheUploadWinsOverWhatWasTypedInOnceAndBothAreTold) {
  Case one;
  one.report.content.network = {Use("192.0.2.1")};
  one.report.content.places = {Stated(PlaceKind::kHome, "TX", "US"), Stated(PlaceKind::kOtherAddress, "UT", "US")};
  // 15 of 100 for the other address is no reason to tell anybody.
  EXPECT_THAT(one.Agencies(), ElementsAre("us-icac-oh", "us-icac-tx"));
}

TEST(RoutingTest, AVictimsPlaceIsToldHoweverLittleSaysSo) {
  Case one;
  one.report.content.network = {Use("192.0.2.1")};
  StatedPlace victim = Stated(PlaceKind::kOtherAddress, "", "NO");
  victim.party = Party::kVictim;
  one.report.content.places = {victim};
  EXPECT_THAT(one.Agencies(), ElementsAre("us-icac-oh", "unit-no"));
}

TEST(RoutingTest, ManyPlacesOfASuspectCrowdOutNoVictim) {
  Case one;
  const std::vector<std::string> states = {"OH", "TX", "UT", "CA", "NY", "FL", "WA", "IA"};
  for (const std::string& state : states) one.report.content.places.push_back(Stated(PlaceKind::kBilling, state, "US"));
  NetworkUse victim = Use("203.0.113.1", NetworkEvent::kLogin, "");
  victim.party = Party::kVictim;
  one.report.content.network = {victim};
  const std::vector<std::string> agencies = one.Agencies();
  EXPECT_EQ(agencies.size(), 7U) << "the first, five more, and the victim's";
  EXPECT_THAT(agencies, ::testing::Contains("unit-ca"));
}

TEST(PlaceEvidenceTest, TheCountrysCodeStandsBesideTheNumberOnTheWire) {
  Case one;
  tipline::Identifier phone;
  phone.kind = tipline::IdentifierKind::kPhone;
  phone.party = Party::kReported;
  phone.value = "555 0102";
  phone.scope = "+44";
  one.report.content.identifiers = {phone};
  ASSERT_EQ(one.Evidence().size(), 1U);
  EXPECT_EQ(one.Evidence().front().place.country, "GB");
  one.report.content.identifiers.front().scope = "44";
  EXPECT_EQ(one.Evidence().front().place.country, "GB");
  one.report.content.identifiers.front().scope.clear();
  EXPECT_TRUE(one.Evidence().empty());
}

TEST(RoutingTest, MoreEvidenceForAPlaceNeverMakesItLess) {
  SeededRandom random(7);
  const std::vector<std::string> addresses = {"192.0.2.1", "198.51.100.1", "203.0.113.1", "10.0.0.1"};
  for (int round = 0; round < 300; ++round) {
    Case one;
    const auto add = [&] {
      const NetworkEvent event = random.Below(2) == 0 ? NetworkEvent::kUpload : NetworkEvent::kLogin;
      one.report.content.network.push_back(Use(addresses[random.Below(addresses.size())], event));
    };
    for (std::uint64_t count = random.Below(4) + 1; count > 0; --count) add();
    const std::vector<Candidate> before = Weigh(one.Evidence(), ReferenceRouting());
    add();
    const std::vector<Candidate> after = Weigh(one.Evidence(), ReferenceRouting());
    for (const Candidate& candidate : before) {
      const auto same = std::find_if(after.begin(), after.end(), [&](const Candidate& other) {
        return other.place == candidate.place && other.whose == candidate.whose;
      });
      ASSERT_NE(same, after.end());
      EXPECT_GE(same->weight, candidate.weight);
    }
    // The order in the report does not matter.
    std::reverse(one.report.content.network.begin(), one.report.content.network.end());
    const std::vector<Candidate> shuffled = Weigh(one.Evidence(), ReferenceRouting());
    ASSERT_EQ(shuffled.size(), after.size());
    for (std::size_t index = 0; index < after.size(); ++index) {
      EXPECT_EQ(shuffled[index].place, after[index].place);
      EXPECT_EQ(shuffled[index].weight, after[index].weight);
    }
  }
}

TEST(AgencyTableTest, EveryCountryAndEveryStateHasSomebody) {
  const AgencyTable& table = ReferenceAgencies();
  for (const profile::Code& country : ReferenceProfile().List("countries")) EXPECT_NE(table.For({country.code, ""}, kDay), nullptr);
  for (const profile::Code& state : ReferenceProfile().List("states")) {
    const Agency* agency = table.For({"US", state.code}, kDay);
    ASSERT_NE(agency, nullptr);
    EXPECT_NE(agency->code, "us-federal") << state.code;
  }
  EXPECT_EQ(table.For({"", ""}, kDay), nullptr);
  EXPECT_EQ(table.For({"US", "ZZ"}, kDay)->code, "us-federal");
  EXPECT_EQ(table.For({"ZZ", ""}, kDay)->code, "interpol");
}

std::string Table(const std::string& agencies, const std::string& fallback = "b") {
  return R"({"version": "t", "valid_from": "2026-01-01", "reason": "A test.", "home_country": "US", "unknown_region": "a", "fallback": ")" +
         fallback + R"(", "agencies": [)" + agencies + "]}";
}
std::string Row(const std::string& code, const std::string& serves, const std::string& more = "") {
  return R"({"code": ")" + code + R"(", "name": "N", "kind": "icac", "serves": [)" + serves +
         R"(], "contact": "c@agency.example", "languages": ["en"])" + more + "}";
}

TEST(AgencyTableTest, AFaultyTableIsRefusedWithItsPlace) {
  const std::string a = Row("a", R"({"country": "US"})");
  const std::string b = Row("b", "");
  ASSERT_TRUE(ReadAgencyTable(Table(a + "," + b)).ok());
  const auto field_of = [](const std::string& text) { return ReadAgencyTable(text).error().field; };
  EXPECT_EQ(field_of(Table(a)), "/fallback");
  EXPECT_EQ(field_of(Table(a + "," + a)), "/agencies/1/code");
  EXPECT_EQ(field_of(Table(a + "," + Row("b", R"({"country": "US"})"))), "/agencies");
  EXPECT_EQ(field_of(Table(a + "," + Row("b", R"({"country": "us"})"))), "/agencies/1/serves/0/country");
  EXPECT_EQ(field_of(Table(a + "," + Row("b", R"({"country": "US", "region": "ohio"})"))), "/agencies/1/serves/0/region");
  EXPECT_EQ(field_of(Table(a + "," + Row("b", "", R"(, "alternate": "c")"))), "/agencies/1/alternate");
  EXPECT_EQ(field_of(Table(a + "," + Row("b", "", R"(, "alternate": "b")"))), "/agencies/1/alternate");
  EXPECT_EQ(field_of(Table(a + "," + Row("b", "", R"(, "colour": "b")"))), "/agencies/1/colour");
}

TEST(AgencyTableTest, AServiceAreaHasItsTime) {
  const AgencyTable table = ReadAgencyTable(Table(
      Row("a", R"({"country": "US"})") + "," + Row("b", R"({"country": "US", "region": "OH", "valid_to": "2026-06-30"})") + "," +
      Row("c", R"({"country": "US", "region": "OH", "valid_from": "2026-07-01"})"))).value();
  EXPECT_EQ(table.For({"US", "OH"}, "2026-06-30")->code, "b");
  EXPECT_EQ(table.For({"US", "OH"}, "2026-07-01")->code, "c");
}

TEST(RoutingTableTest, AFaultyTableIsRefusedWithItsPlace) {
  const std::string good = tipline::testing::ReadSourceFile("profiles/us/tables/routing/us-2026-11.json");
  ASSERT_TRUE(ReadRoutingTable(good).ok());
  const auto field_of = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    const auto read = ReadRoutingTable(text);
    return read.ok() ? std::string("nothing") : read.error().field;
  };
  EXPECT_EQ(field_of("\"upload_ip\": 60", "\"upload_ip\": 100"), "/weights/upload_ip");
  EXPECT_EQ(field_of("\"upload_ip\": 60", "\"upload_ip\": 0"), "/weights/upload_ip");
  EXPECT_EQ(field_of("\"upload_ip\": 60,", ""), "/weights/upload_ip");
  EXPECT_EQ(field_of("\"upload_ip\": 60", "\"colour\": 60, \"upload_ip\": 60"), "/weights/colour");
  EXPECT_EQ(field_of("\"undated\": 60", "\"undated\": 101"), "/percent/undated");
  EXPECT_EQ(field_of("\"undated\": 60", "\"no_port\": 50, \"undated\": 60"), "/percent/no_port");
  EXPECT_EQ(field_of("\"near_hours\": 72", "\"near_hours\": 0"), "/near_hours");
  EXPECT_EQ(field_of("\"high\": 60", "\"high\": 35"), "/confidence");
  EXPECT_EQ(field_of("\"valid_from\": \"2026-11-01\"", "\"valid_from\": \"soon\""), "/valid_from");
}

}  // namespace
}  // namespace porchlight::referrals
