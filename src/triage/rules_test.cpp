// Goal: tables judge as they say, floors hold whatever lowers, and a table that is wrong is refused with the place in it.
// Method: the reference table and small ones; every subset of lowering signals over every floor; each fault by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tipline/testing/wire_samples.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ReferenceRules;

const RuleTable& Table() { return *ReferenceRules().Find("us-2026-11"); }

Signals Of(std::initializer_list<Signal> list) {
  Signals signals;
  for (const Signal one : list) signals.Add(one);
  return signals;
}

constexpr std::array kLowering = {Signal::kKnownViral,  Signal::kViralLabel,    Signal::kSpam,      Signal::kSameBytes,
                                  Signal::kOldIncident, Signal::kMinorToMinor,  Signal::kNoAccount, Signal::kJudgedHarmless,
                                  Signal::kGeneratedLabel};

// Invariant 7 of the domain, over every floor of the table.
TEST(RulesTest, NothingLowersAFloor) {
  int floors = 0;
  for (const Rule& rule : Table().rules) {
    if (!rule.floor) continue;
    ++floors;
    for (unsigned subset = 0; subset < (1U << kLowering.size()); ++subset) {
      Signals signals;
      for (const Signal one : rule.all) signals.Add(one);
      if (!rule.any.empty()) signals.Add(rule.any.front());
      for (std::size_t bit = 0; bit < kLowering.size(); ++bit) {
        if ((subset >> bit & 1U) != 0) signals.Add(kLowering.at(bit));
      }
      const Verdict verdict = Judge(Table(), signals, {});
      ASSERT_LE(verdict.level, *rule.floor) << rule.code << " " << ToJson(signals).Serialize();
      ASSERT_GE(verdict.points, Table().level_from.at(*rule.floor)) << rule.code << " " << ToJson(signals).Serialize();
      ASSERT_TRUE(verdict.urgent || !rule.urgent) << rule.code << " " << ToJson(signals).Serialize();
    }
  }
  EXPECT_EQ(floors, 10) << "every floor that the domain names, and those of the table";
}

TEST(RulesTest, ALabelOfGeneratedMaterialChangesNothing) {
  for (const Signal one : {Signal::kCsamFile, Signal::kEnticement, Signal::kNewMaterial}) {
    Verdict plain = Judge(Table(), Of({one}), {});
    EXPECT_EQ(Judge(Table(), Of({one, Signal::kGeneratedLabel}), {}), plain);
  }
}

TEST(RulesTest, SaysEveryRuleThatFiredInTheOrderOfTheTable) {
  const Verdict verdict = Judge(Table(), Of({Signal::kEnticement, Signal::kChildNamed, Signal::kConversation}), {});
  ASSERT_EQ(verdict.fired.size(), 2U);
  EXPECT_EQ(verdict.fired[0].code, "enticement");
  EXPECT_EQ(verdict.fired[1].code, "enticement_of_child");
  EXPECT_EQ(verdict.level, 2);
}

TEST(RulesTest, CompletenessIsAShareOfWhatMakesSense) {
  Completeness completeness;
  completeness.asked = {Item::kAccount, Item::kFile, Item::kPlace};
  completeness.present = {Item::kAccount};
  const Verdict verdict = Judge(Table(), {}, completeness);
  EXPECT_EQ(verdict.completeness, 49);   // 20 of 41.
  EXPECT_THAT(verdict.missing, ElementsAre(Item::kFile, Item::kPlace));
  EXPECT_EQ(Judge(Table(), {}, {}).completeness, 100);
}

