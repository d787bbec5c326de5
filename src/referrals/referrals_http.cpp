#include "referrals/referrals_http.h"

#include <algorithm>

#include "directory/organisations.h"
#include "platform/audit/audit.h"
#include "platform/http/api_routes.h"
#include "referrals/content_of.h"
#include "referrals/delivery_rows.h"
#include "referrals/staff_view_of.h"
#include "referrals/views.h"

namespace porchlight::referrals {

namespace {

using http::Method;
using tipline::ReportId;

constexpr std::size_t kBodyBytesMax = 16 * 1024;
constexpr std::string_view kMayReadRouting = "referrals.routing.read";
constexpr std::string_view kMayRefer = "referrals.report.refer";
constexpr std::string_view kMayRevoke = "referrals.delivery.revoke";
constexpr std::string_view kMayListAgencies = "referrals.agency.list";
constexpr std::string_view kMayWriteAgencies = "referrals.agency.write";

std::vector<std::int64_t> Numbers(const std::vector<std::size_t>& numbers) { return {numbers.begin(), numbers.end()}; }

std::vector<ChoiceView> ViewsOf(const std::vector<Choice>& choices, const AgencyNames& names) {
  std::vector<ChoiceView> views;
  for (const Choice& one : choices) views.push_back({one.agency, names.NameOf(one.agency), one.primary, Numbers(one.candidates)});
  return views;
}

DecisionView ViewOf(const Decision& decision, const AgencyNames& names, const std::function<std::string(std::int64_t)>& login) {
  DecisionView view;
  view.number = decision.number;
  view.at = decision.at;
  view.account = decision.account;
  if (decision.account != 0 && login) view.account_login = login(decision.account);
  view.cause = decision.cause;
  view.reason = decision.reason;
  view.confidence = decision.confidence;
  view.routing_version = decision.routing_version;
  view.agencies_version = decision.agencies_version;
  view.geo_version = decision.geo_version;
  for (const PlaceEvidence& one : decision.evidence) view.evidence.push_back(ViewOf(one));
  view.evidence_left_out = decision.evidence_left_out;
  for (const Candidate& one : decision.candidates) {
    view.candidates.push_back({one.place.country, one.place.region, one.whose, one.weight, Numbers(one.evidence)});
  }
  view.proposed = ViewsOf(decision.proposed, names);
  view.chosen = ViewsOf(decision.chosen, names);
  return view;
}

AgencyView ViewOf(const AgencyRow& row, const AgencyTable& table) {
  AgencyView view;
  view.code = row.code;
  view.name = row.name;
  view.kind = row.kind;
  view.listed = row.listed;
  if (row.organisation) view.organisation = row.organisation->value;
  const Agency* agency = table.Find(row.code);
  if (agency == nullptr) return view;
  view.contact = agency->contact;
  view.urgent_phone = agency->urgent_phone;
  for (const ServedPlace& served : agency->serves) {
    view.serves.push_back(served.place.country + (served.place.region.empty() ? "" : "-") + served.place.region);
  }
  return view;
}

}  // namespace

Result<RoutingView> ReferralsHttp::RoutingOf(store::ReadTransaction& transaction, ReportId report) const {
  const std::vector<AgencyRow> agencies = PL_TRY(rows::ListAgencies(transaction));
  const AgencyNames names(agencies, referring_.agencies());
  RoutingView view;
  view.report_id = report;
  view.proposal = ViewOf(PL_TRY(referring_.Assess(transaction, report)), names, login_);
  std::vector<Decision> decisions = PL_TRY(rows::DecisionsOf(transaction, report));
  for (auto one = decisions.rbegin(); one != decisions.rend(); ++one) view.decisions.push_back(ViewOf(*one, names, login_));
  for (const Delivery& one : PL_TRY(rows::DeliveriesOf(transaction, report))) view.deliveries.push_back(ViewOf(one, names));
  return view;
}

Result<http::Response> ReferralsHttp::ShowRouting(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const RoutingView view = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return RoutingOf(transaction, report); }));
  audit::Entry entry;
  entry.action = "referrals.routing.read";
  entry.subject_kind = "report";
  entry.subject = report.value;
  entry.purpose = "referral";
  entry.request_id = request.request_id;
  PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return audit::Record(transaction, caller, entry, clock_.Now()); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> ReferralsHttp::Refer(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const ReferRequest body = PL_TRY(http::BodyAs<ReferRequest>(request));
  PL_TRY(referring_.Refer(caller, report, body.agencies, body.reason.value_or(""), request.request_id));
  const RoutingView view = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return RoutingOf(transaction, report); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> ReferralsHttp::AddAgency(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const AddAgencyRequest body = PL_TRY(http::BodyAs<AddAgencyRequest>(request));
  PL_TRY(referring_.Add(caller, report, body.agency, body.reason, request.request_id));
  const RoutingView view = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return RoutingOf(transaction, report); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> ReferralsHttp::CloseUnplaced(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  PL_TRY(referring_.CloseUnplaced(caller, report, request.request_id));
  const RoutingView view = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return RoutingOf(transaction, report); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> ReferralsHttp::Revoke(const http::Request& request, const auth::Caller& caller) {
  const DeliveryId id{PL_TRY(http::PathNumber(request, "delivery"))};
  const RevokeRequest body = PL_TRY(http::BodyAs<RevokeRequest>(request));
  const Delivery revoked = PL_TRY(referring_.Revoke(caller, id, body.reason, request.request_id));
  const auto read = [&](store::ReadTransaction& transaction) -> Result<StaffDeliveryView> {
    const std::vector<AgencyRow> agencies = PL_TRY(rows::ListAgencies(transaction));
    return ViewOf(revoked, AgencyNames(agencies, referring_.agencies()));
  };
  const StaffDeliveryView view = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> ReferralsHttp::ListAgencies(const http::Request&, const auth::Caller& caller) {
  const AgencyTable& table = referring_.agencies();
  AgencyListView view;
  view.version = table.version;
  for (const AgencyRow& row : PL_TRY(database_.Read(rows::ListAgencies))) {
    if (row.listed || row.organisation) view.items.push_back(ViewOf(row, table));
  }
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> ReferralsHttp::SetOrganisation(const http::Request& request, const auth::Caller& caller) {
  const std::string code(request.PathValue("code"));
  const AgencyOrganisationRequest body = PL_TRY(http::BodyAs<AgencyOrganisationRequest>(request));
  const auto set = [&](store::WriteTransaction& transaction) -> Result<AgencyView> {
    std::optional<AgencyRow> agency = PL_TRY(rows::FindAgency(transaction, code));
    if (!agency) return Error{ErrorCode::kNotFound, "There is no such agency.", {}, "agency", 0};
    std::optional<auth::OrganisationId> organisation;
    if (body.organisation != 0) {
      const Result<directory::Organisation> found = directory::FindOrganisation(transaction, {body.organisation});
      if (!found.ok()) return Error{ErrorCode::kInvalidArgument, "There is no such organisation.", {}, "/organisation", 0};
      // Law: a platform that reported would see what became of its users.
      if (found->kind == "esp") return Error{ErrorCode::kInvalidArgument, "A platform stands for no agency.", {}, "/organisation", 0};
      organisation = found->id;
    }
    PL_TRY(rows::SetOrganisation(transaction, agency->id, organisation));
    audit::Entry entry;
    entry.action = "referrals.agency.organisation";
    entry.subject_kind = "agency";
    entry.subject = agency->id.value;
    entry.detail = Json().Set("from", agency->organisation ? agency->organisation->value : 0).Set("to", body.organisation).Serialize();
    entry.request_id = request.request_id;
    PL_TRY(audit::Record(transaction, caller, entry, clock_.Now()));
    agency->organisation = organisation;
    return ViewOf(*agency, referring_.agencies());
  };
  const AgencyView view = PL_TRY(database_.Write(set));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

std::vector<http::Route> ReferralsHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "referrals.", kBodyBytesMax);
  routes.Add(Method::kGet, "tips/{id}/routing", "routing.show", kMayReadRouting, this, &ReferralsHttp::ShowRouting);
  routes.Add(Method::kPost, "tips/{id}/refer", "report.refer", kMayRefer, this, &ReferralsHttp::Refer);
  routes.Add(Method::kPost, "tips/{id}/agencies", "report.add_agency", kMayRefer, this, &ReferralsHttp::AddAgency);
  routes.Add(Method::kPost, "tips/{id}/close-unplaced", "report.close_unplaced", kMayRevoke, this, &ReferralsHttp::CloseUnplaced);
  routes.Add(Method::kPost, "deliveries/{id}/revoke", "delivery.revoke", kMayRevoke, this, &ReferralsHttp::Revoke);
  routes.Add(Method::kGet, "agencies", "agency.list", kMayListAgencies, this, &ReferralsHttp::ListAgencies);
  routes.Add(Method::kPost, "agencies/{code}/organisation", "agency.organisation", kMayWriteAgencies, this,
             &ReferralsHttp::SetOrganisation);
  return routes.Take();
}

std::vector<http::ApiOperation> ReferralsHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/", "referrals");
  const http::ApiParameter report{"id", "path", "integer", "Number of the report.", true};
  const http::ApiParameter delivery{"id", "path", "integer", "Number of the delivery.", true};
  const http::ApiParameter code{"code", "path", "string", "Code of the agency.", true};
  all.Add(Method::kGet, "tips/{id}/routing", kMayReadRouting, "Where the report may go and why, what was decided, and who has it",
      http::SchemaFor<RoutingView>(), {404})
      .parameters = {report};
  ApiOperation& refer = all.Add(Method::kPost, "tips/{id}/refer", kMayRefer, "Refer a claimed report to agencies",
                            http::SchemaFor<RoutingView>(), {404, 409, 422});
  refer.parameters = {report};
  refer.request_schema = http::SchemaFor<ReferRequest>();
  ApiOperation& more = all.Add(Method::kPost, "tips/{id}/agencies", kMayRefer, "Make a referred report available to one more agency",
                           http::SchemaFor<RoutingView>(), {404, 409, 422});
  more.parameters = {report};
  more.request_schema = http::SchemaFor<AddAgencyRequest>();
  all.Add(Method::kPost, "tips/{id}/close-unplaced", kMayRevoke, "Close a report that was handed over and that nobody has any more",
      http::SchemaFor<RoutingView>(), {404, 409})
      .parameters = {report};
  ApiOperation& revoke = all.Add(Method::kPost, "deliveries/{id}/revoke", kMayRevoke, "Take a delivery back",
                             http::SchemaFor<StaffDeliveryView>(), {404, 409, 422});
  revoke.parameters = {delivery};
  revoke.request_schema = http::SchemaFor<RevokeRequest>();
  all.Add(Method::kGet, "agencies", kMayListAgencies, "The directory of agencies", http::SchemaFor<AgencyListView>(), {});
  ApiOperation& organisation = all.Add(Method::kPost, "agencies/{code}/organisation", kMayWriteAgencies,
                                   "Say whose officers sign in for an agency", http::SchemaFor<AgencyView>(), {404, 409, 422});
  organisation.parameters = {code};
  organisation.request_schema = http::SchemaFor<AgencyOrganisationRequest>();
  return all.Take();
}

}  // namespace porchlight::referrals
