#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "triage/tip.h"

// What /api/v1 and the command line show of triage. The one description of each record.
namespace porchlight::triage {

struct PriorityView {
  int value = kLevelLast;
  bool urgent = false;
  int points = 0;
  std::vector<std::string> rules;
  std::string rules_version;
  static constexpr std::string_view kRecordName = "TipPriority";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("value", &PriorityView::value, Visibility::kCentre, "1 imminent danger or ongoing abuse, 2 actionable, 3 low."),
        Describe("urgent", &PriorityView::urgent, Visibility::kCentre, "A child may be in danger now."),
        Describe("points", &PriorityView::points, Visibility::kCentre, "Order within the level, 0 to 1,999."),
        Describe("rules", &PriorityView::rules, Visibility::kCentre, "Codes of the rules that fired, the heaviest first."),
        Describe("rules_version", &PriorityView::rules_version, Visibility::kCentre, "Table of rules that judged."));
  }
};

struct CompletenessView {
  int score = 0;
  std::vector<Item> missing;
  static constexpr std::string_view kRecordName = "TipCompleteness";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("score", &CompletenessView::score, Visibility::kCentre, "0 to 100: whether someone can act on it."),
        Describe("missing", &CompletenessView::missing, Visibility::kCentre, "What is missing, heaviest first."));
  }
};

struct BundleView {
  BundleId id;
  tipline::ReportId lead;
  std::int64_t reports = 0;
  std::int64_t incidents = 0;
  static constexpr std::string_view kRecordName = "TipBundle";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &BundleView::id, Visibility::kCentre, "Number of the bundle."),
        Describe("lead", &BundleView::lead, Visibility::kCentre, "The report that stands for all."),
        Describe("reports", &BundleView::reports, Visibility::kCentre, "Reports under the one viral item."),
        Describe("incidents", &BundleView::incidents, Visibility::kCentre, "Incidents in them: acts by one reported user each."));
  }
};

struct TipRow {
  tipline::ReportId report_id;
  tipline::ReportState state = tipline::ReportState::kTriaged;
  PriorityView priority;
  CompletenessView completeness;
  std::optional<BundleView> bundle;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  tipline::ReportSource source = tipline::ReportSource::kPlatform;
  std::int64_t organisation = 0;
  std::string organisation_name;
  Instant received_at;
  std::optional<Instant> preserve_until;
  int incidents = 1;
  bool folded = false;
  bool pulled = false;
  bool behind = false;
  bool test = false;
  std::optional<tipline::ReportId> repeats;
  std::optional<auth::AccountId> claimed_by;
  std::string claimed_by_login;
  std::optional<Instant> claimed_until;
  std::optional<Disposition> disposition;
  static constexpr std::string_view kRecordName = "TipRow";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &TipRow::report_id, Visibility::kCentre, "Number of the report."),
        Describe("state", &TipRow::state, Visibility::kCentre, "Where it stands."),
        Describe("priority", &TipRow::priority, Visibility::kCentre, "Whether someone should act now, and why."),
        Describe("completeness", &TipRow::completeness, Visibility::kCentre, "Whether someone can act, and what is missing."),
        Describe("bundle", &TipRow::bundle, Visibility::kCentre, "The bundle it belongs to."),
        Describe("incident_type", &TipRow::incident_type, Visibility::kCentre, "Kind of incident, as corrected."),
        Describe("source", &TipRow::source, Visibility::kCentre, "A platform or the public."),
        Describe("organisation", &TipRow::organisation, Visibility::kCentre, "The reporting platform; 0 for the public."),
        Describe("organisation_name", &TipRow::organisation_name, Visibility::kCentre, "Its name."),
        Describe("received_at", &TipRow::received_at, Visibility::kCentre, "When the report was opened."),
        Describe("preserve_until", &TipRow::preserve_until, Visibility::kCentre, "Until when the platform keeps the content."),
        Describe("incidents", &TipRow::incidents, Visibility::kCentre, "Incidents in the report itself."),
        Describe("folded", &TipRow::folded, Visibility::kCentre, "Stands under another report in the queue."),
        Describe("pulled", &TipRow::pulled, Visibility::kCentre, "Taken out of its bundle by a person."),
        Describe("behind", &TipRow::behind, Visibility::kCentre,
                 "Its sender is throttled: it stands behind others of its urgency and level."),
        Describe("test", &TipRow::test, Visibility::kCentre, "Test traffic; never in the queue."),
        Describe("repeats", &TipRow::repeats, Visibility::kCentre, "The same bytes as this earlier report."),
        Describe("claimed_by", &TipRow::claimed_by, Visibility::kCentre, "Account that works on it."),
        Describe("claimed_by_login", &TipRow::claimed_by_login, Visibility::kCentre, "Its login."),
        Describe("claimed_until", &TipRow::claimed_until, Visibility::kCentre, "When the claim ends by itself."),
        Describe("disposition", &TipRow::disposition, Visibility::kCentre, "What was decided."));
  }
};

