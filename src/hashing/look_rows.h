#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hashing/look.h"

// The only SQL for hashing_*. Used by the units of work of this room.
namespace porchlight::hashing::rows {

// Nobody else groups pictures before this transaction ends.
Result<void> LockGrouping(store::WriteTransaction& transaction);

Result<bool> IsExamined(store::ReadTransaction& transaction, tipline::FileId file);
Result<std::optional<Content>> FindContent(store::ReadTransaction& transaction, std::string_view sha256);
Result<void> InsertContent(store::WriteTransaction& transaction, std::string_view sha256, const Content& content,
                           fingerprint::PdqLoader loader, Instant now);   // Nothing when it is there.
// False when the file is there already.
Result<bool> InsertFile(store::WriteTransaction& transaction, tipline::FileId file, std::string_view sha256,
                        std::optional<LookId> look, Instant now);

Result<std::optional<LookId>> FindLook(store::ReadTransaction& transaction, const fingerprint::PdqHash& hash);
Result<fingerprint::PdqHash> HashOf(store::ReadTransaction& transaction, LookId look);   // Errors: kInternal when there is none.
Result<LookId> InsertLook(store::WriteTransaction& transaction, const fingerprint::PdqHash& hash, GroupId group);
struct LookRow {
  LookId id;
  fingerprint::PdqHash hash;
  GroupId group;                       // The one it first came to.
};
Result<std::vector<LookRow>> LooksAfter(store::ReadTransaction& transaction, LookId after, int count_max);
struct Join {
  std::int64_t id = 0;
  GroupId joined;
  GroupId into;
};
Result<std::vector<Join>> JoinsAfter(store::ReadTransaction& transaction, std::int64_t after, int count_max);

// The group that this one is part of now, with its counts. Errors: kInternal when there is none.
Result<Group> FindGroup(store::ReadTransaction& transaction, GroupId id);
Result<Group> GroupOf(store::ReadTransaction& transaction, LookId look);
Result<Group> InsertGroup(store::WriteTransaction& transaction, const fingerprint::PdqHash& least, tipline::FileId first_file);
Result<void> UpdateGroup(store::WriteTransaction& transaction, const Group& group);
Result<void> JoinGroup(store::WriteTransaction& transaction, GroupId joined, GroupId into);
// The group and all that ever joined it, directly or not.
Result<std::vector<GroupId>> PartsOf(store::ReadTransaction& transaction, GroupId group);
// Files of looks that first came to the group, by number.
Result<std::vector<tipline::FileId>> FilesOf(store::ReadTransaction& transaction, GroupId part, tipline::FileId after, int count_max);
Result<std::vector<LookRow>> LooksOf(store::ReadTransaction& transaction, GroupId part, int count_max);

struct FileRow {
  tipline::FileId file;
  std::string sha256;
  std::optional<LookId> look;
};
// With `from` <= file < `end`, by number.
Result<std::vector<FileRow>> FilesBetween(store::ReadTransaction& transaction, tipline::FileId from, tipline::FileId end, int count_max);
// The first that have the look, by number.
Result<std::vector<FileRow>> FilesWith(store::ReadTransaction& transaction, LookId look, int count_max);

}  // namespace porchlight::hashing::rows
