#include "referrals/notifying.h"

#include <algorithm>

#include "base/json.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "referrals/delivery_rows.h"
#include "triage/legal_hold.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

constexpr int kUnreadCounted = 1'000;
constexpr std::int64_t kMinute = 60'000'000;

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

}  // namespace

struct Notifying::Subject {
  Delivery delivery;
  const Agency* agency = nullptr;
};

Result<void> EnqueueTelling(store::WriteTransaction& transaction, const Delivery& delivery, Step step, Instant now) {
  // Copies of a viral item are for looking through; what is not urgent comes with the day's notice.
  if (delivery.bundled || (step == Step::kNone && !delivery.urgent)) return {};
  jobs::NewJob job;
  job.kind = kTell;
  job.payload = Json().Set("delivery", delivery.id.value).Set("step", NameOf(step)).Serialize();
  job.lane = delivery.urgent ? jobs::Lane::kUrgent : jobs::Lane::kNormal;
  job.unique_key = std::to_string(delivery.id.value) + ":" + std::string(NameOf(step));
  return jobs::Enqueue(transaction, job, now);
}

Result<std::optional<Notifying::Subject>> Notifying::Read(DeliveryId id, Step step) const {
  const Instant now = clock_.Now();
  return database_.Read([&](store::ReadTransaction& transaction) -> Result<std::optional<Subject>> {
    std::optional<Delivery> delivery = PL_TRY(rows::FindDelivery(transaction, id));
    if (!delivery || IsAnswered(*delivery, step)) return std::optional<Subject>();
    const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, delivery->report));
    if (tip && triage::IsHeld(*tip)) return std::optional<Subject>();
    const std::optional<AgencyRow> row = PL_TRY(rows::FindAgency(transaction, delivery->agency));
    const Agency* agency = row ? agencies_.LastListed(row->code, now) : nullptr;
    if (agency == nullptr) return std::optional<Subject>();
    return std::optional(Subject{*std::move(delivery), agency});
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

mail::Mail Notifying::ForDuty(const Subject& subject, Step step) const {
  const Delivery& delivery = subject.delivery;
  mail::Mail mail;
  mail.subject = (delivery.urgent ? "Telephone about urgent " : "Nobody answers for ") + ReportOf(delivery);
  mail.text = subject.agency->name + " has not " + (delivery.urgent ? "acknowledged " : "opened ") + ReportOf(delivery) + " in time.\n";
  if (delivery.urgent && !subject.agency->urgent_phone.empty()) mail.text += "Telephone: " + subject.agency->urgent_phone + "\n";
  if (step == Step::kAlternate) mail.text += "Its alternate agency is asked too.\n";
  if (!settings_.console.empty()) mail.text += "\n" + settings_.console + "/reports/" + std::to_string(delivery.report.value) + "\n";
  mail.text += Closing();
  return mail;
}

// To each of them; answers how many took it. One that is refused for good holds up none of the others.
Result<int> Notifying::SendTo(const std::vector<std::string>& addresses, mail::Mail mail) const {
  int taken = 0;
  std::optional<Error> later;
  std::optional<Error> refused;
  const std::string id = mail.id;
  for (std::size_t index = 0; index < addresses.size(); ++index) {
    mail.to = addresses[index];
    mail.id = id + "-" + std::to_string(index);
    const Result<void> sent = send_(mail);
    if (sent.ok()) ++taken;
    else (sent.error().code == ErrorCode::kForbidden ? refused : later) = sent.error();
  }
  if (later) return *later;
  if (taken == 0 && refused) return *refused;
  return taken;
}

Result<void> Notifying::RecordTelling(const Delivery& delivery, Step step, int mails, std::string_view whom) {
  const Instant now = clock_.Now();
  const Json detail = Json().Set("step", NameOf(step)).Set("mails", mails);
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    if (whom == "agency") PL_TRY(rows::InsertHistory(transaction, delivery.id, {now, Happening::kWrittenTo, 0, detail.Serialize()}));
    audit::Entry entry;
    entry.action = "referrals.delivery.write_to";
    entry.subject_kind = "report";
    entry.subject = delivery.report.value;
    entry.detail = Json(detail).Set("delivery", delivery.id.value).Set("whom", whom).Serialize();
    return audit::Record(transaction, auth::SystemCaller("referrals"), entry, now);
  });
}

