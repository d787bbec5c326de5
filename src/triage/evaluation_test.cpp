// Goal: the first ten of the queue are the right ten, and the first hundred nearly so; urgent reports do not wait behind a
// flood. Method: a set of synthetic reports with a known right order (testing/evaluation_set.json), filed over the wire in a
// shuffled order among bulk, judged, and the queue read as an analyst reads it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/json.h"
#include "tipline/testing/wire_samples.h"
#include "triage/queue.h"
#include "triage/replay.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using testing::TriageRig;
using testing::Wanted;
using testing::WantedFile;

const std::string kJpeg = std::string("\xFF\xD8\xFF\xE0", 4);
constexpr int kCopiesOfActionable = 5;
constexpr int kCopiesOfLow = 20;
constexpr int kCopiesOfHard = 3;                 // Low in truth, and sounding like danger.

struct Example {
  int truth = 3;
  bool hard = false;
  std::string type;
  std::string shape;
  std::string text;
};

std::vector<Example> ReadSet() {
  const Json json = ParseJson(tipline::testing::ReadSourceFile("src/triage/testing/evaluation_set.json")).value();
  std::vector<Example> set;
  for (const Json& one : *json.Find("reports")->AsArray()) {
    set.push_back({static_cast<int>(*one.Find("truth")->AsInteger()), one.Find("hard") != nullptr, std::string(one.Text("type")),
                   std::string(one.Text("shape")), std::string(one.Text("text"))});
  }
  return set;
}

struct Made {
  Wanted wanted;
  std::vector<WantedFile> files;
};

std::string Flag(const std::string& name) { return "<" + name + ">true</" + name + ">"; }

// How the words of an example come to us, by its shape.
Made Make(const Example& example, int number) {
  Made made;
  Wanted& wanted = made.wanted;
  wanted.type = example.type;
  wanted.person = "<espIdentifier>someone-" + std::to_string(number) + "</espIdentifier>";
  const std::string own = kJpeg + "picture " + std::to_string(number);
  const std::string viral = kJpeg + "the same picture everywhere";
  const std::string& shape = example.shape;
  if (shape == "chat" || shape == "sextortion_chat") wanted.conversation = example.text;
  if (shape == "note" || shape == "access" || shape == "public" || shape == "viral" || shape == "spam") wanted.note = example.text;
  if (shape == "escalation") wanted.escalation = example.text;
  if (shape.starts_with("sextortion")) wanted.annotations = Flag("sextortion");
  if (shape == "solicit") wanted.annotations = Flag("csamSolicitation");
  if (shape == "sadistic") wanted.annotations = Flag("sadisticOnlineExploitation");
  if (shape == "spam") wanted.annotations = Flag("spam");
  if (shape == "peer") wanted.annotations = Flag("minorToMinorInteraction");
  if (shape == "old") wanted.incident_time = "2019-03-02T10:00:00Z";
  if (shape == "bare_bio") wanted.person += "<profileBio>" + example.text + "</profileBio>";
  if (shape == "bare_template") wanted.company_template = example.text;
  if (shape == "public") wanted.url = "https://profile.example/" + std::to_string(number);
  if (shape == "live") wanted.incident_time = "2026-11-23T11:50:00Z";
  if (shape == "live") made.files = {{own, "<fileAnnotations>" + Flag("liveStreaming") + "</fileAnnotations>"}};
  if (shape == "file_self") made.files = {{own, "<fileAnnotations>" + Flag("possibleSelfProduction") + "</fileAnnotations>"}};
  if (shape == "file_A") made.files = {{own, "<industryClassification>A1</industryClassification>"}};
  if (shape == "file_B" || shape == "access") made.files = {{own, "<industryClassification>B2</industryClassification>"}};
  if (shape == "viral") made.files = {{viral, "<industryClassification>B2</industryClassification>"}};
  if (shape == "bare" && !example.text.empty()) wanted.note = example.text;
  return made;
}

struct Measured {
  double of_ten = 0;
  double of_hundred = 0;
  int urgent = 0;
};

