#pragma once

#include <optional>
#include <string>
#include <vector>

#include "referrals/content_views.h"
#include "referrals/delivery.h"
#include "referrals/unplaced.h"

// What /api/v1 takes and shows of referrals to the centre's staff.
namespace porchlight::referrals {

struct ChoiceView {
  std::string agency;
  std::string agency_name;
  bool primary = false;
  std::vector<std::int64_t> candidates;
  static constexpr std::string_view kRecordName = "RoutingChoice";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("agency", &ChoiceView::agency, Visibility::kCentre, "Code of the agency."),
        Describe("agency_name", &ChoiceView::agency_name, Visibility::kCentre, "Its name."),
        Describe("primary", &ChoiceView::primary, Visibility::kCentre, "The first one."),
        Describe("candidates", &ChoiceView::candidates, Visibility::kCentre,
                 "Numbers of the candidates that lead to it, from 0; none: a person named it."));
  }
};

struct CandidateView {
  std::string country;
  std::string region;
  Whose whose = Whose::kSuspect;
  int weight = 0;
  std::vector<std::int64_t> evidence;
  static constexpr std::string_view kRecordName = "RoutingCandidate";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("country", &CandidateView::country, Visibility::kCentre, "ISO 3166-1."),
        Describe("region", &CandidateView::region, Visibility::kCentre, "Second part of ISO 3166-2, or empty."),
        Describe("whose", &CandidateView::whose, Visibility::kCentre, "Whose place."),
        Describe("weight", &CandidateView::weight, Visibility::kCentre, "1 to 99."),
        Describe("evidence", &CandidateView::evidence, Visibility::kCentre, "Numbers in the list of evidence, from 0."));
  }
};

struct DecisionView {
  int number = 0;
  Instant at;
  std::int64_t account = 0;
  std::string account_login;
  Cause cause = Cause::kDecided;
  std::string reason;
  Confidence confidence = Confidence::kNone;
  std::string routing_version;
  std::string agencies_version;
  std::string geo_version;
  std::vector<PlaceReasonView> evidence;
  int evidence_left_out = 0;
  std::vector<CandidateView> candidates;
  std::vector<ChoiceView> proposed;
  std::vector<ChoiceView> chosen;
  static constexpr std::string_view kRecordName = "RoutingDecision";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("number", &DecisionView::number, Visibility::kCentre, "From 1; 0: a proposal."),
        Describe("at", &DecisionView::at, Visibility::kCentre, "When."),
        Describe("account", &DecisionView::account, Visibility::kCentre, "By whom; 0: by the rules."),
        Describe("account_login", &DecisionView::account_login, Visibility::kCentre, "Their login."),
        Describe("cause", &DecisionView::cause, Visibility::kCentre, "Why it was made."),
        Describe("reason", &DecisionView::reason, Visibility::kCentre, "Why it is not the proposal, a code of routing_reasons."),
        Describe("confidence", &DecisionView::confidence, Visibility::kCentre, "How sure the first place is."),
        Describe("routing_version", &DecisionView::routing_version, Visibility::kCentre, "Table of weights."),
        Describe("agencies_version", &DecisionView::agencies_version, Visibility::kCentre, "Directory of agencies."),
        Describe("geo_version", &DecisionView::geo_version, Visibility::kCentre, "Layers that place addresses."),
        Describe("evidence", &DecisionView::evidence, Visibility::kCentre, "What says where people are."),
        Describe("evidence_left_out", &DecisionView::evidence_left_out, Visibility::kCentre, "How many weaker pieces are not listed."),
        Describe("candidates", &DecisionView::candidates, Visibility::kCentre, "Places, heaviest first."),
        Describe("proposed", &DecisionView::proposed, Visibility::kCentre, "What the rules make of it."),
        Describe("chosen", &DecisionView::chosen, Visibility::kCentre, "What was decided."));
  }
};

