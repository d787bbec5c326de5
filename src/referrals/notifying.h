#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/mail/mail.h"
#include "platform/store/database.h"
#include "referrals/agencies.h"
#include "referrals/delivery.h"

// Tells people by e-mail that something waits for them: an agency of an urgent report at once and of reminders, and once a day of what it
// has not read; whoever is on duty of what nobody answers for. A notice names the report's number and nothing of what is in it. Without
// a mail server nobody is written to, and everything stands on the pages all the same.
namespace porchlight::referrals {

inline constexpr std::string_view kTell = "referrals.tell";                // {"delivery":12,"step":"reminder"}
inline constexpr std::string_view kTellUnread = "referrals.tell_unread";
inline constexpr Duration kTellUnreadEvery = Duration::Hours(1);           // Looked at; an agency is written to once a day.

// In the unit of work of the step; `step` kNone: it was made available.
Result<void> EnqueueTelling(store::WriteTransaction& transaction, const Delivery& delivery, Step step, Instant now);

// Thread-safe. Everything outlives this.
class Notifying {
 public:
  struct Settings {
    std::string console;                          // "https://centre.example/console"; empty: notices hold no link.
    std::string centre;                           // Its name,
    std::string contact;                          // and how it is reached.
    std::vector<std::string> duty;                // Addresses of whoever is on duty.
  };
  // Empty: no mail server is set.
  using Send = std::function<Result<void>(const mail::Mail&)>;

  Notifying(store::Database& database, const AgencyBook& agencies, const Clock& clock, const DeliveryClocks& clocks, Settings settings,
            Send send)
      : database_(database), agencies_(agencies), clock_(clock), clocks_(clocks), settings_(std::move(settings)), send_(std::move(send)) {}

  // Writes to whom that step concerns, unless somebody has answered meanwhile, it was taken back, or a hold stands. What an address was
  // sent stands in the delivery's history, without the address. Run again after an error it writes to all once more, under the same
  // Message-ID. Errors: those of the mail server, when it took a notice for nobody or may take it later.
  Result<void> Tell(DeliveryId delivery, Step step);
  // Agencies that have unread reports and were not written to for a day; answers how many were. One that cannot be reached holds up none
  // of the others. Errors: the first of the mail server's, at the end.
  Result<int> TellUnread();

 private:
  struct Subject;
  Result<std::optional<Subject>> Read(DeliveryId id, Step step) const;
  Result<int> SendTo(const std::vector<std::string>& addresses, mail::Mail mail) const;
  Result<void> RecordTelling(const Delivery& delivery, Step step, int mails, std::string_view whom);
  Result<bool> TellOneUnread(AgencyId id, const Agency& agency);
  mail::Mail ForAgency(const Subject& subject, Step step) const;
  mail::Mail ForDuty(const Subject& subject, Step step) const;
  std::string Closing() const;

  store::Database& database_;
  const AgencyBook& agencies_;
  const Clock& clock_;
  const DeliveryClocks clocks_;
  const Settings settings_;
  const Send send_;
};

}  // namespace porchlight::referrals
