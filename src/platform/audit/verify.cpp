// Recomputes the whole log. Reads in pages along the keys, so memory stays the same however long the log is; all in one
// read transaction, so sealing may go on meanwhile.
#include <limits>
#include <map>

#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/audit/internal/entry_rows.h"
#include "platform/audit/internal/head_rows.h"
#include "platform/audit/internal/merkle.h"
#include "platform/crypto/digest.h"

namespace porchlight::audit {
namespace {

using internal::Frontier;
using internal::StoredHead;
using store::Statement;

constexpr int kPageRows = 1000;
constexpr std::int64_t kStoredLevels = 8;
constexpr std::int64_t kMissingMax = 1'000'000;  // A forged number must not keep us busy for ever.

constexpr Statement kCounts{"audit.counts",
                            "SELECT (SELECT COUNT(*) FROM audit_entries), (SELECT COUNT(*) FROM audit_leaves), "
                            "(SELECT COUNT(*) FROM audit_nodes), (SELECT COALESCE(MAX(at), 0) FROM audit_heads)"};
constexpr Statement kLeafPage{"audit.leaf_page", "SELECT l.leaf, l.entry, l.hash, " PL_AUDIT_ENTRY_COLUMNS
                                                 " FROM audit_leaves l LEFT JOIN audit_entries e ON e.id = l.entry "
                                                 "WHERE l.leaf >= $1 ORDER BY l.leaf LIMIT $2"};
constexpr Statement kUnsealedBetween{
    "audit.unsealed_between", "SELECT " PL_AUDIT_ENTRY_COLUMNS
                              " FROM audit_entries e WHERE e.id > $1 AND e.id < $2 "
                              "AND NOT EXISTS (SELECT 1 FROM audit_leaves l WHERE l.entry = e.id) ORDER BY e.id LIMIT 2"};
constexpr Statement kFindNode{"audit.find_node", "SELECT hash FROM audit_nodes WHERE level = $1 AND position = $2"};
constexpr Statement kUnsealedBefore{
    "audit.unsealed_before",
    "SELECT e.id, e.at FROM audit_entries e WHERE e.at < $1 "
    "AND NOT EXISTS (SELECT 1 FROM audit_leaves l WHERE l.entry = e.id) ORDER BY e.id LIMIT $2"};

std::string Number(std::int64_t number) { return std::to_string(number); }

class Verification {
 public:
  Verification(store::ReadTransaction& transaction, std::string_view public_key, const std::vector<TreeHead>& witnessed,
               const std::function<void(std::int64_t, std::int64_t)>& progress)
      : transaction_(transaction), public_key_(public_key), key_id_(KeyIdOf(public_key)), progress_(progress) {
    for (const TreeHead& head : witnessed) witnessed_.emplace(head.size, &head);
  }

  Result<Verdict> Run() {
    const std::optional<store::Row> counts = PL_TRY(transaction_.First(kCounts));
    verdict_.entries = counts->Integer(0);
    verdict_.sealed = counts->Integer(1);
    const std::int64_t nodes = counts->Integer(2);
    newest_head_at_ = counts->Time(3);

    PL_TRY(LoadHeads());
    PL_TRY(CheckHeadsUpTo(0));
    while (!stopped_) {
      const std::vector<store::Row> page = PL_TRY(transaction_.All(kLeafPage, tree_.size(), kPageRows));
      if (page.empty()) break;
      for (const store::Row& row : page) {
        PL_TRY(CheckLeaf(row));
        if (stopped_) break;
      }
      if (progress_) progress_(tree_.size(), verdict_.sealed);
    }
    PL_TRY(CheckTheEnd());
    if (nodes != nodes_expected_) {
      Problem("the stored tree has " + Number(nodes) + " inner nodes, " + Number(nodes_expected_) + " expected");
    }
    PL_TRY(CheckUnsealed());
    if (problems_left_out_ > 0) verdict_.problems.push_back("and " + Number(problems_left_out_) + " more problems");
    return std::move(verdict_);
  }

 private:
  void Problem(std::string text) {
    if (verdict_.problems.size() < kProblemsMax) verdict_.problems.push_back(std::move(text));
    else ++problems_left_out_;
  }

