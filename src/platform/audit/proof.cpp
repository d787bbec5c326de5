// Inclusion proofs for outsiders.
#include "platform/audit/audit.h"
#include "platform/audit/internal/entry_rows.h"
#include "platform/audit/internal/merkle.h"

namespace porchlight::audit {
namespace {

using store::Statement;

constexpr std::int64_t kStoredLevels = 8;

constexpr Statement kFindSealed{"audit.find_sealed", "SELECT " PL_AUDIT_ENTRY_COLUMNS
                                                     ", l.leaf FROM audit_entries e "
                                                     "JOIN audit_leaves l ON l.entry = e.id WHERE e.id = $1"};
constexpr Statement kLeavesBetween{"audit.leaves_between",
                                   "SELECT hash FROM audit_leaves WHERE leaf >= $1 AND leaf < $2 ORDER BY leaf"};
constexpr Statement kNodesBetween{
    "audit.nodes_between",
    "SELECT hash FROM audit_nodes WHERE level = $1 AND position >= $2 AND position < $3 ORDER BY position"};

// The root of a complete subtree from the stored level below it: one query of at most 128 rows.
Result<std::string> StoredSubtree(store::ReadTransaction& transaction, const internal::SubtreePlace& place) {
  const std::int64_t base = place.level / kStoredLevels * kStoredLevels;
  const std::int64_t count = std::int64_t{1} << (place.level - base);
  const std::int64_t first = place.position * count;
  const std::vector<store::Row> rows =
      base == 0 ? PL_TRY(transaction.All(kLeavesBetween, first, first + count))
                : PL_TRY(transaction.All(kNodesBetween, base, first, first + count));
  if (static_cast<std::int64_t>(rows.size()) != count) {
    return Error{ErrorCode::kCorrupt, "The audit log is damaged.",
                 "audit: nodes of level " + std::to_string(base) + " from " + std::to_string(first) +
                     " are missing; run the verification of the audit log", {}, 0};
  }
  internal::Frontier subtree;
  for (const store::Row& row : rows) PL_TRY(subtree.Append(row.Bytes(0)));
  return subtree.Root();
}

}  // namespace

Result<InclusionProof> Prove(store::Database& database, std::int64_t entry_id, const TreeHead& head) {
  return database.Read([&](store::ReadTransaction& transaction) -> Result<InclusionProof> {
    const std::optional<store::Row> row = PL_TRY(transaction.First(kFindSealed, entry_id));
    if (!row || row->Integer(internal::kEntryColumns) >= head.size) {
      return Error{ErrorCode::kNotFound, "No such entry in this tree head.",
                   "audit: entry " + std::to_string(entry_id) + " is not among the first " + std::to_string(head.size), {}, 0};
    }
    InclusionProof proof;
    proof.entry_text = internal::EntryText(internal::EntryFromRow(*row, 0));
    proof.leaf = row->Integer(internal::kEntryColumns);
    proof.size = head.size;
    proof.path = PL_TRY(internal::PathOf(proof.leaf, proof.size, [&](const internal::SubtreePlace& place) {
      return StoredSubtree(transaction, place);
    }));
    if (internal::RootFromPath(LeafHash(proof.entry_text), proof.leaf, proof.size, proof.path) != head.root) {
      return Error{ErrorCode::kCorrupt, "The audit log is damaged.",
                   "audit: entry " + std::to_string(entry_id) + " does not lead to the root of the head of size " +
                       std::to_string(head.size) + "; run the verification of the audit log", {}, 0};
    }
    return proof;
  });
}

bool ProofHolds(const InclusionProof& proof, const TreeHead& head, std::string_view public_key) {
  return proof.size == head.size && head.key_id == KeyIdOf(public_key) &&
         crypto::SignatureHolds(public_key, TreeHeadText(head), head.signature) &&
         internal::RootFromPath(LeafHash(proof.entry_text), proof.leaf, proof.size, proof.path) == head.root;
}

}  // namespace porchlight::audit
