#include "deconfliction/interests_http.h"

#include "base/text.h"
#include "deconfliction/interest_rows.h"
#include "platform/http/api_routes.h"
#include "platform/http/query.h"

namespace porchlight::deconfliction {

namespace {

using http::Method;

constexpr std::size_t kBodyBytesMax = 8 * 1024;
constexpr int kPage = 50;
constexpr std::string_view kMayRead = "deconfliction.interest.read";
constexpr std::string_view kMayWrite = "deconfliction.interest.write";

Result<std::int64_t> AfterIn(const http::Request& request) {
  const auto text = http::QueryText(request, "after");
  if (!text) return 0;
  const std::optional<std::int64_t> number = ParseInteger(*text);
  if (!number || *number < 1) return http::BadQuery("after", "next_after of the page before");
  return *number;
}

// The next page goes on below the last number of this one.
template <class Item>
std::optional<std::string> NextAfter(const std::vector<Item>& items) {
  return items.size() == static_cast<std::size_t>(kPage) ? std::optional(std::to_string(items.back().id.value)) : std::nullopt;
}

}  // namespace

Result<InterestView> InterestsHttp::ViewOf(store::ReadTransaction& transaction, const Interest& interest) const {
  const GivenIdentifier given = PL_TRY(interests_.Unseal(interest));
  InterestView view;
  view.id = interest.id;
  view.kind = interest.kind;
  view.value = given.value;
  view.service = given.service;
  view.reference = interest.reference;
  view.contact_name = interest.contact_name;
  view.contact_phone = interest.contact_phone;
  view.opened_at = interest.opened_at;
  view.until = interest.withdrawn_at.value_or(interest.until);
  view.open = interest.StandsAt(clock_.Now());
  view.meetings = PL_TRY(rows::CountMeetings(transaction, interest.id));
  return view;
}

Result<http::Response> InterestsHttp::List(const http::Request& request, const auth::Caller& caller) {
  const std::int64_t before = PL_TRY(AfterIn(request));
  const auto read = [&](store::ReadTransaction& transaction) -> Result<InterestPage> {
    const std::string agency = PL_TRY(interests_.AgencyOf(transaction, caller));
    InterestPage page;
    for (const Interest& one : PL_TRY(rows::ListInterests(transaction, agency, before, kPage))) {
      page.items.push_back(PL_TRY(ViewOf(transaction, one)));
    }
    page.next_after = NextAfter(page.items);
    return page;
  };
  return http::JsonResponse(200, ToJson(PL_TRY(database_.Read(read)), caller.visibility));
}

Result<http::Response> InterestsHttp::Answer(int status, const Interest& interest, const auth::Caller& caller) const {
  const InterestView view = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return ViewOf(transaction, interest); }));
  return http::JsonResponse(status, ToJson(view, caller.visibility));
}

Result<http::Response> InterestsHttp::Open(const http::Request& request, const auth::Caller& caller) {
  const InterestRequest body = PL_TRY(http::BodyAs<InterestRequest>(request));
  NewInterest wanted;
  wanted.kind = body.kind;
  wanted.value = body.value;
  wanted.service = body.service.value_or("");
  wanted.reference = body.reference;
  wanted.contact_name = body.contact_name;
  wanted.contact_phone = body.contact_phone;
  wanted.days = body.days.value_or(wanted.days);
  return Answer(200, PL_TRY(interests_.Open(caller, wanted, request.request_id)), caller);
}

Result<http::Response> InterestsHttp::Withdraw(const http::Request& request, const auth::Caller& caller) {
  const InterestId id{PL_TRY(http::PathNumber(request, "interest"))};
  return Answer(200, PL_TRY(interests_.Withdraw(caller, id, request.request_id)), caller);
}

Result<http::Response> InterestsHttp::ListMeetings(const http::Request& request, const auth::Caller& caller) {
  const std::int64_t before = PL_TRY(AfterIn(request));
  const auto read = [&](store::ReadTransaction& transaction) -> Result<NoticePage> {
    const std::string agency = PL_TRY(interests_.AgencyOf(transaction, caller));
    NoticePage page;
    for (const Meeting& one : PL_TRY(rows::MeetingsWith(transaction, agency, before, kPage))) {
      page.items.push_back(PL_TRY(notices_.To(transaction, one, agency)));
    }
    page.next_after = NextAfter(page.items);
    return page;
  };
  return http::JsonResponse(200, ToJson(PL_TRY(database_.Read(read)), caller.visibility));
}

std::vector<http::Route> InterestsHttp::Routes() {
  http::ApiRoutes routes("/api/v1/agency/", "deconfliction.agency.", kBodyBytesMax);
  routes.Add(Method::kGet, "interests", "interests", kMayRead, this, &InterestsHttp::List);
  routes.Add(Method::kPost, "interests", "open", kMayWrite, this, &InterestsHttp::Open);
  routes.Add(Method::kPost, "interests/{id}/withdraw", "withdraw", kMayWrite, this, &InterestsHttp::Withdraw);
  routes.Add(Method::kGet, "meetings", "meetings", kMayRead, this, &InterestsHttp::ListMeetings);
  return routes.Take();
}

std::vector<http::ApiOperation> InterestsHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/agency/", "agency");
  const http::ApiParameter after{"after", "query", "integer", "next_after of the page before.", false};
  all.Add(Method::kGet, "interests", kMayRead, "In whom your agency has said that it has an interest", http::SchemaFor<InterestPage>(), {409, 422})
      .parameters = {after};
  ApiOperation& open = all.Add(Method::kPost, "interests", kMayWrite, "Say that your agency works on somebody, or renew that",
                           http::SchemaFor<InterestView>(), {409, 422});
  open.request_schema = http::SchemaFor<InterestRequest>();
  all.Add(Method::kPost, "interests/{id}/withdraw", kMayWrite, "End an interest", http::SchemaFor<InterestView>(), {404, 409})
      .parameters = {{"id", "path", "integer", "Number of the interest.", true}};
  all.Add(Method::kGet, "meetings", kMayRead, "Which other agencies your agency is to call", http::SchemaFor<NoticePage>(), {409, 422})
      .parameters = {after};
  return all.Take();
}

}  // namespace porchlight::deconfliction