  Result<void> LoadHeads() {
    heads_ = PL_TRY(internal::HeadsAbove(transaction_, heads_read_to_, kPageRows));
    next_head_ = 0;
    return {};
  }

  // One row of kLeafPage: the leaf's number, entry and hash, and the entry if it is there.
  Result<void> CheckLeaf(const store::Row& row) {
    const std::int64_t leaf = row.Integer(0);
    const std::int64_t entry = row.Integer(1);
    if (leaf > tree_.size()) PL_TRY(FillMissing(leaf, entry));
    if (stopped_) return {};
    const std::string where = "entry " + Number(entry) + " (leaf " + Number(leaf) + ")";
    if (entry <= last_entry_ && leaf > head_begin_) Problem(where + " is out of order: its leaves were exchanged");
    const std::string& stored = row.Bytes(2);
    if (stored.size() != internal::kHashBytes) Problem(where + " has a leaf that is no hash");
    if (row.IsNull(3)) {
      Problem(where + " was removed");
    } else if (LeafHash(internal::EntryText(internal::EntryFromRow(row, 3))) != stored) {
      Problem(where + " is not what was sealed: the entry or its leaf was edited");
    }
    return AddLeaf(stored, entry);
  }

  // Leaves are missing before `leaf`. If exactly one entry without a leaf stands between the neighbours, it is named.
  Result<void> FillMissing(std::int64_t leaf, std::int64_t entry) {
    const std::int64_t count = leaf - tree_.size();
    if (count > kMissingMax) {
      Problem("leaves " + Number(tree_.size()) + " to " + Number(leaf - 1) + " are missing; the verification stops here");
      stopped_ = true;
      return {};
    }
    const std::vector<store::Row> rows = PL_TRY(transaction_.All(kUnsealedBetween, last_entry_, entry));
    if (count == 1 && rows.size() == 1) {
      const RecordedEntry found = internal::EntryFromRow(rows[0], 0);
      Problem("leaf " + Number(leaf - 1) + " was removed; its entry must be entry " + Number(found.id) +
              ", which stands between its neighbours without a leaf");
      return AddLeaf(LeafHash(internal::EntryText(found)), found.id);
    }
    Problem(count == 1 ? "leaf " + Number(tree_.size()) + " was removed"
                       : "leaves " + Number(tree_.size()) + " to " + Number(leaf - 1) + " were removed");
    // What they were is unknown: go on from the next head whose frontier can be trusted.
    while (tree_.size() < leaf) PL_TRY(AddLeaf(std::string(internal::kHashBytes, '\0'), last_entry_ + 1));
    return {};
  }

  Result<void> AddLeaf(const std::string& hash, std::int64_t entry) {
    last_entry_ = entry;
    std::string padded = hash;
    padded.resize(internal::kHashBytes);
    PL_TRY(tree_.Append(padded, [this](const internal::SubtreePlace& place, const std::string& node) {
      return CheckNode(place, node);
    }));
    return CheckHeadsUpTo(tree_.size());
  }

  Result<void> CheckNode(const internal::SubtreePlace& place, const std::string& hash) {
    if (place.level == 0 || place.level % kStoredLevels != 0) return {};
    ++nodes_expected_;
    const std::optional<store::Row> row = PL_TRY(transaction_.First(kFindNode, place.level, place.position));
    if (row && row->Bytes(0) == hash) return {};
    const std::int64_t first = place.position << place.level;
    Problem("the stored node over leaves " + Number(first) + " to " + Number(((place.position + 1) << place.level) - 1) +
            (row ? " is not their hash" : " is missing"));
    return {};
  }

  Result<void> CheckHeadsUpTo(std::int64_t size) {
    while (next_head_ < heads_.size() && heads_[next_head_].head.size <= size) {
      CheckHead(heads_[next_head_]);
      heads_read_to_ = heads_[next_head_].head.size;
      ++next_head_;
      if (next_head_ == heads_.size()) PL_TRY(LoadHeads());
    }
    return {};
  }

