// Goal: a table decides as it says, nothing but a recorded yes opens a file, and a table that asks for anything else is
// refused with the place in it. Method: the reference table and small ones; every combination of answers; each fault alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "evidence/authority.h"
#include "evidence/testing/evidence_rig.h"
#include "platform/profile/profile.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::evidence {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ReferenceTable;
using testing::ReferenceTableText;
using testing::ReplaceAll;
using tipline::Answer;

constexpr std::array kAnswers = {Answer::kMissing, Answer::kNo, Answer::kYes};

void Set(Facts& facts, Condition condition, Answer answer) {
  if (condition == Condition::kViewedByEsp) facts.viewed_by_esp = answer;
  if (condition == Condition::kPubliclyAvailable) facts.publicly_available = answer;
  if (condition == Condition::kWarrant) facts.warrant = answer;
  if (condition == Condition::kConsent) facts.consent = answer;
  if (condition == Condition::kExigency) facts.exigency = answer;
}

// Law: domain guide, invariant 6.
TEST(GateTest, AMissingAnswerIsANoInEveryCombination) {
  const std::array kKinds = {Condition::kWarrant, Condition::kConsent, Condition::kExigency};
  for (const auto& [code, place] : ReferenceTable().jurisdictions) {
    for (const Condition kind : kKinds) {
      for (const Answer viewed : kAnswers) {
        for (const Answer available : kAnswers) {
          for (const Answer authority : kAnswers) {
            Facts facts;
            facts.viewed_by_esp = viewed;
            facts.publicly_available = available;
            Set(facts, kind, authority);
            const bool open = viewed == Answer::kYes || available == Answer::kYes || authority == Answer::kYes;
            const Decision decision = Decide(ReferenceTable(), code, facts);
            EXPECT_EQ(decision.outcome == Outcome::kOpen, open) << code << ToJson(facts).Serialize();
            EXPECT_EQ(decision.rule == kNoRule, !open) << code << ToJson(facts).Serialize();
          }
        }
      }
    }
  }
}

TEST(GateTest, EachRuleOfEachJurisdictionDecidesAloneAsItSays) {
  for (const auto& [code, place] : ReferenceTable().jurisdictions) {
    EXPECT_GE(place.rules.size(), 5U) << code;
    for (const Rule& rule : place.rules) {
      EXPECT_THAT(rule.citation, HasSubstr("confirm with counsel")) << code << " " << rule.code;
      EXPECT_TRUE(rule.labels.contains("en") && rule.labels.contains("es")) << code << " " << rule.code;
      Facts facts;
      for (const Condition one : rule.when) Set(facts, one, Answer::kYes);
      const Decision decision = Decide(ReferenceTable(), code, facts);
      const bool hash_match = rule.when.front() == Condition::kHashMatchOpened;
      EXPECT_EQ(decision.rule, hash_match ? kNoRule : std::string_view(rule.code)) << code;
      EXPECT_EQ(decision.outcome, hash_match ? Outcome::kBlocked : rule.decision) << code << " " << rule.code;
      EXPECT_EQ(decision.table, "us-2026-11");
      EXPECT_EQ(decision.jurisdiction, code);
      EXPECT_EQ(decision.facts, facts);
    }
  }
}

TEST(GateTest, AJurisdictionThatTheTableDoesNotKnowOpensNothing) {
  Facts facts;
  for (const auto& [condition, name] : EnumNames<Condition>::kAll) Set(facts, condition, Answer::kYes);
  EXPECT_EQ(Decide(ReferenceTable(), "US", facts).outcome, Outcome::kOpen);
  EXPECT_EQ(Decide(ReferenceTable(), "US-99CIR", facts).outcome, Outcome::kBlocked);
  EXPECT_EQ(Decide(ReferenceTable(), "US-99CIR", facts).rule, kNoRule);
}

TEST(GateTest, InputsAreReadBackAsTheyWereStored) {
  Facts facts;
  facts.viewed_by_esp = Answer::kNo;
  facts.consent = Answer::kYes;
  facts.authorities = {7, 12};
  EXPECT_EQ(FactsFromJson(ToJson(facts)).value(), facts);
  EXPECT_EQ(FactsFromJson(ToJson(Facts{})).value(), Facts{});
  EXPECT_EQ(FactsFromJson(ParseJson(R"({"viewed_by_esp":"perhaps"})").value()).error().code, ErrorCode::kCorrupt);
}

