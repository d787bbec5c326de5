#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The tree of RFC 6962, section 2.1, without any storage.
namespace porchlight::audit::internal {

constexpr std::size_t kHashBytes = 32;

// A complete subtree of 2^level leaves, the first of which is leaf position * 2^level.
struct SubtreePlace {
  std::int64_t level = 0;
  std::int64_t position = 0;
};

// A tree while it grows: the roots of the complete subtrees it is made of, largest first. That is all one needs to add
// leaves and to know the root, so adding costs the same however large the tree is.
class Frontier {
 public:
  // Hears of each subtree that becomes complete, leaves (level 0) included.
  using OnComplete = std::function<Result<void>(const SubtreePlace&, const std::string& hash)>;

  Result<void> Append(const std::string& leaf_hash, const OnComplete& on_complete = {});
  std::int64_t size() const { return size_; }
  std::string Root() const;

  std::string Encode() const;  // The hashes, one after the other.
  static std::optional<Frontier> Decode(std::int64_t size, std::string_view encoded);

 private:
  std::int64_t size_ = 0;
  std::vector<std::string> peaks_;
};

// Gives the root of a complete subtree.
using SubtreeHash = std::function<Result<std::string>(const SubtreePlace&)>;

// PATH(leaf, D[size]): the hashes that lead from the leaf to the root, leaf first. Asks for at most 2 * log2(size)
// complete subtrees.
Result<std::vector<std::string>> PathOf(std::int64_t leaf, std::int64_t size, const SubtreeHash& subtree_hash);

// RFC 9162, section 2.1.3.2: the root that a path leads to; nothing when its length is wrong.
std::optional<std::string> RootFromPath(std::string_view leaf_hash, std::int64_t leaf, std::int64_t size,
                                        const std::vector<std::string>& path);

}  // namespace porchlight::audit::internal
