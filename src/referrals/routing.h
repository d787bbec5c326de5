#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "referrals/agencies.h"
#include "referrals/place_evidence.h"

// From evidence to agencies. Pure: the same evidence and tables always give the same proposal.
namespace porchlight::referrals {

// A place that evidence leads to, for one of the report's people.
struct Candidate {
  geo::Place place;
  Whose whose = Whose::kSuspect;
  int weight = 0;                            // 1 to 99: each kind of evidence counts once, by its strongest.
  std::vector<std::size_t> evidence;         // Indexes into the list it was weighed from, ascending.
  bool operator==(const Candidate&) const = default;
};

// Heaviest first; a suspect's place before a victim's of the same weight. A region that weighs enough stands for its
// country; where none does, the country stands for its regions.
std::vector<Candidate> Weigh(const std::vector<PlaceEvidence>& evidence, const RoutingTable& table);

// How sure the first place is. Stored as numbers: never renumber, never reuse.
enum class Confidence : std::uint8_t { kNone = 0, kLow = 1, kMedium = 2, kHigh = 3 };

struct Choice {
  std::string agency;                        // Its code.
  bool primary = false;
  std::vector<std::size_t> candidates;       // Those that lead to it, heaviest first; empty: a person named it.
  bool operator==(const Choice&) const = default;
};

bool Holds(const std::vector<Choice>& choices, std::string_view agency);
std::vector<std::string> CodesOf(const std::vector<Choice>& choices);

// The first choice is the primary one; none at all: nothing leads anywhere.
struct Proposal {
  std::vector<Choice> choices;
  Confidence confidence = Confidence::kNone;
  bool operator==(const Proposal&) const = default;
};

// `day`: "2026-01-31", on which agencies serve.
Proposal Propose(const std::vector<Candidate>& candidates, const RoutingTable& table, const AgencyTable& agencies, std::string_view day);

Json ToJson(const Candidate& candidate);
Result<Candidate> CandidateFromJson(const Json& json);   // Errors: kCorrupt.
Json ToJson(const Choice& choice);
Result<Choice> ChoiceFromJson(const Json& json);         // Errors: kCorrupt.

}  // namespace porchlight::referrals

namespace porchlight {

template <>
struct EnumNames<referrals::Confidence> {
  using E = referrals::Confidence;
  static constexpr std::string_view kName = "RoutingConfidence";
  static constexpr std::array kAll = {std::pair{E::kNone, std::string_view("none")}, std::pair{E::kLow, std::string_view("low")},
                                      std::pair{E::kMedium, std::string_view("medium")}, std::pair{E::kHigh, std::string_view("high")}};
};

}  // namespace porchlight
