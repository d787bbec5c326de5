#pragma once

#include <cstdint>
#include <string>

#include "base/instant.h"
#include "synthetic/internal/markup.h"
#include "synthetic/mix.h"
#include "synthetic/names.h"

namespace porchlight::synthetic::internal {

// Who appears in a report and when it happened; worked out from the plan alone, so that the report's document and the
// details of its files agree.
struct Cast {
  Persona reported;
  Persona child;
  Persona recipient;
  bool names_account = true;      // Some careless reports hold no account at all.
  bool names_child = false;
  bool names_recipient = false;
  bool zone_missing = false;
  Duration incident_age;          // Before the moment of writing.
};
Cast CastOf(const Plan& plan);

// Writes times in the provider's manner, without a zone where this report's cast says so.
class Times {
 public:
  Times(const Provider& provider, const Cast& cast) : provider_(provider), cast_(cast) {}
  std::string operator()(Instant instant) const {
    return cast_.zone_missing ? FormatTimeWithoutZone(instant)
                              : FormatTime(instant, provider_.habit.times, cast_.reported.place->offset_minutes);
  }

 private:
  const Provider& provider_;
  const Cast& cast_;
};

struct NetworkEvent {
  std::string_view name;          // "Login", "Upload", ...; empty: not said.
  std::string_view address;
  Instant at;
};
// ipCaptureEvent; time, port and proxy flag present at the provider's rates.
void WriteNetworkEvent(Markup& markup, const Provider& provider, const Times& times, const NetworkEvent& event,
                       Dice& dice);

enum class Role : std::uint8_t { kReported = 1, kRecipient = 2, kChild = 3 };

struct AccountStory {
  Role role = Role::kReported;
  Instant incident_at;
  Instant written_at;
  std::vector<std::int64_t> earlier_reports;
};
// personOrUserReported, intendedRecipient or victim, whichever the role is.
void WriteAccount(Markup& markup, const Provider& provider, const Cast& cast, const AccountStory& story, Dice& dice);

}  // namespace porchlight::synthetic::internal