struct TipPage {
  std::vector<TipRow> items;
  std::optional<std::string> next_after;
  bool complete = true;
  static constexpr std::string_view kRecordName = "TipPage";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &TipPage::items, Visibility::kCentre, "In the order asked for."),
        Describe("next_after", &TipPage::next_after, Visibility::kCentre, "Pass as `after` for the next page; null at the end."),
        Describe("complete", &TipPage::complete, Visibility::kCentre,
                 "False when the search stopped at its budget before the page was full."));
  }
};

struct FiredRuleView {
  std::string rule;
  int points = 0;
  std::optional<int> floor;
  bool urgent = false;
  static constexpr std::string_view kRecordName = "FiredRule";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("rule", &FiredRuleView::rule, Visibility::kCentre, "Its code."),
                           Describe("points", &FiredRuleView::points, Visibility::kCentre, "What it adds; below 0 it lowers."),
                           Describe("floor", &FiredRuleView::floor, Visibility::kCentre, "Nothing lowers the level below this."),
                           Describe("urgent", &FiredRuleView::urgent, Visibility::kCentre, "Makes the report urgent."));
  }
};

struct SignalView {
  Signal signal = Signal::kEscalated;
  std::vector<std::string> places;
  static constexpr std::string_view kRecordName = "SeenSignal";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("signal", &SignalView::signal, Visibility::kCentre, "What was seen."),
                           Describe("places", &SignalView::places, Visibility::kCentre, "Where in the report."));
  }
};

struct ScoreView {
  int number = 0;
  Instant at;
  std::string cause;
  std::int64_t account = 0;
  std::string account_login;
  std::string rules_version;
  int value = kLevelLast;
  bool urgent = false;
  int points = 0;
  int completeness = 0;
  std::vector<FiredRuleView> fired;
  std::vector<Item> missing;
  std::vector<SignalView> signals;
  static constexpr std::string_view kRecordName = "TipScore";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("number", &ScoreView::number, Visibility::kCentre, "1 is the first."),
        Describe("at", &ScoreView::at, Visibility::kCentre, "When it was judged."),
        Describe("cause", &ScoreView::cause, Visibility::kCentre,
                 "filed, went_viral, near_copies, signals, type, pulled, put_back, rules, preservation."),
        Describe("account", &ScoreView::account, Visibility::kCentre, "Who caused it; 0: the rules alone."),
        Describe("account_login", &ScoreView::account_login, Visibility::kCentre, "Its login."),
        Describe("rules_version", &ScoreView::rules_version, Visibility::kCentre, "Table of rules that judged."),
        Describe("value", &ScoreView::value, Visibility::kCentre, "Level, 1 to 3."),
        Describe("urgent", &ScoreView::urgent, Visibility::kCentre, "A child may be in danger now."),
        Describe("points", &ScoreView::points, Visibility::kCentre, "0 to 1,999."),
        Describe("completeness", &ScoreView::completeness, Visibility::kCentre, "0 to 100."),
        Describe("fired", &ScoreView::fired, Visibility::kCentre, "The rules that fired, in the order of the table."),
        Describe("missing", &ScoreView::missing, Visibility::kCentre, "What is missing, heaviest first."),
        Describe("signals", &ScoreView::signals, Visibility::kCentre, "What the rules looked at."));
  }
};

struct LinkView {
  tipline::ReportId report_id;
  std::int64_t organisation = 0;
  std::string organisation_name;
  int identifiers = 0;
  Instant received_at;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  tipline::ReportState state = tipline::ReportState::kTriaged;
  int value = kLevelLast;
  bool urgent = false;
  static constexpr std::string_view kRecordName = "TipLink";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &LinkView::report_id, Visibility::kCentre, "The other report."),
        Describe("organisation", &LinkView::organisation, Visibility::kCentre, "Its platform."),
        Describe("organisation_name", &LinkView::organisation_name, Visibility::kCentre, "Its name."),
        Describe("identifiers", &LinkView::identifiers, Visibility::kCentre, "Identifiers of a reported person that both hold."),
        Describe("received_at", &LinkView::received_at, Visibility::kCentre, "When it came."),
        Describe("incident_type", &LinkView::incident_type, Visibility::kCentre, "Kind of incident, as corrected."),
        Describe("state", &LinkView::state, Visibility::kCentre, "Where it stands."),
        Describe("value", &LinkView::value, Visibility::kCentre, "Level, 1 to 3."),
        Describe("urgent", &LinkView::urgent, Visibility::kCentre, "A child may be in danger now."));
  }
};

struct TipDetail {
  TipRow tip;
  std::vector<ScoreView> scores;
  std::vector<LinkView> links;
  static constexpr std::string_view kRecordName = "TipDetail";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("tip", &TipDetail::tip, Visibility::kCentre, "The row of the queue."),
                           Describe("scores", &TipDetail::scores, Visibility::kCentre, "Every score, newest first."),
                           Describe("links", &TipDetail::links, Visibility::kCentre, "Reports of the same person, newest first."));
  }
};

