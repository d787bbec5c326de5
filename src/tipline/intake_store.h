#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/sensitive.h"
#include "platform/auth/caller.h"
#include "platform/profile/profile.h"
#include "platform/store/buffered_index.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "tipline/report.h"
#include "tipline/sniff.h"
#include "tipline/wire.h"

// Every change of a report, each one unit of work: the rows, the counters, the audit entry and the outbox event exist
// together or not at all. States and guards: README.md.
namespace porchlight::tipline {

struct IntakeRules {
  Duration finish_from_open = Duration::Hours(24);
  Duration finish_from_change = Duration::Hours(1);
  int preserve_years = 1;
  // The same bytes by the same account within this span are a repeat: a report of its own, but counted once.
  Duration repeat_window = Duration::Hours(6);
  std::int64_t files_max = 20'000;          // Of one report.
  std::int64_t documents_max = 60'000;      // Of one report; file details may be sent again.
  static IntakeRules From(const profile::Profile& profile);
};

// Errors of every change, told apart by `field`: kNotFound "report" (unknown, of another organisation, expired) or
// "file"; kConflict "retracted", "finished" or "idempotency_key"; kTooLarge "files" or "documents". Beside these what
// the store answers.
class IntakeStore {
 public:
  IntakeStore(store::Database& database, const vault::Sealer& sealer, const Clock& clock, Random& random, const IntakeRules& rules)
      : database_(database), sealer_(sealer), clock_(clock), random_(random), rules_(rules) {}

  // Once, before anything is submitted: from then on the newest documents, by which repeats are known, are held in memory where the
  // store gains by it (store::BufferedIndex), and those that an end of the server took from there are put back. Without it all works the
  // same, slower.
  Result<void> Begin();

  struct Submission {
    std::string_view bytes;               // The document exactly as received.
    const wire::ReportFacts& facts;
    ReportSource source = ReportSource::kPlatform;
    std::string_view form_bytes;          // Of the public form; kept beside the document made from it.
    std::string_view idempotency_key;     // Empty: none.
    std::string_view request_id;
    bool finish = false;                  // File it in the same unit (the public form has no second step).
  };
  struct Opened {
    ReportId report;
    std::optional<ReportId> same_bytes_as;
    bool replayed = false;                // The answer to an earlier request with the same idempotency key.
  };
  Result<Opened> Submit(const auth::Caller& caller, const Submission& submission);

  // A change that is ready but for its transaction. Calling it begins that, without holding a thread, once; its argument hears what the
  // change answered (store::Database::WriteThen). This outlives what is left to it.
  template <class Answer>
  using Change = std::function<void(std::function<void(Result<Answer>)>)>;

  // For a submission without an idempotency key.
  Change<Opened> SubmitLater(const auth::Caller& caller, const Submission& submission);

  // Whether the caller may change the report now, without changing it. Errors: as the change would answer.
  Result<void> CheckOpen(const auth::Caller& caller, ReportId report);

  struct Upload {
    ReportId report;
    Sensitive<std::string> name;          // Base name; untrusted.
    std::string declared_type;            // As PlainMediaType leaves it.
    SniffedType sniffed;
    vault::StoredObject object;           // Durable already.
    std::string request_id;
  };
  // Answers the wire's file id: 32 hex digits that start with a-f.
  Result<std::string> AddFile(const auth::Caller& caller, const Upload& upload);
  Change<std::string> AddFileLater(const auth::Caller& caller, Upload upload);

  // Said again, the newest details hold; every document is kept.
  Result<void> DescribeFile(const auth::Caller& caller, const wire::FileFacts& facts, std::string_view bytes, std::string_view request_id);
  Change<void> DescribeFileLater(const auth::Caller& caller, const wire::FileFacts& facts, std::string_view bytes,
                                 std::string_view request_id);

  struct Finished {
    std::vector<std::string> file_ids;    // In the order of upload.
    std::vector<wire::Finding> findings;
  };
  Result<Finished> Finish(const auth::Caller& caller, ReportId report, std::string_view request_id);
  Change<Finished> FinishLater(const auth::Caller& caller, ReportId report, std::string_view request_id);

  // The files of a report that is finished already, for the answer to a repeated finish; else none.
  Result<std::vector<std::string>> FileIdsOf(const auth::Caller& caller, ReportId report);

  // The content goes at once; the row stays and is counted.
  Result<void> Retract(const auth::Caller& caller, ReportId report, std::string_view request_id);

  // Purges unfinished reports whose time is over, about `count_max` at most. Answers how many.
  Result<int> ExpireDue(int count_max);

  // Forgets idempotency keys and digests that are too old to matter. Answers how many rows.
  Result<std::int64_t> ForgetOld(int count_max);

 private:
  struct Description;
  template <class Answer, class Work>
  Change<Answer> Later(Work work) {
    return [this, work = std::move(work)](std::function<void(Result<Answer>)> then) { database_.WriteThen(work, std::move(then)); };
  }
  // What each change does in its transaction.
  Result<std::string> AddFileIn(store::WriteTransaction& transaction, const auth::Caller& caller, const Upload& upload, Instant now) const;
  Description Describe(const auth::Caller& caller, const wire::FileFacts& facts, std::string_view bytes, std::string_view request_id) const;
  Result<void> DescribeFileIn(store::WriteTransaction& transaction, const Description& description) const;
  Result<Finished> FinishIn(store::WriteTransaction& transaction, const auth::Caller& caller, ReportId report,
                            std::string_view request_id, Instant now) const;
  Result<std::optional<std::int64_t>> RememberAfter(store::WriteTransaction& transaction, std::int64_t after, Instant from);
  std::string NewFileId(std::int64_t place) const;
  Result<int> Expire(const std::vector<ReportId>& due, Instant now);

  store::Database& database_;
  const vault::Sealer& sealer_;
  const Clock& clock_;
  Random& random_;
  IntakeRules rules_;
  store::BufferedIndex recent_{"tipline_recent", "report"};
};

// How long an idempotency key is remembered.
inline constexpr Duration kIdempotencyKept = Duration::Days(7);

// The place that a file id was made for, by its own digits; the row must still be compared with the whole id. Nothing
// for a text that is no id of ours.
std::optional<std::int64_t> PlaceOfFileId(std::string_view wire_id);

// What files add to the findings of the document, when a report is finished.
struct FileForFindings {
  bool described = false;
  std::vector<wire::Finding> findings;   // Of its details.
};
std::vector<wire::Finding> FindingsOfFiles(bool has_chat, bool has_url, bool has_account, const std::vector<FileForFindings>& files);

// The response code for an error of the intake; `otherwise` for what is our fault.
wire::Code CodeOf(const Error& error, wire::Code otherwise);

// Where the sealed texts belong; a text moved elsewhere does not open.
std::string OriginalContext(std::string_view sha256_raw);
std::string FileNameContext(std::string_view wire_id);

}  // namespace porchlight::tipline
