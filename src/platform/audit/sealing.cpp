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

struct Node {
  internal::SubtreePlace place;
  std::string hash;
};

// Numbers that are missing between sealed entries.
struct Gap {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

// What comes next, made of one snapshot: all of it can be made before the transaction that writes it, so that nobody waits for it.
struct Step {
  std::int64_t size_before = 0;   // Of the tree that it continues.
  std::string root_before;
  std::vector<Leaf> leaves;
  std::vector<Node> nodes;
  std::vector<Gap> gaps;
  StoredHead sealed;
};

// What is to be sealed now, in order of id: entries that committed late, then new ones. Gaps are those newly seen.
Result<std::vector<RecordedEntry>> FindEntries(store::ReadTransaction& transaction, int entries_max, std::vector<Gap>& gaps) {
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
    if (id > last + 1) gaps.push_back({last + 1, id - 1});
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

// Nothing when there is nothing to seal.
Result<std::optional<Step>> PlanStep(store::ReadTransaction& transaction, const crypto::SigningKey& key, Instant now, int entries_max) {
  const std::optional<StoredHead> newest = PL_TRY(internal::NewestHead(transaction));
  Frontier tree = PL_TRY(ContinuedTree(newest, key));
  Step step;
  step.size_before = tree.size();
  step.root_before = newest ? newest->head.root : std::string();
  const std::vector<RecordedEntry> entries = PL_TRY(FindEntries(transaction, entries_max, step.gaps));
  if (entries.empty()) return std::optional<Step>();

  const auto keep_node = [&step](const internal::SubtreePlace& place, const std::string& hash) -> Result<void> {
    if (place.level > 0 && place.level % kStoredLevels == 0) step.nodes.push_back({place, hash});
    return {};
  };
  for (const RecordedEntry& entry : entries) {
    step.leaves.push_back({tree.size(), entry.id, LeafHash(internal::EntryText(entry))});
    PL_TRY(tree.Append(step.leaves.back().hash, keep_node));
  }

  TreeHead& head = step.sealed.head;
  head.size = tree.size();
  head.root = tree.Root();
  head.at = now;
  head.key_id = KeyIdOf(key.public_key);
  head.previous = newest ? crypto::Sha256(TreeHeadText(newest->head)) : std::string(internal::kHashBytes, '\0');
  head.signature = crypto::Sign(key.secret, TreeHeadText(head));
  step.sealed.frontier = tree.Encode();
  return std::optional<Step>(std::move(step));
}

// False: another sealer has gone on from where this step begins.
Result<bool> Continues(store::ReadTransaction& transaction, const Step& step) {
  const std::optional<StoredHead> newest = PL_TRY(internal::NewestHead(transaction));
  if (!newest) return step.size_before == 0;
  return newest->head.size == step.size_before && newest->head.root == step.root_before;
}

Result<void> TakeStep(store::WriteTransaction& transaction, const Step& step, Instant now, bool is_witnessed) {
  PL_TRY(transaction.Execute(kForgetGaps, now - kGapKept));
  for (const Gap& gap : step.gaps) PL_TRY(transaction.Execute(kAddGap, gap.first, gap.last, now));
  for (const Node& node : step.nodes) PL_TRY(transaction.Execute(kAddNode, node.place.level, node.place.position, Blob{node.hash}));
  PL_TRY(InsertLeaves(transaction, step.leaves));
  PL_TRY(internal::InsertHead(transaction, step.sealed));
  if (is_witnessed) PL_TRY(transaction.Execute(kAddPending, step.sealed.head.size));
  return {};
}

struct Turn {
  std::optional<TreeHead> head;
  bool is_old = false;    // Sealed by an earlier turn that did not come to witnessing it.
  bool is_late = false;   // Another sealer was faster; the step is to be planned again.
};

Result<Turn> TakeTurn(store::WriteTransaction& transaction, const std::optional<Step>& step, Instant now, const SealerOptions& options) {
  PL_TRY(transaction.Execute(kTakeTurn));  // First of all: whoever else seals waits here until this one is committed.
  if (options.witness) {
    const std::optional<store::Row> pending = PL_TRY(transaction.First(kPending));
    if (pending) {
      std::optional<StoredHead> stored = PL_TRY(internal::HeadOfSize(transaction, pending->Integer(0)));
      if (stored) return Turn{std::move(stored->head), true, false};
      PL_TRY(transaction.Execute(kClearPending, pending->Integer(0)));
    }
  }
  if (!step) return Turn{};
  if (!PL_TRY(Continues(transaction, *step))) return Turn{std::nullopt, false, true};
  PL_TRY(TakeStep(transaction, *step, now, static_cast<bool>(options.witness)));
  return Turn{step->sealed.head, false, false};
}

}  // namespace

Result<std::optional<TreeHead>> SealOnce(store::Database& database, const crypto::SigningKey& key, const Clock& clock,
                                         const SealerOptions& options) {
  PL_CHECK(options.entries_max > 0);
  std::optional<TreeHead> newest;
  // A second turn only if the first one found a head that waited for its witness. A turn that came late is no turn: its entries are
  // sealed, or it is taken again.
  for (int turns = 0; turns < 2;) {
    const Instant now = clock.Now();
    const std::optional<Step> step = PL_TRY(database.Read(
        [&](store::ReadTransaction& transaction) { return PlanStep(transaction, key, now, options.entries_max); }));
    Turn turn = PL_TRY(database.Write(
        [&](store::WriteTransaction& transaction) { return TakeTurn(transaction, step, now, options); }));
    if (turn.is_late) continue;
    ++turns;
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
  // Asked as a writer: what others have queued to write is counted with it.
  const std::optional<store::Row> last =
      PL_TRY(database.Write([](store::WriteTransaction& transaction) { return transaction.First(kUnsealedAtMost); }));
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
