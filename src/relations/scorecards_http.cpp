#include "relations/scorecards_http.h"

#include "platform/http/api_routes.h"
#include "platform/http/query.h"
#include "referrals/tallies.h"

namespace porchlight::relations {

namespace {

constexpr std::string_view kMay = "relations.scorecard.read";
constexpr std::string_view kPattern = "scorecards";

ScorecardView ViewOf(const Scorecard& card, std::string name) {
  ScorecardView view;
  view.month = card.month;
  view.organisation = card.organisation;
  view.organisation_name = std::move(name);
  view.made_at = card.made_at;
  view.reports = card.reports;
  view.incidents = card.incidents;
  view.completeness = card.reports == 0 ? 0 : card.completeness_sum / card.reports;
  view.referred = card.referred;
  view.informational = card.informational;
  view.not_exploitation = card.not_exploitation;
  view.spam = card.spam;
  view.repeats = card.repeats;
  view.viral = card.viral;
  view.viral_labelled = card.viral_labelled;
  view.escalated = card.escalated;
  view.escalated_rightly = card.escalated_rightly;
  for (const auto& [item, count] : card.items) view.items.push_back({item, count.asked, count.missing});
  for (const auto& [what, count] : card.answers) view.answers.push_back({what, count});
  view.would_help = card.would_help;
  return view;
}

}  // namespace

Result<http::Response> ScorecardsHttp::List(const http::Request& request, const auth::Caller& caller) {
  ScorecardListView view;
  view.month = http::QueryText(request, "month").value_or(referrals::MonthOf(clock_.Now()));
  const std::vector<Scorecard> cards = PL_TRY(
      database_.Read([&](store::ReadTransaction& transaction) { return scorecards_.List(transaction, caller, view.month); }));
  for (const Scorecard& card : cards) view.items.push_back(ViewOf(card, name_(card.organisation)));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

std::vector<http::Route> ScorecardsHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "relations.", 0);
  routes.Add(http::Method::kGet, kPattern, "scorecards", kMay, this, &ScorecardsHttp::List);
  return routes.Take();
}

std::vector<http::ApiOperation> ScorecardsHttp::Operations() {
  http::ApiOperations all("/api/v1/", "relations");
  all.Add(http::Method::kGet, kPattern, kMay, "What a platform's reports of a month were worth, and which three fields would help most",
          http::SchemaFor<ScorecardListView>(), {422})
      .parameters = {{"month", "query", "string", "Such as 2026-11; default: this month.", false}};
  return all.Take();
}

}  // namespace porchlight::relations