TEST(EvaluationTest, TheFirstTenAreTheRightTenAndTheFirstHundredNearlySo) {
  TriageRig rig(store::Engine::kSqlite);
  std::vector<Example> all;
  for (const Example& one : ReadSet()) {
    const int copies = one.truth == 1 ? 1 : one.truth == 2 ? kCopiesOfActionable : one.hard ? kCopiesOfHard : kCopiesOfLow;
    all.insert(all.end(), static_cast<std::size_t>(copies), one);
  }
  SeededRandom order(11);
  for (std::size_t left = all.size(); left > 1; --left) std::swap(all[left - 1], all[order.Below(left)]);
  std::map<std::int64_t, const Example*> filed;
  int number = 0;
  for (const Example& one : all) {
    const Made made = Make(one, ++number);
    filed[rig.File(made.wanted, made.files)] = &one;
  }
  rig.Judge();
  const auto queue =
      rig.database->Read([](store::ReadTransaction& transaction) { return ListQueue(transaction, {}, QueueOrder::kPriority, {}, 100); });
  Measured measured;
  std::string wrong;
  for (std::size_t place = 0; place < queue.value().items.size(); ++place) {
    const Tip& tip = queue->items[place];
    const Example& example = *filed.at(tip.id.value);
    if (place < 10) measured.of_ten += example.truth == 1 ? 0.1 : 0;
    measured.of_hundred += example.truth <= 2 ? 0.01 : 0;
    if (example.truth == 3) wrong += "\n  place " + std::to_string(place + 1) + " (" + std::to_string(tip.points) + "): " + example.text;
  }
  std::string missed;
  for (const auto& [id, example] : filed) {
    const bool urgent = rig.TipOf(id).urgent;
    measured.urgent += urgent && example->truth == 1 ? 1 : 0;
    if (!urgent && example->truth == 1) missed += "\n  " + example->text;
  }
  std::printf("precision in the first ten %.2f, in the first hundred %.2f; %d of 24 urgent ones found%s%s\n", measured.of_ten,
              measured.of_hundred, measured.urgent, missed.empty() ? "" : ("; missed:" + missed).c_str(),
              wrong.empty() ? "" : ("; low ones among the first hundred:" + wrong).c_str());
  EXPECT_GE(measured.of_ten, 0.95);
  EXPECT_GE(measured.of_hundred, 0.90);
  EXPECT_GE(measured.urgent, 22);
  ReplayOptions options;
  options.rules = "us-2026-11";
  const auto replayed = [&] {
    return Replay(*rig.database, rig.sealer, testing::ReferenceRules(), options, [](std::int64_t, std::int64_t) {}).value();
  };
  const Replayed once = replayed();
  EXPECT_EQ(once.reports, static_cast<std::int64_t>(filed.size()));
  EXPECT_EQ(once.moved + once.reordered, 0) << "the table they were judged by moves none of them";
  EXPECT_TRUE(replayed() == once);
}

// The wait of an urgent report is counted in units of work: whatever has piled up, it is judged in the next one.
TEST(EvaluationTest, AnUrgentReportIsJudgedInTheNextUnitWhateverHasPiledUp) {
  TriageRig rig(store::Engine::kSqlite);
  for (int copy = 0; copy < 400; ++copy) {
    Wanted wanted;
    wanted.person = "<espIdentifier>flood-" + std::to_string(copy) + "</espIdentifier>";
    rig.File(wanted, {{kJpeg + "the same picture everywhere", ""}});
  }
  Runner runner(*rig.database, rig.judging, rig.clock, {.batch_max = 64});
  std::vector<int> waits;
  for (int arrival = 0; arrival < 5; ++arrival) {
    Wanted wanted;
    wanted.person = "<espIdentifier>urgent-" + std::to_string(arrival) + "</espIdentifier>";
    wanted.escalation = "A child may be harmed tonight.";
    const std::int64_t id = rig.File(wanted);
    int units = 0;
    while (rig.StateOf(id) != "triaged" && units < 100) {
      ASSERT_TRUE(runner.RunOnce().ok());
      ++units;
    }
    waits.push_back(units);
    const auto first =
        rig.database->Read([](store::ReadTransaction& transaction) { return ListQueue(transaction, {}, QueueOrder::kPriority, {}, 10); });
    EXPECT_TRUE(first.value().items.front().urgent);
    EXPECT_TRUE(std::any_of(first->items.begin(), first->items.end(), [&](const Tip& tip) { return tip.id.value == id; }));
  }
  EXPECT_EQ(*std::max_element(waits.begin(), waits.end()), 1);
  EXPECT_GT(rig.Judge(), 0) << "the flood itself is still waiting";
}

}  // namespace
}  // namespace porchlight::triage
