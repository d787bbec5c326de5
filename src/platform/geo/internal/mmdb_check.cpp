#include "platform/geo/internal/mmdb_check.h"

#include <algorithm>
#include <array>
#include <optional>

#include "platform/geo/internal/mmdb_values.h"

namespace porchlight::geo {

namespace {

constexpr std::string_view kMarker = "\xab\xcd\xef" "MaxMind.com";
constexpr std::size_t kMetadataBytesMax = 128 * 1024;
constexpr std::size_t kSeparatorBytes = 16;  // Zeros between the tree and the data.

struct Shape {
  std::uint64_t node_count = 0;
  std::size_t node_bytes = 0;
  int depth = 0;               // Bits of an address.
  std::size_t tree_bytes = 0;
  std::string_view data;       // The data section.
};

class Checker {
 public:
  Checker(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Result<std::vector<std::uint32_t>> Run() {
    shape_ = PL_TRY(ReadShape());
    PL_TRY(CheckTree());
    std::sort(records_.begin(), records_.end());
    records_.erase(std::unique(records_.begin(), records_.end()), records_.end());
    PL_TRY(CheckRecords());
    return std::move(records_);
  }

 private:
  Error Damaged(std::string what) const { return Error{ErrorCode::kCorrupt, name_ + ": " + std::move(what), {}, {}, 0}; }

  Result<Shape> ReadShape() const {
    const std::size_t marker = bytes_.rfind(kMarker);
    if (marker == std::string_view::npos || bytes_.size() - marker > kMetadataBytesMax) {
      return Damaged("it has no MMDB metadata at its end: no MMDB file, or cut off");
    }
    const MmdbSection metadata(bytes_.substr(marker + kMarker.size()));
    const std::string place = "the metadata behind byte " + std::to_string(marker);
    if (!metadata.Check(0)) return Damaged(place + " is damaged or cut off");
    const MmdbValue map = metadata.Read(0).value();
    const auto number = [&](std::string_view key, MmdbType type) -> std::uint64_t {
      const std::optional<MmdbValue> value = metadata.Member(map, key);
      return value && value->type == type ? metadata.Number(*value) : 0;
    };
    const auto holds_text = [&](std::string_view key, MmdbType type) {
      const std::optional<MmdbValue> value = metadata.Member(map, key);
      return value && value->type == type && metadata.HoldsOnlyText(*value);
    };
    if (number("binary_format_major_version", MmdbType::kUnsigned16) != 2) return Damaged(place + " tells another format than 2");
    const std::uint64_t ip_version = number("ip_version", MmdbType::kUnsigned16);
    const std::uint64_t record_bits = number("record_size", MmdbType::kUnsigned16);
    Shape shape{number("node_count", MmdbType::kUnsigned32), record_bits / 4, ip_version == 4 ? 32 : 128, 0, {}};
    const bool legal = shape.node_count > 0 && (ip_version == 4 || ip_version == 6) &&
                       (record_bits == 24 || record_bits == 28 || record_bits == 32) &&
                       number("build_epoch", MmdbType::kUnsigned64) > 0 && holds_text("languages", MmdbType::kArray) &&
                       holds_text("description", MmdbType::kMap);
    if (!legal) return Damaged(place + " lacks a number or has one that is not legal");
    shape.tree_bytes = shape.node_count * shape.node_bytes;  // Below 2^35.
    if (shape.tree_bytes + kSeparatorBytes > marker) return Damaged("its search tree would reach behind byte " + std::to_string(marker));
    if (bytes_.substr(shape.tree_bytes, kSeparatorBytes) != std::string_view(std::string(kSeparatorBytes, '\0'))) {
      return Damaged("there are no zeros behind the search tree, at byte " + std::to_string(shape.tree_bytes));
    }
    shape.data = bytes_.substr(shape.tree_bytes + kSeparatorBytes, marker - shape.tree_bytes - kSeparatorBytes);
    return shape;
  }

  std::array<std::uint64_t, 2> ReadNode(std::uint64_t node) const {
    const std::string_view raw = bytes_.substr(node * shape_.node_bytes, shape_.node_bytes);
    const auto byte = [&](std::size_t index) { return static_cast<std::uint64_t>(static_cast<std::uint8_t>(raw[index])); };
    const auto three = [&](std::size_t at) { return byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2); };
    if (shape_.node_bytes == 6) return {three(0), three(3)};
    if (shape_.node_bytes == 7) return {(byte(3) >> 4) << 24 | three(0), (byte(3) & 15) << 24 | three(4)};
    return {three(0) << 8 | byte(3), three(4) << 8 | byte(7)};
  }

  // Every node that a lookup can reach, once, though several records may lead to it. A node's height is the number of
  // bits still read from it on; more than an address has, or a way back to a node above, is damage.
  Result<void> CheckTree() {
    constexpr std::uint8_t kOpen = 255;
    struct Step {
      std::uint64_t node = 0;
      int side = 0;
    };
    std::vector<std::uint8_t> heights(shape_.node_count, 0);
    std::vector<Step> way{{0, 0}};
    heights[0] = kOpen;
    std::uint8_t returned = 0;
    std::vector<std::uint8_t> highest{0};
    while (!way.empty()) {
      Step& step = way.back();
      highest.back() = std::max(highest.back(), returned);
      returned = 0;
      if (step.side == 2) {
        returned = static_cast<std::uint8_t>(highest.back() + 1);
        heights[step.node] = returned;
        if (returned > shape_.depth) return DamagedNode(step.node, "has more nodes below it than an address has bits");
        way.pop_back();
        highest.pop_back();
        continue;
      }
      const std::uint64_t record = ReadNode(step.node)[static_cast<std::size_t>(step.side++)];
      if (record == shape_.node_count) continue;
      if (record > shape_.node_count) {
        PL_TRY(AddRecord(step.node, record));
      } else if (heights[record] == kOpen) {
        return DamagedNode(step.node, "leads back to a node above it");
      } else if (heights[record] != 0) {
        returned = heights[record];
      } else if (static_cast<int>(way.size()) >= shape_.depth) {
        return DamagedNode(step.node, "leads deeper than an address has bits");
      } else {
        heights[record] = kOpen;
        way.push_back({record, 0});
        highest.push_back(0);
      }
    }
    return {};
  }

  Error DamagedNode(std::uint64_t node, const std::string& what) const {
    return Damaged("node " + std::to_string(node) + " of the search tree " + what);
  }

  Result<void> AddRecord(std::uint64_t node, std::uint64_t record) {
    const std::uint64_t behind = record - shape_.node_count;
    if (behind < kSeparatorBytes || behind - kSeparatorBytes >= shape_.data.size()) {
      return DamagedNode(node, "points outside of the data");
    }
    const auto offset = static_cast<std::uint32_t>(behind - kSeparatorBytes);
    if (records_.empty() || records_.back() != offset) records_.push_back(offset);
    return {};
  }

  Result<void> CheckRecords() const {
    const MmdbSection data(shape_.data);
    for (const std::uint32_t offset : records_) {
      const std::optional<MmdbValue> record = data.Read(offset);
      if (record && record->type == MmdbType::kMap && data.Check(offset)) continue;
      return Damaged("the record at byte " + std::to_string(shape_.tree_bytes + kSeparatorBytes + offset) + " is damaged");
    }
    return {};
  }

  std::string_view bytes_;
  const std::string& name_;
  Shape shape_;
  std::vector<std::uint32_t> records_;
};

}  // namespace

Result<std::vector<std::uint32_t>> CheckMmdb(std::string_view bytes, const std::string& name) { return Checker(bytes, name).Run(); }

}  // namespace porchlight::geo
