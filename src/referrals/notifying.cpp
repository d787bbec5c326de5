#include "referrals/notifying.h"

#include <algorithm>

#include "base/json.h"
#include "platform/audit/audit.h"
#include "referrals/delivery_rows.h"
#include "triage/legal_hold.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

constexpr std::string_view kTell = "referrals.tell";                // {"delivery":12,"step":"reminder","alternate":false}
constexpr std::string_view kSendNotice = "referrals.send_notice";   // The same with "duty" and "address".
constexpr std::string_view kTellUnread = "referrals.tell_unread";
constexpr std::string_view kSendUnread = "referrals.send_unread";   // {"agency":3}

constexpr int kUnreadCounted = 1'000;
constexpr std::int64_t kMinute = 60'000'000;
constexpr Duration kTryAgain = Duration::Minutes(5);

constexpr store::Statement kFindDigest{"referrals.find_digest", "SELECT at FROM referrals_digests WHERE agency = $1"};
constexpr store::Statement kSaveDigest{
    "referrals.save_digest",
    "INSERT INTO referrals_digests (agency, at) VALUES ($1, $2) ON CONFLICT (agency) DO UPDATE SET at = excluded.at"};

bool IsAnswered(const Delivery& delivery, Step step) {
  if (delivery.revoked_at || delivery.redirected_to || delivery.feedback_at || delivery.acknowledged_at) return true;
  // A page that was opened is no answer to what is urgent; what was made available has been seen.
  return delivery.opened_at && (!delivery.urgent || step == Step::kNone);
}

bool ConcernsAgency(Step step) { return step == Step::kNone || step == Step::kReminder; }
// Of an urgent one somebody telephones from the first reminder on.
bool ConcernsDuty(const Delivery& delivery, Step step) {
  return step >= (delivery.urgent ? Step::kReminder : Step::kSupervisor) && step <= Step::kAlternate;
}

std::string ReportOf(const Delivery& delivery) { return "report " + std::to_string(delivery.report.value); }

// A server that is away is asked again in minutes, not at once.
Error Later(Error error) {
  const bool away = error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout;
  if (away) error.retry_after_seconds = kTryAgain.microseconds / 1'000'000;
  return error;
}

bool IsTrue(const Json& json, std::string_view name) {
  const Json* value = json.Find(name);
  return value != nullptr && value->AsBool() != nullptr && *value->AsBool();
}

}  // namespace

struct Notifying::Subject {
  Delivery delivery;
  const Agency* agency = nullptr;
};

Result<void> EnqueueTelling(store::WriteTransaction& transaction, const Delivery& delivery, Step step, bool alternate_asked, Instant now) {
  // Copies of a viral item are for looking through; what is not urgent comes with the day's notice.
  if (delivery.bundled || (step == Step::kNone && !delivery.urgent)) return {};
  jobs::NewJob job;
  job.kind = kTell;
  job.payload =
      Json().Set("delivery", delivery.id.value).Set("step", NameOf(step)).Set("alternate", alternate_asked).Serialize();
  job.lane = delivery.urgent ? jobs::Lane::kUrgent : jobs::Lane::kNormal;
  job.unique_key = std::to_string(delivery.id.value) + ":" + std::string(NameOf(step));
  return jobs::Enqueue(transaction, job, now);
}

void Notifying::Register(jobs::Worker& worker) {
  worker.Register(std::string(kTell), [this](const jobs::Job& job) -> Result<void> { return FanOut(PL_TRY(NoticeIn(job))); });
  worker.Register(std::string(kSendNotice), [this](const jobs::Job& job) -> Result<void> { return SendNotice(PL_TRY(NoticeIn(job))); });
  worker.Register(std::string(kTellUnread), [this](const jobs::Job&) { return FanOutUnread(); });
  worker.Register(std::string(kSendUnread), [this](const jobs::Job& job) -> Result<void> {
    return SendUnread({PL_TRY(jobs::NumberIn(job, "agency"))});
  });
}

