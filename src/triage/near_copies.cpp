#include "triage/near_copies.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "hashing/events.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/outbox.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;
using tipline::ReportState;

constexpr std::string_view kReader = "triage.near_copies";
constexpr int kEventsMax = 1'000;
constexpr std::size_t kBatchMax = 64;
constexpr Duration kComeAgain = Duration::Seconds(5);
constexpr Duration kComeAgainLater = Duration::Minutes(1);   // Somebody floods us; it is no error to wait.

bool IsOfOneReport(const Error& error) { return error.code != ErrorCode::kUnavailable && error.code != ErrorCode::kNoSpace; }

Result<void> EnqueueAlone(store::WriteTransaction& transaction, ReportId report, Instant not_before, Instant now) {
  jobs::NewJob job;
  job.kind = kNearCopy;
  job.payload = Json().Set("report", report.value).Serialize();
  job.not_before = not_before;
  job.unique_key = std::to_string(report.value);
  return jobs::Enqueue(transaction, job, now);
}

}  // namespace

std::int64_t Judging::LookKeyOf(hashing::GroupId group) const { return KeyOf("looks:" + std::to_string(group.value)); }

Result<rows::HeldItem> Judging::KnownOf(store::ReadTransaction& transaction, const Work& work, const ItemKeys& item) const {
  std::vector<std::int64_t> keys = item.keys;
  if (item.look) keys.push_back(LookKeyOf(PL_TRY(hashing::GroupNow(transaction, {*item.look})).id));
  rows::HeldItem most;
  for (const std::int64_t key : keys) {
    const auto counted = work.counted.find(key);
    const rows::HeldItem one = counted != work.counted.end() ? counted->second : PL_TRY(rows::FindItem(transaction, key));
    most = {std::max(most.people, one.people), most.viral || one.viral};
  }
  return most;
}

// Answers the keys that went viral. In one order for all writers, as the items of new reports are.
Result<std::vector<std::int64_t>> Judging::HoldLooks(store::WriteTransaction& transaction, const std::vector<Seen>& seen,
                                                     Instant now) const {
  std::set<std::pair<std::int64_t, const Prepared*>> holdings;
  for (const Seen& one : seen) {
    if (!one.counts) continue;
    for (const auto& [bytes, group] : one.groups) holdings.emplace(LookKeyOf(group), one.report);
  }
  std::vector<std::int64_t> went_viral;
  for (const auto& [key, report] : holdings) {
    const rows::HeldItem item = PL_TRY(rows::HoldItem(transaction, key, report->person, report->report.id));
    const bool known = item.viral || (!went_viral.empty() && went_viral.back() == key);
    if (known || item.people < rules_.At(now).Number("viral_reports")) continue;
    PL_TRY(rows::MarkViral(transaction, key));
    went_viral.push_back(key);
  }
  return went_viral;
}

Result<void> Judging::JudgeSeen(store::WriteTransaction& transaction, const Seen& seen, Instant now) const {
  std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, seen.report->report.id));
  // What was decided stays decided.
  if (!tip || !tip->IsUndecided() || tip->scores + 1 >= rows::kScoresMax) return {};
  Inputs inputs = PL_TRY(rows::FindScore(transaction, tip->id, tip->scores)).inputs;
  for (ItemKeys& item : inputs.items) {
    const auto group = seen.groups.find(item.keys.front());
    if (group != seen.groups.end()) item.look = group->second.value;
  }
  return JudgeAgain(transaction, *tip, inputs, "near_copies", auth::SystemCaller("triage"), now);
}

