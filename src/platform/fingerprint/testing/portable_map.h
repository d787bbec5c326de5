#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/fingerprint/pdq.h"

// Pictures as tests use them: plain PGM and PPM files with 8 bits a sample (netpbm), and rows of tables.
namespace porchlight::fingerprint {

struct PortableMap {
  PictureSize size;
  bool grey = false;
  std::vector<std::uint8_t> samples;  // Rows without gaps, one or three samples a pixel.
};

// Both end the process when the file is not there or not of its form.
PortableMap ReadPortableMap(const std::string& path);
// Lines of a tab-separated file without its first, which names the columns.
std::vector<std::vector<std::string>> ReadTable(const std::string& path);

Pdq HashOf(const PortableMap& picture, PdqLoader loader = PdqLoader::kFullSize);

// Folder of the pictures that are in the repository, with expected.tsv.
std::string ReferenceFolder();

}  // namespace porchlight::fingerprint
