#include "synthetic/reporting_client.h"

#include <utility>

#include "base/text.h"

namespace porchlight::synthetic {
namespace {

// No generated text or file holds it: the mark of our files is in other words.
constexpr std::string_view kBoundary = "------------------------porchlight7f3e9c20d1b84a65";
constexpr std::string_view kUrlEncoded = "application/x-www-form-urlencoded";

// The text of the first such element. Replies are flat and one level deep; anything else is no reply of the API.
std::string_view TextOf(std::string_view document, std::string_view element) {
  const std::string open = "<" + std::string(element) + ">";
  const std::size_t begin = document.find(open);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = document.find("</", begin);
  if (end == std::string_view::npos) return {};
  return Trim(document.substr(begin + open.size(), end - begin - open.size()));
}

std::string PartNameFor(const Provider& provider, const SyntheticFile& file) {
  switch (provider.habit.part_name) {
    case PartName::kBaseName: return file.name;
    case PartName::kTemporaryPath: return "/var/tmp/upload/" + file.name;
    case PartName::kBlob: return "blob";
    case PartName::kQuoted: return "Fête (1) " + file.name;
  }
  return file.name;
}

std::string MultipartType() { return "multipart/form-data; boundary=" + std::string(kBoundary); }

}  // namespace

std::string_view NameOf(Call call) {
  switch (call) {
    case Call::kSubmit: return "submit";
    case Call::kUpload: return "upload";
    case Call::kFileDetails: return "fileinfo";
    case Call::kFinish: return "finish";
    case Call::kRetract: return "retract";
    case Call::kOther: return "other";
  }
  return "";
}

Reply ReadReply(const http::ClientResponse& response) {
  Reply reply;
  reply.answered = true;
  reply.status = response.status;
  reply.code = ParseInteger(TextOf(response.body, "responseCode")).value_or(-1);
  reply.report_id = ParseInteger(TextOf(response.body, "reportId")).value_or(0);
  reply.file_id = std::string(TextOf(response.body, "fileId"));
  return reply;
}

TransportFactory NetworkTransport() {
  return [] {
    return [client = std::make_shared<http::Client>()](const http::ClientRequest& request) {
      return client->Send(request);
    };
  };
}

ReportingClient::ReportingClient(const Endpoint& endpoint, Transport transport, const Clock& clock)
    : endpoint_(endpoint), transport_(std::move(transport)), clock_(clock) {
  while (endpoint_.base_url.ends_with('/')) endpoint_.base_url.pop_back();
}

Reply ReportingClient::Send(http::Method method, std::string_view path, std::string_view content_type,
                            std::string body) {
  http::ClientRequest request;
  request.method = method;
  request.url = endpoint_.base_url + "/ispws" + std::string(path);
  if (!content_type.empty()) request.headers.Add("Content-Type", std::string(content_type));
  request.body = std::move(body);
  request.user = endpoint_.login;
  request.password = endpoint_.password;
  request.time_max = endpoint_.time_max;
  const Duration started = clock_.Monotonic();
  const Result<http::ClientResponse> response = transport_(request);
  Reply reply;
  if (response.ok()) reply = ReadReply(*response);
  reply.took = {clock_.Monotonic().microseconds - started.microseconds};
  return reply;
}

Reply ReportingClient::SendForm(const Provider& provider, std::string_view path, std::int64_t report_id) {
  const std::string id = std::to_string(report_id);
  if (provider.habit.forms == FormEncoding::kUrlEncoded) {
    return Send(http::Method::kPost, path, kUrlEncoded, "id=" + id);
  }
  return Send(http::Method::kPost, path, MultipartType(), http::EncodeMultipart({{"id", "", "", id}}, kBoundary));
}

Reply ReportingClient::Submit(const Provider& provider, std::string document) {
  return Send(http::Method::kPost, "/submit", provider.habit.document_type, std::move(document));
}

Reply ReportingClient::Upload(const Provider& provider, std::int64_t report_id, const SyntheticFile& file) {
  const std::string type = provider.habit.typed_parts ? file.media_type : "application/octet-stream";
  return Send(http::Method::kPost, "/upload", MultipartType(),
              http::EncodeMultipart({{"id", "", "", std::to_string(report_id)},
                                     {"file", PartNameFor(provider, file), type, file.bytes}},
                                    kBoundary));
}

Reply ReportingClient::Describe(const Provider& provider, std::string document) {
  return Send(http::Method::kPost, "/fileinfo", provider.habit.document_type, std::move(document));
}

Reply ReportingClient::Finish(const Provider& provider, std::int64_t report_id) {
  return SendForm(provider, "/finish", report_id);
}

Reply ReportingClient::Retract(const Provider& provider, std::int64_t report_id) {
  return SendForm(provider, "/retract", report_id);
}

Reply ReportingClient::ReadSchema() {
  // The schema has no response code; its status alone counts.
  Reply reply = Send(http::Method::kGet, "/xsd", "", "");
  if (reply.answered && reply.status == 200) reply.code = 0;
  return reply;
}

}  // namespace porchlight::synthetic
