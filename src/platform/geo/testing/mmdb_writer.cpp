#include "platform/geo/testing/mmdb_writer.h"

#include "base/check.h"
#include "platform/geo/internal/mmdb_values.h"
#include "platform/geo/internal/network.h"

namespace porchlight::geo::testing {

namespace {

constexpr int kTypePointer = static_cast<int>(MmdbType::kPointer);
constexpr int kTypeText = static_cast<int>(MmdbType::kText);
constexpr int kTypeMap = static_cast<int>(MmdbType::kMap);
constexpr int kTypeUnsigned64 = static_cast<int>(MmdbType::kUnsigned64);
constexpr int kTypeArray = static_cast<int>(MmdbType::kArray);
constexpr int kTypeBool = static_cast<int>(MmdbType::kBool);

std::string BigEndian(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t index = bytes; index > 0; --index) out += static_cast<char>(value >> (8 * (index - 1)) & 0xff);
  return out;
}

std::string Pointer(std::size_t target) {
  constexpr std::size_t kBase[] = {0, 2048, 526'336};
  for (std::size_t width = 1; width <= 3; ++width) {
    const std::size_t rest = target - kBase[width - 1];
    if (rest >> (8 * width + 3) != 0) continue;
    return static_cast<char>(kTypePointer << 5 | static_cast<int>(width - 1) << 3 | static_cast<int>(rest >> (8 * width))) +
           BigEndian(rest, width);
  }
  return static_cast<char>(kTypePointer << 5 | 3 << 3) + BigEndian(target, 4);
}

// The data section so far. Texts that were written before become pointers, as in real files.
class DataSection {
 public:
  std::size_t size() const { return bytes_.size(); }
  const std::string& bytes() const { return bytes_; }
  void Pad(std::size_t bytes) { bytes_.append(bytes, '\0'); }

  void Put(const Json& json) {
    if (const std::string* text = json.AsString()) return PutText(*text);
    if (const bool* flag = json.AsBool()) bytes_ += MmdbWriter::Control(kTypeBool, *flag ? 1 : 0);
    if (const std::int64_t* number = json.AsInteger()) {
      bytes_ += MmdbWriter::Number(kTypeUnsigned64, static_cast<std::uint64_t>(*number), 8);
    }
    if (const Json::Array* array = json.AsArray()) {
      bytes_ += MmdbWriter::Control(kTypeArray, array->size());
      for (const Json& one : *array) Put(one);
    }
    if (const Json::Object* object = json.AsObject()) {
      bytes_ += MmdbWriter::Control(kTypeMap, object->size());
      for (const Json::Member& member : *object) {
        PutText(member.first);
        Put(member.second);
      }
    }
  }

 private:
  void PutText(const std::string& text) {
    const auto [known, is_new] = texts_.emplace(text, bytes_.size());
    if (is_new || text.size() < 2) bytes_ += MmdbWriter::Control(kTypeText, text.size()) + text;
    else bytes_ += Pointer(known->second);
  }

  std::string bytes_;
  std::map<std::string, std::size_t> texts_;
};

}  // namespace

MmdbWriter::MmdbWriter(MmdbOptions options) : options_(options), nodes_(1) {}

MmdbWriter::Record& MmdbWriter::Descend(Record& record, int bit) {
  if (record.kind != Record::Kind::kNode) {
    // A narrower network inside a wider one: both halves inherit the wider one's record first.
    const Record inherited = record;
    record = {Record::Kind::kNode, nodes_.size()};
    const std::size_t made = nodes_.size();
    nodes_.push_back({inherited, inherited});
    return nodes_[made][static_cast<std::size_t>(bit)];
  }
  return nodes_[record.index][static_cast<std::size_t>(bit)];
}

MmdbWriter::Record& MmdbWriter::Reach(std::string_view text) {
  const Network network = Network::Parse(text).value();
  Address::Bytes bytes = network.address.bytes();
  int first = 0;
  if (network.address.IsIpv4()) {
    bytes[10] = bytes[11] = 0;
    if (options_.ip_version == 4) first = 96;
  }
  PL_CHECK(network.length > first && (options_.ip_version == 6 || network.address.IsIpv4()));
  const auto bit = [&](int index) { return bytes[static_cast<std::size_t>(index / 8)] >> (7 - index % 8) & 1; };
  Record* record = &nodes_[0][static_cast<std::size_t>(bit(first))];
  for (int index = first + 1; index < network.length; ++index) record = &Descend(*record, bit(index));
  return *record;
}

void MmdbWriter::Add(std::string_view network, const Json& record) {
  Reach(network) = {Record::Kind::kData, records_.size()};
  records_.push_back(record);
}

void MmdbWriter::AddCountry(std::string_view network, std::string_view country) { Add(network, Json().Set("country_code", country)); }

void MmdbWriter::AddIpv4Alias(std::string_view network) {
  std::size_t node = 0;
  for (int index = 0; index < 96; ++index) {
    PL_CHECK(nodes_[node][0].kind == Record::Kind::kNode);
    node = nodes_[node][0].index;
  }
  Reach(network) = {Record::Kind::kNode, node};
}

std::string MmdbWriter::Write() const {
  DataSection data;
  std::vector<std::size_t> offsets;
  for (const Json& record : records_) {
    offsets.push_back(data.size());
    data.Put(record);
    data.Pad(options_.padding_bytes);
  }
  const auto value = [&](const Record& record) -> std::uint64_t {
    if (record.kind == Record::Kind::kNode) return record.index;
    return nodes_.size() + (record.kind == Record::Kind::kNone ? 0 : 16 + offsets[record.index]);
  };
  std::string tree;
  for (const std::array<Record, 2>& node : nodes_) {
    const std::uint64_t left = value(node[0]);
    const std::uint64_t right = value(node[1]);
    if (options_.record_bits == 28) {
      tree += BigEndian(left & 0xffffff, 3) + static_cast<char>((left >> 24) << 4 | right >> 24) + BigEndian(right & 0xffffff, 3);
    } else {
      const auto bytes = static_cast<std::size_t>(options_.record_bits / 8);
      tree += BigEndian(left, bytes) + BigEndian(right, bytes);
    }
  }
  return Assemble(tree, data.bytes(), Metadata(nodes_.size(), options_));
}

std::string MmdbWriter::Assemble(std::string_view tree, std::string_view data, std::string_view metadata) {
  std::string file(tree);
  file += std::string(16, '\0');
  file += data;
  file += "\xab\xcd\xef" "MaxMind.com";
  file += metadata;
  return file;
}

std::string MmdbWriter::Metadata(std::uint64_t node_count, const MmdbOptions& options) {
  const auto text = [](std::string_view one) { return Control(kTypeText, one.size()) + std::string(one); };
  const int unsigned16 = static_cast<int>(MmdbType::kUnsigned16);
  return Control(kTypeMap, 9) +                                                                             //
         text("binary_format_major_version") + Number(unsigned16, 2, 2) +                                    //
         text("binary_format_minor_version") + Number(unsigned16, 0, 2) +                                    //
         text("build_epoch") + Number(kTypeUnsigned64, options.build_epoch, 8) +                             //
         text("database_type") + text("Porchlight-Test") +                                                   //
         text("description") + Control(kTypeMap, 1) + text("en") + text("Invented places") +                 //
         text("ip_version") + Number(unsigned16, static_cast<std::uint64_t>(options.ip_version), 2) +        //
         text("languages") + Control(kTypeArray, 1) + text("en") +                                           //
         text("node_count") + Number(static_cast<int>(MmdbType::kUnsigned32), node_count, 4) +               //
         text("record_size") + Number(unsigned16, static_cast<std::uint64_t>(options.record_bits), 2);
}

std::string MmdbWriter::Number(int type, std::uint64_t value, std::size_t bytes) { return Control(type, bytes) + BigEndian(value, bytes); }

std::string MmdbWriter::Control(int type, std::size_t size) {
  const int first = type > 7 ? 0 : type << 5;
  const std::string extended = type > 7 ? std::string(1, static_cast<char>(type - 7)) : std::string();
  const auto control = [&](int low) { return static_cast<char>(first | low) + extended; };
  if (size < 29) return control(static_cast<int>(size));
  if (size < 285) return control(29) + BigEndian(size - 29, 1);
  if (size < 65'821) return control(30) + BigEndian(size - 285, 2);
  return control(31) + BigEndian(size - 65'821, 3);
}

}  // namespace porchlight::geo::testing
