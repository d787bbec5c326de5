#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/record.h"
#include "platform/auth/caller.h"
#include "platform/profile/profile.h"
#include "platform/vault/vault.h"
#include "referrals/routing.h"
#include "tipline/report.h"

// The words of referral: a decision says where a report goes, a delivery is one report made available to one agency.
namespace porchlight::referrals {

using AgencyId = Id<struct AgencyTag>;
using DeliveryId = Id<struct DeliveryTag>;

// All enums here are stored as numbers: never renumber, never reuse.

// Why a decision was made.
enum class Cause : std::uint8_t {
  kDecided = 1,      // By a person.
  kBundle = 2,       // By the rules, after a person referred the lead of its bundle.
  kWidened = 3,      // By the rules, from better data.
  kNoAnswer = 4,     // By the clock: an agency did not open it.
  kRedirected = 5,   // By an agency that it did not concern.
};

enum class DeliveryState : std::uint8_t {
  kMadeAvailable = 1,
  kNotified = 2,     // Its package is ready and it stands in the agency's list.
  kOpened = 3,
  kDownloaded = 4,
  kAcknowledged = 5,
  kFeedback = 6,
};

// What the clock does with a delivery that nobody looks at, in this order.
enum class Step : std::uint8_t {
  kNone = 0,
  kReminder = 1,     // An ordinary one: to the agency. An urgent one: somebody of the centre telephones.
  kSupervisor = 2,
  kAlternate = 3,    // The agency's alternate is asked too.
  kSilence = 4,      // No answer in a year: an outcome of its own.
};

enum class Happening : std::uint8_t {
  kMadeAvailable = 1,
  kPackaged = 2,
  kOpened = 3,
  kDownloaded = 4,
  kAcknowledged = 5,
  kReminded = 6,
  kRedirected = 7,
  kFeedback = 8,
  kRevoked = 9,
  kWrittenTo = 11,          // The agency was sent an e-mail that it waits.
  kPreservationEnds = 10,   // The agency was told that the platform need not keep the data much longer.
};

enum class Usefulness : std::uint8_t { kStartedInvestigation = 1, kAdvancedExisting = 2, kIntelligenceOnly = 3, kNotUseful = 4 };

struct AgencyRow {
  AgencyId id;
  std::string code;
  std::string name;
  std::string kind;
  bool listed = true;                             // In the newest table.
  std::optional<auth::OrganisationId> organisation;
};

// What was looked at, and what came of it.
struct Decision {
  tipline::ReportId report;
  int number = 0;                                 // From 1.
  Instant at;
  std::int64_t account = 0;                       // 0: the rules or the clock.
  Cause cause = Cause::kDecided;
  std::string reason;                             // Code of "routing_reasons" where a person left the proposal, else empty.
  Confidence confidence = Confidence::kNone;
  std::string routing_version;
  std::string agencies_version;
  std::string geo_version;
  std::vector<PlaceEvidence> evidence;
  int evidence_left_out = 0;                      // Weaker than what is listed.
  std::vector<Candidate> candidates;
  std::vector<Choice> proposed;
  std::vector<Choice> chosen;
};

// Of each of the four groups of an agency's list: microseconds until the year 2540.
inline constexpr std::int64_t kRankSpan = std::int64_t{1} << 54;

struct Delivery {
  DeliveryId id;
  tipline::ReportId report;
  AgencyId agency;
  bool primary = false;
  bool bundled = false;                           // One of many copies of a viral item; listed apart.
  bool urgent = false;
  int level = 3;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  std::int64_t organisation = 0;                  // The reporting platform.
  Cause basis = Cause::kDecided;
  int decision = 0;                               // Its number.
  int lead_evidence = 0;                          // The kind of evidence that weighed most for this agency; 0: a person's word.
  Instant granted_at;
  std::int64_t granted_by = 0;
  DeliveryState state = DeliveryState::kMadeAvailable;
  std::optional<Instant> opened_at;
  std::optional<Instant> downloaded_at;
  std::optional<Instant> acknowledged_at;
  std::optional<Instant> feedback_at;
  std::optional<Instant> revoked_at;
  std::optional<DeliveryId> redirected_to;
  std::optional<DeliveryId> redirected_from;
  std::optional<Instant> preserve_until;
  Step step = Step::kNone;
  std::optional<Instant> next_step_at;
  std::optional<Instant> counts_from;             // Later than the grant: a legal hold was lifted then.
  int keep_notices = 0;                           // Of the end of preservation, given or passed over.
  std::optional<Instant> keep_notice_at;

