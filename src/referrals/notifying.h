#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/jobs/jobs.h"
#include "platform/mail/mail.h"
#include "platform/store/database.h"
#include "referrals/agencies.h"
#include "referrals/delivery.h"

// Tells people by e-mail that something waits for them: an agency of an urgent report at once and of reminders, and once a day of what it
// has not read; whoever is on duty of what nobody answers for. A notice names the report's number and nothing of what is in it. Without
// a mail server nobody is written to, and everything stands on the pages all the same.
namespace porchlight::referrals {

inline constexpr Duration kTellUnreadEvery = Duration::Hours(1);           // Looked at; an agency is written to once a day.

// In the unit of work of the step; `step` kNone: it was made available. `alternate_asked`: the agency's alternate has it now.
Result<void> EnqueueTelling(store::WriteTransaction& transaction, const Delivery& delivery, Step step, bool alternate_asked, Instant now);

// Thread-safe. Everything outlives this. Finding out whom to tell is quick; each message is a job of its own in the lane of what waits for
// others, tried for over half an hour, under one Message-ID however often.
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

  // Handlers of its jobs; before the worker starts.
  void Register(jobs::Worker& worker);
  static Result<void> Schedule(store::WriteTransaction& transaction, Instant now);

 private:
  enum class Whom : std::uint8_t { kAgency, kDuty };
  struct Notice {
    DeliveryId delivery;
    Step step = Step::kNone;
    bool alternate_asked = false;
    Whom whom = Whom::kAgency;
    std::size_t address = 0;                      // Which of theirs.
  };
  struct Subject;

  static Result<Notice> NoticeIn(const jobs::Job& job);
  // Nothing when somebody has answered meanwhile, it was taken back, or a hold stands.
  Result<std::optional<Subject>> Read(store::ReadTransaction& transaction, const Notice& notice) const;
  const std::vector<std::string>& AddressesOf(const Subject& subject, Whom whom) const;
  Result<void> FanOut(const Notice& notice);
  Result<void> SendNotice(const Notice& notice);
  Result<void> Record(const Delivery& delivery, const Notice& notice);
  Result<void> FanOutUnread();
  Result<void> SendUnread(AgencyId id);
  mail::Mail ForAgency(const Subject& subject, Step step) const;
  mail::Mail ForDuty(const Subject& subject, const Notice& notice) const;
  std::string Closing() const;

  store::Database& database_;
  const AgencyBook& agencies_;
  const Clock& clock_;
  const DeliveryClocks clocks_;
  const Settings settings_;
  const Send send_;
};

}  // namespace porchlight::referrals