Result<void> Notifying::Tell(DeliveryId id, Step step) {
  if (!send_) return {};
  const std::optional<Subject> subject = PL_TRY(Read(id, step));
  if (!subject) return {};
  const Delivery& delivery = subject->delivery;
  const std::string name = "delivery-" + std::to_string(id.value) + "-" + std::to_string(delivery.granted_at.microseconds) + "-" +
                           std::string(NameOf(step));
  struct Part {
    bool concerned;
    const std::vector<std::string>& addresses;
    mail::Mail mail;
    std::string_view whom;
  };
  std::optional<Error> failed;
  for (Part part : {Part{ConcernsAgency(step), subject->agency->notify, ForAgency(*subject, step), "agency"},
                    Part{ConcernsDuty(delivery, step), settings_.duty, ForDuty(*subject, step), "duty"}}) {
    if (!part.concerned || part.addresses.empty()) continue;
    part.mail.id = name + "-" + std::string(part.whom);
    const Result<int> taken = SendTo(part.addresses, std::move(part.mail));
    if (!taken.ok()) failed = taken.error();
    else PL_TRY(RecordTelling(delivery, step, *taken, part.whom));
  }
  return failed ? Result<void>(*failed) : Result<void>();
}

// False when there is nothing to say, or it was said less than a day ago.
Result<bool> Notifying::TellOneUnread(AgencyId id, const Agency& agency) {
  const Instant now = clock_.Now();
  std::size_t unread = 0;
  std::size_t urgent = 0;
  const auto read = [&](store::ReadTransaction& transaction) -> Result<bool> {
    const std::optional<store::Row> last = PL_TRY(transaction.First(kFindDigest, id));
    if (last && now < last->Time(0) + Duration::Days(1)) return false;
    unread = PL_TRY(rows::ListDeliveries(transaction, id, {false, true, false}, {}, kUnreadCounted)).size();
    urgent = PL_TRY(rows::ListDeliveries(transaction, id, {false, true, true}, {}, kUnreadCounted)).size();
    return unread > 0;
  };
  if (!PL_TRY(database_.Read(read))) return false;
  const std::string more = unread == static_cast<std::size_t>(kUnreadCounted) ? " or more" : "";
  mail::Mail mail;
  mail.id = "unread-" + std::to_string(id.value) + "-" + FormatDate(now);
  mail.subject = std::to_string(unread) + more + (unread == 1 ? " report waits" : " reports wait") + " for your agency";
  mail.text = "To " + agency.name + "\n\nNot opened yet: " + std::to_string(unread) + more +
              ", of those urgent: " + std::to_string(urgent) + ".\n";
  if (!settings_.console.empty()) mail.text += "\nSign in to read them:\n" + settings_.console + "/agency\n";
  mail.text += Closing();
  PL_TRY(SendTo(agency.notify, std::move(mail)));
  PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return transaction.Execute(kSaveDigest, id, now); }));
  return true;
}

Result<int> Notifying::TellUnread() {
  if (!send_) return 0;
  const Instant now = clock_.Now();
  int told = 0;
  std::optional<Error> failed;
  for (const AgencyRow& row : PL_TRY(database_.Read(rows::ListAgencies))) {
    const Agency* agency = agencies_.At(now).Find(row.code);
    if (agency == nullptr || agency->notify.empty()) continue;
    const Result<bool> one = TellOneUnread(row.id, *agency);
    if (one.ok()) told += *one ? 1 : 0;
    else if (!failed) failed = one.error();
  }
  return failed ? Result<int>(*failed) : Result<int>(told);
}

}  // namespace porchlight::referrals
