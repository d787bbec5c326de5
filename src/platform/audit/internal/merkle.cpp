#include "platform/audit/internal/merkle.h"

#include <bit>

#include "base/check.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"

namespace porchlight::audit {

std::string LeafHash(std::string_view entry_text) {
  crypto::Sha256Stream hash;
  hash.Update(std::string_view("\0", 1));
  hash.Update(entry_text);
  return hash.Finish();
}

std::string NodeHash(std::string_view left, std::string_view right) {
  std::string text = "\x01";
  text += left;
  text += right;
  return crypto::Sha256(text);
}

namespace internal {
namespace {

std::uint64_t Unsigned(std::int64_t number) { return static_cast<std::uint64_t>(number); }

// The largest power of two below `count`, which must be at least 2.
std::int64_t SplitOf(std::int64_t count) { return static_cast<std::int64_t>(std::bit_floor(Unsigned(count - 1))); }

// MTH(D[begin:end]) for any range that occurs in a path.
Result<std::string> HashOfRange(std::int64_t begin, std::int64_t end, const SubtreeHash& subtree_hash) {
  const std::int64_t count = end - begin;
  if (std::has_single_bit(Unsigned(count))) {
    PL_CHECK(begin % count == 0);
    return subtree_hash({.level = std::countr_zero(Unsigned(count)), .position = begin / count});
  }
  const std::int64_t split = SplitOf(count);
  const std::string left = PL_TRY(HashOfRange(begin, begin + split, subtree_hash));
  const std::string right = PL_TRY(HashOfRange(begin + split, end, subtree_hash));
  return NodeHash(left, right);
}

}  // namespace

Result<void> Frontier::Append(const std::string& leaf_hash, const OnComplete& on_complete) {
  std::string hash = leaf_hash;
  std::int64_t position = size_;
  std::int64_t level = 0;
  if (on_complete) PL_TRY(on_complete({level, position}, hash));
  // As many subtrees become complete as the new leaf's number has trailing one bits.
  for (; (position & 1) != 0; position >>= 1) {
    hash = NodeHash(peaks_.back(), hash);
    peaks_.pop_back();
    ++level;
    if (on_complete) PL_TRY(on_complete({level, position >> 1}, hash));
  }
  peaks_.push_back(std::move(hash));
  ++size_;
  return {};
}

std::string Frontier::Root() const {
  if (peaks_.empty()) return crypto::Sha256("");
  std::string root = peaks_.back();
  for (std::size_t index = peaks_.size() - 1; index-- > 0;) root = NodeHash(peaks_[index], root);
  return root;
}

std::string Frontier::Encode() const {
  std::string encoded;
  for (const std::string& peak : peaks_) encoded += peak;
  return encoded;
}

std::optional<Frontier> Frontier::Decode(std::int64_t size, std::string_view encoded) {
  if (size < 0 || encoded.size() != static_cast<std::size_t>(std::popcount(Unsigned(size))) * kHashBytes) {
    return std::nullopt;
  }
  Frontier frontier;
  frontier.size_ = size;
  for (; !encoded.empty(); encoded.remove_prefix(kHashBytes)) frontier.peaks_.emplace_back(encoded.substr(0, kHashBytes));
  return frontier;
}

Result<std::vector<std::string>> PathOf(std::int64_t leaf, std::int64_t size, const SubtreeHash& subtree_hash) {
  PL_CHECK(leaf >= 0 && leaf < size);
  std::vector<std::string> from_root;
  std::int64_t begin = 0;
  std::int64_t end = size;
  while (end - begin > 1) {
    const std::int64_t middle = begin + SplitOf(end - begin);
    if (leaf < middle) {
      from_root.push_back(PL_TRY(HashOfRange(middle, end, subtree_hash)));
      end = middle;
    } else {
      from_root.push_back(PL_TRY(HashOfRange(begin, middle, subtree_hash)));
      begin = middle;
    }
  }
  return std::vector<std::string>(from_root.rbegin(), from_root.rend());
}

std::optional<std::string> RootFromPath(std::string_view leaf_hash, std::int64_t leaf, std::int64_t size,
                                        const std::vector<std::string>& path) {
  if (leaf < 0 || leaf >= size) return std::nullopt;
  std::int64_t position = leaf;
  std::int64_t last = size - 1;
  std::string hash(leaf_hash);
  for (const std::string& sibling : path) {
    if (last == 0 || sibling.size() != kHashBytes) return std::nullopt;
    if ((position & 1) != 0 || position == last) {
      hash = NodeHash(sibling, hash);
      while ((position & 1) == 0 && position != 0) {
        position >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, sibling);
    }
    position >>= 1;
    last >>= 1;
  }
  if (last != 0) return std::nullopt;
  return hash;
}

}  // namespace internal
}  // namespace porchlight::audit