std::string Small(const std::string& rules) {
  return R"({"format":1,"version":"t","valid_from":"2026-01-01","reason":"a test","default_jurisdiction":"US",)"
         R"("otherwise":{"labels":{"en":"Closed"},"citation":"A test"},)"
         R"("jurisdictions":{"US":{"labels":{"en":"Everywhere"},"note":"A test","rules":[)" +
         rules + "]}}}";
}
constexpr std::string_view kRule =
    R"({"code":"a","labels":{"en":"A"},"citation":"C","when":{"viewed_by_esp":"yes"},"decision":"open"})";
std::string With(std::string_view from, std::string_view to) { return ReplaceAll(Small(std::string(kRule)), from, to); }

TEST(GateTableTest, TheFirstRuleThatFitsDecidesAndAllItAsksForMustBeThere) {
  const std::string both = R"({"code":"both","labels":{"en":"B"},"citation":"C","when":{"viewed_by_esp":"yes","warrant":"yes"},)"
                           R"("decision":"blocked"})";
  const GateTable table = ReadGateTable(Small(both + "," + std::string(kRule))).value();
  Facts facts;
  facts.viewed_by_esp = Answer::kYes;
  EXPECT_EQ(Decide(table, "US", facts).rule, "a");
  facts.warrant = Answer::kYes;
  EXPECT_EQ(Decide(table, "US", facts).rule, "both");
  EXPECT_EQ(Decide(table, "US", facts).outcome, Outcome::kBlocked);
  facts.viewed_by_esp = Answer::kMissing;
  EXPECT_EQ(Decide(table, "US", facts).rule, kNoRule);
}

TEST(GateTableTest, RefusesWhatIsWrongAndSaysWhere) {
  struct Fault {
    std::string text;
    std::string_view where;
  };
  const std::vector<Fault> faults = {
      {With("\"format\":1", "\"format\":2"), "/format"},
      {With("\"version\":\"t\"", "\"version\":\"\""), "/version"},
      {With("2026-01-01", "soon"), "/valid_from"},
      {With("\"reason\":\"a test\"", "\"reason\":\"\""), "/reason"},
      {With("\"reason\"", "\"model\":\"m\",\"reason\""), "/model"},
      {With("\"default_jurisdiction\":\"US\"", "\"default_jurisdiction\":\"FR\""), "/default_jurisdiction"},
      {With("\"otherwise\"", "\"otherwise2\""), "/otherwise2"},
      {With("{\"en\":\"Closed\"}", "{}"), "/otherwise/labels"},
      {With("\"citation\":\"A test\"", "\"citation\":\"A test\",\"decision\":\"open\""), "/otherwise/decision"},
      {With("\"US\":{", "\"us\":{"), "/jurisdictions/us"},
      {With("\"note\":\"A test\",", ""), "/jurisdictions/US/note"},
      {Small(""), "/jurisdictions/US/rules"},
      {With("\"code\":\"a\"", "\"code\":\"\""), "/jurisdictions/US/rules/0/code"},
      {With("\"code\":\"a\"", "\"code\":\"none\""), "/jurisdictions/US/rules/0/code"},
      {With("{\"en\":\"A\"}", "{\"en\":\"\"}"), "/jurisdictions/US/rules/0/labels/en"},
      {With("\"citation\":\"C\",", ""), "/jurisdictions/US/rules/0/citation"},
      {With("\"decision\":\"open\"", "\"decision\":\"perhaps\""), "/jurisdictions/US/rules/0/decision"},
      {With("{\"viewed_by_esp\":\"yes\"}", "{}"), "/jurisdictions/US/rules/0/when"},
      {With("{\"viewed_by_esp\":\"yes\"}", "[\"viewed_by_esp\"]"), "/jurisdictions/US/rules/0/when"},
      {With("\"when\":{\"viewed_by_esp\":\"yes\"},", ""), "/jurisdictions/US/rules/0/when"},
      {With("\"viewed_by_esp\":\"yes\"", "\"viewed_by_esp\":\"missing\""), "/jurisdictions/US/rules/0/when/viewed_by_esp"},
      {With("\"viewed_by_esp\":\"yes\"", "\"viewed_by_esp\":\"no\""), "/jurisdictions/US/rules/0/when/viewed_by_esp"},
      {With("\"viewed_by_esp\":\"yes\"", "\"viewed_by_esp\":true"), "/jurisdictions/US/rules/0/when/viewed_by_esp"},
      {Small(std::string(kRule) + "," + std::string(kRule)), "/jurisdictions/US/rules/1/code"},
  };
  ASSERT_TRUE(ReadGateTable(Small(std::string(kRule))).ok());
  for (const Fault& fault : faults) {
    const auto table = ReadGateTable(fault.text);
    ASSERT_FALSE(table.ok()) << fault.where;
    EXPECT_EQ(table.error().code, ErrorCode::kInvalidArgument) << fault.where;
    EXPECT_EQ(table.error().field, fault.where) << table.error().public_text;
    EXPECT_THAT(table.error().public_text, HasSubstr(fault.where));
  }
  EXPECT_FALSE(ReadGateTable("{").ok());
}

