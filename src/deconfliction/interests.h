#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "deconfliction/interest.h"
#include "platform/vault/vault.h"
#include "triage/judging.h"

// What an agency does with its open interests. The caller acts for the agency of their organisation; another agency's interest and
// a number that does not exist answer alike: kNotFound. Each act is one unit of work with its audit entry and its event. Thread-safe.
namespace porchlight::deconfliction {

// Ends what is left of the meetings of a withdrawn interest. {"interest":3}
inline constexpr std::string_view kEndMeetings = "deconfliction.end_meetings";

struct NewInterest {
  tipline::IdentifierKind kind = tipline::IdentifierKind::kEmail;
  std::string value;
  std::string service;                            // For an account number and a screen name.
  std::string reference;
  std::string contact_name;
  std::string contact_phone;
  int days = 365;
};

// The identifier as it was given.
struct GivenIdentifier {
  std::string value;
  std::string service;
};

class Interests {
 public:
  static constexpr std::int64_t kStandingMax = 1'000;     // Of one agency.
  static constexpr int kDaysMax = 730;
  static constexpr std::size_t kTextBytesMax = 200;

  Interests(store::Database& database, const triage::Judging& judging, const vault::Sealer& sealer, const Clock& clock,
            AgencySource agencies)
      : database_(database), judging_(judging), sealer_(sealer), clock_(clock), agencies_(std::move(agencies)) {}

  // Opens one, or renews the one that the agency has of that identifier. Where another agency has one, they meet. Errors:
  // kInvalidArgument with the member ("/value": it says too little to go by); kConflict, field "organisation", when the caller's stands
  // for no agency; kConflict, field "interests", when 1,000 stand or were opened within
  // thirty days.
  Result<Interest> Open(const auth::Caller& caller, const NewInterest& wanted, std::string_view request_id);

  // Ends one and the meetings it is in; a report that waited for those alone waits in the queue again. A repeat changes nothing.
  Result<Interest> Withdraw(const auth::Caller& caller, InterestId id, std::string_view request_id);

  // Errors: kCorrupt.
  Result<GivenIdentifier> Unseal(const Interest& interest) const;
  // The caller's agency. Errors: kConflict, field "organisation".
  Result<std::string> AgencyOf(store::ReadTransaction& transaction, const auth::Caller& caller) const;

 private:
  Result<std::int64_t> KeyOf(const NewInterest& wanted) const;
  Result<void> MeetOthers(store::WriteTransaction& transaction, const Interest& interest, Instant now) const;

  store::Database& database_;
  const triage::Judging& judging_;
  const vault::Sealer& sealer_;
  const Clock& clock_;
  const AgencySource agencies_;
};

}  // namespace porchlight::deconfliction
