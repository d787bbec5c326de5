#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/record.h"
#include "base/result.h"
#include "platform/profile/dated_tables.h"
#include "platform/profile/table_reading.h"
#include "tipline/report.h"

// Who may open a reported file: dated, versioned tables by jurisdiction, and what they make of stored facts. Data of the
// profile (profiles/us/tables/gate), pure here: the same facts and the same table always give the same decision. Format:
// docs/formats/gate.md. Law: the profile's citations; they are to be confirmed with counsel.
namespace porchlight::evidence {

// Stored as numbers: never renumber, never reuse.
enum class Outcome : std::uint8_t { kBlocked = 1, kOpen = 2 };

// Everything a rule may ask for, and the whole of it: facts that somebody stored. There is no word here for a label, a
// score or a model, so that none can ever open or block a file.
enum class Condition : std::uint8_t {
  kViewedByEsp = 1,
  kPubliclyAvailable = 2,
  kWarrant = 3,
  kConsent = 4,
  kExigency = 5,
  kHashMatchOpened = 6,  // Matches a known file that somebody had opened. Nobody records it yet: never true.
};

// What is stored of one file. A missing answer is kept as missing and counts as no everywhere.
struct Facts {
  tipline::Answer viewed_by_esp = tipline::Answer::kMissing;
  tipline::Answer publicly_available = tipline::Answer::kMissing;
  tipline::Answer warrant = tipline::Answer::kMissing;
  tipline::Answer consent = tipline::Answer::kMissing;
  tipline::Answer exigency = tipline::Answer::kMissing;
  std::vector<std::int64_t> authorities;  // Those in force that name the file, by id. For the record; no rule asks for it.
  bool operator==(const Facts&) const = default;
};
Json ToJson(const Facts& facts);
Result<Facts> FactsFromJson(const Json& json);  // Errors: kCorrupt.

using Labels = profile::table::Labels;

struct Rule {
  std::string code;
  Labels labels;
  std::string citation;
  std::vector<Condition> when;  // All of them; never empty.
  Outcome decision = Outcome::kBlocked;
};

struct Jurisdiction {
  Labels labels;
  std::string note;
  std::vector<Rule> rules;  // The first that fits decides.
};

struct GateTable {
  std::string version;
  std::string valid_from;  // Date.
  std::string reason;
  std::string default_jurisdiction;
  Rule otherwise;          // Words and citation of kNoRule.
  std::map<std::string, Jurisdiction, std::less<>> jurisdictions;
  std::string document;    // What it was read from.
  // The rule of that code, `otherwise` for kNoRule, or null.
  const Rule* FindRule(std::string_view jurisdiction, std::string_view code) const;
};

// No rule fits, or the table does not know the jurisdiction.
inline constexpr std::string_view kNoRule = "none";

// Errors: kInvalidArgument naming what is wrong and, in `field`, where in the file.
Result<GateTable> ReadGateTable(std::string_view json);

struct Decision {
  Outcome outcome = Outcome::kBlocked;
  std::string rule{kNoRule};
  std::string table;  // Version.
  std::string jurisdiction;
  Facts facts;
  bool operator==(const Decision&) const = default;
};

Decision Decide(const GateTable& table, std::string_view jurisdiction, const Facts& facts);

// The text in `language`, else any other, else empty.
std::string_view LabelIn(const Labels& labels, std::string_view language);

// The tables of a profile, and those that legal staff added since (gate_tables.h). At least one; the newest that is valid at a moment
// decides, of several from one day the one that was added last. A profile
// that later brings a table of the same version has the word. Tables come and never go: what a call answers lives as long as the book.
// Thread-safe.
class GateBook {
 public:
  // By any name, from the profile's folder. Errors: kInvalidArgument naming the file.
  static Result<GateBook> Read(const std::map<std::string, std::string, std::less<>>& files);

  const GateTable& At(Instant moment) const;
  const GateTable* Find(std::string_view version) const;
  std::vector<std::string> Versions() const;   // Oldest first, by the day from which each is valid.

  bool IsOfProfile(std::string_view version) const { return profile_.Find(version) != nullptr; }
  // Number of the last one added; 0: none.
  std::int64_t last_added() const;
  // Numbers come in their order; one that is known is left as it is.
  void Add(std::int64_t number, GateTable table) const;

 private:
  struct ProfileTables : profile::DatedTables<GateTable> {
    Result<void> Read(const std::map<std::string, std::string, std::less<>>& files);
  };
  struct Added {
    mutable std::shared_mutex mutex;
    std::int64_t last = 0;
    std::vector<std::unique_ptr<const GateTable>> tables;
  };
  ProfileTables profile_;
  std::unique_ptr<Added> added_ = std::make_unique<Added>();
};

}  // namespace porchlight::evidence

namespace porchlight {

template <>
struct EnumNames<evidence::Outcome> {
  using E = evidence::Outcome;
  static constexpr std::string_view kName = "GateOutcome";
  static constexpr std::array kAll = {std::pair{E::kBlocked, std::string_view("blocked")},
                                      std::pair{E::kOpen, std::string_view("open")}};
};

template <>
struct EnumNames<evidence::Condition> {
  using E = evidence::Condition;
  static constexpr std::string_view kName = "GateCondition";
  static constexpr std::array kAll = {
      std::pair{E::kViewedByEsp, std::string_view("viewed_by_esp")},
      std::pair{E::kPubliclyAvailable, std::string_view("publicly_available")},
      std::pair{E::kWarrant, std::string_view("warrant")},
      std::pair{E::kConsent, std::string_view("consent")},
      std::pair{E::kExigency, std::string_view("exigency")},
      std::pair{E::kHashMatchOpened, std::string_view("hash_match_opened")}};
};

}  // namespace porchlight
