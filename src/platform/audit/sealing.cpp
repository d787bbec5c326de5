// Gives committed entries their leaves and signs heads. docs/formats/audit.md, "Sealing", says why no entry is skipped
// and why several sealers cannot make two trees.
#include <algorithm>

#include "base/check.h"
#include "platform/audit/audit.h"
#include "platform/audit/internal/entry_rows.h"
#include "platform/audit/internal/head_rows.h"
#include "platform/audit/internal/late_entries.h"
#include "platform/audit/internal/merkle.h"
#include "platform/crypto/digest.h"

namespace porchlight::audit {
namespace {

using internal::Frontier;
using internal::StoredHead;
using store::Blob;
using store::Statement;

// A number that is missing when its neighbour is sealed belongs to a transaction that is still running or was undone.
// Units of work last seconds; after a day the number is taken for undone.
constexpr Duration kGapKept = Duration::Days(1);
constexpr std::int64_t kStoredLevels = 8;  // Every eighth level of the tree is stored.

constexpr Statement kTakeTurn{"audit.take_turn", "UPDATE audit_sealer SET turns = turns + 1 WHERE id = 1"};
constexpr Statement kPending{"audit.pending_head", "SELECT size FROM audit_unwitnessed ORDER BY size LIMIT 1"};
constexpr Statement kAddPending{"audit.add_pending_head", "INSERT INTO audit_unwitnessed (size) VALUES ($1)"};
constexpr Statement kClearPending{"audit.clear_pending_head", "DELETE FROM audit_unwitnessed WHERE size = $1"};
constexpr Statement kNewestSealed{"audit.newest_sealed", "SELECT COALESCE(MAX(entry), 0) FROM audit_leaves"};
constexpr Statement kFreshEntries{"audit.fresh_entries", "SELECT " PL_AUDIT_ENTRY_COLUMNS
                                                         " FROM audit_entries e WHERE e.id > $1 ORDER BY e.id LIMIT $2"};
constexpr Statement kAddGap{"audit.add_gap",
                            "INSERT INTO audit_gaps (first_entry, last_entry, found_at) VALUES ($1, $2, $3) "
                            "ON CONFLICT (first_entry) DO NOTHING"};
constexpr Statement kForgetGaps{"audit.forget_gaps", "DELETE FROM audit_gaps WHERE found_at < $1"};
constexpr Statement kAddLeaf{"audit.add_leaf", "INSERT INTO audit_leaves (leaf, entry, hash) VALUES ($1, $2, $3)"};
constexpr Statement kAddLeaves{
    "audit.add_leaves",
    "INSERT INTO audit_leaves (leaf, entry, hash) VALUES ($1, $2, $3), ($4, $5, $6), ($7, $8, $9), ($10, $11, $12), "
    "($13, $14, $15), ($16, $17, $18), ($19, $20, $21), ($22, $23, $24), ($25, $26, $27), ($28, $29, $30), "
    "($31, $32, $33), ($34, $35, $36), ($37, $38, $39), ($40, $41, $42), ($43, $44, $45), ($46, $47, $48)"};
constexpr std::size_t kLeavesAtOnce = 16;
constexpr Statement kAddNode{"audit.add_node", "INSERT INTO audit_nodes (level, position, hash) VALUES ($1, $2, $3)"};

struct Leaf {
  std::int64_t number = 0;
  std::int64_t entry = 0;
  std::string hash;
};

Result<void> InsertLeaves(store::WriteTransaction& transaction, const std::vector<Leaf>& leaves) {
  std::size_t done = 0;
  for (; done + kLeavesAtOnce <= leaves.size(); done += kLeavesAtOnce) {
    std::vector<store::Value> values;
    for (std::size_t index = done; index < done + kLeavesAtOnce; ++index) {
      values.emplace_back(leaves[index].number);
      values.emplace_back(leaves[index].entry);
      values.emplace_back(Blob{leaves[index].hash});
    }
    PL_TRY(transaction.Each(kAddLeaves, std::move(values), [](store::Row&&) { return true; }));
  }
  for (; done < leaves.size(); ++done) {
    PL_TRY(transaction.Execute(kAddLeaf, leaves[done].number, leaves[done].entry, Blob{leaves[done].hash}));
  }
  return {};
}

constexpr store::Statement kUnsealedAtMost{
    "audit.unsealed_at_most",
    "SELECT COALESCE((SELECT MAX(id) FROM audit_entries), 0) - COALESCE((SELECT MAX(entry) FROM audit_leaves), 0)"};

// What is to be sealed now, in order of id: entries that committed late, then new ones. Remembers newly seen gaps.
Result<std::vector<RecordedEntry>> TakeEntries(store::WriteTransaction& transaction, int entries_max, Instant now) {
  PL_TRY(transaction.Execute(kForgetGaps, now - kGapKept));
  std::vector<RecordedEntry> entries;
  for (const store::Row& row : PL_TRY(transaction.All(internal::kLateEntries, entries_max))) {
    entries.push_back(internal::EntryFromRow(row, 0));
  }
  const int room = entries_max - static_cast<int>(entries.size());
  if (room <= 0) return entries;
  const std::optional<store::Row> newest = PL_TRY(transaction.First(kNewestSealed));
  PL_CHECK(newest.has_value());
  std::int64_t last = newest->Integer(0);
  for (const store::Row& row : PL_TRY(transaction.All(kFreshEntries, last, room))) {
    entries.push_back(internal::EntryFromRow(row, 0));
    const std::int64_t id = entries.back().id;
    if (id > last + 1) PL_TRY(transaction.Execute(kAddGap, last + 1, id - 1, now));
    last = id;
  }
  return entries;
}

// Continues from the newest head. Errors: kCorrupt when that head is not what was sealed: an altered tree is not built
// upon.
Result<Frontier> ContinuedTree(const std::optional<StoredHead>& newest, const crypto::SigningKey& key) {
  if (!newest) return Frontier();
  std::optional<Frontier> tree = Frontier::Decode(newest->head.size, newest->frontier);
  const bool ours = newest->head.key_id == KeyIdOf(key.public_key);
  if (!tree || tree->Root() != newest->head.root ||
      (ours && !crypto::SignatureHolds(key.public_key, TreeHeadText(newest->head), newest->head.signature))) {
    return Error{ErrorCode::kCorrupt, "The audit log is damaged.",
                 "audit: the head of size " + std::to_string(newest->head.size) +
                     " was altered; sealing stops here, run the verification of the audit log", {}, 0};
  }
  return *std::move(tree);
}

Result<std::optional<TreeHead>> SealNew(store::WriteTransaction& transaction, const crypto::SigningKey& key, Instant now,
                                        const SealerOptions& options) {
  const std::optional<StoredHead> newest = PL_TRY(internal::NewestHead(transaction));
  Frontier tree = PL_TRY(ContinuedTree(newest, key));
  const std::vector<RecordedEntry> entries = PL_TRY(TakeEntries(transaction, options.entries_max, now));
  if (entries.empty()) return std::optional<TreeHead>();

  const auto store_node = [&](const internal::SubtreePlace& place, const std::string& hash) -> Result<void> {
    if (place.level == 0 || place.level % kStoredLevels != 0) return {};
    PL_TRY(transaction.Execute(kAddNode, place.level, place.position, Blob{hash}));
    return {};
  };
  std::vector<Leaf> leaves;
  for (const RecordedEntry& entry : entries) {
    leaves.push_back({tree.size(), entry.id, LeafHash(internal::EntryText(entry))});
    PL_TRY(tree.Append(leaves.back().hash, store_node));
  }
  PL_TRY(InsertLeaves(transaction, leaves));

  StoredHead sealed;
  sealed.head.size = tree.size();
  sealed.head.root = tree.Root();
  sealed.head.at = now;
  sealed.head.key_id = KeyIdOf(key.public_key);
  sealed.head.previous = newest ? crypto::Sha256(TreeHeadText(newest->head)) : std::string(internal::kHashBytes, '\0');
  sealed.head.signature = crypto::Sign(key.secret, TreeHeadText(sealed.head));
  sealed.frontier = tree.Encode();
  PL_TRY(internal::InsertHead(transaction, sealed));
  if (options.witness) PL_TRY(transaction.Execute(kAddPending, sealed.head.size));
  return std::optional<TreeHead>(std::move(sealed.head));
}

struct Turn {
  std::optional<TreeHead> head;
  bool is_old = false;  // Sealed by an earlier turn that did not come to witnessing it.
};

Result<Turn> TakeTurn(store::WriteTransaction& transaction, const crypto::SigningKey& key, Instant now,
                      const SealerOptions& options) {
  PL_TRY(transaction.Execute(kTakeTurn));  // First of all: whoever else seals waits here until this one is committed.
  if (options.witness) {
    const std::optional<store::Row> pending = PL_TRY(transaction.First(kPending));
    if (pending) {
      std::optional<StoredHead> stored = PL_TRY(internal::HeadOfSize(transaction, pending->Integer(0)));
      if (stored) return Turn{std::move(stored->head), true};
      PL_TRY(transaction.Execute(kClearPending, pending->Integer(0)));
    }
  }
  return Turn{PL_TRY(SealNew(transaction, key, now, options)), false};
}

}  // namespace

Result<std::optional<TreeHead>> SealOnce(store::Database& database, const crypto::SigningKey& key, const Clock& clock,
                                         const SealerOptions& options) {
  PL_CHECK(options.entries_max > 0);
  std::optional<TreeHead> newest;
  // A second turn only if the first one found a head that waited for its witness.
  for (int turns = 0; turns < 2; ++turns) {
    const Instant now = clock.Now();
    Turn turn = PL_TRY(database.Write(
        [&](store::WriteTransaction& transaction) { return TakeTurn(transaction, key, now, options); }));
    if (!turn.head) break;
    if (options.witness) {
      PL_TRY(options.witness(*turn.head));
      const std::int64_t size = turn.head->size;
      PL_TRY(database.Write([size](store::WriteTransaction& transaction) { return transaction.Execute(kClearPending, size); }));
    }
    newest = std::move(turn.head);
    if (!turn.is_old) break;
  }
  return newest;
}

Result<std::optional<TreeHead>> SealAll(store::Database& database, const crypto::SigningKey& key, const Clock& clock,
                                        const SealerOptions& options) {
  const std::optional<store::Row> last =
      PL_TRY(database.Read([](store::ReadTransaction& transaction) { return transaction.First(kUnsealedAtMost); }));
  // An upper bound, as ids may have gaps; at least one turn, for entries that committed late.
  std::int64_t unsealed = std::max(last ? last->Integer(0) : 0, std::int64_t{1});
  std::optional<TreeHead> newest;
  for (; unsealed > 0; unsealed -= options.entries_max) {
    std::optional<TreeHead> head = PL_TRY(SealOnce(database, key, clock, options));
    if (!head) break;
    newest = std::move(head);
  }
  return newest;
}

}  // namespace porchlight::audit
