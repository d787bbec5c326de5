#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/crypto/secret.h"
#include "platform/store/database.h"

// Who did what to which record, and when: appended in the transaction of the act, so that neither can exist without
// the other. A sealer gives committed entries their leaf number, extends a Merkle tree (RFC 6962 section 2.1) and
// signs tree heads (Ed25519), also written outside the database. Entries hold ids, digests and codes, never personal
// text. Format: docs/formats/audit.md.
namespace porchlight::audit {

struct Entry {
  std::string action;          // "tipline.report.submit"
  std::string subject_kind;    // "report"
  std::int64_t subject = 0;
  std::string subject_key;     // Instead of a number, where the record has a text key (wire file id, login digest).
  std::string purpose;         // Picked from the profile's list for restricted reads, else empty.
  std::string before_digest;   // SHA-256 hex of the record before and after, where the act changed it.
  std::string after_digest;
  std::string detail;          // Small JSON object of codes.
  bool denied = false;
  std::string request_id;
};

// Limits: 200 bytes per text, 4,000 for `detail`. Errors: kInternal (over a limit, or no UTF-8), the store's. The act
// must fail with it: nothing happens unrecorded.
Result<void> Record(store::WriteTransaction& transaction, const auth::Caller& caller, const Entry& entry, Instant now);

struct RecordedEntry {
  std::int64_t id = 0;
  Instant at;
  std::int64_t account = 0;
  std::string login;
  std::string proof;
  Entry entry;
  std::optional<std::int64_t> leaf;   // Absent while unsealed.
};
// Newest first, entries with id below `before_id` (0: from the newest).
Result<std::vector<RecordedEntry>> List(store::ReadTransaction& transaction, std::int64_t before_id, int count_max);
// Oldest first, of one record.
Result<std::vector<RecordedEntry>> ListOf(store::ReadTransaction& transaction, std::string_view subject_kind,
                                          std::int64_t subject, int count_max);

struct TreeHead {
  std::int64_t size = 0;
  std::string root;            // 32 bytes.
  Instant at;
  std::string signature;       // Ed25519 over the canonical text of docs/formats/audit.md.
  std::string key_id;          // First 16 hex digits of SHA-256 of the public key.
  std::string previous = {};   // SHA-256 of the text of the head before, so that heads form a chain; zeros for the first.
};
std::string TreeHeadText(const TreeHead& head);
std::string KeyIdOf(std::string_view public_key);
// The newest head, if any.
Result<std::optional<TreeHead>> LatestHead(store::ReadTransaction& transaction);

// Seals every committed entry not yet in the tree and signs a head when there was any. Safe to run in several
// processes at once and to repeat. `witness` receives each new head (for the file outside the database, witness.h)
// after it is committed, so that no head is ever witnessed that the database does not hold. When it fails, its error is
// answered, nothing further is sealed, and the next call offers the same head again: `witness` may hear of one twice.
struct SealerOptions {
  int entries_max = 1000;      // Per head.
  std::function<Result<void>(const TreeHead&)> witness;
};
Result<std::optional<TreeHead>> SealOnce(store::Database& database, const crypto::SigningKey& key, const Clock& clock,
                                         const SealerOptions& options);

// SealOnce until nothing is left to seal that was committed when the call began: so the open tail stays as short as the
// pause between two calls, however fast entries come. The newest head, if any was made.
Result<std::optional<TreeHead>> SealAll(store::Database& database, const crypto::SigningKey& key, const Clock& clock,
                                        const SealerOptions& options);

constexpr Duration kUnsealedWindow = Duration::Minutes(5);
constexpr std::size_t kProblemsMax = 1000;   // More are counted, not listed.
struct Verdict {
  std::int64_t entries = 0;
  std::int64_t sealed = 0;
  std::int64_t heads = 0;
  std::vector<std::string> problems;   // Each names the entry or head and what is wrong with it. Empty: intact.
  std::vector<std::string> warnings;   // Entries unsealed for longer than kUnsealedWindow when the newest head was made.
};
// Recomputes everything: each entry's leaf, the order, the tree, each head's root and signature, and heads witnessed
// outside the database. `progress` hears (done, total).
Result<Verdict> Verify(store::Database& database, std::string_view public_key, const std::vector<TreeHead>& witnessed,
                       const std::function<void(std::int64_t, std::int64_t)>& progress);

// RFC 6962 section 2.1.1: proves one entry to an outsider who holds only a tree head.
struct InclusionProof {
  std::string entry_text;              // Canonical bytes of the entry; SHA-256(0x00 || this) is the leaf.
  std::int64_t leaf = 0;
  std::int64_t size = 0;
  std::vector<std::string> path;       // 32-byte hashes, leaf to root.
};
Result<InclusionProof> Prove(store::Database& database, std::int64_t entry_id, const TreeHead& head);
bool ProofHolds(const InclusionProof& proof, const TreeHead& head, std::string_view public_key);

// RFC 6962 primitives, for the tests and for outsiders' tools.
std::string LeafHash(std::string_view entry_text);
std::string NodeHash(std::string_view left, std::string_view right);

}  // namespace porchlight::audit