  void CheckHead(const StoredHead& stored) {
    const TreeHead& head = stored.head;
    const std::string where = "head of size " + Number(head.size);
    ++verdict_.heads;
    const bool is_signed = CheckSignature(head, where);
    if (head.previous != previous_) Problem(where + ": the head before it was edited or removed");
    const std::optional<Frontier> frontier = Frontier::Decode(head.size, stored.frontier);
    const bool frontier_fits = frontier && frontier->Root() == head.root;
    if (head.size != tree_.size() || head.root != tree_.Root()) {
      Problem(where + ": its root is not that of the leaves; the change lies in leaves " + Number(head_begin_) + " to " +
              Number(head.size - 1) + ", or in the head itself");
      // A signed head with a fitting frontier says what the tree was: later leaves are judged on that ground.
      if (is_signed && frontier_fits) tree_ = *frontier;
    } else if (!frontier || frontier->Encode() != tree_.Encode()) {
      Problem(where + ": its stored frontier was edited");
    }
    CheckWitnessed(head, where);
    head_begin_ = head.size;
    previous_ = crypto::Sha256(TreeHeadText(head));
  }

  bool CheckSignature(const TreeHead& head, const std::string& where) {
    if (head.key_id != key_id_) {
      Problem(where + ": signed with key " + head.key_id + ", not with " + key_id_);
      return false;
    }
    if (!crypto::SignatureHolds(public_key_, TreeHeadText(head), head.signature)) {
      Problem(where + ": the signature does not hold; the head was edited or forged");
      return false;
    }
    return true;
  }

  void CheckWitnessed(const TreeHead& head, const std::string& where) {
    const auto [begin, end] = witnessed_.equal_range(head.size);
    for (auto one = begin; one != end; ++one) {
      const TreeHead& witness = *one->second;
      if (TreeHeadText(witness) != TreeHeadText(head) || witness.signature != head.signature) {
        Problem(where + ": the head witnessed outside the database is another one");
      }
    }
    witnessed_.erase(begin, end);
  }

  Result<void> CheckTheEnd() {
    if (next_head_ == heads_.size() && tree_.size() > head_begin_) {
      Problem("leaves " + Number(head_begin_) + " to " + Number(tree_.size() - 1) + " are under no head");
    }
    // Heads that are left cover leaves beyond the last one.
    while (next_head_ < heads_.size() && !stopped_) {
      PL_TRY(FillMissing(heads_[next_head_].head.size, std::numeric_limits<std::int64_t>::max()));
    }
    for (const auto& [size, witness] : witnessed_) {
      Problem("head of size " + Number(size) + " was witnessed outside the database and is not in it");
    }
    return {};
  }

  Result<void> CheckUnsealed() {
    const Instant limit = newest_head_at_ - kUnsealedWindow;
    for (const store::Row& row : PL_TRY(transaction_.All(kUnsealedBefore, limit, kPageRows))) {
      verdict_.warnings.push_back("entry " + Number(row.Integer(0)) + " of " + FormatInstant(row.Time(1)) +
                                  " has no leaf although later ones were sealed");
    }
    return {};
  }

  store::ReadTransaction& transaction_;
  const std::string public_key_;
  const std::string key_id_;
  const std::function<void(std::int64_t, std::int64_t)>& progress_;
  std::multimap<std::int64_t, const TreeHead*> witnessed_;  // Those not yet met.
  Verdict verdict_;
  std::int64_t problems_left_out_ = 0;
  Frontier tree_;
  std::string previous_ = std::string(internal::kHashBytes, '\0');
  std::int64_t last_entry_ = 0;
  std::int64_t head_begin_ = 0;  // Size of the last head met: its leaves are judged.
  std::vector<StoredHead> heads_;  // One page.
  std::size_t next_head_ = 0;
  std::int64_t heads_read_to_ = -1;
  std::int64_t nodes_expected_ = 0;
  Instant newest_head_at_;
  bool stopped_ = false;  // The rest cannot be judged.
};

}  // namespace

Result<Verdict> Verify(store::Database& database, std::string_view public_key, const std::vector<TreeHead>& witnessed,
                       const std::function<void(std::int64_t, std::int64_t)>& progress) {
  return database.Read([&](store::ReadTransaction& transaction) {
    return Verification(transaction, public_key, witnessed, progress).Run();
  });
}

}  // namespace porchlight::audit
