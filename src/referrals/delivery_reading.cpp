#include "referrals/delivery_reading.h"

#include <algorithm>

#include "evidence/gate_views.h"
#include "referrals/delivery_rows.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

constexpr int kFilesPerRead = 1'000;
constexpr std::string_view kLanguage = "en";   // Of what agencies are given; a package is evidence, in one language.

std::string GatesText(const std::vector<evidence::FileGateView>& gates) {
  std::string text;
  for (const evidence::FileGateView& gate : gates) {
    text += (text.empty() ? "" : ",") + std::to_string(gate.file.value) + ":" + std::to_string(gate.sequence) + ":" +
            std::string(NameOf(gate.decision));
  }
  return text;
}

std::vector<PlaceReasonView> WhyHere(const Decision& decision, std::string_view agency) {
  std::vector<PlaceReasonView> reasons;
  const auto choice = std::find_if(decision.chosen.begin(), decision.chosen.end(), [&](const Choice& one) { return one.agency == agency; });
  if (choice == decision.chosen.end()) return reasons;
  for (const std::size_t candidate : choice->candidates) {
    if (candidate >= decision.candidates.size()) continue;
    for (const std::size_t number : decision.candidates[candidate].evidence) {
      if (number < decision.evidence.size()) reasons.push_back(ViewOf(decision.evidence[number]));
    }
  }
  return reasons;
}

// The decision that gave the agency what it has: a later one may have been made by other data.
Result<Decision> DecisionFor(store::ReadTransaction& transaction, const Delivery& delivery) {
  std::vector<Decision> all = PL_TRY(rows::DecisionsOf(transaction, delivery.report));
  for (Decision& one : all) {
    if (one.number == delivery.decision) return std::move(one);
  }
  return Error{ErrorCode::kCorrupt, "The decision behind the delivery is gone.", {}, "decision", 0};
}

}  // namespace

Result<std::vector<evidence::FileGateView>> DeliveryReader::GatesOf(store::ReadTransaction& transaction, tipline::ReportId report) const {
  std::vector<evidence::FileGateView> all;
  tipline::FileId after{0};
  for (;;) {
    evidence::GateView page =
        PL_TRY(evidence::GateOf(transaction, gates_, report, after, kFilesPerRead, kLanguage, clock_.Now()));
    all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
    if (!page.next_after) return all;
    after = tipline::FileId{*page.next_after};
  }
}

Result<std::string> DeliveryReader::ReadGates(store::ReadTransaction& transaction, tipline::ReportId report) const {
  return GatesText(PL_TRY(GatesOf(transaction, report)));
}

std::vector<std::string> DeliveryReader::RulesInWords(const triage::Score& score) const {
  std::vector<std::string> words;
  const triage::RuleTable* table = rules_.Find(score.rules);
  for (const triage::FiredRule& fired : score.verdict.fired) {
    words.emplace_back(table == nullptr ? std::string_view(fired.code) : table->LabelOf(fired.code, kLanguage));
  }
  return words;
}

Result<DeliveryContent> DeliveryReader::Read(store::ReadTransaction& transaction, const Delivery& delivery) const {
  DeliveryContent content;
  content.delivery = delivery;
  const std::optional<AgencyRow> agency = PL_TRY(rows::FindAgency(transaction, delivery.agency));
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, delivery.report));
  if (!agency || !tip) return Error{ErrorCode::kCorrupt, "What the delivery refers to is gone.", {}, "delivery", 0};
  content.agency = *agency;
  content.decision = PL_TRY(DecisionFor(transaction, delivery));
  content.filed = PL_TRY(tipline::FindFiled(transaction, sealer_, delivery.report));
  const std::vector<evidence::FileGateView> gates = PL_TRY(GatesOf(transaction, delivery.report));
  content.gates = GatesText(gates);
  const triage::Score score = PL_TRY(triage::rows::FindScore(transaction, tip->id, tip->scores));
  const std::vector<std::string> rules = RulesInWords(score);
  const std::string name = platform_name_(delivery.organisation);
  content.report = ContentOf({content.filed, *tip, rules, gates, content.decision, name});
  content.why_here = WhyHere(content.decision, content.agency.code);
  return content;
}

}  // namespace porchlight::referrals
