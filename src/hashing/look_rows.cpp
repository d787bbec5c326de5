#include "hashing/look_rows.h"

#include "base/check.h"

namespace porchlight::hashing::rows {

namespace {

using fingerprint::PdqHash;
using tipline::FileId;

constexpr store::Statement kLock{"hashing.lock", "UPDATE hashing_state SET id = id WHERE id = 1"};
constexpr store::Statement kIsExamined{"hashing.is_examined", "SELECT 1 FROM hashing_files WHERE file = $1"};
constexpr store::Statement kFindContent{
    "hashing.find_content", "SELECT outcome, format, width, height, complete, quality, look FROM hashing_contents WHERE sha256 = $1"};
constexpr store::Statement kInsertContent{
    "hashing.insert_content",
    "INSERT INTO hashing_contents (sha256, at, outcome, format, width, height, complete, quality, loader, look) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (sha256) DO NOTHING"};
constexpr store::Statement kInsertFile{
    "hashing.insert_file", "INSERT INTO hashing_files (file, at, sha256, look) VALUES ($1, $2, $3, $4) ON CONFLICT (file) DO NOTHING"};
constexpr store::Statement kFindLook{"hashing.find_look", "SELECT id FROM hashing_looks WHERE hash = $1"};
constexpr store::Statement kHashOf{"hashing.hash_of", "SELECT hash FROM hashing_looks WHERE id = $1"};
constexpr store::Statement kInsertLook{"hashing.insert_look", "INSERT INTO hashing_looks (hash, grp) VALUES ($1, $2) RETURNING id"};
constexpr store::Statement kLooksAfter{
    "hashing.looks_after", "SELECT id, hash, grp FROM hashing_looks WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr store::Statement kJoinsAfter{
    "hashing.joins_after", "SELECT id, joined, into_group FROM hashing_joins WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr store::Statement kFindGroup{
    "hashing.find_group", "SELECT parent, id, least, looks, contents, files, first_file FROM hashing_groups WHERE id = $1"};
constexpr store::Statement kGroupOfLook{"hashing.group_of_look", "SELECT grp FROM hashing_looks WHERE id = $1"};
constexpr store::Statement kInsertGroup{
    "hashing.insert_group",
    "INSERT INTO hashing_groups (parent, least, looks, contents, files, first_file) VALUES (NULL, $1, 0, 0, 0, $2) RETURNING id"};
constexpr store::Statement kUpdateGroup{
    "hashing.update_group",
    "UPDATE hashing_groups SET least = $2, looks = $3, contents = $4, files = $5, first_file = $6 WHERE id = $1"};
constexpr store::Statement kSetParent{"hashing.set_parent", "UPDATE hashing_groups SET parent = $2 WHERE id = $1"};
constexpr store::Statement kInsertJoin{"hashing.insert_join", "INSERT INTO hashing_joins (joined, into_group) VALUES ($1, $2)"};
constexpr store::Statement kPartsOf{
    "hashing.parts_of",
    "WITH RECURSIVE part (id) AS (SELECT id FROM hashing_groups WHERE id = $1 UNION ALL "
    "SELECT below.id FROM hashing_groups below JOIN part ON below.parent = part.id) SELECT id FROM part ORDER BY id"};
constexpr store::Statement kFilesOf{
    "hashing.files_of",
    "SELECT f.file FROM hashing_looks l JOIN hashing_files f ON f.look = l.id WHERE l.grp = $1 AND f.file > $2 ORDER BY f.file LIMIT $3"};
constexpr store::Statement kLooksOf{
    "hashing.looks_of", "SELECT id, hash, grp FROM hashing_looks WHERE grp = $1 ORDER BY id LIMIT $2"};
constexpr store::Statement kFilesBetween{
    "hashing.files_between", "SELECT file, sha256, look FROM hashing_files WHERE file >= $1 AND file < $2 ORDER BY file LIMIT $3"};
constexpr store::Statement kFilesWith{
    "hashing.files_with", "SELECT file, sha256, look FROM hashing_files WHERE look = $1 ORDER BY file LIMIT $2"};

store::Blob BlobOf(const PdqHash& hash) { return {hash.Bytes()}; }

// We wrote it ourselves, 32 bytes.
PdqHash HashIn(const std::string& bytes) {
  Result<PdqHash> hash = PdqHash::FromBytes(bytes);
  PL_CHECK(hash.ok());
  return *hash;
}

std::optional<LookId> OptionalLook(const std::optional<std::int64_t>& id) { return id ? std::optional(LookId{*id}) : std::nullopt; }

LookRow ReadLook(const store::Row& row) { return {{row.Integer(0)}, HashIn(row.Bytes(1)), {row.Integer(2)}}; }

Group ReadGroup(const store::Row& row) {
  return {{row.Integer(1)}, HashIn(row.Bytes(2)), row.Integer(3), row.Integer(4), row.Integer(5), {row.Integer(6)}};
}

std::vector<LookRow> ReadLooks(const std::vector<store::Row>& rows) {
  std::vector<LookRow> looks;
  for (const store::Row& row : rows) looks.push_back(ReadLook(row));
  return looks;
}

std::vector<FileId> ReadFiles(const std::vector<store::Row>& rows) {
  std::vector<FileId> files;
  for (const store::Row& row : rows) files.push_back({row.Integer(0)});
  return files;
}

std::vector<FileRow> ReadFileRows(const std::vector<store::Row>& rows) {
  std::vector<FileRow> files;
  for (const store::Row& row : rows) files.push_back({{row.Integer(0)}, row.Bytes(1), OptionalLook(row.OptionalInteger(2))});
  return files;
}

Error MissingLook(LookId look) { return Error{ErrorCode::kInternal, "A look is missing.", "look " + std::to_string(look.value), {}, 0}; }

}  // namespace

Result<void> LockGrouping(store::WriteTransaction& transaction) {
  PL_TRY(transaction.Execute(kLock));
  return {};
}

Result<bool> IsExamined(store::ReadTransaction& transaction, FileId file) {
  return PL_TRY(transaction.First(kIsExamined, file)).has_value();
}

Result<std::optional<Content>> FindContent(store::ReadTransaction& transaction, std::string_view sha256) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindContent, store::Blob{std::string(sha256)}));
  if (!row) return std::optional<Content>();
  Content content;
  content.outcome = static_cast<media::MediaOutcome>(row->Integer(0));
  if (content.outcome != media::MediaOutcome::kHashed) return std::optional(content);
  content.format = static_cast<media::MediaFormat>(row->Integer(1));
  content.width = static_cast<std::uint32_t>(row->Integer(2));
  content.height = static_cast<std::uint32_t>(row->Integer(3));
  content.complete = row->Bool(4);
  content.quality = static_cast<int>(row->Integer(5));
  content.look = OptionalLook(row->OptionalInteger(6));
  return std::optional(content);
}

