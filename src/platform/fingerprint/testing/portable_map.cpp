#include "platform/fingerprint/testing/portable_map.h"

#include <fstream>
#include <iterator>

#include "base/check.h"
#include "base/text.h"

namespace porchlight::fingerprint {

PortableMap ReadPortableMap(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string kind;
  std::uint32_t largest = 0;
  PortableMap picture;
  file >> kind >> picture.size.width >> picture.size.height >> largest;
  file.get();
  PL_CHECK(file.good() && (kind == "P5" || kind == "P6") && largest == 255);
  picture.grey = kind == "P5";
  picture.samples.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  PL_CHECK(picture.samples.size() == std::size_t{picture.size.width} * picture.size.height * (picture.grey ? 1 : 3));
  return picture;
}

std::vector<std::vector<std::string>> ReadTable(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  PL_CHECK(static_cast<bool>(std::getline(file, line)));
  std::vector<std::vector<std::string>> rows;
  while (std::getline(file, line)) {
    std::vector<std::string> row;
    for (const std::string_view cell : Split(line, '\t')) row.emplace_back(cell);
    rows.push_back(std::move(row));
  }
  return rows;
}

Pdq HashOf(const PortableMap& picture, PdqLoader loader) {
  return picture.grey ? HashGrey(picture.size, picture.samples, loader).value() : HashRgb(picture.size, picture.samples, loader).value();
}

std::string ReferenceFolder() { return std::string(PORCHLIGHT_SOURCE_DIR) + "/src/platform/fingerprint/testing/reference/"; }

}  // namespace porchlight::fingerprint
