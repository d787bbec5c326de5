#include "platform/profile/needs.h"

namespace porchlight::profile {

const std::vector<std::string_view>& ClocksNeeded() {
  static const std::vector<std::string_view> kNames = {
      "report_finish_from_open", "report_finish_from_change", "session_idle", "session_absolute", "second_factor_enrolment",
      "token_life_max", "tip_claim", "urgent_claim", "urgent_refer", "delivery_remind", "delivery_supervisor", "delivery_alternate",
      "delivery_urgent_open", "delivery_urgent_acknowledge", "delivery_urgent_alternate", "delivery_silence",
      "preservation_notice_first", "preservation_notice_second", "preservation_notice_last", "exposure_per_day", "exposure_once"};
  return kNames;
}

const std::vector<NumberNeed>& NumbersNeeded() {
  static const std::vector<NumberNeed> kNumbers = {
      {"preserve_years", 1, 100},
      {"password_length_min", 8, 128},
      {"sign_in_failures_max", 1, 100},
      {"lock_out_minutes", 1, 7 * 24 * 60},
      {"sign_in_login_per_minute_max", 1, 10'000},
      {"sign_in_peer_per_minute_max", 1, 100'000},
      {"exposure_files_per_day", 1, 100'000},
  };
  return kNumbers;
}

const std::vector<std::string_view>& ListsNeeded() {
  static const std::vector<std::string_view> kNames = {
      "incident_types", "report_states", "report_sources", "findings", "organisation_kinds", "permissions", "audit_purposes",
      "countries", "routing_reasons", "feedback_outcomes", "feedback_gaps"};
  return kNames;
}

}  // namespace porchlight::profile
