// Goal: the tree is that of RFC 6962. Method: the eight inputs and roots of the certificate-transparency reference
// tests, then every leaf's path in every tree of up to 40 leaves against a naive tree written from the definition.
#include "platform/audit/internal/merkle.h"

#include <gtest/gtest.h>

#include <bit>

#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"

namespace porchlight::audit {
namespace {

using internal::Frontier;
using internal::SubtreePlace;

std::vector<std::string> PublishedInputs() {
  std::vector<std::string> inputs;
  for (const char* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
    inputs.push_back(HexDecode(hex).value());
  }
  return inputs;
}

// MTH of RFC 6962, section 2.1, word by word.
std::string NaiveRoot(const std::vector<std::string>& leaves, std::size_t begin, std::size_t end) {
  if (begin == end) return crypto::Sha256("");
  if (end - begin == 1) return leaves[begin];
  const std::size_t split = std::bit_floor(end - begin - 1);
  return NodeHash(NaiveRoot(leaves, begin, begin + split), NaiveRoot(leaves, begin + split, end));
}

std::vector<std::string> Leaves(std::size_t count) {
  std::vector<std::string> leaves;
  for (std::size_t index = 0; index < count; ++index) leaves.push_back(LeafHash("leaf " + std::to_string(index)));
  return leaves;
}

Frontier TreeOf(const std::vector<std::string>& leaves) {
  Frontier tree;
  for (const std::string& leaf : leaves) EXPECT_TRUE(tree.Append(leaf).ok());
  return tree;
}

TEST(MerkleTest, RootsAreThePublishedOnes) {
  const std::vector<std::string> roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Frontier tree;
  EXPECT_EQ(HexEncode(tree.Root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::vector<std::string> inputs = PublishedInputs();
  for (std::size_t index = 0; index < inputs.size(); ++index) {
    ASSERT_TRUE(tree.Append(LeafHash(inputs[index])).ok());
    EXPECT_EQ(HexEncode(tree.Root()), roots[index]) << "of the first " << index + 1;
  }
}

TEST(MerkleTest, TheGrowingTreeEqualsTheDefinition) {
  const std::vector<std::string> leaves = Leaves(300);
  Frontier tree;
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    EXPECT_EQ(tree.Root(), NaiveRoot(leaves, 0, size)) << size;
    EXPECT_EQ(Frontier::Decode(tree.size(), tree.Encode()).value().Root(), tree.Root());
    if (size == leaves.size()) break;
    ASSERT_TRUE(tree.Append(leaves[size]).ok());
  }
}

TEST(MerkleTest, AFrontierOfTheWrongLengthIsRefused) {
  EXPECT_FALSE(Frontier::Decode(3, std::string(32, 'x')).has_value());
  EXPECT_FALSE(Frontier::Decode(3, std::string(63, 'x')).has_value());
  EXPECT_FALSE(Frontier::Decode(-1, "").has_value());
  EXPECT_TRUE(Frontier::Decode(0, "").has_value());
}

TEST(MerkleTest, CompletedSubtreesAreToldOnceWithTheirHash) {
  const std::vector<std::string> leaves = Leaves(37);
  Frontier tree;
  std::size_t told = 0;
  for (const std::string& leaf : leaves) {
    ASSERT_TRUE(tree.Append(leaf, [&](const SubtreePlace& place, const std::string& hash) -> Result<void> {
      const std::size_t count = std::size_t{1} << place.level;
      const std::size_t first = static_cast<std::size_t>(place.position) * count;
      EXPECT_EQ(hash, NaiveRoot(leaves, first, first + count));
      ++told;
      return {};
    }).ok());
  }
  EXPECT_EQ(told, 37U + 18U + 9U + 4U + 2U + 1U);
}

TEST(MerkleTest, EveryPathLeadsToTheRootAndNoAlteredPathDoes) {
  for (const std::size_t size : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
                                 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 1000}) {
    const std::vector<std::string> leaves = Leaves(size);
    const std::string root = TreeOf(leaves).Root();
    const auto subtree = [&](const SubtreePlace& place) -> Result<std::string> {
      const std::size_t count = std::size_t{1} << place.level;
      const std::size_t first = static_cast<std::size_t>(place.position) * count;
      return NaiveRoot(leaves, first, first + count);
    };
    const auto total = static_cast<std::int64_t>(size);
    for (std::int64_t leaf = 0; leaf < total; leaf += size > 40 ? 37 : 1) {
      std::vector<std::string> path = internal::PathOf(leaf, total, subtree).value();
      const std::string& hash = leaves[static_cast<std::size_t>(leaf)];
      EXPECT_EQ(internal::RootFromPath(hash, leaf, total, path), root) << leaf << " of " << size;
      EXPECT_FALSE(internal::RootFromPath(hash, total, total, path).has_value());
      EXPECT_NE(internal::RootFromPath(LeafHash("another"), leaf, total, path), root);
      path.push_back(hash);
      EXPECT_FALSE(internal::RootFromPath(hash, leaf, total, path).has_value());
      path.pop_back();
      if (path.empty()) continue;
      path.back()[0] = static_cast<char>(path.back()[0] ^ 1);
      EXPECT_NE(internal::RootFromPath(hash, leaf, total, path), root);
      path.pop_back();
      EXPECT_FALSE(internal::RootFromPath(hash, leaf, total, path).has_value());
    }
  }
}

}  // namespace
}  // namespace porchlight::audit
