#include "triage/supervision.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "platform/http/api_routes.h"
#include "tipline/volumes.h"
#include "triage/rules.h"

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

constexpr store::Statement kUnclaimed{
    "triage.urgent_unclaimed",
    "SELECT id, received_at, organisation, claimed_by, claimed_until FROM triage_tips "
    "WHERE waiting = 1 AND urgent = 1 AND behind = $2 AND claimed_by IS NULL ORDER BY received_at, id LIMIT $1"};
constexpr store::Statement kClaimed{
    "triage.urgent_claimed",
    "SELECT id, received_at, organisation, claimed_by, claimed_until FROM triage_tips "
    "WHERE waiting = 1 AND urgent = 1 AND behind = $2 AND claimed_by IS NOT NULL ORDER BY received_at, id LIMIT $1"};
constexpr store::Statement kAges{
    "triage.waiting_ages",
    "SELECT level, COUNT(*), CAST(SUM(urgent) AS BIGINT) FROM (SELECT level, urgent FROM triage_tips WHERE waiting = 1 "
    "AND received_at >= $1 AND received_at < $2 ORDER BY received_at LIMIT $3) AS counted GROUP BY level"};

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::array<std::int64_t, 4> kAgeMinutes = {15, 60, 24 * 60, 7 * 24 * 60};

Result<std::vector<ClockView>> ClocksOf(store::ReadTransaction& transaction, const UrgentClocks& clocks, Instant now, const Names& names) {
  std::vector<ClockView> all;
  struct Part {
    const store::Statement& statement;
    bool behind;
  };
  // Those of a throttled sender that nobody has claimed have what room the others leave.
  for (const Part& part : {Part{kUnclaimed, false}, Part{kUnclaimed, true}, Part{kClaimed, false}, Part{kClaimed, true}}) {
    const bool leftover = part.behind && &part.statement == &kUnclaimed;
    const int room = leftover ? kClocksMax - static_cast<int>(all.size()) : kClocksMax;
    for (const store::Row& row : PL_TRY(transaction.All(part.statement, room, part.behind))) {
      ClockView clock;
      clock.report_id = {row.Integer(0)};
      clock.received_at = row.Time(1);
      std::optional<std::int64_t> account = row.OptionalInteger(3);
      // The sweep that ends old claims comes every minute.
      if (row.OptionalTime(4).value_or(now) <= now) account.reset();
      clock.needs = account ? ClockNeed::kAgency : ClockNeed::kLook;
      clock.due_at = clock.received_at + (account ? clocks.refer : clocks.claim);
      if (names.organisation) clock.organisation_name = names.organisation(row.Integer(2));
      if (account && names.account) clock.login = names.account(*account);
      all.push_back(std::move(clock));
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const ClockView& left, const ClockView& right) { return left.due_at < right.due_at; });
  return all;
}

Result<std::vector<AgeView>> AgesOf(store::ReadTransaction& transaction, Instant now) {
  std::vector<AgeView> ages;
  Instant to{std::numeric_limits<std::int64_t>::max()};   // Also what a clock that was set back takes for the future.
  for (std::size_t band = 0; band <= kAgeMinutes.size(); ++band) {
    AgeView age;
    Instant from{std::numeric_limits<std::int64_t>::min()};
    if (band < kAgeMinutes.size()) {
      age.minutes_below = kAgeMinutes.at(band);
      from = {now.microseconds - kAgeMinutes.at(band) * kMinute + 1};
    }
    const WaitingCount waiting = PL_TRY(CountWaiting(transaction, from, to));
    age.levels = waiting.levels;
    age.urgent = waiting.urgent;
    age.more = waiting.more;
    ages.push_back(std::move(age));
    to = from;
  }
  return ages;
}

// The day in the middle of those before today: one flood does not hide the next.
std::int64_t UsualOf(const std::vector<std::int64_t>& days) {
  std::vector<std::int64_t> before(days.begin(), days.end() - 1);
  const auto middle = before.begin() + static_cast<std::ptrdiff_t>(before.size() / 2);
  std::nth_element(before.begin(), middle, before.end());
  return *middle;
}

}  // namespace

Result<WaitingCount> CountWaiting(store::ReadTransaction& transaction, Instant from, Instant to) {
  WaitingCount count;
  count.levels.resize(kLevelLast);
  std::int64_t counted = 0;
  for (const store::Row& row : PL_TRY(transaction.All(kAges, from, to, kAgesCountedMax + 1))) {
    count.levels.at(static_cast<std::size_t>(row.Integer(0) - kLevelFirst)) = row.Integer(1);
    count.urgent += row.Integer(2);
    counted += row.Integer(1);
  }
  count.more = counted > kAgesCountedMax;
  return count;
}

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

Result<SupervisionView> Supervise(store::ReadTransaction& transaction, const UrgentClocks& clocks, Instant now, const Names& names) {
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
  view.clocks = PL_TRY(ClocksOf(transaction, clocks, now, names));
  view.ages = PL_TRY(AgesOf(transaction, now));
  return view;
}

std::vector<PlannedStatement> SupervisionStatements() {
  return {{kUnclaimed, "triage_tips_urgent"}, {kClaimed, "triage_tips_urgent"}, {kAges, "triage_tips_waiting"}};
}

Result<http::Response> SupervisionHttp::Show(const http::Request&, const auth::Caller& caller) {
  const Instant now = clock_.Now();
  const SupervisionView view =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return Supervise(transaction, clocks_, now, names_); }));
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
  all.Add(http::Method::kGet, kPattern, kMay, "Who has what, whose time runs out, and how long what waits has waited",
          http::SchemaFor<SupervisionView>(), {});
  all.Add(http::Method::kGet, kVolumesPattern, kMay, "How much each platform sends", http::SchemaFor<VolumesView>(), {});
  return all.Take();
}

}  // namespace porchlight::triage
