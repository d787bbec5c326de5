#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/json.h"
#include "base/result.h"
#include "base/sensitive.h"
#include "tipline/report.h"

// The documents of the reporting API (docs/formats/ispws.md): reading, checking, answering. Pure: no I/O, no clock.
namespace porchlight::tipline::wire {

// Response codes of the reporting API. The public list is not exhaustive; these are the ones we send.
enum class Code : std::int32_t {
  kSuccess = 0,
  kServerError = 1000,
  kSaveFailed = 1100,
  kUploadFailed = 1110,
  kFileUploadFailed = 1111,
  kResourceNotFound = 1210,
  kUpdateFailed = 1300,
  kAuthenticationRequired = 2000,
  kNotAuthorized = 3000,
  kNotAuthorizedForSubmissions = 3100,
  kNotAuthorizedForUpdates = 3300,
  kInvalidRequest = 4000,
  kValidationFailed = 4100,
  kMalformedXml = 4110,
  kMalformedFile = 4200,
  kReportDoesNotExist = 5001,
  kFileDoesNotExist = 5002,
  kReportAlreadyRetracted = 5101,
  kReportAlreadyFinished = 5102,
};
std::string_view LabelOf(Code code);          // "Validation failed"
int HttpStatusOf(Code code);                  // The choice per case is explained in docs/formats/ispws.md.

// The calls of the API; the answer to a refusal depends on which one was made.
enum class Endpoint : std::uint8_t { kStatus, kXsd, kSubmit, kUpload, kFileInfo, kFinish, kRetract };

// One thing wrong with a document.
struct Problem {
  int line = 0;
  int column = 0;
  std::string element;                        // Local name, "incidentDateTime".
  std::string rule;                           // Our name of the rule: "schema.type", "limit.length", "time.future".
  std::string message;                        // A full sentence.
};

// A refusal: the code and every problem found (bounded).
struct Refusal {
  Code code = Code::kValidationFailed;
  std::vector<Problem> problems;
  // "Validation failed\n[line,column] - message", one line per problem after the first line.
  std::string Description() const;
};

// Something that does not make a report unacceptable but less actionable. No values from the document.
struct Finding {
  std::string code;                           // "no_upload_ip"; the list with wording is in the profile.
  std::string path;                           // "/report/personOrUserReported[1]"
  static constexpr std::string_view kRecordName = "Finding";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("code", &Finding::code, Visibility::kSubmitter, "What would make the report more actionable."),
        Describe("path", &Finding::path, Visibility::kSubmitter, "Where in the submitted document."));
  }
};

// What we take out of a report document for our own rows and rules. Everything else stays in the original.
struct ReportFacts {
  IncidentType incident_type = IncidentType::kCsam;
  OffsetInstant incident_at;
  bool escalated = false;                     // escalateToHighPriority is present.
  bool batched = false;                       // VIRAL_POTENTIAL_MEME
  std::vector<std::string> annotations;       // Local names of the flags set.
  bool has_chat = false;
  bool has_url = false;
  bool has_account = false;
  int people_reported = 0;
  int victims = 0;
  std::vector<std::int64_t> prior_reports;
  std::vector<Finding> findings;              // Of the document alone; files are judged at finish.
};

struct FileFacts {
  std::int64_t report_id = 0;
  std::string wire_file_id;
  Sensitive<std::string> original_name;
  Answer viewed_by_esp = Answer::kMissing;
  Answer exif_viewed_by_esp = Answer::kMissing;
  Answer publicly_available = Answer::kMissing;
  bool supplemental = false;                  // fileRelevance is "Supplemental Reported".
  std::string industry_classification;        // "", "A1", "A2", "B1", "B2"
  std::vector<std::string> annotations;
  bool has_ip = false;
  bool has_original_hash = false;
  std::optional<OffsetInstant> uploaded_at;
  std::vector<Finding> findings;              // Of this file.
};

template <class Facts>
struct Reading {
  std::optional<Facts> facts;                 // Exactly one of the two is set.
  std::optional<Refusal> refusal;
};

struct Limits {
  std::size_t document_bytes_max = 4 * 1024 * 1024;
  int depth_max = 64;
  std::size_t attribute_bytes_max = 64 * 1024;
  Duration future_tolerance = Duration::Minutes(5);   // "In the past" with a tolerance for clocks.
  std::size_t problems_max = 20;
  std::size_t findings_max = 50;              // Of one document.
  std::size_t nodes_max = 500'000;            // Elements and attributes.
};

// Reads and checks documents against the schema and the rules beyond it. Built once; thread-safe.
class Reader {
 public:
  // `xsd`: our schema, as served. Errors: kInternal when it does not compile.
  static Result<Reader> Create(std::string_view xsd, const Limits& limits);
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  Reading<ReportFacts> ReadReport(std::string_view bytes, Instant now) const;
  Reading<FileFacts> ReadFileDetails(std::string_view bytes, Instant now) const;

 private:
  struct Inner;
  explicit Reader(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};

// The document as a tree for people to read beside what we found: {"name","attributes","text","children","line"}.
// For documents that were accepted. Errors: kMalformed.
Result<Json> TreeOf(std::string_view bytes);

// Replies: one line, no white space between elements, no namespace.
struct Reply {
  Code code = Code::kSuccess;
  std::string description;                    // Empty: the label of the code.
  std::optional<std::int64_t> report_id;
  std::string file_id;
  std::string hash;
};
std::string ReportResponse(const Reply& reply);
std::string ReportDoneResponse(Code code, std::string_view description, std::int64_t report_id, const std::vector<std::string>& file_ids);

// What to send when a call does not succeed: the root and the status that serve most clients (docs/formats/ispws.md,
// "Refusals"). A repeated /finish (5102) and a repeated /retract (5101) are answered with 200, because what the caller
// wanted already holds. `file_ids` are listed in the answer to /finish only.
struct HttpAnswer {
  int status = 200;
  std::string body;
};
HttpAnswer AnswerRefusal(Endpoint endpoint, const Reply& reply, const std::vector<std::string>& file_ids = {});

// The word of the wire for the type; for the public form and the traffic generator.
std::string_view WireWordOf(IncidentType type);
std::optional<IncidentType> IncidentTypeOf(std::string_view wire_word);

}  // namespace porchlight::tipline::wire