Result<void> Notifying::Schedule(store::WriteTransaction& transaction, Instant now) {
  jobs::NewJob job;
  job.kind = kTellUnread;
  job.payload = "{}";
  job.lane = jobs::Lane::kBulk;
  job.not_before = now;
  job.unique_key = "next";
  return jobs::Enqueue(transaction, job, now);
}

Result<Notifying::Notice> Notifying::NoticeIn(const jobs::Job& job) {
  const Json payload = PL_TRY(ParseJson(job.payload));
  Notice notice;
  notice.delivery = {PL_TRY(jobs::NumberIn(job, "delivery"))};
  notice.step = FromName<Step>(payload.Text("step")).value_or(Step::kNone);
  notice.alternate_asked = IsTrue(payload, "alternate");
  notice.whom = IsTrue(payload, "duty") ? Whom::kDuty : Whom::kAgency;
  if (payload.Find("address") != nullptr) notice.address = static_cast<std::size_t>(PL_TRY(jobs::NumberIn(job, "address")));
  return notice;
}

Result<std::optional<Notifying::Subject>> Notifying::Read(store::ReadTransaction& transaction, const Notice& notice) const {
  std::optional<Delivery> delivery = PL_TRY(rows::FindDelivery(transaction, notice.delivery));
  if (!delivery || IsAnswered(*delivery, notice.step)) return std::optional<Subject>();
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, delivery->report));
  if (tip && triage::IsHeld(*tip)) return std::optional<Subject>();
  const std::optional<AgencyRow> row = PL_TRY(rows::FindAgency(transaction, delivery->agency));
  const Agency* agency = row ? agencies_.LastListed(row->code, clock_.Now()) : nullptr;
  if (agency == nullptr) return std::optional<Subject>();
  return std::optional(Subject{*std::move(delivery), agency});
}

const std::vector<std::string>& Notifying::AddressesOf(const Subject& subject, Whom whom) const {
  return whom == Whom::kDuty ? settings_.duty : subject.agency->notify;
}

// One job for each address, so that one that is refused or away holds up no other.
Result<void> Notifying::FanOut(const Notice& notice) {
  if (!send_) return {};
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const std::optional<Subject> subject = PL_TRY(Read(transaction, notice));
    if (!subject) return {};
    for (const Whom whom : {Whom::kAgency, Whom::kDuty}) {
      const bool concerned = whom == Whom::kAgency ? ConcernsAgency(notice.step) : ConcernsDuty(subject->delivery, notice.step);
      for (std::size_t index = 0; concerned && index < AddressesOf(*subject, whom).size(); ++index) {
        jobs::NewJob job;
        job.kind = kSendNotice;
        job.payload = Json()
                          .Set("delivery", notice.delivery.value)
                          .Set("step", NameOf(notice.step))
                          .Set("alternate", notice.alternate_asked)
                          .Set("duty", whom == Whom::kDuty)
                          .Set("address", static_cast<std::int64_t>(index))
                          .Serialize();
        job.lane = jobs::Lane::kOutside;
        // In front of the day's notices, of which there may be many.
        if (subject->delivery.urgent) job.not_before = Instant{now.microseconds - Duration::Days(1).microseconds};
        job.unique_key = job.payload;
        PL_TRY(jobs::Enqueue(transaction, job, now));
      }
    }
    return {};
  });
}

std::string Notifying::Closing() const {
  return "\n" + settings_.centre + (settings_.contact.empty() ? "" : "\n" + settings_.contact) +
         "\n\nThis notice says nothing of what was reported. A program wrote it; nobody reads answers to it.\n";
}