// Law: who may open a file is never computed by a model, nor from what anybody says is in it.
TEST(GateTableTest, NoLabelNoScoreAndNoModelCanBeAskedFor) {
  for (const std::string word : {"label", "labels", "score", "model", "points", "priority", "rank", "urgent", "confidence", "classifier",
                                 "industry_classification", "annotations", "generative_ai", "supplemental", "verdict", "hash_match",
                                 "exif_viewed_by_esp", "unknown"}) {
    const auto in_when = ReadGateTable(With("\"viewed_by_esp\":\"yes\"", "\"viewed_by_esp\":\"yes\",\"" + word + "\":\"yes\""));
    ASSERT_FALSE(in_when.ok()) << word;
    EXPECT_EQ(in_when.error().field, "/jurisdictions/US/rules/0/when/" + word);
    EXPECT_THAT(in_when.error().public_text, HasSubstr("no label, score or model"));
    if (word == "labels") continue;
    const auto in_rule = ReadGateTable(With("\"code\":\"a\"", "\"code\":\"a\",\"" + word + "\":0.9"));
    ASSERT_FALSE(in_rule.ok()) << word;
    EXPECT_EQ(in_rule.error().field, "/jurisdictions/US/rules/0/" + word);
  }
}

TEST(GateBookTest, TheNewestTableOfADayDecides) {
  const std::string first = Small(std::string(kRule));
  const std::string second = ReplaceAll(ReplaceAll(first, "2026-01-01", "2026-06-01"), "\"version\":\"t\"", "\"version\":\"u\"");
  const GateBook book = GateBook::Read({{"x.json", second}, {"y.json", first}}).value();
  EXPECT_THAT(book.Versions(), ElementsAre("t", "u"));
  EXPECT_EQ(book.At(ParseDateTime("2025-01-01T00:00:00Z")->instant).version, "t");
  EXPECT_EQ(book.At(ParseDateTime("2026-05-31T23:59:59Z")->instant).version, "t");
  EXPECT_EQ(book.At(ParseDateTime("2026-06-01T00:00:00Z")->instant).version, "u");
  EXPECT_EQ(book.Find("v"), nullptr);
}

TEST(GateBookTest, RefusesNoTableTwoOfOneVersionAndNamesTheFile) {
  EXPECT_FALSE(GateBook::Read({}).ok());
  const std::string table = Small(std::string(kRule));
  EXPECT_THAT(GateBook::Read({{"a.json", table}, {"b.json", table}}).error().public_text, HasSubstr("b.json"));
  EXPECT_THAT(GateBook::Read({{"bad.json", "{}"}}).error().public_text, HasSubstr("bad.json"));
}

TEST(GateBookTest, TheExampleOfThePageIsReadAndDecidesAsThePageSays) {
  const std::string page = tipline::testing::ReadSourceFile("docs/formats/gate.md");
  const std::size_t begin = page.find("```json\n") + 8;
  const auto table = ReadGateTable(page.substr(begin, page.find("```", begin) - begin));
  ASSERT_TRUE(table.ok()) << table.error().public_text;
  EXPECT_EQ(table->version, "example-1");
  Facts facts;
  facts.consent = Answer::kYes;
  EXPECT_EQ(Decide(*table, "XX", facts).outcome, Outcome::kBlocked);
  facts.publicly_available = Answer::kYes;
  EXPECT_EQ(Decide(*table, "XX", facts).rule, "publicly_available");
  EXPECT_EQ(Decide(*table, "XX-N", facts).rule, kNoRule);
}

