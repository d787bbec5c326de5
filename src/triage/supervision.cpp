#include "triage/supervision.h"

#include <algorithm>
#include <map>

#include "platform/http/api_routes.h"
#include "tipline/volumes.h"
#include "triage/queue.h"

namespace porchlight::triage {

namespace {

constexpr int kClaimsMax = 5'000;
constexpr std::string_view kMay = "triage.supervise";
constexpr std::string_view kPattern = "tips/supervision";
constexpr std::string_view kVolumesPattern = "tips/volumes";
constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kUnusualLeast = 100;
constexpr std::int64_t kUnusualTimes = 3;
constexpr store::Statement kClaims{
    "triage.all_claims",
    "SELECT claimed_by, urgent, claimed_until FROM triage_tips WHERE claimed_by IS NOT NULL ORDER BY claimed_by, id LIMIT $1"};

// The day in the middle of those before today: one flood does not hide the next.
std::int64_t UsualOf(const std::vector<std::int64_t>& days) {
  std::vector<std::int64_t> before(days.begin(), days.end() - 1);
  const auto middle = before.begin() + static_cast<std::ptrdiff_t>(before.size() / 2);
  std::nth_element(before.begin(), middle, before.end());
  return *middle;
}

}  // namespace

Result<VolumesView> Volumes(store::ReadTransaction& transaction, Instant now, const Names& names) {
  const std::int64_t today = now.microseconds / kDay;
  const std::int64_t first = today - kVolumeDays + 1;
  std::map<std::int64_t, VolumeView> by_organisation;
  for (const tipline::DayVolume& one : PL_TRY(tipline::VolumesSince(transaction, first))) {
    VolumeView& volume = by_organisation[one.organisation];
    volume.organisation = one.organisation;
    volume.days.resize(kVolumeDays);
    // A clock that was set back leaves days to come.
    if (one.day <= today) volume.days[static_cast<std::size_t>(one.day - first)] += one.reports;
  }
  VolumesView view;
  for (auto& [organisation, volume] : by_organisation) {
    volume.today = volume.days.back();
    volume.usual = UsualOf(volume.days);
    volume.unusual = volume.today >= kUnusualLeast && volume.today > kUnusualTimes * volume.usual;
    view.items.push_back(std::move(volume));
  }
  std::stable_sort(view.items.begin(), view.items.end(), [](const VolumeView& left, const VolumeView& right) {
    return left.unusual != right.unusual ? left.unusual : left.today > right.today;
  });
  if (view.items.size() > static_cast<std::size_t>(kVolumesMax)) {
    view.others = static_cast<std::int64_t>(view.items.size()) - kVolumesMax;
    view.items.resize(kVolumesMax);
  }
  for (VolumeView& one : view.items) {
    if (names.organisation && one.organisation != 0) one.organisation_name = names.organisation(one.organisation);
  }
  return view;
}

Result<SupervisionView> Supervise(store::ReadTransaction& transaction, Duration urgent_claim, const Names& names) {
  SupervisionView view;
  std::map<std::int64_t, LoadView> loads;
  for (const store::Row& row : PL_TRY(transaction.All(kClaims, kClaimsMax))) {
    LoadView& load = loads[row.Integer(0)];
    load.account = row.Integer(0);
    if (load.claimed < kLoadsMax) ++load.claimed;
    if (row.Bool(1)) ++load.urgent;
    const std::optional<Instant> ends = row.OptionalTime(2);
    if (ends && (!load.first_ends || *ends < *load.first_ends)) load.first_ends = ends;
  }
  for (auto& [account, load] : loads) {
    if (names.account) load.login = names.account(account);
    view.loads.push_back(std::move(load));
  }
  std::stable_sort(view.loads.begin(), view.loads.end(),
                   [](const LoadView& left, const LoadView& right) { return left.claimed > right.claimed; });
  if (view.loads.size() > static_cast<std::size_t>(kLoadsMax)) view.loads.resize(kLoadsMax);
  QueueFilter filter;
  filter.urgent = true;
  filter.claimed = false;
  const QueueRows urgent = PL_TRY(ListQueue(transaction, filter, QueueOrder::kPriority, {}, kClocksMax));
  for (const Tip& tip : urgent.items) {
    const std::string name = names.organisation ? names.organisation(tip.organisation) : std::string();
    view.clocks.push_back({tip.id, tip.received_at, tip.received_at + urgent_claim, name});
  }
  std::stable_sort(view.clocks.begin(), view.clocks.end(),
                   [](const ClockView& left, const ClockView& right) { return left.received_at < right.received_at; });
  return view;
}

Result<http::Response> SupervisionHttp::Show(const http::Request&, const auth::Caller& caller) {
  const SupervisionView view =
      PL_TRY(database_.Read([this](store::ReadTransaction& transaction) { return Supervise(transaction, urgent_claim_, names_); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> SupervisionHttp::ShowVolumes(const http::Request&, const auth::Caller& caller) {
  const Instant now = clock_.Now();
  const VolumesView view =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return Volumes(transaction, now, names_); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

std::vector<http::Route> SupervisionHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "triage.", 0);
  routes.Add(http::Method::kGet, kVolumesPattern, "volumes", kMay, this, &SupervisionHttp::ShowVolumes);
  routes.Add(http::Method::kGet, kPattern, "supervision", kMay, this, &SupervisionHttp::Show);
  return routes.Take();
}

std::vector<http::ApiOperation> SupervisionHttp::Operations() {
  http::ApiOperations all("/api/v1/", "triage");
  all.Add(http::Method::kGet, kPattern, kMay, "Who has what, and which urgent reports nobody has looked at",
          http::SchemaFor<SupervisionView>(), {});
  all.Add(http::Method::kGet, kVolumesPattern, kMay, "How much each platform sends", http::SchemaFor<VolumesView>(), {});
  return all.Take();
}

}  // namespace porchlight::triage