struct StaffDeliveryView {
  DeliveryId id;
  std::string agency;
  std::string agency_name;
  std::string urgent_phone;
  bool primary = false;
  bool urgent = false;
  Cause basis = Cause::kDecided;
  Instant granted_at;
  DeliveryState state = DeliveryState::kMadeAvailable;
  std::optional<Instant> opened_at;
  std::optional<Instant> downloaded_at;
  std::optional<Instant> acknowledged_at;
  std::optional<Instant> feedback_at;
  std::optional<Instant> revoked_at;
  Step step = Step::kNone;
  std::optional<Instant> next_step_at;
  std::optional<DeliveryId> redirected_to;
  std::optional<DeliveryId> redirected_from;
  static constexpr std::string_view kRecordName = "DeliveryStatus";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &StaffDeliveryView::id, Visibility::kCentre, "Number of the delivery."),
        Describe("agency", &StaffDeliveryView::agency, Visibility::kCentre, "Code of the agency."),
        Describe("agency_name", &StaffDeliveryView::agency_name, Visibility::kCentre, "Its name."),
        Describe("urgent_phone", &StaffDeliveryView::urgent_phone, Visibility::kCentre, "Answered at any hour."),
        Describe("primary", &StaffDeliveryView::primary, Visibility::kCentre, "The first one."),
        Describe("urgent", &StaffDeliveryView::urgent, Visibility::kCentre, "To be acknowledged within the hour."),
        Describe("basis", &StaffDeliveryView::basis, Visibility::kCentre, "Why the agency has it."),
        Describe("granted_at", &StaffDeliveryView::granted_at, Visibility::kCentre, "Since when."),
        Describe("state", &StaffDeliveryView::state, Visibility::kCentre, "How far it has come."),
        Describe("opened_at", &StaffDeliveryView::opened_at, Visibility::kCentre, "First read."),
        Describe("downloaded_at", &StaffDeliveryView::downloaded_at, Visibility::kCentre, "Package first fetched."),
        Describe("acknowledged_at", &StaffDeliveryView::acknowledged_at, Visibility::kCentre, "Acknowledged."),
        Describe("feedback_at", &StaffDeliveryView::feedback_at, Visibility::kCentre, "First feedback."),
        Describe("revoked_at", &StaffDeliveryView::revoked_at, Visibility::kCentre, "Taken back."),
        Describe("step", &StaffDeliveryView::step, Visibility::kCentre, "How far reminders have come."),
        Describe("next_step_at", &StaffDeliveryView::next_step_at, Visibility::kCentre, "When the next is due."),
        Describe("redirected_to", &StaffDeliveryView::redirected_to, Visibility::kCentre, "The delivery it was sent on as."),
        Describe("redirected_from", &StaffDeliveryView::redirected_from, Visibility::kCentre, "The delivery it came from."));
  }
};

struct RoutingView {
  tipline::ReportId report_id;
  DecisionView proposal;
  std::vector<DecisionView> decisions;
  std::vector<StaffDeliveryView> deliveries;
  static constexpr std::string_view kRecordName = "ReportRouting";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &RoutingView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("proposal", &RoutingView::proposal, Visibility::kCentre, "What the rules make of it now."),
        Describe("decisions", &RoutingView::decisions, Visibility::kCentre, "Newest first."),
        Describe("deliveries", &RoutingView::deliveries, Visibility::kCentre, "Who has it."));
  }
};

struct OverdueView {
  tipline::ReportId report_id;
  StaffDeliveryView delivery;
  static constexpr std::string_view kRecordName = "OverdueDelivery";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &OverdueView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("delivery", &OverdueView::delivery, Visibility::kCentre, "The delivery, with whom to telephone."));
  }
};

struct ComingStepView {
  tipline::ReportId report_id;
  StaffDeliveryView delivery;
  Step step = Step::kReminder;
  Instant due_at;
  static constexpr std::string_view kRecordName = "ComingStep";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &ComingStepView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("delivery", &ComingStepView::delivery, Visibility::kCentre, "The delivery, with whom to telephone."),
        Describe("step", &ComingStepView::step, Visibility::kCentre, "What is done when nobody answers until then."),
        Describe("due_at", &ComingStepView::due_at, Visibility::kCentre, "When."));
  }
};