Result<void> InsertContent(store::WriteTransaction& transaction, std::string_view sha256, const Content& content,
                           fingerprint::PdqLoader loader, Instant now) {
  const bool hashed = content.outcome == media::MediaOutcome::kHashed;
  const auto when_hashed = [&](std::int64_t value) { return hashed ? std::optional(value) : std::nullopt; };
  PL_TRY(transaction.Execute(kInsertContent, store::Blob{std::string(sha256)}, now, content.outcome, content.format,
                             when_hashed(content.width), when_hashed(content.height), when_hashed(content.complete ? 1 : 0),
                             when_hashed(content.quality), loader, content.look));
  return {};
}

Result<bool> InsertFile(store::WriteTransaction& transaction, FileId file, std::string_view sha256, std::optional<LookId> look,
                        Instant now) {
  return PL_TRY(transaction.Execute(kInsertFile, file, now, store::Blob{std::string(sha256)}, look)) > 0;
}

Result<std::optional<LookId>> FindLook(store::ReadTransaction& transaction, const PdqHash& hash) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindLook, BlobOf(hash)));
  return row ? std::optional(LookId{row->Integer(0)}) : std::optional<LookId>();
}

Result<PdqHash> HashOf(store::ReadTransaction& transaction, LookId look) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kHashOf, look));
  if (!row) return MissingLook(look);
  return HashIn(row->Bytes(0));
}

