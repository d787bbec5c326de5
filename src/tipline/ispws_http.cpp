#include "tipline/ispws_http.h"

#include "base/text.h"
#include "platform/http/form.h"
#include "tipline/ispws_answer.h"
#include "tipline/ispws_upload.h"

namespace porchlight::tipline {

namespace {

using wire::Code;
using wire::Endpoint;

constexpr std::string_view kPermission = "tipline.file";
constexpr std::size_t kFormBytesMax = 64 * 1024;
constexpr std::int64_t kFormOverheadBytes = 1024 * 1024;    // Parts and headers around the file itself.
constexpr std::size_t kIdempotencyKeyBytesMax = 255;

Code NotAllowedAt(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kStatus:
    case Endpoint::kXsd: return Code::kNotAuthorized;
    case Endpoint::kSubmit: return Code::kNotAuthorizedForSubmissions;
    case Endpoint::kUpload:
    case Endpoint::kFileInfo:
    case Endpoint::kFinish:
    case Endpoint::kRetract: return Code::kNotAuthorizedForUpdates;
  }
  return Code::kNotAuthorized;
}

Code TooLargeAt(Endpoint endpoint) {
  if (endpoint == Endpoint::kSubmit || endpoint == Endpoint::kFileInfo) return Code::kMalformedXml;
  return endpoint == Endpoint::kUpload ? Code::kMalformedFile : Code::kInvalidRequest;
}

// What the http layer refuses before any handler of ours is asked.
http::Response RefusedByServer(Endpoint endpoint, const Error& error) {
  const auto code = [&] {
    switch (error.code) {
      case ErrorCode::kUnauthenticated:
      case ErrorCode::kTooManyRequests: return Code::kAuthenticationRequired;
      case ErrorCode::kForbidden: return NotAllowedAt(endpoint);
      case ErrorCode::kTooLarge: return TooLargeAt(endpoint);
      case ErrorCode::kNotFound: return Code::kResourceNotFound;
      case ErrorCode::kMalformed:
      case ErrorCode::kInvalidArgument:
      case ErrorCode::kUnsupported:
      case ErrorCode::kConflict:
      case ErrorCode::kTimeout: return Code::kInvalidRequest;
      case ErrorCode::kUnavailable:
      case ErrorCode::kNoSpace:
      case ErrorCode::kInternal:
      case ErrorCode::kCorrupt: return Code::kServerError;
    }
    return Code::kServerError;
  }();
  std::string description(wire::LabelOf(code));
  if (!error.public_text.empty()) description += "\n" + error.public_text;
  return Refused(endpoint, {code, description, std::nullopt, {}, {}}, http::StatusFor(error.code));
}

http::Refusal RefusalAt(Endpoint endpoint) {
  return [endpoint](const http::RequestHead&, const Error& error) { return RefusedByServer(endpoint, error); };
}

// The `id` of a finish or retract, in either form encoding.
Result<ReportId> ReportIdOf(const http::Request& request) {
  const auto fields = PL_TRY(http::ParseForm(request));
  const auto field = fields.find("id");
  if (field == fields.end()) {
    return Error{ErrorCode::kInvalidArgument, "The form has no field named id.", {}, "id", 0};
  }
  const std::optional<std::int64_t> id = ParseInteger(Trim(field->second));
  if (!id) return Error{ErrorCode::kInvalidArgument, "The field id must be the number of a report.", {}, "id", 0};
  return ReportId{*id};
}

http::Response BadForm(Endpoint endpoint, const Error& error) {
  std::string description = std::string(wire::LabelOf(Code::kInvalidRequest)) + "\n" + error.public_text;
  return Refused(endpoint, {Code::kInvalidRequest, std::move(description), std::nullopt, {}, {}});
}

http::Response AnswerTo(const Result<IntakeStore::Opened>& opened) {
  if (!opened.ok()) return RefusedBy(Endpoint::kSubmit, opened.error(), std::nullopt, Code::kSaveFailed);
  return Accepted({Code::kSuccess, {}, opened->report.value, {}, {}});
}

}  // namespace

http::Response XmlResponse(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.content_type = "application/xml;charset=UTF-8";
  response.body = std::move(body);
  return response;
}

