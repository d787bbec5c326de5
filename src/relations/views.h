#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "triage/signals.h"

// What /api/v1 shows of scorecards: to a platform its own (V2), to the centre all.
namespace porchlight::relations {

struct ItemScoreView {
  triage::Item item = triage::Item::kAccount;
  std::int64_t asked = 0;
  std::int64_t missing = 0;
  static constexpr std::string_view kRecordName = "ScorecardItem";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("item", &ItemScoreView::item, Visibility::kSubmitter, "What a report should hold."),
        Describe("asked", &ItemScoreView::asked, Visibility::kSubmitter, "Reports for which it makes sense."),
        Describe("missing", &ItemScoreView::missing, Visibility::kSubmitter, "Of those, without it."));
  }
};

struct AnswerView {
  std::string what;
  std::int64_t count = 0;
  static constexpr std::string_view kRecordName = "ScorecardAnswer";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("what", &AnswerView::what, Visibility::kSubmitter, "What agencies said: usefulness, outcome or gap with its code."),
        Describe("count", &AnswerView::count, Visibility::kSubmitter, "How often."));
  }
};

struct ScorecardView {
  std::string month;
  std::int64_t organisation = 0;
  std::string organisation_name;
  Instant made_at;
  std::int64_t reports = 0;
  std::int64_t incidents = 0;
  std::int64_t completeness = 0;
  std::int64_t referred = 0;
  std::int64_t informational = 0;
  std::int64_t not_exploitation = 0;
  std::int64_t spam = 0;
  std::int64_t repeats = 0;
  std::int64_t viral = 0;
  std::int64_t viral_labelled = 0;
  std::int64_t escalated = 0;
  std::int64_t escalated_rightly = 0;
  std::vector<ItemScoreView> items;
  std::vector<AnswerView> answers;
  std::vector<triage::Item> would_help;
  static constexpr std::string_view kRecordName = "Scorecard";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("month", &ScorecardView::month, Visibility::kSubmitter, "Such as 2026-11."),
        Describe("organisation", &ScorecardView::organisation, Visibility::kSubmitter, "The platform."),
        Describe("organisation_name", &ScorecardView::organisation_name, Visibility::kSubmitter, "Its name."),
        Describe("made_at", &ScorecardView::made_at, Visibility::kSubmitter, "When it was counted."),
        Describe("reports", &ScorecardView::reports, Visibility::kSubmitter, "Reports."),
        Describe("incidents", &ScorecardView::incidents, Visibility::kSubmitter, "Incidents in them."),
        Describe("completeness", &ScorecardView::completeness, Visibility::kSubmitter, "Mean, 0 to 100."),
        Describe("referred", &ScorecardView::referred, Visibility::kSubmitter, "Made available to agencies."),
        Describe("informational", &ScorecardView::informational, Visibility::kSubmitter, "Kept for information."),
        Describe("not_exploitation", &ScorecardView::not_exploitation, Visibility::kSubmitter, "No child exploitation."),
        Describe("spam", &ScorecardView::spam, Visibility::kSubmitter, "Spam."),
        Describe("repeats", &ScorecardView::repeats, Visibility::kSubmitter, "The same document again."),
        Describe("viral", &ScorecardView::viral, Visibility::kSubmitter, "Copies of viral items."),
        Describe("viral_labelled", &ScorecardView::viral_labelled, Visibility::kSubmitter, "Of those, labelled so by the platform."),
        Describe("escalated", &ScorecardView::escalated, Visibility::kSubmitter, "Asked for high priority."),
        Describe("escalated_rightly", &ScorecardView::escalated_rightly, Visibility::kSubmitter,
                 "Of those, first also by what else they say."),
        Describe("items", &ScorecardView::items, Visibility::kSubmitter, "Completeness, item by item."),
        Describe("answers", &ScorecardView::answers, Visibility::kSubmitter, "What agencies answered."),
        Describe("would_help", &ScorecardView::would_help, Visibility::kSubmitter,
                 "The three items that would help most, the most first."));
  }
};

struct ScorecardListView {
  std::string month;
  std::vector<ScorecardView> items;
  static constexpr std::string_view kRecordName = "ScorecardList";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("month", &ScorecardListView::month, Visibility::kSubmitter, "Such as 2026-11."),
        Describe("items", &ScorecardListView::items, Visibility::kSubmitter, "By the number of reports, most first."));
  }
};

}  // namespace porchlight::relations
