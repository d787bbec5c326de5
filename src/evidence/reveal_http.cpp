#include "evidence/reveal_http.h"

#include <map>

#include "base/text.h"
#include "platform/http/api_routes.h"
#include "platform/media/grey_png.h"

namespace porchlight::evidence {

namespace {

using http::Method;

constexpr std::string_view kMayReadExposure = "evidence.exposure.read";
constexpr int kDaysShown = 14;
constexpr std::int64_t kPeopleLeast = 3;   // Sums of fewer would be about somebody.

std::int64_t SecondsOf(Duration span) { return span.microseconds / Duration::Seconds(1).microseconds; }

struct DaySum {
  std::int64_t people = 0;
  std::int64_t near = 0;
  Exposure exposure;
};

ExposureDayView ViewOf(std::int64_t day, const DaySum& sum) {
  ExposureDayView view;
  view.day = FormatDate(BeginOfDay(day));
  view.people = sum.people;
  if (sum.people < kPeopleLeast) return view;
  view.reveals = sum.exposure.reveals;
  view.files = sum.exposure.files;
  view.unblurred = sum.exposure.unblurred;
  view.seconds = SecondsOf(sum.exposure.shown);
  view.near = sum.near;
  return view;
}

std::map<std::int64_t, DaySum, std::greater<>> SumByDay(const std::vector<PersonDay>& all, const ExposureLimits& limits) {
  std::map<std::int64_t, DaySum, std::greater<>> sums;
  for (const PersonDay& one : all) {
    DaySum& sum = sums[one.day];
    ++sum.people;
    if (IsNear(one.exposure, limits)) ++sum.near;
    sum.exposure.reveals += one.exposure.reveals;
    sum.exposure.files += one.exposure.files;
    sum.exposure.unblurred += one.exposure.unblurred;
    sum.exposure.shown.microseconds += one.exposure.shown.microseconds;
  }
  return sums;
}

}  // namespace

ExposureView ViewOf(const Exposure& exposure, const ExposureLimits& limits) {
  ExposureView view;
  view.reveals = exposure.reveals;
  view.files = exposure.files;
  view.unblurred = exposure.unblurred;
  view.seconds = SecondsOf(exposure.shown);
  view.files_max = limits.files_per_day;
  view.seconds_max = SecondsOf(limits.per_day);
  view.near = IsNear(exposure, limits);
  view.reached = NoNewFile(exposure, limits) || NoMoreTime(exposure, limits);
  return view;
}

Result<http::Response> RevealHttp::Reveal(const http::Request& request, const auth::Caller& caller) {
  const RevealRequest body = PL_TRY(http::BodyAs<RevealRequest>(request));
  const tipline::FileId file{PL_TRY(http::PathNumber(request, "file"))};
  const media::PreviewBlur blur = body.blur.value_or(media::PreviewBlur::kStrong);
  const Revealed revealed = PL_TRY(revealing_.Reveal(caller, file, body.purpose, blur, request.request_id));
  RevealView view;
  view.reveal = revealed.id;
  view.file = file;
  view.blur = blur;
  view.width = revealed.picture.size.width;
  view.height = revealed.picture.size.height;
  view.complete = revealed.complete;
  view.png = Base64Encode(media::WriteGreyPng(revealed.picture));
  view.hide_after_seconds = SecondsOf(revealing_.limits().once);
  view.file_reveals = revealed.file_reveals;
  view.exposure = ViewOf(revealed.exposure, revealing_.limits());
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> RevealHttp::End(const http::Request& request, const auth::Caller& caller) {
  const RevealId reveal{PL_TRY(http::PathNumber(request, "reveal"))};
  PL_TRY(revealing_.End(caller, reveal));
  return http::NoContent();
}

Result<http::Response> RevealHttp::ShowMine(const http::Request&, const auth::Caller& caller) {
  const Exposure exposure = PL_TRY(revealing_.ExposureOf(caller));
  return http::JsonResponse(200, ToJson(ViewOf(exposure, revealing_.limits()), caller.visibility));
}

Result<http::Response> RevealHttp::ShowAll(const http::Request&, const auth::Caller& caller) {
  const ExposureLimits& limits = revealing_.limits();
  const Instant now = clock_.Now();
  const std::int64_t today = DayOf(now);
  const std::vector<PersonDay> all = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) {
    return rows::ExposureSince(transaction, today - kDaysShown + 1, limits.once, now);
  }));
  ExposureOverview view;
  for (const auto& [day, sum] : SumByDay(all, limits)) view.days.push_back(ViewOf(day, sum));
  for (const PersonDay& one : all) {
    if (one.day != today) continue;
    view.people.push_back({one.account, login_ ? login_(one.account) : std::string(), ViewOf(one.exposure, limits)});
  }
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

std::vector<http::Route> RevealHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "evidence.", 4 * 1024);
  routes.Add(Method::kPost, "files/{id}/reveal", "file.reveal", kMayOpenFile, this, &RevealHttp::Reveal);
  routes.Add(Method::kPost, "reveals/{id}/end", "reveal.end", kMayOpenFile, this, &RevealHttp::End);
  routes.Add(Method::kGet, "exposure/mine", "exposure.mine", kMayOpenFile, this, &RevealHttp::ShowMine);
  routes.Add(Method::kGet, "exposure", "exposure.all", kMayReadExposure, this, &RevealHttp::ShowAll);
  return routes.Take();
}

std::vector<http::ApiOperation> RevealHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/", "evidence");
  ApiOperation& reveal = all.Add(Method::kPost, "files/{id}/reveal", kMayOpenFile,
                                 "Show a small, grey, blurred preview of a file that the gate leaves open; recorded and counted",
                                 http::SchemaFor<RevealView>(), {404, 413, 415, 422});
  reveal.parameters = {{"id", "path", "integer", "Our number of the file.", true}};
  reveal.request_schema = http::SchemaFor<RevealRequest>();
  ApiOperation& end = all.Add(Method::kPost, "reveals/{id}/end", kMayOpenFile, "Say that a preview is closed", {}, {404});
  end.parameters = {{"id", "path", "integer", "Number of the reveal.", true}};
  end.success_status = 204;
  all.Add(Method::kGet, "exposure/mine", kMayOpenFile, "What the caller has been shown today", http::SchemaFor<ExposureView>(), {});
  all.Add(Method::kGet, "exposure", kMayReadExposure, "How much staff are exposed to, in sums; for supervisors also by person",
          http::SchemaFor<ExposureOverview>(), {});
  return all.Take();
}

}  // namespace porchlight::evidence
