#include "triage/runner.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "base/json.h"
#include "platform/jobs/jobs.h"
#include "tipline/events.h"

namespace porchlight::triage {

namespace {

constexpr std::string_view kReader = "triage";
constexpr int kReadMax = 5'000;

// 0: asked for as urgent. 1: something a person said or did to a child. 2: files alone.
int LaneOf(const Json& detail) {
  const auto is = [&](std::string_view name) {
    const Json* flag = detail.Find(name);
    return flag != nullptr && flag->AsBool() != nullptr && *flag->AsBool();
  };
  if (is("urgent")) return 0;
  return is("conversation") || detail.Text("incident_type") != "csam" || detail.Text("source") == "public" ? 1 : 2;
}

std::int64_t OrganisationOf(const Json& detail) {
  const Json* organisation = detail.Find("organisation");
  return organisation != nullptr && organisation->AsInteger() != nullptr ? *organisation->AsInteger() : 0;
}

// What will be no different when tried again at once.
bool IsOfOneReport(const Error& error) { return error.code != ErrorCode::kUnavailable && error.code != ErrorCode::kNoSpace; }

Result<void> EnqueueAlone(store::WriteTransaction& transaction, tipline::ReportId report, Instant now) {
  jobs::NewJob job;
  job.kind = kJudgeReport;
  job.payload = Json().Set("report", report.value).Serialize();
  job.lane = jobs::Lane::kUrgent;
  job.unique_key = std::to_string(report.value);
  return jobs::Enqueue(transaction, job, now);
}

}  // namespace

Result<void> Runner::LookAhead() {
  if (seen_ < 0) {
    seen_ = PL_TRY(database_.Read([](store::ReadTransaction& transaction) { return jobs::FindBookmark(transaction, kReader); }));
    saved_ = seen_;
  }
  if (lane_of_.size() >= options_.look_ahead_max) return {};
  const int count = static_cast<int>(std::min<std::size_t>(kReadMax, options_.look_ahead_max - lane_of_.size()));
  const std::vector<jobs::Event> events =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return jobs::ReadAfter(transaction, seen_, count); }));
  for (const jobs::Event& event : events) {
    seen_ = event.sequence;
    if (event.kind != tipline::events::kReportFinished) continue;
    const Result<Json> detail = ParseJson(event.detail);
    const int lane = detail.ok() ? LaneOf(*detail) : 0;
    const std::int64_t organisation = detail.ok() ? OrganisationOf(*detail) : 0;
    lanes_.at(static_cast<std::size_t>(lane))[organisation].push_back({event.sequence, {event.subject}});
    lane_of_[event.sequence] = {lane, organisation};
  }
  return {};
}

void Runner::TakeFrom(Lane& lane, std::int64_t& turn, std::vector<Waiting>& batch) const {
  while (!lane.empty() && batch.size() < static_cast<std::size_t>(options_.batch_max)) {
    auto place = lane.upper_bound(turn);
    if (place == lane.end()) place = lane.begin();
    turn = place->first;
    batch.push_back(place->second.front());
    place->second.pop_front();
    if (place->second.empty()) lane.erase(place);
  }
}

std::vector<Runner::Waiting> Runner::TakeReports() {
  std::vector<Waiting> batch;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) TakeFrom(lanes_.at(lane), turns_.at(lane), batch);
  return batch;
}

Runner::Batch Runner::TakeBatch() {
  Batch batch{TakeReports(), {}};
  if (!batch.reports.empty()) {
    batch.prepared = std::async(std::launch::async, [this, reports = batch.reports] { return PrepareAll(reports); });
  }
  return batch;
}

void Runner::PutBack(const std::vector<Waiting>& batch) {
  for (auto one = batch.rbegin(); one != batch.rend(); ++one) {
    const auto& [lane, organisation] = lane_of_.at(one->sequence);
    lanes_.at(static_cast<std::size_t>(lane))[organisation].push_front(*one);
  }
}

// Everything up to the answer is dealt with once `done` is: what comes again after a crash is judged already.
std::int64_t Runner::BookmarkAfter(const std::vector<Waiting>& done) const {
  std::set<std::int64_t> sequences;
  for (const Waiting& one : done) sequences.insert(one.sequence);
  for (const auto& [sequence, where] : lane_of_) {
    if (!sequences.contains(sequence)) return sequence - 1;
  }
  return seen_;
}

Result<int> Runner::RunOnce() {
  PL_TRY(LookAhead());
  Batch batch = next_.reports.empty() ? TakeBatch() : std::exchange(next_, Batch());
  // What was asked for as urgent since the batch was read goes with it.
  std::vector<Waiting> urgent;
  TakeFrom(lanes_.front(), turns_.front(), urgent);
  if (batch.reports.empty()) {
    if (seen_ == saved_) return 0;
    PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return jobs::SaveBookmark(transaction, kReader, seen_); }));
    saved_ = seen_;
    return 0;
  }
  next_ = TakeBatch();
  batch.reports.insert(batch.reports.begin(), urgent.begin(), urgent.end());
  Result<void> judged = JudgeBatch(batch, urgent);
  if (!judged.ok() && IsOfOneReport(judged.error())) {
    judged = {};
    for (const Waiting& one : batch.reports) {
      judged = JudgeAlone(one);
      if (!judged.ok()) break;
    }
  }
  if (!judged.ok()) {
    PutBack(batch.reports);
    return judged.error();
  }
  for (const Waiting& one : batch.reports) lane_of_.erase(one.sequence);
  return static_cast<int>(batch.reports.size());
}

Result<std::vector<Prepared>> Runner::PrepareAll(const std::vector<Waiting>& reports) const {
  const Instant now = clock_.Now();
  return database_.Read([&](store::ReadTransaction& transaction) -> Result<std::vector<Prepared>> {
    std::vector<Prepared> all;
    for (const Waiting& one : reports) {
      Result<Prepared> report = judging_.Prepare(transaction, one.report, now);
      if (!report.ok()) return std::move(report).error();
      all.push_back(std::move(report).value());
    }
    return all;
  });
}

Result<void> Runner::JudgeBatch(Batch& batch, const std::vector<Waiting>& urgent) {
  std::vector<Prepared> prepared = PL_TRY(PrepareAll(urgent));
  std::vector<Prepared> ahead = PL_TRY(batch.prepared.get());
  prepared.insert(prepared.end(), std::make_move_iterator(ahead.begin()), std::make_move_iterator(ahead.end()));
  const Instant now = clock_.Now();
  const std::int64_t bookmark = BookmarkAfter(batch.reports);
  const auto judge = [&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(judging_.JudgeNew(transaction, prepared, now));
    return jobs::SaveBookmark(transaction, kReader, bookmark);
  };
  PL_TRY(database_.Write(judge));
  saved_ = bookmark;
  return {};
}

Result<void> Runner::JudgeAlone(const Waiting& one) {
  const Instant now = clock_.Now();
  const Result<void> judged = JudgeReport(database_, judging_, one.report, now);
  if (judged.ok() || !IsOfOneReport(judged.error())) return judged;
  return database_.Write([&](store::WriteTransaction& transaction) { return EnqueueAlone(transaction, one.report, now); });
}

Result<void> JudgeReport(store::Database& database, const Judging& judging, tipline::ReportId id, Instant now) {
  const Prepared prepared =
      PL_TRY(database.Read([&](store::ReadTransaction& transaction) { return judging.Prepare(transaction, id, now); }));
  PL_TRY(database.Write([&](store::WriteTransaction& transaction) { return judging.JudgeNew(transaction, {prepared}, now); }));
  return {};
}

}  // namespace porchlight::triage