http::Response Accepted(const wire::Reply& reply) { return XmlResponse(200, wire::ReportResponse(reply)); }

http::Response Refused(Endpoint endpoint, const wire::Reply& reply, int status) {
  wire::HttpAnswer answer = wire::AnswerRefusal(endpoint, reply);
  return XmlResponse(status == 0 ? answer.status : status, std::move(answer.body));
}

http::Response RefusedBy(Endpoint endpoint, const Error& error, std::optional<std::int64_t> report, Code otherwise) {
  const Code code = CodeOf(error, otherwise);
  std::string description(wire::LabelOf(code));
  if (!error.public_text.empty()) description += "\n" + error.public_text;
  // An idempotency key that stands for another document is a conflict for whoever speaks HTTP.
  const bool key_conflict = error.code == ErrorCode::kConflict && code == Code::kInvalidRequest;
  const int status = code == otherwise || key_conflict || error.code == ErrorCode::kTooLarge ? http::StatusFor(error.code) : 0;
  http::Response response = Refused(endpoint, {code, std::move(description), report, {}, {}}, status);
  if (error.retry_after_seconds > 0) response.headers.Set("Retry-After", std::to_string(error.retry_after_seconds));
  return response;
}

http::Response IspwsHttp::Status(const http::Request& request, const auth::Caller& caller) const {
  return Accepted({Code::kSuccess, "Remote User : " + caller.login + ", Remote Ip : " + request.peer_address, std::nullopt, {}, {}});
}

http::Response IspwsHttp::Submit(const http::Request& request, const auth::Caller& caller) {
  const wire::Reading<wire::ReportFacts> reading = reader_.ReadReport(request.body, clock_.Now());
  if (!reading.facts) {
    return Refused(Endpoint::kSubmit, {reading.refusal->code, reading.refusal->Description(), std::nullopt, {}, {}});
  }
  const std::string_view key = request.headers.Find("Idempotency-Key").value_or("");
  if (key.size() > kIdempotencyKeyBytesMax) {
    return BadForm(Endpoint::kSubmit, {ErrorCode::kInvalidArgument, "Idempotency-Key is longer than 255 bytes.", {}, {}, 0});
  }
  const IntakeStore::Submission submission{request.body, *reading.facts, ReportSource::kPlatform, {}, key, request.request_id, false};
  if (!key.empty()) return AnswerTo(intake_.Submit(caller, submission));
  return AnswerLater<IntakeStore::Opened>(intake_.SubmitLater(caller, submission), AnswerTo);
}

http::Response IspwsHttp::FileInfo(const http::Request& request, const auth::Caller& caller) {
  const wire::Reading<wire::FileFacts> reading = reader_.ReadFileDetails(request.body, clock_.Now());
  if (!reading.facts) {
    return Refused(Endpoint::kFileInfo, {reading.refusal->code, reading.refusal->Description(), std::nullopt, {}, {}});
  }
  const std::int64_t report = reading.facts->report_id;
  return AnswerLater<void>(
      intake_.DescribeFileLater(caller, *reading.facts, request.body, request.request_id),
      [report, file = reading.facts->wire_file_id](const Result<void>& described) {
        if (!described.ok()) return RefusedBy(Endpoint::kFileInfo, described.error(), report, Code::kUpdateFailed);
        return Accepted({Code::kSuccess, {}, report, file, {}});
      });
}

http::Response IspwsHttp::Finish(const http::Request& request, const auth::Caller& caller) {
  const Result<ReportId> id = ReportIdOf(request);
  if (!id.ok()) return BadForm(Endpoint::kFinish, id.error());
  return AnswerLater<IntakeStore::Finished>(
      intake_.FinishLater(caller, *id, request.request_id),
      [this, caller, id = *id](const Result<IntakeStore::Finished>& finished) { return AnswerToFinish(caller, id, finished); });
}