TEST(ReferenceProfileTest, HoldsTheTableThePurposesAndWhoMayWhat) {
  const profile::Profile us = profile::LoadFrom(PORCHLIGHT_SOURCE_DIR "/profiles/us").value();
  const auto book = GateBook::Read(us.Tables("gate"));
  ASSERT_TRUE(book.ok()) << book.error().public_text;
  EXPECT_THAT(book->Versions(), ElementsAre("us-2026-11"));
  EXPECT_TRUE(Door::PurposesOf(us).contains("legal_order"));
  const auto holders = [&](std::string_view permission) {
    std::vector<std::string> names;
    for (const auto& [name, role] : us.roles) {
      if (role.permissions.contains(permission)) names.push_back(name);
    }
    return names;
  };
  EXPECT_THAT(holders("evidence.file.open"), ElementsAre("file_reviewer", "tip_senior_analyst", "tip_supervisor"));
  EXPECT_THAT(holders("evidence.authority.write"), ElementsAre("legal", "tip_supervisor"));
  EXPECT_THAT(holders("evidence.gate.write"), ElementsAre("legal")) << "domain 2.6: by legal staff alone";
  EXPECT_THAT(holders("evidence.gate.read"),
              ElementsAre("file_reviewer", "legal", "tip_intake_analyst", "tip_senior_analyst", "tip_supervisor"));
}

constexpr Instant kNoon{1'800'000'000'000'000};

TEST(AuthorityTest, IsInForceFromItsFirstMomentToTheLastBeforeItsEnd) {
  Authority authority;
  authority.from = kNoon;
  authority.until = kNoon + Duration::Hours(1);
  EXPECT_FALSE(authority.IsInForce(kNoon - Duration{1}));
  EXPECT_TRUE(authority.IsInForce(kNoon));
  EXPECT_TRUE(authority.IsInForce(kNoon + Duration::Hours(1) - Duration{1}));
  EXPECT_FALSE(authority.IsInForce(kNoon + Duration::Hours(1)));
  authority.until.reset();
  EXPECT_TRUE(authority.IsInForce(kNoon + Duration::Days(10'000)));
  authority.revoked_at = kNoon;
  EXPECT_FALSE(authority.IsInForce(kNoon));
}

TEST(AuthorityTest, SaysYesForItsOwnKindAndItsOwnFilesAlone) {
  Authority consent;
  consent.id = {5};
  consent.kind = AuthorityKind::kConsent;
  consent.from = kNoon;
  consent.files = {{tipline::FileId{17}}};
  Authority ended = consent;
  ended.id = {6};
  ended.kind = AuthorityKind::kWarrant;
  ended.until = kNoon + Duration{1};
  const Instant later = kNoon + Duration::Hours(1);
  const Facts named = FactsOf({17}, Answer::kNo, Answer::kMissing, {consent, ended}, later);
  EXPECT_EQ(named.viewed_by_esp, Answer::kNo);
  EXPECT_EQ(named.publicly_available, Answer::kMissing);
  EXPECT_EQ(named.consent, Answer::kYes);
  EXPECT_EQ(named.warrant, Answer::kNo);
  EXPECT_EQ(named.exigency, Answer::kMissing);
  EXPECT_THAT(named.authorities, ElementsAre(5));
  EXPECT_EQ(FactsOf({18}, Answer::kNo, Answer::kMissing, {consent, ended}, later).consent, Answer::kMissing);
  Authority second = consent;
  second.id = {7};
  second.revoked_at = later;
  EXPECT_EQ(FactsOf({17}, Answer::kNo, Answer::kNo, {consent, second}, later).consent, Answer::kYes);
  EXPECT_EQ(FactsOf({17}, Answer::kNo, Answer::kNo, {second, consent}, later).consent, Answer::kYes);
}

TEST(AuthorityTest, ARecordIsRefusedByItsMember) {
  Authority good;
  good.reference = "26-mj-0001 (x)";
  EXPECT_EQ(Check(good).error().field, "/reference");
  for (const std::string& reference : {std::string(), std::string(" a"), std::string(101, 'a'), std::string("a\nb")}) {
    good.reference = reference;
    EXPECT_EQ(Check(good).error().field, "/reference") << reference;
  }
  good.reference = std::string(100, 'a');
  EXPECT_TRUE(Check(good).ok());
  good.from = kNoon;
  good.until = kNoon;
  EXPECT_EQ(Check(good).error().field, "/until");
  good.until = kNoon + Duration{1};
  EXPECT_TRUE(Check(good).ok());
  good.files.emplace();
  EXPECT_EQ(Check(good).error().field, "/files");
  good.files->assign(kNamedFilesMax, {1});
  EXPECT_TRUE(Check(good).ok());
  good.files->push_back({1});
  EXPECT_EQ(Check(good).error().field, "/files");
}

}  // namespace
}  // namespace porchlight::evidence