mail::Mail Notifying::ForAgency(const Subject& subject, Step step) const {
  const Delivery& delivery = subject.delivery;
  const bool again = step != Step::kNone;
  mail::Mail mail;
  mail.subject = std::string(again ? "Reminder: " : "") + (delivery.urgent ? "Urgent report " : "Report ") +
                 std::to_string(delivery.report.value) + " waits for your agency";
  mail.text = "To " + subject.agency->name + "\n\nA " + (delivery.urgent ? "report that is marked urgent" : "report") +
              " was made available to your agency and nobody has " + (delivery.urgent ? "acknowledged" : "opened") + " it yet: " +
              ReportOf(delivery) + ".\n";
  if (!settings_.console.empty()) {
    mail.text += "\nSign in to read it" + std::string(delivery.urgent ? " and acknowledge it" : "") + ":\n" + settings_.console +
                 "/agency/" + std::to_string(delivery.id.value) + "\n";
  }
  if (delivery.urgent) {
    mail.text += "\nAn urgent report wants to be acknowledged within " +
                 std::to_string(clocks_.urgent_acknowledge.microseconds / kMinute) +
                 " minutes of being made available; before that is over the centre telephones.\n";
  }
  mail.text += Closing();
  return mail;
}

mail::Mail Notifying::ForDuty(const Subject& subject, const Notice& notice) const {
  const Delivery& delivery = subject.delivery;
  mail::Mail mail;
  mail.subject = (delivery.urgent ? "Telephone about urgent " : "Nobody answers for ") + ReportOf(delivery);
  mail.text = subject.agency->name + " has not " + (delivery.urgent ? "acknowledged " : "opened ") + ReportOf(delivery) + " in time.\n";
  if (delivery.urgent && !subject.agency->urgent_phone.empty()) mail.text += "Telephone: " + subject.agency->urgent_phone + "\n";
  if (notice.step == Step::kAlternate) {
    mail.text += notice.alternate_asked ? "Its alternate agency was asked too.\n"
                                        : "No other agency was asked: decide who shall have it.\n";
  }
  if (!settings_.console.empty()) mail.text += "\n" + settings_.console + "/reports/" + std::to_string(delivery.report.value) + "\n";
  mail.text += Closing();
  return mail;
}

// The agency sees in its history that it was written to, once for each step; the audit log has each message.
Result<void> Notifying::Record(const Delivery& delivery, const Notice& notice) {
  const Instant now = clock_.Now();
  const std::string step = Json().Set("step", NameOf(notice.step)).Serialize();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const std::vector<HistoryEntry> history = PL_TRY(rows::HistoryOf(transaction, delivery.id));
    const bool told = std::any_of(history.begin(), history.end(), [&](const HistoryEntry& one) {
      return one.kind == Happening::kWrittenTo && one.at >= delivery.granted_at && one.detail == step;
    });
    if (notice.whom == Whom::kAgency && !told) {
      PL_TRY(rows::InsertHistory(transaction, delivery.id, {now, Happening::kWrittenTo, 0, step}));
    }
    audit::Entry entry;
    entry.action = "referrals.delivery.write_to";
    entry.subject_kind = "report";
    entry.subject = delivery.report.value;
    entry.detail = Json()
                       .Set("delivery", delivery.id.value)
                       .Set("step", NameOf(notice.step))
                       .Set("whom", notice.whom == Whom::kDuty ? "duty" : "agency")
                       .Set("address", static_cast<std::int64_t>(notice.address))
                       .Serialize();
    return audit::Record(transaction, auth::SystemCaller("referrals"), entry, now);
  });
}

Result<void> Notifying::SendNotice(const Notice& notice) {
  if (!send_) return {};
  const auto read = [&](store::ReadTransaction& transaction) { return Read(transaction, notice); };
  const std::optional<Subject> subject = PL_TRY(database_.Read(read));
  // Also when the directory names fewer addresses by now.
  if (!subject || notice.address >= AddressesOf(*subject, notice.whom).size()) return {};
  const Delivery& delivery = subject->delivery;
  mail::Mail mail = notice.whom == Whom::kDuty ? ForDuty(*subject, notice) : ForAgency(*subject, notice.step);
  mail.to = AddressesOf(*subject, notice.whom)[notice.address];
  mail.id = "delivery-" + std::to_string(delivery.id.value) + "-" + std::to_string(delivery.granted_at.microseconds) + "-" +
            std::string(NameOf(notice.step)) + (notice.whom == Whom::kDuty ? "-duty-" : "-") + std::to_string(notice.address);
  const Result<void> sent = send_(mail);
  return sent.ok() ? Record(delivery, notice) : Result<void>(Later(sent.error()));
}

