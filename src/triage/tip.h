#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/record.h"
#include "platform/auth/caller.h"
#include "tipline/report.h"
#include "triage/rules.h"

// The words of triage: a tip is a filed report with what we make of it.
namespace porchlight::triage {

using BundleId = Id<struct BundleTag>;

// What an analyst decides when no agency needs the report. Stored as numbers: never renumber, never reuse.
enum class Disposition : std::uint8_t {
  kReferral = 1,
  kInformational = 2,
  kDuplicate = 3,
  kBundled = 4,
  kNotExploitation = 5,
  kSpam = 6,
  kTest = 7,
};

// A file or page of the report that can go round, by the keys under which other reports hold it too.
struct ItemKeys {
  std::vector<std::int64_t> keys;                 // The first is always there.
  bool labelled_viral = false;
  bool classified = false;                        // A classified picture or video.
  std::optional<std::int64_t> look = {};          // Of pictures that look alike: hashing's group, as it was when this was written.
  bool operator==(const ItemKeys&) const = default;
};

// Everything the rules looked at; kept with each score, so that any table can judge again.
struct Inputs {
  Signals content;
  Signals context;
  Signals person;
  Completeness completeness;
  std::vector<ItemKeys> items;
  Signals All() const;
  bool operator==(const Inputs&) const = default;
};
Json ToJson(const Inputs& inputs);
Result<Inputs> InputsFromJson(const Json& json);
Json ToJson(const std::vector<FiredRule>& fired);
Result<std::vector<FiredRule>> FiredFromJson(const Json& json);

struct Tip {
  tipline::ReportId id;
  tipline::ReportState state = tipline::ReportState::kTriaged;
  std::int64_t rank = 0;
  int level = kLevelLast;
  int points = 0;
  bool urgent = false;
  int completeness = 0;
  std::int64_t organisation = 0;
  tipline::ReportSource source = tipline::ReportSource::kPlatform;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;   // As corrected.
  bool test = false;
  Instant received_at;
  std::optional<Instant> preserve_until;
  int incidents = 1;
  bool folded = false;                            // Stands under another in the queue.
  bool pulled = false;                            // Taken out of its bundle by a person.
  bool behind = false;                            // Its sender is throttled (throttling.h): behind others of its standing.
  std::optional<BundleId> bundle;
  std::optional<tipline::ReportId> repeats;       // The same bytes as this earlier one.
  int scores = 0;                                 // How many times it was judged.
  std::optional<auth::AccountId> claimed_by;
  std::optional<Instant> claimed_until;
  std::optional<Disposition> disposition;
  // On its own, for a person: what the queue lists.
  bool Waits() const;
  // Nobody has decided on it yet: it waits, is worked on, or is paused.
  bool IsUndecided() const;
  // Neither test traffic nor a repeat: it counts for items, links and bundles.
  bool IsFollowed() const { return !test && !repeats; }
};
// Gives it its place in the queue by what it is.
void Rank(Tip& tip);

// What was decided on the lead of a bundle, and so for all that come to it. Stored as numbers.
enum class BundleDecision : std::uint8_t { kNone = 0, kClosed = 1, kReferred = 2 };

struct Bundle {
  BundleId id;
  std::int64_t item = 0;
  tipline::ReportId lead;
  std::int64_t reports = 0;
  std::int64_t incidents = 0;
  BundleDecision decision = BundleDecision::kNone;
  bool closed() const { return decision != BundleDecision::kNone; }
};

// What a score is to whoever was away when it came.
enum class News : std::uint8_t { kNone = 0, kMoved = 1, kCameLate = 2 };

struct Score {
  int number = 0;                                 // From 1.
  Instant at;
  std::string rules;                              // Version of the table.
  // "filed", "went_viral", "near_copies", "signals", "type", "pulled", "put_back", "rules", "preservation".
  std::string cause;
  std::int64_t account = 0;                       // 0: the rules alone.
  Verdict verdict;
  Inputs inputs;
  News news = News::kNone;
};

}  // namespace porchlight::triage

namespace porchlight {

template <>
struct EnumNames<triage::Disposition> {
  using E = triage::Disposition;
  static constexpr std::string_view kName = "Disposition";
  static constexpr std::array kAll = {std::pair{E::kReferral, std::string_view("referral")},
                                      std::pair{E::kInformational, std::string_view("informational")},
                                      std::pair{E::kDuplicate, std::string_view("duplicate_of")},
                                      std::pair{E::kBundled, std::string_view("bundled_into")},
                                      std::pair{E::kNotExploitation, std::string_view("not_csae")},
                                      std::pair{E::kSpam, std::string_view("spam")},
                                      std::pair{E::kTest, std::string_view("test")}};
};

}  // namespace porchlight
