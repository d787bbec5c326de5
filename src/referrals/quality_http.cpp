#include "referrals/quality_http.h"

#include <array>

#include "base/text.h"
#include "platform/http/api_routes.h"
#include "platform/http/query.h"
#include "referrals/delivery_rows.h"
#include "referrals/staff_view_of.h"
#include "referrals/tallies.h"
#include "referrals/unplaced.h"
#include "triage/handing_over.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

using http::Method;

constexpr std::string_view kMay = "triage.supervise";

// Which steps a supervisor can still do something about; a reminder of an ordinary one is nobody's to prevent.
struct Coming {
  bool urgent;
  Duration within;
  Step first;
};
constexpr std::array kComing = {Coming{true, Duration::Hours(1), Step::kReminder}, Coming{false, Duration::Hours(24), Step::kSupervisor}};
constexpr int kComingLooked = 500;

Result<std::string> MonthFrom(const http::Request& request, Instant now) {
  const std::optional<std::string> month = http::QueryText(request, "month");
  if (!month) return MonthOf(now);
  const bool fits = month->size() == 7 && ParseDateTime(*month + "-01T00:00:00Z").ok();
  if (!fits) return http::BadQuery("month", "like 2026-11");
  return *month;
}

AnsweredView ViewOf(const SubjectSums& one, std::string name) {
  AnsweredView view{one.subject, std::move(name), {}};
  for (const auto& [what, count] : one.sums) view.sums.push_back({what, count});
  return view;
}

}  // namespace

Result<http::Response> QualityHttp::Overdue(const http::Request&, const auth::Caller& caller) {
  const auto read = [&](store::ReadTransaction& transaction) -> Result<OverdueListView> {
    const std::vector<AgencyRow> agencies = PL_TRY(rows::ListAgencies(transaction));
    const AgencyNames names(agencies, referring_.agencies());
    OverdueListView view;
    for (const Delivery& one : PL_TRY(rows::OverdueDeliveries(transaction, kOverdueMax))) {
      view.items.push_back({one.report, ViewOf(one, names)});
    }
    const Instant now = clock_.Now();
    for (const Coming& kind : kComing) {
      for (const Delivery& one : PL_TRY(rows::ComingDeliveries(transaction, kind.urgent, now, now + kind.within, kComingLooked))) {
        const auto next = NextStep(one, clocks_);
        if (!next || next->first < kind.first || next->first > Step::kAlternate || next->second <= now) continue;
        if (std::ssize(view.coming) >= (kind.urgent ? 1 : 2) * kComingMax) break;
        view.coming.push_back({one.report, ViewOf(one, names), next->first, next->second});
      }
    }
    return view;
  };
  const OverdueListView view = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> QualityHttp::Unplaced(const http::Request&, const auth::Caller& caller) {
  const auto read = [&](store::ReadTransaction& transaction) -> Result<UnplacedListView> {
    UnplacedListView view;
    const auto show = [&](const referrals::Unplaced& one) -> Result<bool> {
      // Until the follower has heard of it, one that was closed meanwhile is still there.
      const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, one.report));
      if (tip && triage::IsWithAgencies(*tip)) view.items.push_back({one.report, one.urgent, one.since, one.why});
      return view.items.size() < kUnplacedMax;
    };
    PL_TRY(rows::EachUnplaced(transaction, show));
    return view;
  };
  const UnplacedListView view = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> QualityHttp::Quality(const http::Request& request, const auth::Caller& caller) {
  const std::string month = PL_TRY(MonthFrom(request, clock_.Now()));
  const std::string language = http::QueryText(request, "language").value_or("en");
  const auto read = [&](store::ReadTransaction& transaction) -> Result<QualityView> {
    QualityView view;
    view.month = month;
    for (const SubjectSums& one : PL_TRY(ListTallies(transaction, month, "evidence"))) view.evidence.push_back(ViewOf(one, {}));
    const triage::RuleTable& table = rules_.At(clock_.Now());
    for (const SubjectSums& one : PL_TRY(ListTallies(transaction, month, "rule"))) {
      view.rules.push_back(ViewOf(one, std::string(table.LabelOf(one.subject, language))));
    }
    for (const SubjectSums& one : PL_TRY(ListTallies(transaction, month, "agency"))) {
      const std::optional<AgencyRow> agency = PL_TRY(rows::FindAgency(transaction, AgencyId{ParseInteger(one.subject).value_or(0)}));
      AnsweredView about = ViewOf(one, agency ? agency->name : std::string());
      if (agency) about.subject = agency->code;
      view.agencies.push_back(std::move(about));
    }
    return view;
  };
  const QualityView view = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

std::vector<http::Route> QualityHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "referrals.", 0);
  routes.Add(Method::kGet, "deliveries/overdue", "delivery.overdue", kMay, this, &QualityHttp::Overdue);
  routes.Add(Method::kGet, "deliveries/unplaced", "delivery.unplaced", kMay, this, &QualityHttp::Unplaced);
  routes.Add(Method::kGet, "routing/quality", "routing.quality", kMay, this, &QualityHttp::Quality);
  return routes.Take();
}

std::vector<http::ApiOperation> QualityHttp::Operations() {
  http::ApiOperations all("/api/v1/", "referrals");
  all.Add(Method::kGet, "deliveries/overdue", kMay, "Deliveries that nobody answers for, or soon will not have answered for", http::SchemaFor<OverdueListView>(), {});
  all.Add(Method::kGet, "deliveries/unplaced", kMay, "Reports that were handed over and that nobody has any more",
          http::SchemaFor<UnplacedListView>(), {});
  all.Add(Method::kGet, "routing/quality", kMay, "How good decisions were in a month, by what agencies said",
          http::SchemaFor<QualityView>(), {422})
      .parameters = {{"month", "query", "string", "Such as 2026-11; default: this month.", false},
                     {"language", "query", "string", "Of the words.", false}};
  return all.Take();
}

}  // namespace porchlight::referrals