Result<void> Notifying::FanOutUnread() {
  const Instant now = clock_.Now();
  // The next run is queued first: a run that fails for good must not be the last one.
  const auto next = [&](store::WriteTransaction& transaction) { return Schedule(transaction, now + kTellUnreadEvery); };
  PL_TRY(database_.Write(next));
  if (!send_) return {};
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    for (const AgencyRow& row : PL_TRY(rows::ListAgencies(transaction))) {
      const Agency* agency = agencies_.At(now).Find(row.code);
      if (agency == nullptr || agency->notify.empty()) continue;
      const std::optional<store::Row> last = PL_TRY(transaction.First(kFindDigest, row.id));
      if (last && now < last->Time(0) + Duration::Days(1)) continue;
      if (PL_TRY(rows::ListDeliveries(transaction, row.id, {false, true, false}, {}, 1)).empty()) continue;
      jobs::NewJob job;
      job.kind = kSendUnread;
      job.payload = Json().Set("agency", row.id.value).Serialize();
      job.lane = jobs::Lane::kOutside;
      job.unique_key = std::to_string(row.id.value);
      PL_TRY(jobs::Enqueue(transaction, job, now));
    }
    return {};
  });
}

// To all of its addresses; it counts when one of them took it.
Result<void> Notifying::SendUnread(AgencyId id) {
  if (!send_) return {};
  const Instant now = clock_.Now();
  struct Unread {
    const Agency* agency = nullptr;
    std::size_t all = 0;
    std::size_t urgent = 0;
  };
  const auto read = [&](store::ReadTransaction& transaction) -> Result<Unread> {
    Unread unread;
    for (const AgencyRow& row : PL_TRY(rows::ListAgencies(transaction))) {
      if (row.id == id) unread.agency = agencies_.At(now).Find(row.code);
    }
    unread.all = PL_TRY(rows::ListDeliveries(transaction, id, {false, true, false}, {}, kUnreadCounted)).size();
    unread.urgent = PL_TRY(rows::ListDeliveries(transaction, id, {false, true, true}, {}, kUnreadCounted)).size();
    return unread;
  };
  const Unread unread = PL_TRY(database_.Read(read));
  if (unread.agency == nullptr || unread.all == 0) return {};
  const std::string more = unread.all == static_cast<std::size_t>(kUnreadCounted) ? " or more" : "";
  mail::Mail mail;
  mail.subject = std::to_string(unread.all) + more + (unread.all == 1 ? " report waits" : " reports wait") + " for your agency";
  mail.text = "To " + unread.agency->name + "\n\nNot opened yet: " + std::to_string(unread.all) + more +
              ", of those urgent: " + std::to_string(unread.urgent) + ".\n";
  if (!settings_.console.empty()) mail.text += "\nSign in to read them:\n" + settings_.console + "/agency\n";
  mail.text += Closing();
  std::optional<Error> failed;
  bool taken = false;
  for (std::size_t index = 0; index < unread.agency->notify.size(); ++index) {
    mail.to = unread.agency->notify[index];
    mail.id = "unread-" + std::to_string(id.value) + "-" + FormatDate(now) + "-" + std::to_string(index);
    const Result<void> sent = send_(mail);
    taken = taken || sent.ok();
    if (sent.ok()) continue;
    failed = sent.error();
    if (failed->code == ErrorCode::kTimeout) break;   // The server is away for the others too.
  }
  if (!taken && failed) return Later(*failed);
  PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return transaction.Execute(kSaveDigest, id, now); }));
  return {};
}

}  // namespace porchlight::referrals
