#include "hashing/grouping.h"

#include <algorithm>

#include "base/json.h"
#include "hashing/events.h"
#include "hashing/look_rows.h"
#include "platform/jobs/outbox.h"

namespace porchlight::hashing {

namespace {

using fingerprint::PdqHash;
using tipline::FileId;

constexpr int kPage = 5'000;
constexpr int kAnnouncePage = 500;

Result<void> Tell(store::WriteTransaction& transaction, FileId file, Instant now) {
  const std::string detail = Json().Set("file", file.value).Serialize();
  return jobs::Publish(transaction, events::kLooksAlike, tipline::ReportOf(file).value, detail, now);
}

Result<void> EnqueueAnnounce(store::WriteTransaction& transaction, GroupId group, Instant now) {
  jobs::NewJob job;
  job.kind = kAnnounceGroup;
  job.payload = Json().Set("group", group.value).Serialize();
  job.lane = jobs::Lane::kBulk;
  job.unique_key = std::to_string(group.value);
  return jobs::Enqueue(transaction, job, now);
}

// The larger one stays, so that few change their place.
Result<Group> JoinAll(store::WriteTransaction& transaction, const std::set<GroupId>& ids, Instant now) {
  std::vector<Group> groups;
  for (const GroupId id : ids) groups.push_back(PL_TRY(rows::FindGroup(transaction, id)));
  std::sort(groups.begin(), groups.end(), [](const Group& left, const Group& right) {
    return left.files != right.files ? left.files > right.files : left.id < right.id;
  });
  Group into = groups.front();
  for (std::size_t index = 1; index < groups.size(); ++index) {
    const Group& joined = groups[index];
    PL_TRY(rows::JoinGroup(transaction, joined.id, into.id));
    PL_TRY(EnqueueAnnounce(transaction, joined.id, now));
    into.least = std::min(into.least, joined.least);
    into.looks += joined.looks;
    into.contents += joined.contents;
    into.files += joined.files;
    into.first_file = std::min(into.first_file, joined.first_file);
  }
  return into;
}

}  // namespace

Result<void> Mirror::CatchUp(store::ReadTransaction& transaction) {
  while (true) {
    const LookId last = first_group_.empty() ? LookId{} : first_group_.back().first;
    const std::vector<rows::LookRow> looks = PL_TRY(rows::LooksAfter(transaction, last, kPage));
    std::vector<fingerprint::PdqEntry> entries;
    for (const rows::LookRow& look : looks) {
      entries.push_back({look.hash, look.id.value});
      first_group_.emplace_back(look.id, look.group);
    }
    if (entries.size() == 1) index_.Add(entries.front().hash, entries.front().entry);
    else index_.AddAll(entries);
    if (looks.size() < kPage) break;
  }
  while (true) {
    const std::vector<rows::Join> joins = PL_TRY(rows::JoinsAfter(transaction, last_join_, kPage));
    for (const rows::Join& join : joins) {
      parent_of_[join.joined] = join.into;
      last_join_ = join.id;
    }
    if (joins.size() < kPage) return {};
  }
}

GroupId Mirror::RootOf(GroupId group) const {
  for (auto place = parent_of_.find(group); place != parent_of_.end(); place = parent_of_.find(group)) group = place->second;
  return group;
}

std::set<GroupId> Mirror::GroupsNear(const PdqHash& hash) const {
  std::set<GroupId> groups;
  for (const fingerprint::PdqMatch& match : index_.Lookup(hash)) {
    const auto place = std::lower_bound(first_group_.begin(), first_group_.end(), LookId{match.entry},
                                        [](const auto& entry, LookId look) { return entry.first < look; });
    groups.insert(RootOf(place->second));
  }
  return groups;
}

// A hash that is new: its neighbours and all that these were joined to become one group.
Result<LookId> Grouping::PlaceLook(store::WriteTransaction& transaction, const Picture& picture, Instant now) {
  PL_TRY(mirror_->CatchUp(transaction));
  const std::set<GroupId> near = mirror_->GroupsNear(*picture.hash);
  const bool alone = near.empty();
  Group group = alone ? PL_TRY(rows::InsertGroup(transaction, *picture.hash, picture.file)) : PL_TRY(JoinAll(transaction, near, now));
  const LookId look = PL_TRY(rows::InsertLook(transaction, *picture.hash, group.id));
  // One that others joined may have been alone, and a report of several groups chooses by the smallest hash.
  if (near.size() > 1 || (!alone && *picture.hash < group.least)) PL_TRY(EnqueueAnnounce(transaction, group.id, now));
  group.least = std::min(group.least, *picture.hash);
  ++group.looks;
  PL_TRY(rows::UpdateGroup(transaction, group));
  return look;
}

// None below the quality at which hashes can be compared.
Result<std::optional<LookId>> Grouping::LookOf(store::WriteTransaction& transaction, const Picture& picture, Instant now) {
  if (!picture.hash || picture.content.quality < fingerprint::kPdqQualityMin) return std::optional<LookId>();
  const std::optional<LookId> known = PL_TRY(rows::FindLook(transaction, *picture.hash));
  if (known) return known;
  return std::optional(PL_TRY(PlaceLook(transaction, picture, now)));
}

Result<void> Grouping::Put(store::WriteTransaction& transaction, const Picture& picture, Instant now) {
  PL_TRY(rows::LockGrouping(transaction));
  if (PL_TRY(rows::IsExamined(transaction, picture.file))) return {};
  const std::optional<Content> known = PL_TRY(rows::FindContent(transaction, picture.sha256));
  Content content = known.value_or(picture.content);
  if (!known) {
    content.look = PL_TRY(LookOf(transaction, picture, now));
    PL_TRY(rows::InsertContent(transaction, picture.sha256, content, picture.loader, now));
  }
  PL_TRY(rows::InsertFile(transaction, picture.file, picture.sha256, content.look, now));
  if (!content.look) return {};
  Group group = PL_TRY(rows::GroupOf(transaction, *content.look));
  ++group.files;
  if (!known && ++group.contents == 2) PL_TRY(EnqueueAnnounce(transaction, group.id, now));
  group.first_file = std::min(group.first_file, picture.file);
  PL_TRY(rows::UpdateGroup(transaction, group));
  return group.IsOfSeveral() ? Tell(transaction, picture.file, now) : Result<void>();
}

Result<void> Grouping::Record(store::Database& database, const Picture& picture, Instant now) {
  const std::lock_guard lock(mutex_);
  // Most of it is read before anybody is kept waiting.
  PL_TRY(database.Read([&](store::ReadTransaction& transaction) { return mirror_->CatchUp(transaction); }));
  Result<void> written = database.Write([&](store::WriteTransaction& transaction) { return Put(transaction, picture, now); });
  // What it read may have been undone with the transaction.
  if (!written.ok()) mirror_ = std::make_unique<Mirror>();
  return written;
}

Result<bool> Grouping::RecordKnown(store::Database& database, FileId file, std::string_view sha256, Instant now) {
  const std::optional<Content> known =
      PL_TRY(database.Read([&](store::ReadTransaction& transaction) { return rows::FindContent(transaction, sha256); }));
  if (!known) return false;
  PL_TRY(Record(database, {file, std::string(sha256), *known, {}, {}}, now));
  return true;
}

namespace {

Result<void> AnnouncePart(store::Database& database, GroupId part, Instant now) {
  FileId after{};
  while (true) {
    std::vector<FileId> files;
    const auto tell = [&](store::WriteTransaction& transaction) -> Result<void> {
      files = PL_TRY(rows::FilesOf(transaction, part, after, kAnnouncePage));
      for (const FileId file : files) PL_TRY(Tell(transaction, file, now));
      return {};
    };
    PL_TRY(database.Write(tell));
    if (files.size() < kAnnouncePage) return {};
    after = files.back();
  }
}

}  // namespace

Result<void> Announce(store::Database& database, GroupId group, Instant now) {
  const std::vector<GroupId> parts =
      PL_TRY(database.Read([&](store::ReadTransaction& transaction) { return rows::PartsOf(transaction, group); }));
  for (const GroupId part : parts) PL_TRY(AnnouncePart(database, part, now));
  return {};
}

}  // namespace porchlight::hashing
