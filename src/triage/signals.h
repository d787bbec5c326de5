#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/record.h"

// What rules may ask about a report. A signal is a fact with the places it was seen in; it carries no value from the
// report, so scores can be kept, shown and compared without personal text.
namespace porchlight::triage {

// Stored by name. A signal is found in the document (content), in what we already hold (context), or set by a person.
enum class Signal : std::uint8_t {
  // Content.
  kEscalated = 1,          // The platform asked for high priority.
  kDangerWords = 2,        // Words of a child in danger now: self-harm, abduction, a meeting, abuse as it happens.
  kCrisisWords = 3,        // Words of distress.
  kAccessWords = 4,        // Words of hands-on access: household, work with children.
  kLiveAbuse = 5,          // A file marked as live stream.
  kSextortion = 6,
  kSadisticGroup = 7,
  kSolicitation = 8,
  kMinorToMinor = 9,
  kSpam = 10,
  kEnticement = 11,
  kTrafficking = 12,
  kMolestation = 13,
  kCsamFile = 14,          // A reported file with an industry classification.
  kYoungChild = 15,        // Marked infant or prepubescent, or a victim below the age of the table.
  kChildNamed = 16,        // Something about a victim is given.
  kSeveralVictims = 17,
  kViralLabel = 18,        // Marked as meme, viral or batched by the platform.
  kGeneratedLabel = 19,    // Marked as made by generative AI. Never lowers anything.
  kPhysicalHarm = 20,
  kSelfProduced = 21,
  kConversation = 22,
  kOldIncident = 23,       // Longer ago than the table says.
  kPublicReport = 24,
  kNoAccount = 25,
  kUnsolicited = 27,       // Something obscene was sent to a child.
  kReportedFile = 26,      // A file or page is the reason for the report.
  // Context.
  kNewMaterial = 40,       // A classified file that nobody reported before.
  kKnownViral = 41,        // Everything reported is known to be viral.
  kPriorReports = 42,      // Earlier reports of the same person, named or linked.
  kManyPriorReports = 43,
  kSameBytes = 44,         // A repeat of the same bytes by the same platform.
  kPreservationEnding = 45,
  kLinkedAcrossPlatforms = 46,
  kRepeatedWords = 47,     // Words that many reports repeat were left out; its places say where.
  // Set by a person or by another program.
  kMissingChild = 60,      // Matches a child who is missing now.
  kConfirmedDanger = 61,   // An analyst says: a child is in danger now.
  kJudgedHarmless = 62,    // An analyst says: not child exploitation.
};

enum class SignalSource : std::uint8_t { kContent = 1, kContext = 2, kPerson = 3 };
constexpr SignalSource SourceOf(Signal signal) {
  const auto number = static_cast<std::uint8_t>(signal);
  return number < 40 ? SignalSource::kContent : number < 60 ? SignalSource::kContext : SignalSource::kPerson;
}

// The signals of one report, each with up to a few places ("conversation", "file 2", "victim").
class Signals {
 public:
  static constexpr std::size_t kPlacesMax = 4;
  void Add(Signal signal, std::string_view place = {}) {
    std::vector<std::string>& places = seen_[signal];
    const bool known = std::find(places.begin(), places.end(), place) != places.end();
    if (!place.empty() && !known && places.size() < kPlacesMax) places.emplace_back(place);
  }
  void Remove(Signal signal) { seen_.erase(signal); }
  bool Has(Signal signal) const { return seen_.contains(signal); }
  const std::map<Signal, std::vector<std::string>>& all() const { return seen_; }
  void Join(const Signals& other) {
    for (const auto& [signal, places] : other.seen_) {
      Add(signal);
      for (const std::string& place : places) Add(signal, place);
    }
  }
  bool operator==(const Signals&) const = default;

 private:
  std::map<Signal, std::vector<std::string>> seen_;
};

// As stored and shown: {"danger_words":["conversation"],"escalated":[]}.
Json ToJson(const Signals& signals);
// Unknown names are an error: a stored score must stay readable. Errors: kInvalidArgument.
Result<Signals> SignalsFromJson(const Json& json);

// What someone who must act needs, and whether the report has it.
enum class Item : std::uint8_t {
  kAccount = 1,            // An identifiable account of a reported person.
  kUploadAddress = 2,      // An IP address of the upload with its time, zone and port.
  kOtherAddress = 3,       // Any other public IP address with a time.
  kFile = 4,               // A file, a conversation or an address of a page.
  kFileViewed = 5,         // The platform says whether it viewed each reported file.
  kClassification = 6,
  kOriginalHash = 7,
  kConversation = 8,
  kVictim = 9,
  kPlace = 10,             // An estimate of where the person is, or an address.
  kContact = 11,           // Whom to ask, and where legal process goes.
};

// Items that make sense for the report at all, and those of them that are there.
struct Completeness {
  std::set<Item> asked;
  std::set<Item> present;
  bool operator==(const Completeness&) const = default;
};

}  // namespace porchlight::triage