  std::int64_t Rank() const;
  // From when reminders count.
  Instant CountsFrom() const { return counts_from ? std::max(*counts_from, granted_at) : granted_at; }
};

struct HistoryEntry {
  Instant at;
  Happening kind = Happening::kMadeAvailable;
  std::int64_t account = 0;                       // 0: the system.
  std::string detail;                             // Small JSON object of codes.
};

struct Package {
  DeliveryId delivery;
  int number = 0;                                 // From 1.
  Instant at;
  vault::ObjectReference object;
  std::string sha256;                             // Raw, of the whole file.
  std::string gates;                              // "FILE:SEQUENCE,..." of the gate decisions it was made by.
  int unreadable = 0;                             // Files that the gate leaves open and the vault could not give.
  std::string encrypted_to;                       // Fingerprints of its receivers, by comma; empty: a plain ZIP.
};

// What was made before a delivery was taken back, or told anew, tells of a decision that no longer holds.
inline bool IsOfThisGrant(const Package& package, const Delivery& delivery) { return package.at >= delivery.granted_at; }

struct Outcome {
  std::string code;                               // Of "feedback_outcomes".
  std::string on;                                 // Date, or empty.
  bool operator==(const Outcome&) const = default;
};

struct Feedback {
  DeliveryId delivery;
  Instant at;
  std::int64_t account = 0;
  std::optional<Usefulness> usefulness;
  std::vector<Outcome> outcomes;
  std::vector<std::string> gaps;                  // Of "feedback_gaps".
};

struct DeliveryClocks {
  Duration remind, supervisor, alternate;         // From being made available, while unopened.
  Duration urgent_open, urgent_acknowledge, urgent_alternate;   // Law of ours, D15: an urgent one is acknowledged within the hour.
  Duration silence;                               // Without feedback.
  std::array<Duration, 3> preservation;           // Before its end, the longest first (D18).
  static DeliveryClocks From(const profile::Profile& profile);
};

// The next step of a delivery as it stands, after the one it has come to, and when it is due; nothing when none is.
std::optional<std::pair<Step, Instant>> NextStep(const Delivery& delivery, const DeliveryClocks& clocks);

// When the next notice of the end of preservation is due; nothing when there is none left, or nobody to be told.
std::optional<Instant> NextPreservationNotice(const Delivery& delivery, const DeliveryClocks& clocks);

}  // namespace porchlight::referrals

namespace porchlight {

template <>
struct EnumNames<referrals::Cause> {
  using E = referrals::Cause;
  static constexpr std::string_view kName = "RoutingCause";
  static constexpr std::array kAll = {std::pair{E::kDecided, std::string_view("decided")},
                                      std::pair{E::kBundle, std::string_view("bundle")},
                                      std::pair{E::kWidened, std::string_view("widened")},
                                      std::pair{E::kNoAnswer, std::string_view("no_answer")},
                                      std::pair{E::kRedirected, std::string_view("redirected")}};
};

template <>
struct EnumNames<referrals::DeliveryState> {
  using E = referrals::DeliveryState;
  static constexpr std::string_view kName = "DeliveryState";
  static constexpr std::array kAll = {std::pair{E::kMadeAvailable, std::string_view("made_available")},
                                      std::pair{E::kNotified, std::string_view("notified")},
                                      std::pair{E::kOpened, std::string_view("opened")},
                                      std::pair{E::kDownloaded, std::string_view("downloaded")},
                                      std::pair{E::kAcknowledged, std::string_view("acknowledged")},
                                      std::pair{E::kFeedback, std::string_view("feedback")}};
};

template <>
struct EnumNames<referrals::Step> {
  using E = referrals::Step;
  static constexpr std::string_view kName = "DeliveryStep";
  static constexpr std::array kAll = {std::pair{E::kNone, std::string_view("none")},
                                      std::pair{E::kReminder, std::string_view("reminder")},
                                      std::pair{E::kSupervisor, std::string_view("supervisor")},
                                      std::pair{E::kAlternate, std::string_view("alternate")},
                                      std::pair{E::kSilence, std::string_view("silence")}};
};

template <>
struct EnumNames<referrals::Happening> {
  using E = referrals::Happening;
  static constexpr std::string_view kName = "DeliveryHappening";
  static constexpr std::array kAll = {std::pair{E::kMadeAvailable, std::string_view("made_available")},
                                      std::pair{E::kPackaged, std::string_view("packaged")},
                                      std::pair{E::kOpened, std::string_view("opened")},
                                      std::pair{E::kDownloaded, std::string_view("downloaded")},
                                      std::pair{E::kAcknowledged, std::string_view("acknowledged")},
                                      std::pair{E::kReminded, std::string_view("reminded")},
                                      std::pair{E::kRedirected, std::string_view("redirected")},
                                      std::pair{E::kFeedback, std::string_view("feedback")},
                                      std::pair{E::kRevoked, std::string_view("revoked")},
                                      std::pair{E::kPreservationEnds, std::string_view("preservation_ends")},
                                      std::pair{E::kWrittenTo, std::string_view("written_to")}};
};

template <>
struct EnumNames<referrals::Usefulness> {
  using E = referrals::Usefulness;
  static constexpr std::string_view kName = "Usefulness";
  static constexpr std::array kAll = {std::pair{E::kStartedInvestigation, std::string_view("started_investigation")},
                                      std::pair{E::kAdvancedExisting, std::string_view("advanced_existing")},
                                      std::pair{E::kIntelligenceOnly, std::string_view("intelligence_only")},
                                      std::pair{E::kNotUseful, std::string_view("not_useful")}};
};

}  // namespace porchlight