struct QueueCountView {
  int value = kLevelLast;
  bool urgent = false;
  std::int64_t tips = 0;
  static constexpr std::string_view kRecordName = "QueueCount";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("value", &QueueCountView::value, Visibility::kCentre, "Level, 1 to 3."),
                           Describe("urgent", &QueueCountView::urgent, Visibility::kCentre, "Urgent ones, or the others."),
                           Describe("tips", &QueueCountView::tips, Visibility::kCentre, "How many wait; 10,000 means that or more."));
  }
};

struct QueueCountsView {
  std::vector<QueueCountView> standing;
  std::int64_t claimed = 0;
  std::optional<Instant> oldest_urgent;
  std::optional<Instant> oldest;
  static constexpr std::string_view kRecordName = "QueueCounts";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("standing", &QueueCountsView::standing, Visibility::kCentre, "What waits, by where it stands."),
        Describe("claimed", &QueueCountsView::claimed, Visibility::kCentre, "Claimed by somebody now."),
        Describe("oldest_urgent", &QueueCountsView::oldest_urgent, Visibility::kCentre,
                 "When the longest waiting urgent one came that nobody has claimed."),
        Describe("oldest", &QueueCountsView::oldest, Visibility::kCentre, "When the longest waiting one came."));
  }
};

struct RuleLabelView {
  std::string rule;
  std::string label;
  static constexpr std::string_view kRecordName = "RuleLabel";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("rule", &RuleLabelView::rule, Visibility::kCentre, "Code."),
                           Describe("label", &RuleLabelView::label, Visibility::kCentre, "In words."));
  }
};

struct RulesView {
  std::string version;
  std::vector<std::string> versions;
  std::vector<RuleLabelView> rules;
  static constexpr std::string_view kRecordName = "TriageRules";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("version", &RulesView::version, Visibility::kCentre, "The table that judges now."),
                           Describe("versions", &RulesView::versions, Visibility::kCentre, "All tables, oldest first."),
                           Describe("rules", &RulesView::rules, Visibility::kCentre, "Rules of all tables in words."));
  }
};

// What a person does with a report; which members are needed depends on the act.
struct SignalRequest {
  Signal signal = Signal::kConfirmedDanger;
  bool present = true;
  static constexpr std::string_view kRecordName = "SignalRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("signal", &SignalRequest::signal, Visibility::kPublic, "confirmed_danger, missing_child or judged_harmless."),
        Describe("present", &SignalRequest::present, Visibility::kPublic, "Whether it is so."));
  }
};

struct TypeRequest {
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  static constexpr std::string_view kRecordName = "TypeRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("incident_type", &TypeRequest::incident_type, Visibility::kPublic, "What it really is."));
  }
};

struct CloseRequest {
  Disposition disposition = Disposition::kInformational;
  static constexpr std::string_view kRecordName = "CloseRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("disposition", &CloseRequest::disposition, Visibility::kPublic, "informational, not_csae or spam."));
  }
};

// A report that waits and stands elsewhere than it did.
struct MovedTipView {
  tipline::ReportId report_id;
  Instant at;
  std::string cause;
  int priority = 0;
  bool urgent = false;
  int priority_before = 0;
  bool urgent_before = false;
  static constexpr std::string_view kRecordName = "MovedTip";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &MovedTipView::report_id, Visibility::kCentre, "Its number."),
        Describe("at", &MovedTipView::at, Visibility::kCentre, "When it was last judged again."),
        Describe("cause", &MovedTipView::cause, Visibility::kCentre, "Why, as in the scores of a report."),
        Describe("priority", &MovedTipView::priority, Visibility::kCentre, "Level since then."),
        Describe("urgent", &MovedTipView::urgent, Visibility::kCentre, "Whether it is urgent since then."),
        Describe("priority_before", &MovedTipView::priority_before, Visibility::kCentre, "Level before."),
        Describe("urgent_before", &MovedTipView::urgent_before, Visibility::kCentre, "Whether it was urgent before."));
  }
};

struct ChangesView {
  Instant since;
  Instant until;
  std::vector<std::int64_t> came;
  std::int64_t came_urgent = 0;
  bool came_more = false;
  std::vector<MovedTipView> moved;
  bool moved_more = false;
  static constexpr std::string_view kRecordName = "QueueChanges";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("since", &ChangesView::since, Visibility::kCentre, "What was asked for."),
        Describe("until", &ChangesView::until, Visibility::kCentre, "Now; ask from here the next time."),
        Describe("came", &ChangesView::came, Visibility::kCentre,
                 "Reports that came since, or were judged only since, and wait; by level from the first."),
        Describe("came_urgent", &ChangesView::came_urgent, Visibility::kCentre, "Of all of them, urgent."),
        Describe("came_more", &ChangesView::came_more, Visibility::kCentre, "There are more than the 10,000 that were counted."),
        Describe("moved", &ChangesView::moved, Visibility::kCentre,
                 "Reports that came before, wait and stand elsewhere than they did: urgent ones in front; at most 50."),
        Describe("moved_more", &ChangesView::moved_more, Visibility::kCentre, "There may be more of them."));
  }
};

}  // namespace porchlight::triage
