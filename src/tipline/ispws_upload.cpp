#include "tipline/ispws_upload.h"

#include "base/text.h"
#include "tipline/ispws_answer.h"
#include "tipline/sniff.h"

namespace porchlight::tipline {

namespace {

using wire::Code;
using wire::Endpoint;

constexpr std::size_t kIdBytesMax = 64;

http::Response AddFile(IntakeStore& intake, const auth::Caller& caller, IntakeStore::Upload upload,
                       const Result<vault::StoredObject>& object) {
  const std::int64_t report = upload.report.value;
  if (!object.ok()) return RefusedBy(Endpoint::kUpload, object.error(), report, Code::kFileUploadFailed);
  upload.object = *object;
  const std::string md5 = HexEncode(object->digests.md5);
  return AnswerLater<std::string>(intake.AddFileLater(caller, std::move(upload)), [report, md5](const Result<std::string>& file_id) {
    if (!file_id.ok()) return RefusedBy(Endpoint::kUpload, file_id.error(), report, Code::kUploadFailed);
    return Accepted({Code::kSuccess, {}, report, *file_id, md5});
  });
}

}  // namespace

void UploadReceiver::Refuse(Code code, std::string description, int status) {
  writer_.reset();
  if (refusal_) return;
  refusal_ = wire::Reply{code, std::string(wire::LabelOf(code)) + "\n" + std::move(description), std::nullopt, {}, {}};
  refusal_status_ = status;
}

void UploadReceiver::RefuseFor(const Error& error, Code otherwise) {
  const Code code = CodeOf(error, otherwise);
  if (!refusal_) retry_after_seconds_ = error.retry_after_seconds;
  Refuse(code, error.public_text, code == otherwise ? http::StatusFor(error.code) : 0);
}

void UploadReceiver::Begin(const http::RequestHead& head) {
  Result<std::string> boundary = http::MultipartReader::BoundaryOf(head.headers.Find("Content-Type").value_or(""));
  if (!boundary.ok()) return Refuse(Code::kInvalidRequest, boundary.error().public_text);
  http::MultipartReader::Events events;
  events.begin = [this](const http::MultipartReader::Part& part) { return BeginPart(part); };
  events.data = [this](std::string_view bytes) { return TakeData(bytes); };
  events.end = [this]() -> Result<void> {
    place_ = Place::kNone;
    return {};
  };
  form_ = std::make_unique<http::MultipartReader>(*std::move(boundary), std::move(events));
}

Result<void> UploadReceiver::Receive(std::string_view bytes) {
  if (refusal_) return {};
  const Result<void> fed = form_->Feed(bytes);
  if (!fed.ok()) Refuse(Code::kMalformedFile, fed.error().public_text);
  return {};
}

Result<void> UploadReceiver::BeginPart(const http::MultipartReader::Part& part) {
  if (part.name == "id") {
    place_ = has_id_ ? Place::kOther : Place::kId;  // A field given twice keeps its first value.
    has_id_ = true;
    return {};
  }
  if (part.name != "file") {
    place_ = Place::kOther;
    return {};
  }
  if (has_file_) {
    Refuse(Code::kMalformedFile, "The form has more than one file: send each in an upload of its own.");
    place_ = Place::kOther;
    return {};
  }
  return BeginFile(part);
}

Result<void> UploadReceiver::BeginFile(const http::MultipartReader::Part& part) {
  place_ = Place::kFile;
  has_file_ = true;
  name_ = http::BaseName(part.file_name);
  declared_type_ = PlainMediaType(LowerAscii(Trim(std::string_view(part.content_type).substr(0, part.content_type.find(';')))));
  // All clients send the id first: what cannot be added is then not stored at all.
  if (has_id_) {
    const std::optional<ReportId> report = Report();
    if (!report) {
      Refuse(Code::kInvalidRequest, "The field id must be the number of a report.");
      return {};
    }
    const Result<void> open = intake_.CheckOpen(caller_, *report);
    if (!open.ok()) {
      RefuseFor(open.error(), Code::kUploadFailed);
      return {};
    }
  }
  Result<std::unique_ptr<vault::Writer>> writer = vault_.Begin();
  if (writer.ok()) writer_ = *std::move(writer);
  else RefuseFor(writer.error(), Code::kFileUploadFailed);
  return {};
}

Result<void> UploadReceiver::TakeData(std::string_view bytes) {
  switch (place_) {
    case Place::kNone:
    case Place::kOther: return {};
    case Place::kId:
      if (id_.size() + bytes.size() > kIdBytesMax) Refuse(Code::kInvalidRequest, "The field id is longer than 64 bytes.");
      else id_.append(bytes);
      return {};
    case Place::kFile: return TakeFile(bytes);
  }
  return {};
}

Result<void> UploadReceiver::TakeFile(std::string_view bytes) {
  if (writer_ == nullptr) return {};
  bytes_ += static_cast<std::int64_t>(bytes.size());
  if (bytes_ > bytes_max_) {
    Refuse(Code::kMalformedFile, "The file is larger than " + std::to_string(bytes_max_) + " bytes.", 413);
    return {};
  }
  if (beginning_.size() < kSniffBytes) beginning_.append(bytes.substr(0, kSniffBytes - beginning_.size()));
  const Result<void> appended = writer_->Append(bytes);
  if (!appended.ok()) RefuseFor(appended.error(), Code::kFileUploadFailed);
  return {};
}

std::optional<ReportId> UploadReceiver::Report() const {
  const std::optional<std::int64_t> id = ParseInteger(Trim(id_));
  if (!id) return std::nullopt;
  return ReportId{*id};
}

http::Response UploadReceiver::Answer() const {
  wire::Reply reply = *refusal_;
  if (const auto report = Report()) reply.report_id = report->value;
  http::Response response = Refused(Endpoint::kUpload, reply, refusal_status_);
  if (retry_after_seconds_ > 0) response.headers.Set("Retry-After", std::to_string(retry_after_seconds_));
  return response;
}

http::Response UploadReceiver::Complete() {
  if (!refusal_) {
    const Result<void> finished = form_->Finish();
    if (!finished.ok()) Refuse(Code::kMalformedFile, finished.error().public_text);
  }
  if (!refusal_ && !has_file_) Refuse(Code::kMalformedFile, "The form has no part named file.");
  if (!refusal_ && !Report()) Refuse(Code::kInvalidRequest, "The form has no field named id with the number of a report.");
  if (refusal_) return Answer();

  IntakeStore::Upload upload{*Report(), Sensitive<std::string>(name_), declared_type_, Sniff(beginning_), {}, request_id_};
  std::shared_ptr<vault::Writer> writer = std::move(writer_);
  // First the object, durable; then the row that refers to it. A row without an object cannot exist; an object whose
  // row was refused is swept later.
  return AnswerLater<vault::StoredObject>(
      [writer = std::move(writer)](auto then) { writer->CommitThen(std::move(then)); },
      [&intake = intake_, caller = caller_, upload = std::move(upload)](const Result<vault::StoredObject>& object) {
        return AddFile(intake, caller, upload, object);
      });
}

}  // namespace porchlight::tipline
