#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace porchlight::geo {

// Reads a whole MMDB file for damage: metadata, search tree, every record. libmaxminddb 1.7 takes much on trust
// (records that point between the sections, deep nesting, cycles, metadata of the wrong shape), so it only gets to see
// files that pass here, and a lookup in one cannot fail. Returns the records' offsets in the data section, ascending.
// https://maxmind.github.io/MaxMind-DB/
//
// `name` is the file's, for messages. Errors: kCorrupt, with the byte or node.
Result<std::vector<std::uint32_t>> CheckMmdb(std::string_view bytes, const std::string& name);

}  // namespace porchlight::geo