struct OverdueListView {
  std::vector<OverdueView> items;
  std::vector<ComingStepView> coming;
  static constexpr std::string_view kRecordName = "OverdueDeliveries";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &OverdueListView::items, Visibility::kCentre, "Urgent first, the longest waiting first."),
        Describe("coming", &OverdueListView::coming, Visibility::kCentre,
                 "Not late yet: urgent ones whose time is over within the hour, others within the day; urgent first, soonest first."));
  }
};

struct UnplacedView {
  tipline::ReportId report_id;
  bool urgent = false;
  Instant since;
  WhyUnplaced why = WhyUnplaced::kWrongPlace;
  static constexpr std::string_view kRecordName = "UnplacedReport";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &UnplacedView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("urgent", &UnplacedView::urgent, Visibility::kCentre, "A child may be in danger."),
        Describe("since", &UnplacedView::since, Visibility::kCentre, "Since when nobody has it."),
        Describe("why", &UnplacedView::why, Visibility::kCentre,
                 "Agencies said only that it is the wrong place, sent it on to where it is not, or it was taken back from all."));
  }
};

struct UnplacedListView {
  std::vector<UnplacedView> items;
  static constexpr std::string_view kRecordName = "UnplacedReports";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &UnplacedListView::items, Visibility::kCentre, "Urgent first, the longest waiting first; at most 200."));
  }
};

struct SumView {
  std::string what;
  std::int64_t count = 0;
  static constexpr std::string_view kRecordName = "AnsweredSum";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("what", &SumView::what, Visibility::kCentre, "What was said."),
        Describe("count", &SumView::count, Visibility::kCentre, "How often."));
  }
};

struct AnsweredView {
  std::string subject;
  std::string name;
  std::vector<SumView> sums;
  static constexpr std::string_view kRecordName = "AnsweredAbout";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("subject", &AnsweredView::subject, Visibility::kCentre, "Kind of evidence, code of the rule, or code of the agency."),
        Describe("name", &AnsweredView::name, Visibility::kCentre, "In words, where there are some."),
        Describe("sums", &AnsweredView::sums, Visibility::kCentre, "Sums of the month."));
  }
};

struct QualityView {
  std::string month;
  std::vector<AnsweredView> evidence;
  std::vector<AnsweredView> rules;
  std::vector<AnsweredView> agencies;
  static constexpr std::string_view kRecordName = "RoutingQuality";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("month", &QualityView::month, Visibility::kCentre, "Such as 2026-11."),
        Describe("evidence", &QualityView::evidence, Visibility::kCentre, "How often each kind of evidence led to the wrong place."),
        Describe("rules", &QualityView::rules, Visibility::kCentre, "What came of the reports for which each rule fired."),
        Describe("agencies", &QualityView::agencies, Visibility::kCentre, "What each agency had and said."));
  }
};

struct ReferRequest {
  std::vector<std::string> agencies;
  std::optional<std::string> reason;
  static constexpr std::string_view kRecordName = "ReferRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("agencies", &ReferRequest::agencies, Visibility::kPublic, "Codes, the first one primary; none: as proposed."),
        Describe("reason", &ReferRequest::reason, Visibility::kPublic, "A code of routing_reasons; needed when it is not the proposal."));
  }
};

struct AddAgencyRequest {
  std::string agency;
  std::string reason;
  static constexpr std::string_view kRecordName = "AddAgencyRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("agency", &AddAgencyRequest::agency, Visibility::kPublic, "Code of the agency."),
        Describe("reason", &AddAgencyRequest::reason, Visibility::kPublic, "A code of routing_reasons."));
  }
};

struct RevokeRequest {
  std::string reason;
  static constexpr std::string_view kRecordName = "RevokeRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("reason", &RevokeRequest::reason, Visibility::kPublic, "A code of routing_reasons."));
  }
};

struct AgencyOrganisationRequest {
  std::int64_t organisation = 0;
  static constexpr std::string_view kRecordName = "AgencyOrganisationRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("organisation", &AgencyOrganisationRequest::organisation, Visibility::kPublic,
                 "Whose officers sign in for the agency; 0: nobody's."));
  }
};

}  // namespace porchlight::referrals