http::Response IspwsHttp::AnswerToFinish(const auth::Caller& caller, ReportId id, const Result<IntakeStore::Finished>& finished) {
  if (finished.ok()) return XmlResponse(200, wire::ReportDoneResponse(Code::kSuccess, {}, id.value, finished->file_ids));
  if (CodeOf(finished.error(), Code::kUpdateFailed) != Code::kReportAlreadyFinished) {
    return RefusedBy(Endpoint::kFinish, finished.error(), id.value, Code::kUpdateFailed);
  }
  // What was asked for holds already: the answer lists the files as the first one did.
  const Result<std::vector<std::string>> files = intake_.FileIdsOf(caller, id);
  wire::HttpAnswer answer = wire::AnswerRefusal(Endpoint::kFinish, {Code::kReportAlreadyFinished, {}, id.value, {}, {}},
                                                files.ok() ? *files : std::vector<std::string>());
  return XmlResponse(answer.status, std::move(answer.body));
}

http::Response IspwsHttp::Retract(const http::Request& request, const auth::Caller& caller) {
  const Result<ReportId> id = ReportIdOf(request);
  if (!id.ok()) return BadForm(Endpoint::kRetract, id.error());
  const Result<void> retracted = intake_.Retract(caller, *id, request.request_id);
  if (!retracted.ok()) return RefusedBy(Endpoint::kRetract, retracted.error(), id->value, Code::kUpdateFailed);
  return Accepted({Code::kSuccess, {}, id->value, {}, {}});
}

std::vector<http::Route> IspwsHttp::Routes() {
  using http::Method;
  std::vector<http::Route> routes;
  const auto add = [&](Method method, std::string pattern, std::string name, Endpoint endpoint, std::size_t bytes_max) -> http::Route& {
    http::Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    route.name = std::move(name);
    route.entrance = http::Entrance::kBasic;
    route.permission = kPermission;
    route.body_bytes_max = bytes_max;
    route.refuse = RefusalAt(endpoint);
    routes.push_back(std::move(route));
    return routes.back();
  };
  const auto handled = [&](auto method) {
    return [this, method](const http::Request& request, const auth::Caller& caller) { return (this->*method)(request, caller); };
  };
  add(Method::kGet, "/ispws/status", "ispws.status", Endpoint::kStatus, 0).handler = handled(&IspwsHttp::Status);
  add(Method::kGet, "/ispws/xsd", "ispws.xsd", Endpoint::kXsd, 0).handler = [this](const http::Request&, const auth::Caller&) {
    return XmlResponse(200, xsd_);
  };
  add(Method::kPost, "/ispws/submit", "ispws.submit", Endpoint::kSubmit, options_.document_bytes_max).handler = handled(&IspwsHttp::Submit);
  add(Method::kPost, "/ispws/fileinfo", "ispws.fileinfo", Endpoint::kFileInfo, options_.document_bytes_max).handler =
      handled(&IspwsHttp::FileInfo);
  add(Method::kPost, "/ispws/finish", "ispws.finish", Endpoint::kFinish, kFormBytesMax).handler = handled(&IspwsHttp::Finish);
  add(Method::kPost, "/ispws/retract", "ispws.retract", Endpoint::kRetract, kFormBytesMax).handler = handled(&IspwsHttp::Retract);
  const auto upload_bytes_max = static_cast<std::size_t>(options_.upload_bytes_max + kFormOverheadBytes);
  add(Method::kPost, "/ispws/upload", "ispws.upload", Endpoint::kUpload, upload_bytes_max).streaming =
      [this](const http::RequestHead& head, const auth::Caller& caller) -> Result<std::unique_ptr<http::BodyReceiver>> {
    auto receiver = std::make_unique<UploadReceiver>(intake_, vault_, caller, head.request_id, options_.upload_bytes_max);
    receiver->Begin(head);
    return std::unique_ptr<http::BodyReceiver>(std::move(receiver));
  };
  // Whatever else is asked for under the API's prefix is answered in its dialect, to those who may ask at all.
  for (const Method method : {Method::kGet, Method::kPost}) {
    const std::string name = "ispws.unknown_" + LowerAscii(http::NameOf(method));
    add(method, "/ispws/{rest*}", name, Endpoint::kStatus, kFormBytesMax).handler = [](const http::Request&, const auth::Caller&) {
      return Refused(Endpoint::kStatus, {Code::kResourceNotFound, {}, std::nullopt, {}, {}});
    };
  }
  return routes;
}

}  // namespace porchlight::tipline
