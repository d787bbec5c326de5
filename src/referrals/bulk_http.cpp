#include "referrals/bulk_http.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "platform/archive/archive.h"
#include "platform/http/api_routes.h"
#include "platform/http/query.h"
#include "referrals/bulk_export.h"

namespace porchlight::referrals {

namespace {

using http::Method;

constexpr std::string_view kMayRead = "referrals.delivery.read";
constexpr std::string_view kPackages = "packages";
constexpr std::string_view kExport = "export";

// Each once, in the order asked for.
Result<std::vector<DeliveryId>> IdsFrom(const http::Request& request, std::size_t count_max) {
  std::vector<DeliveryId> ids;
  const std::string_view text = request.Query("ids").value_or("");
  for (const std::string_view one : Split(text, ',')) {
    const std::optional<std::int64_t> id = ParseInteger(one);
    if (!id || *id < 1) return http::BadQuery("ids", "numbers of deliveries with commas between");
    if (std::find(ids.begin(), ids.end(), DeliveryId{*id}) == ids.end()) ids.push_back({*id});
  }
  if (ids.empty() || ids.size() > count_max) return http::BadQuery("ids", "1 to " + std::to_string(count_max) + " numbers");
  return ids;
}

// One archive of several packages, as it is sent.
class PackageArchive {
 public:
  PackageArchive(Packaging& packaging, Instant time) : packaging_(packaging), time_(time) {}

  void Add(const Delivery& delivery, const Package& package) {
    const std::string end = package.encrypted_to.empty() ? ".zip" : ".zip.p7m";
    const std::string name = "report-" + std::to_string(delivery.report.value) + "-package-" + std::to_string(package.number) + end;
    sums_ += HexEncode(package.sha256) + "  " + name + "\n";
    packages_.push_back({name, delivery.id, package});
  }
  void LeaveOut(const Delivery& delivery) { left_out_ += "report " + std::to_string(delivery.report.value) + ": a legal hold stands\n"; }

  std::uint64_t bytes() const {
    std::vector<archive::ZipEntry> entries;
    for (const Text& text : Texts()) entries.push_back({std::string(text.name), text.content.size()});
    for (const Entry& one : packages_) entries.push_back({one.name, static_cast<std::uint64_t>(one.package.object.bytes)});
    return archive::ArchiveBytes(entries);
  }

  // `begins`: before each package, which stops there when it fails.
  Result<void> Write(const http::BodySink& sink, const std::function<Result<void>(DeliveryId, const Package&)>& begins) const {
    archive::ZipWriter zip = PL_TRY(archive::ZipWriter::Start({time_, 0}, sink));
    for (const Text& text : Texts()) {
      PL_TRY(zip.Begin(text.name, text.content.size()));
      PL_TRY(zip.Write(text.content));
      PL_TRY(zip.End());
    }
    for (const Entry& one : packages_) {
      PL_TRY(begins(one.delivery, one.package));
      PL_TRY(zip.Begin(one.name, static_cast<std::uint64_t>(one.package.object.bytes)));
      PL_TRY(packaging_.Read(one.package, [&](std::string_view piece) { return zip.Write(piece); }));
      PL_TRY(zip.End());
    }
    PL_TRY(zip.Finish([](std::string_view) { return Result<std::string>(std::string()); }));
    return {};
  }

 private:
  struct Entry {
    std::string name;
    DeliveryId delivery;
    Package package;
  };
  struct Text {
    std::string_view name;
    std::string_view content;
  };
  std::vector<Text> Texts() const {
    std::vector<Text> texts = {{"SHA256SUMS", sums_}};
    if (!left_out_.empty()) texts.push_back({"left-out.txt", left_out_});
    return texts;
  }