namespace porchlight {

template <>
struct EnumNames<triage::Signal> {
  using E = triage::Signal;
  static constexpr std::string_view kName = "Signal";
  static constexpr std::array kAll = {
      std::pair{E::kEscalated, std::string_view("escalated")},
      std::pair{E::kDangerWords, std::string_view("danger_words")},
      std::pair{E::kCrisisWords, std::string_view("crisis_words")},
      std::pair{E::kAccessWords, std::string_view("access_words")},
      std::pair{E::kLiveAbuse, std::string_view("live_abuse")},
      std::pair{E::kSextortion, std::string_view("sextortion")},
      std::pair{E::kSadisticGroup, std::string_view("sadistic_group")},
      std::pair{E::kSolicitation, std::string_view("solicitation")},
      std::pair{E::kMinorToMinor, std::string_view("minor_to_minor")},
      std::pair{E::kSpam, std::string_view("spam")},
      std::pair{E::kEnticement, std::string_view("enticement")},
      std::pair{E::kTrafficking, std::string_view("trafficking")},
      std::pair{E::kMolestation, std::string_view("molestation")},
      std::pair{E::kCsamFile, std::string_view("csam_file")},
      std::pair{E::kYoungChild, std::string_view("young_child")},
      std::pair{E::kChildNamed, std::string_view("child_named")},
      std::pair{E::kSeveralVictims, std::string_view("several_victims")},
      std::pair{E::kViralLabel, std::string_view("viral_label")},
      std::pair{E::kGeneratedLabel, std::string_view("generated_label")},
      std::pair{E::kPhysicalHarm, std::string_view("physical_harm")},
      std::pair{E::kSelfProduced, std::string_view("self_produced")},
      std::pair{E::kConversation, std::string_view("conversation")},
      std::pair{E::kOldIncident, std::string_view("old_incident")},
      std::pair{E::kPublicReport, std::string_view("public_report")},
      std::pair{E::kNoAccount, std::string_view("no_account")},
      std::pair{E::kUnsolicited, std::string_view("unsolicited")},
      std::pair{E::kReportedFile, std::string_view("reported_file")},
      std::pair{E::kNewMaterial, std::string_view("new_material")},
      std::pair{E::kKnownViral, std::string_view("known_viral")},
      std::pair{E::kPriorReports, std::string_view("prior_reports")},
      std::pair{E::kManyPriorReports, std::string_view("many_prior_reports")},
      std::pair{E::kSameBytes, std::string_view("same_bytes")},
      std::pair{E::kPreservationEnding, std::string_view("preservation_ending")},
      std::pair{E::kLinkedAcrossPlatforms, std::string_view("linked_across_platforms")},
      std::pair{E::kRepeatedWords, std::string_view("repeated_words")},
      std::pair{E::kMissingChild, std::string_view("missing_child")},
      std::pair{E::kConfirmedDanger, std::string_view("confirmed_danger")},
      std::pair{E::kJudgedHarmless, std::string_view("judged_harmless")},
  };
};

template <>
struct EnumNames<triage::Item> {
  using E = triage::Item;
  static constexpr std::string_view kName = "CompletenessItem";
  static constexpr std::array kAll = {
      std::pair{E::kAccount, std::string_view("account")},
      std::pair{E::kUploadAddress, std::string_view("upload_address")},
      std::pair{E::kOtherAddress, std::string_view("other_address")},
      std::pair{E::kFile, std::string_view("file")},
      std::pair{E::kFileViewed, std::string_view("file_viewed")},
      std::pair{E::kClassification, std::string_view("classification")},
      std::pair{E::kOriginalHash, std::string_view("original_hash")},
      std::pair{E::kConversation, std::string_view("conversation")},
      std::pair{E::kVictim, std::string_view("victim")},
      std::pair{E::kPlace, std::string_view("place")},
      std::pair{E::kContact, std::string_view("contact")},
  };
};

}  // namespace porchlight