TEST(RulesTest, TheQueueGoesByUrgencyThenLevelThenPointsThenWaiting) {
  const Instant early{1'700'000'000'000'000};
  const Instant late{1'800'000'000'000'000};
  const Ranking urgent{1, 600, true};
  const Ranking first{1, 999, false};
  const Ranking second{2, 599, false};
  const Ranking lower{2, 300, false};
  EXPECT_LT(RankOf(urgent, late), RankOf(first, early));
  EXPECT_LT(RankOf(first, late), RankOf(second, early));
  EXPECT_LT(RankOf(second, late), RankOf(lower, early));
  EXPECT_LT(RankOf(lower, early), RankOf(lower, late));
}

TEST(RulesTest, WhatStandsBehindComesAfterAllOfItsStandingAndBeforeTheNext) {
  const Instant early{1'700'000'000'000'000};
  const Instant late{1'800'000'000'000'000};
  std::int64_t last = -1;
  for (const bool urgent : {true, false}) {
    for (int level = kLevelFirst; level <= kLevelLast; ++level) {
      const auto at = [&](int points, bool behind, Instant received) { return RankOf({level, points, urgent, behind}, received); };
      EXPECT_LT(last, at(kPointsMax, false, early));
      EXPECT_LT(at(0, false, late), at(kPointsMax, true, early)) << "the last of the others before the first of those";
      EXPECT_LT(at(kPointsMax, true, early), at(kPointsMax, true, late));
      EXPECT_LT(at(kPointsMax, true, late), at(0, true, early)) << "they keep their order, if coarser";
      last = at(0, true, late);
    }
  }
}

std::string Small(const std::string& rules, const std::string& rest = "") {
  return R"({"format":1,"version":"t","valid_from":"2026-01-01","reason":"a test","start":100,"levels":{"1":600,"2":200},)"
         R"("numbers":{"young_age_below":13,"old_incident_days":730,"viral_reports":5,"many_prior_reports":3,)"
         R"("preservation_ending_days":30},"rules":[)" +
         rules + R"(],"never_bundled":[],"completeness":{},"phrases":{})" + rest + "}";
}
std::string ReplaceAll(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}
constexpr std::string_view kRule = R"({"code":"a","labels":{"en":"A"},"all":["spam"],"points":10})";

TEST(RuleTableTest, ReadsASmallOne) {
  const auto table = ReadRuleTable(Small(std::string(kRule)));
  ASSERT_TRUE(table.ok()) << table.error().public_text;
  EXPECT_EQ(Judge(*table, Of({Signal::kSpam}), {}).points, 110);
}

TEST(RuleTableTest, TheExampleOfItsFormatIsOne) {
  const std::string page = tipline::testing::ReadSourceFile("docs/formats/triage_rules.md");
  const auto from = page.find("```json\n") + 8;
  const auto table = ReadRuleTable(page.substr(from, page.find("\n```", from) - from));
  ASSERT_TRUE(table.ok()) << table.error().public_text;
  EXPECT_EQ(table->version, "example-1");
}

TEST(RuleTableTest, RefusesWhatIsWrongAndSaysWhere) {
  struct Fault {
    std::string text;
    std::string_view where;
  };
  const auto with = [](std::string_view from, std::string_view to) { return ReplaceAll(Small(std::string(kRule)), from, to); };
  const std::vector<Fault> faults = {
      {with("\"format\":1", "\"format\":2"), "/format"},
      {with("2026-01-01", "soon"), "/valid_from"},
      {with("a test", ""), "/reason"},
      {with("\"1\":600", "\"1\":100"), "/levels"},
      {with("\"viral_reports\":5", "\"viral_reports\":0"), "/numbers/viral_reports"},
      {with("\"viral_reports\":5,", ""), "/numbers/viral_reports"},
      {with("[\"spam\"]", "[\"spam2\"]"), "/rules/0/all"},
      {with("\"all\":[\"spam\"],", ""), "/rules/0"},
      {with("\"points\":10", "\"points\":5000"), "/rules/0/points"},
      {with("\"points\":10", "\"points\":-10,\"floor\":1"), "/rules/0"},
      {with("[\"spam\"],\"points\":10", "[\"generated_label\"],\"points\":-10"), "/rules/0"},
      {with("\"points\":10", "\"floor\":3"), "/rules/0/floor"},
      {with("\"points\":10", "\"floor\":1,\"unless\":[\"known_viral\"]"), "/rules/0/unless"},
      {with("\"points\":10", "\"urgent\":true,\"unless\":[\"known_viral\"]"), "/rules/0/unless"},
      {with("\"points\":10", "\"points\":10,\"unless\":[\"generated_label\"]"), "/rules/0"},
      {with("\"viral_reports\":5", "\"viral_reports\":51"), "/numbers/viral_reports"},
      {with("\"en\":\"A\"", ""), "/rules/0/labels"},
      {Small(std::string(kRule) + "," + std::string(kRule)), "/rules/1/code"},
      {with("\"phrases\":{}", "\"phrases\":{\"known_viral\":{}}"), "/phrases/known_viral"},
      {with("\"phrases\":{}", "\"phrases\":{\"danger_words\":{\"en\":[\"...\"]}}"), "/phrases/danger_words/en"},
      {with("\"completeness\":{}", "\"completeness\":{\"shoes\":1}"), "/completeness/shoes"},
      {with("\"phrases\":{}", "\"phrases\":{},\"more\":1"), "/more"},
  };
  for (const Fault& fault : faults) {
    const auto table = ReadRuleTable(fault.text);
    ASSERT_FALSE(table.ok()) << fault.where;
    EXPECT_EQ(table.error().code, ErrorCode::kInvalidArgument) << fault.where;
    EXPECT_EQ(table.error().field, fault.where);
  }
  EXPECT_FALSE(ReadRuleTable("{").ok());
}

TEST(RuleBookTest, TheNewestTableOfADayJudgesIt) {
  const std::string first = Small(std::string(kRule));
  const std::string second = ReplaceAll(ReplaceAll(first, "2026-01-01", "2026-06-01"), "\"version\":\"t\"", "\"version\":\"u\"");
  const RuleBook book = RuleBook::Read({{"x.json", second}, {"y.json", first}}).value();
  EXPECT_THAT(book.Versions(), ElementsAre("t", "u"));
  EXPECT_EQ(book.At(ParseDateTime("2025-01-01T00:00:00Z")->instant).version, "t");
  EXPECT_EQ(book.At(ParseDateTime("2026-05-31T23:59:59Z")->instant).version, "t");
  EXPECT_EQ(book.At(ParseDateTime("2026-06-01T00:00:00Z")->instant).version, "u");
  EXPECT_EQ(book.Find("v"), nullptr);
}

TEST(RuleBookTest, RefusesNoTableTwoOfOneVersionAndNamesTheFile) {
  EXPECT_FALSE(RuleBook::Read({}).ok());
  const std::string table = Small(std::string(kRule));
  EXPECT_THAT(RuleBook::Read({{"a.json", table}, {"b.json", table}}).error().public_text, HasSubstr("b.json"));
  EXPECT_THAT(RuleBook::Read({{"bad.json", "{}"}}).error().public_text, HasSubstr("bad.json"));
}

TEST(InputsTest, WhatIsStoredIsReadBackTheSame) {
  Inputs inputs;
  inputs.content.Add(Signal::kDangerWords, "conversation");
  inputs.content.Add(Signal::kDangerWords, "note");
  inputs.context.Add(Signal::kKnownViral);
  inputs.person.Add(Signal::kMissingChild);
  inputs.completeness = {{Item::kAccount, Item::kFile}, {Item::kFile}};
  inputs.items = {{{17, 4'611'686'018'427'387'904}, true, false, 4'611}, {{3}, false, true}};
  EXPECT_EQ(InputsFromJson(ToJson(inputs)).value(), inputs);
  EXPECT_EQ(InputsFromJson(ToJson(Inputs{})).value(), Inputs{});
  EXPECT_FALSE(InputsFromJson(ParseJson(R"({"content":{"no_such":[]},"asked":[],"present":[]})").value()).ok());
  EXPECT_FALSE(InputsFromJson(ParseJson(R"({"content":{},"asked":[],"present":[],"items":[{"keys":[1],"look":"x"}]})").value()).ok());
}

}  // namespace
}  // namespace porchlight::triage
