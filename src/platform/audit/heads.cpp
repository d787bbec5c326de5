// Tree heads: their text, and their rows.
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/audit/internal/head_rows.h"
#include "platform/crypto/digest.h"

namespace porchlight::audit {

std::string TreeHeadText(const TreeHead& head) {
  return "porchlight audit head 1\nsize " + std::to_string(head.size) + "\nroot " + HexEncode(head.root) + "\nat " +
         std::to_string(head.at.microseconds) + "\nprevious " + HexEncode(head.previous) + "\nkey " + head.key_id + "\n";
}

std::string KeyIdOf(std::string_view public_key) { return HexEncode(crypto::Sha256(public_key)).substr(0, 16); }

Result<std::optional<TreeHead>> LatestHead(store::ReadTransaction& transaction) {
  std::optional<internal::StoredHead> stored = PL_TRY(internal::NewestHead(transaction));
  if (!stored) return std::optional<TreeHead>();
  return std::optional<TreeHead>(std::move(stored->head));
}

namespace internal {
namespace {

using store::Statement;

#define PL_AUDIT_HEAD_COLUMNS "size, root, at, previous, frontier, key_id, signature"

constexpr Statement kHeadsAbove{"audit.heads_above", "SELECT " PL_AUDIT_HEAD_COLUMNS
                                                     " FROM audit_heads WHERE size > $1 ORDER BY size LIMIT $2"};
constexpr Statement kNewestHead{"audit.newest_head",
                                "SELECT " PL_AUDIT_HEAD_COLUMNS " FROM audit_heads ORDER BY size DESC LIMIT 1"};
constexpr Statement kHeadOfSize{"audit.head_of_size", "SELECT " PL_AUDIT_HEAD_COLUMNS " FROM audit_heads WHERE size = $1"};
constexpr Statement kInsertHead{"audit.insert_head", "INSERT INTO audit_heads (" PL_AUDIT_HEAD_COLUMNS
                                                     ") VALUES ($1, $2, $3, $4, $5, $6, $7)"};

StoredHead HeadFromRow(const store::Row& row) {
  StoredHead stored;
  stored.head.size = row.Integer(0);
  stored.head.root = row.Bytes(1);
  stored.head.at = row.Time(2);
  stored.head.previous = row.Bytes(3);
  stored.frontier = row.Bytes(4);
  stored.head.key_id = row.Text(5);
  stored.head.signature = row.Bytes(6);
  return stored;
}

std::optional<StoredHead> OptionalHead(const std::optional<store::Row>& row) {
  if (!row) return std::nullopt;
  return HeadFromRow(*row);
}

}  // namespace

Result<std::vector<StoredHead>> HeadsAbove(store::ReadTransaction& transaction, std::int64_t size, int count_max) {
  std::vector<StoredHead> heads;
  for (const store::Row& row : PL_TRY(transaction.All(kHeadsAbove, size, count_max))) heads.push_back(HeadFromRow(row));
  return heads;
}

Result<std::optional<StoredHead>> NewestHead(store::ReadTransaction& transaction) {
  return OptionalHead(PL_TRY(transaction.First(kNewestHead)));
}

Result<std::optional<StoredHead>> HeadOfSize(store::ReadTransaction& transaction, std::int64_t size) {
  return OptionalHead(PL_TRY(transaction.First(kHeadOfSize, size)));
}

Result<void> InsertHead(store::WriteTransaction& transaction, const StoredHead& stored) {
  const TreeHead& head = stored.head;
  PL_TRY(transaction.Execute(kInsertHead, head.size, store::Blob{head.root}, head.at, store::Blob{head.previous},
                             store::Blob{stored.frontier}, head.key_id, store::Blob{head.signature}));
  return {};
}

}  // namespace internal
}  // namespace porchlight::audit