Result<LookId> InsertLook(store::WriteTransaction& transaction, const PdqHash& hash, GroupId group) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kInsertLook, BlobOf(hash), group));
  return LookId{row->Integer(0)};
}

Result<std::vector<LookRow>> LooksAfter(store::ReadTransaction& transaction, LookId after, int count_max) {
  return ReadLooks(PL_TRY(transaction.All(kLooksAfter, after, count_max)));
}

Result<std::vector<Join>> JoinsAfter(store::ReadTransaction& transaction, std::int64_t after, int count_max) {
  std::vector<Join> joins;
  for (const store::Row& row : PL_TRY(transaction.All(kJoinsAfter, after, count_max))) {
    joins.push_back({row.Integer(0), {row.Integer(1)}, {row.Integer(2)}});
  }
  return joins;
}

Result<Group> FindGroup(store::ReadTransaction& transaction, GroupId id) {
  // The smaller of two joins the larger, so that there are few steps.
  while (true) {
    const std::optional<store::Row> row = PL_TRY(transaction.First(kFindGroup, id));
    if (!row) return Error{ErrorCode::kInternal, "A group of pictures is missing.", "group " + std::to_string(id.value), {}, 0};
    if (row->IsNull(0)) return ReadGroup(*row);
    id = {row->Integer(0)};
  }
}

Result<Group> GroupOf(store::ReadTransaction& transaction, LookId look) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kGroupOfLook, look));
  if (!row) return MissingLook(look);
  return FindGroup(transaction, {row->Integer(0)});
}

Result<Group> InsertGroup(store::WriteTransaction& transaction, const PdqHash& least, FileId first_file) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kInsertGroup, BlobOf(least), first_file));
  return Group{{row->Integer(0)}, least, 0, 0, 0, first_file};
}

Result<void> UpdateGroup(store::WriteTransaction& transaction, const Group& group) {
  PL_TRY(transaction.Execute(kUpdateGroup, group.id, BlobOf(group.least), group.looks, group.contents, group.files,
                             group.first_file));
  return {};
}

Result<void> JoinGroup(store::WriteTransaction& transaction, GroupId joined, GroupId into) {
  PL_TRY(transaction.Execute(kSetParent, joined, into));
  PL_TRY(transaction.Execute(kInsertJoin, joined, into));
  return {};
}

Result<std::vector<GroupId>> PartsOf(store::ReadTransaction& transaction, GroupId group) {
  std::vector<GroupId> parts;
  for (const store::Row& row : PL_TRY(transaction.All(kPartsOf, group))) parts.push_back({row.Integer(0)});
  return parts;
}

Result<std::vector<FileId>> FilesOf(store::ReadTransaction& transaction, GroupId part, FileId after, int count_max) {
  return ReadFiles(PL_TRY(transaction.All(kFilesOf, part, after, count_max)));
}

Result<std::vector<LookRow>> LooksOf(store::ReadTransaction& transaction, GroupId part, int count_max) {
  return ReadLooks(PL_TRY(transaction.All(kLooksOf, part, count_max)));
}

Result<std::vector<FileRow>> FilesBetween(store::ReadTransaction& transaction, FileId from, FileId end, int count_max) {
  return ReadFileRows(PL_TRY(transaction.All(kFilesBetween, from, end, count_max)));
}

Result<std::vector<FileRow>> FilesWith(store::ReadTransaction& transaction, LookId look, int count_max) {
  return ReadFileRows(PL_TRY(transaction.All(kFilesWith, look, count_max)));
}

}  // namespace porchlight::hashing::rows