  Packaging& packaging_;
  const Instant time_;
  std::vector<Entry> packages_;
  std::string sums_;
  std::string left_out_;
};

}  // namespace

// One that is not theirs answers for all as one that does not exist.
Result<BulkHttp::Held> BulkHttp::Find(const auth::Caller& caller, const std::vector<DeliveryId>& ids) {
  return database_.Read([&](store::ReadTransaction& transaction) -> Result<Held> {
    Held found;
    for (const DeliveryId id : ids) {
      Delivery delivery = PL_TRY(FindDeliveryFor(transaction, caller, id));
      const Result<void> free = RefuseWhileHeld(transaction, delivery);
      if (!free.ok() && free.error().code != ErrorCode::kConflict) return free.error();
      (free.ok() ? found.free : found.held).push_back(std::move(delivery));
    }
    return found;
  });
}

Result<http::Response> BulkHttp::Packages(const http::Request& request, const auth::Caller& caller) {
  const std::vector<DeliveryId> ids = PL_TRY(IdsFrom(request, kPackagesAtOnce));
  const Held found = PL_TRY(Find(caller, ids));
  const auto all = std::make_shared<PackageArchive>(packaging_, clock_.Now());
  for (const Delivery& one : found.held) all->LeaveOut(one);
  for (const Delivery& one : found.free) {
    const Package package = PL_TRY(packaging_.EnsurePackage(one.id));
    all->Add(one, package);
  }
  http::Response response;
  response.content_type = "application/zip";
  response.headers.Set("Content-Disposition", "attachment; filename=\"packages.zip\"");
  response.stream_bytes = static_cast<std::int64_t>(all->bytes());
  // Each counts when its bytes are about to go, and is not sent when a hold was placed or it was taken back meanwhile.
  response.stream = [this, all, caller, id = request.request_id](const http::BodySink& sink) {
    return all->Write(sink, [&](DeliveryId delivery, const Package& package) -> Result<void> {
      PL_TRY(actions_.NoteDownload(caller, delivery, package.number, id));
      return {};
    });
  };
  return response;
}

Result<http::Response> BulkHttp::Export(const http::Request& request, const auth::Caller& caller) {
  const std::vector<DeliveryId> ids = PL_TRY(IdsFrom(request, kReportsAtOnce));
  const std::string_view format = request.Query("format").value_or("csv");
  if (format != "csv" && format != "json") return http::BadQuery("format", "csv or json");
  const Held found = PL_TRY(Find(caller, ids));
  Json reports{Json::Array{}};
  std::string rows = ExportHead();
  for (const Delivery& one : found.free) {
    const auto read = [&](store::ReadTransaction& transaction) { return reader_.Read(transaction, one); };
    const DeliveryContent content = PL_TRY(database_.Read(read));
    Json report = ToJson(content.report, caller.visibility);
    if (format == "csv") rows += ExportRows(report);
    else reports.Append(std::move(report));
  }
  Json held{Json::Array{}};
  for (const Delivery& one : found.held) {
    held.Append(one.report.value);
    rows += ExportHeld(one.report.value);
  }
  // All are read before any is marked, so that what cannot be read stays unread; recorded before it is answered.
  for (const Delivery& one : found.free) {
    if (request.method != Method::kHead) PL_TRY(actions_.Open(caller, one.id, request.request_id));
  }
  http::Response response;
  const bool as_rows = format == "csv";
  response.content_type = as_rows ? "text/csv; charset=utf-8" : "application/json";
  response.headers.Set("Content-Disposition", as_rows ? "attachment; filename=\"reports.csv\"" : "attachment; filename=\"reports.json\"");
  response.body = as_rows ? std::move(rows) : Json().Set("reports", std::move(reports)).Set("held", std::move(held)).Serialize();
  return response;
}

std::vector<http::Route> BulkHttp::Routes() {
  http::ApiRoutes routes("/api/v1/agency/", "referrals.agency.", 0);
  routes.Add(Method::kGet, kPackages, "packages", kMayRead, this, &BulkHttp::Packages);
  routes.Add(Method::kGet, kExport, "export", kMayRead, this, &BulkHttp::Export);
  return routes.Take();
}

std::vector<http::ApiOperation> BulkHttp::Operations() {
  http::ApiOperations all("/api/v1/agency/", "agency");
  const http::ApiParameter ids{"ids", "query", "string", "Numbers of deliveries with commas between.", true};
  http::ApiOperation& packages = all.Add(Method::kGet, kPackages, kMayRead,
                                         "Up to 50 packages in one archive, with their digests; each counts as downloaded", {}, {404, 422});
  packages.parameters = {ids};
  packages.response_type = "application/zip";
  http::ApiOperation& exported = all.Add(Method::kGet, kExport, kMayRead,
                                         "The data of up to 200 reports as a table or as JSON; each counts as read", {}, {404, 422});
  exported.parameters = {ids, {"format", "query", "string", "csv, a row for each datum, or json; default csv.", false}};
  exported.response_type = "text/csv";
  return all.Take();
}

}  // namespace porchlight::referrals
