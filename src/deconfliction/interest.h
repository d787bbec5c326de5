#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/record.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "tipline/content.h"
#include "tipline/report.h"

// The words of deconfliction: an agency has an open interest in somebody; where it meets another agency, both are told whom to call.
// Formats and reasons: docs/formats/deconfliction.md. Agencies are named by their code in the directory.
namespace porchlight::deconfliction {

using InterestId = Id<struct InterestTag>;
using MeetingId = Id<struct MeetingTag>;

// Stored as numbers: never renumber, never reuse.
enum class MeetingState : std::uint8_t { kOpen = 1, kResolved = 2, kEnded = 3 };
enum class Outcome : std::uint8_t { kBoth = 1, kHolderOnly = 2, kOtherOnly = 3 };

struct Interest {
  InterestId id;
  std::string agency;
  std::int64_t account = 0;
  tipline::IdentifierKind kind = tipline::IdentifierKind::kUserId;
  std::int64_t link_key = 0;                      // The same under which triage links reports.
  std::string sealed;                             // The identifier as it was given; for the agency alone.
  std::string reference;                          // The agency's own case.
  std::string contact_name;
  std::string contact_phone;
  Instant opened_at;
  Instant until;
  std::optional<Instant> withdrawn_at;
  bool StandsAt(Instant now) const { return !withdrawn_at && now < until; }
};

struct Meeting {
  MeetingId id;
  tipline::ReportId report;                       // 0: two interests met.
  InterestId interest;
  std::string holder;                             // Whose interest it is.
  std::string other;                              // The agency that it met.
  InterestId other_interest;                      // 0: a report led there.
  Instant at;
  MeetingState state = MeetingState::kOpen;
  bool pauses = false;                            // A waiting report is kept from `other` until it is resolved.
  std::optional<Outcome> outcome;
  std::string note;
  std::optional<Instant> resolved_at;
  std::int64_t resolved_by = 0;
};

// How an agency is reached when an interest does not say.
struct AgencyCard {
  std::string code;
  std::string name;
  std::string contact;
  std::string phone;
};

// The directory of agencies, which another room keeps.
struct AgencySource {
  // The agency of an organisation's officers; nothing when it stands for none.
  std::function<Result<std::optional<std::string>>(store::ReadTransaction&, auth::OrganisationId)> code_of;
  std::function<AgencyCard(std::string_view code)> card;
  // The number of the agency's delivery of a report, 0 when it has none.
  std::function<Result<std::int64_t>(store::ReadTransaction&, tipline::ReportId, std::string_view code)> delivery_of;
};

}  // namespace porchlight::deconfliction

namespace porchlight {

template <>
struct EnumNames<deconfliction::MeetingState> {
  using E = deconfliction::MeetingState;
  static constexpr std::string_view kName = "MeetingState";
  static constexpr std::array kAll = {std::pair{E::kOpen, std::string_view("open")},
                                      std::pair{E::kResolved, std::string_view("resolved")},
                                      std::pair{E::kEnded, std::string_view("ended")}};
};

template <>
struct EnumNames<deconfliction::Outcome> {
  using E = deconfliction::Outcome;
  static constexpr std::string_view kName = "MeetingOutcome";
  static constexpr std::array kAll = {std::pair{E::kBoth, std::string_view("both")},
                                      std::pair{E::kHolderOnly, std::string_view("holder_only")},
                                      std::pair{E::kOtherOnly, std::string_view("other_only")}};
};

}  // namespace porchlight