Result<std::vector<ReportId>> Judging::JudgeLooks(store::WriteTransaction& transaction, const std::vector<Prepared>& reports,
                                                  Instant now) const {
  std::vector<ReportId> not_yet;
  std::vector<Seen> all;
  for (const Prepared& report : reports) {
    const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, report.report.id));
    if (!tip) {
      not_yet.push_back(report.report.id);
      continue;
    }
    Seen seen{&report, tip->IsFollowed() && tip->source == tipline::ReportSource::kPlatform, {}};
    for (const hashing::FileLook& file : PL_TRY(hashing::LooksAlike(transaction, report.report.id))) {
      seen.groups.emplace(KeyOf("sha256:" + HexEncode(file.sha256)), file.group.id);
    }
    if (!seen.groups.empty()) all.push_back(std::move(seen));
  }
  std::sort(all.begin(), all.end(), [](const Seen& left, const Seen& right) { return left.report->report.id < right.report->report.id; });
  const std::vector<std::int64_t> went_viral = PL_TRY(HoldLooks(transaction, all, now));
  for (const Seen& seen : all) PL_TRY(JudgeSeen(transaction, seen, now));
  PL_TRY(JudgeHolders(transaction, went_viral, {}, now));
  return not_yet;
}

Result<int> NearCopies::RunOnce() {
  const auto read = [](store::ReadTransaction& transaction) -> Result<std::vector<jobs::Event>> {
    const std::int64_t bookmark = PL_TRY(jobs::FindBookmark(transaction, kReader));
    return jobs::ReadAfter(transaction, bookmark, kEventsMax);
  };
  const std::vector<jobs::Event> events = PL_TRY(database_.Read(read));
  int done = 0;
  std::set<ReportId> reports;
  for (const jobs::Event& event : events) {
    ++done;
    if (event.kind == hashing::events::kLooksAlike) reports.insert({event.subject});
    if (reports.size() == kBatchMax) break;
  }
  if (done == 0) return 0;
  PL_TRY(JudgeBatch({reports.begin(), reports.end()}, events[static_cast<std::size_t>(done) - 1].sequence));
  return done;
}

// One that cannot be judged holds up nobody: all of the batch come again, each on its own.
Result<void> NearCopies::JudgeBatch(const std::vector<ReportId>& reports, std::int64_t bookmark) {
  const Instant now = clock_.Now();
  const auto prepare = [&](store::ReadTransaction& transaction) -> Result<std::vector<Prepared>> {
    std::vector<Prepared> all;
    for (const ReportId report : reports) all.push_back(PL_TRY(judging_.Prepare(transaction, report, now)));
    return all;
  };
  Result<std::vector<Prepared>> prepared = database_.Read(prepare);
  if (!prepared.ok() && !IsOfOneReport(prepared.error())) return prepared.error();
  const auto judge = [&](store::WriteTransaction& transaction) -> Result<void> {
    const std::vector<ReportId> not_yet = PL_TRY(judging_.JudgeLooks(transaction, *prepared, now));
    for (const ReportId report : not_yet) PL_TRY(EnqueueAlone(transaction, report, now + kComeAgain, now));
    return jobs::SaveBookmark(transaction, kReader, bookmark);
  };
  const Result<void> judged = prepared.ok() ? database_.Write(judge) : Result<void>(prepared.error());
  if (judged.ok() || !IsOfOneReport(judged.error())) return judged;
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    for (const ReportId report : reports) PL_TRY(EnqueueAlone(transaction, report, now, now));
    return jobs::SaveBookmark(transaction, kReader, bookmark);
  });
}

Result<void> JudgeNearCopy(store::Database& database, const Judging& judging, ReportId id, Instant now) {
  const Result<Prepared> prepared =
      database.Read([&](store::ReadTransaction& transaction) { return judging.Prepare(transaction, id, now); });
  if (!prepared.ok()) return prepared.error().code == ErrorCode::kNotFound ? Result<void>() : Result<void>(prepared.error());
  return database.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    for (const ReportId report : PL_TRY(judging.JudgeLooks(transaction, {*prepared}, now))) {
      PL_TRY(EnqueueAlone(transaction, report, now + kComeAgainLater, now));
    }
    return {};
  });
}

}  // namespace porchlight::triage
