#include <array>
#include <utility>

#include "base/text.h"
#include "tipline/wire.h"

namespace porchlight::tipline::wire {
namespace {

// Real replies look exactly like this, and one client compares text: no white space between elements.
constexpr std::string_view kDeclaration = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";

// The published schema's own words; they appear nowhere else in the code.
constexpr std::array kIncidentWords = {
    std::pair{IncidentType::kCsam, std::string_view("Child Pornography (possession, manufacture, and distribution)")},
    std::pair{IncidentType::kTrafficking, std::string_view("Child Sex Trafficking")},
    std::pair{IncidentType::kSexTourism, std::string_view("Child Sex Tourism")},
    std::pair{IncidentType::kMolestation, std::string_view("Child Sexual Molestation")},
    std::pair{IncidentType::kMisleadingDomain, std::string_view("Misleading Domain Name")},
    std::pair{IncidentType::kMisleadingWords, std::string_view("Misleading Words or Digital Images on the Internet")},
    std::pair{IncidentType::kEnticement, std::string_view("Online Enticement of Children for Sexual Acts")},
    std::pair{IncidentType::kUnsolicitedObscene, std::string_view("Unsolicited Obscene Material Sent to a Child")},
};

// Whatever cannot stand in an XML document becomes U+FFFD, so that a reply is always readable.
std::string XmlText(std::string_view text) {
  std::string clean;
  const bool readable = IsUtf8(text);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool allowed = byte >= 0x20 ? (readable || byte < 0x80) : (c == '\t' || c == '\n');
    if (allowed) clean += c;
    else clean += "\xEF\xBF\xBD";
  }
  return EscapeMarkup(clean);
}

void AppendElement(std::string& out, std::string_view name, std::string_view text) {
  out.append("<").append(name).append(">").append(XmlText(text)).append("</").append(name).append(">");
}

}  // namespace

std::string_view LabelOf(Code code) {
  switch (code) {
    case Code::kSuccess: return "Success";
    case Code::kServerError: return "Server error";
    case Code::kSaveFailed: return "Save failed";
    case Code::kUploadFailed: return "Upload failed";
    case Code::kFileUploadFailed: return "File upload failed";
    case Code::kResourceNotFound: return "Resource not found";
    case Code::kUpdateFailed: return "Update failed";
    case Code::kAuthenticationRequired: return "Authentication required";
    case Code::kNotAuthorized: return "Not authorized";
    case Code::kNotAuthorizedForSubmissions: return "Not authorized for submissions";
    case Code::kNotAuthorizedForUpdates: return "Not authorized for updates";
    case Code::kInvalidRequest: return "Invalid request";
    case Code::kValidationFailed: return "Validation failed";
    case Code::kMalformedXml: return "Malformed XML submittal";
    case Code::kMalformedFile: return "Malformed file submittal";
    case Code::kReportDoesNotExist: return "Report does not exist";
    case Code::kFileDoesNotExist: return "File does not exist";
    case Code::kReportAlreadyRetracted: return "Report already retracted";
    case Code::kReportAlreadyFinished: return "Report already finished";
  }
  PL_CHECK(false);
}

int HttpStatusOf(Code code) {
  switch (code) {
    case Code::kSuccess: return 200;
    case Code::kServerError: return 500;
    // Our fault and passing: clients that repeat on 5xx should repeat.
    case Code::kSaveFailed:
    case Code::kUploadFailed:
    case Code::kFileUploadFailed:
    case Code::kUpdateFailed: return 503;
    case Code::kAuthenticationRequired: return 401;
    case Code::kNotAuthorized:
    case Code::kNotAuthorizedForSubmissions:
    case Code::kNotAuthorizedForUpdates: return 403;
    // One client turns 404 into "report not found", so it stands for that alone.
    case Code::kResourceNotFound:
    case Code::kReportDoesNotExist: return 404;
    case Code::kReportAlreadyRetracted:
    case Code::kReportAlreadyFinished: return 409;
    case Code::kInvalidRequest:
    case Code::kValidationFailed:
    case Code::kMalformedXml:
    case Code::kMalformedFile:
    case Code::kFileDoesNotExist: return 400;
  }
  PL_CHECK(false);
}

std::string ReportResponse(const Reply& reply) {
  std::string out(kDeclaration);
  out += "<reportResponse>";
  AppendElement(out, "responseCode", std::to_string(static_cast<std::int32_t>(reply.code)));
  AppendElement(out, "responseDescription", reply.description.empty() ? LabelOf(reply.code) : std::string_view(reply.description));
  if (reply.report_id) AppendElement(out, "reportId", std::to_string(*reply.report_id));
  if (!reply.file_id.empty()) AppendElement(out, "fileId", reply.file_id);
  if (!reply.hash.empty()) AppendElement(out, "hash", reply.hash);
  out += "</reportResponse>";
  return out;
}

std::string ReportDoneResponse(Code code, std::string_view description, std::int64_t report_id, const std::vector<std::string>& file_ids) {
  std::string out(kDeclaration);
  out += "<reportDoneResponse>";
  AppendElement(out, "responseCode", std::to_string(static_cast<std::int32_t>(code)));
  // The published schema has no description here; two clients show it when a finish fails.
  if (code != Code::kSuccess) AppendElement(out, "responseDescription", description.empty() ? LabelOf(code) : description);
  AppendElement(out, "reportId", std::to_string(report_id));
  if (file_ids.empty()) {
    out += "<files/>";
  } else {
    out += "<files>";
    for (const std::string& file_id : file_ids) AppendElement(out, "fileId", file_id);
    out += "</files>";
  }
  out += "</reportDoneResponse>";
  return out;
}

HttpAnswer AnswerRefusal(Endpoint endpoint, const Reply& reply, const std::vector<std::string>& file_ids) {
  const bool finish = endpoint == Endpoint::kFinish;
  const bool wish_holds = (finish && reply.code == Code::kReportAlreadyFinished) ||
                          (endpoint == Endpoint::kRetract && reply.code == Code::kReportAlreadyRetracted);
  HttpAnswer answer;
  answer.status = wish_holds ? 200 : HttpStatusOf(reply.code);
  answer.body = finish ? ReportDoneResponse(reply.code, reply.description, reply.report_id.value_or(0), file_ids) : ReportResponse(reply);
  return answer;
}

std::string_view WireWordOf(IncidentType type) {
  for (const auto& [one, word] : kIncidentWords) {
    if (one == type) return word;
  }
  PL_CHECK(false);
}

std::optional<IncidentType> IncidentTypeOf(std::string_view wire_word) {
  for (const auto& [one, word] : kIncidentWords) {
    if (word == wire_word) return one;
  }
  return std::nullopt;
}

}  // namespace porchlight::tipline::wire
