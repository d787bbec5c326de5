#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

// For the rooms that read dated tables of a profile: members of an object, each with the place of what is wrong. All errors
// are kInvalidArgument with the JSON pointer in `field`.
namespace porchlight::profile::table {

using Labels = std::map<std::string, std::string, std::less<>>;   // Words for people, by language.

Error Wrong(const std::string& where, const std::string& what);
// An object that has none but these members.
Result<void> KnowOnly(const Json& json, const std::string& where, std::initializer_list<std::string_view> members);
Result<int> IntegerOf(const Json& json, const std::string& where, std::int64_t least, std::int64_t most);
// 1 to 64 bytes.
Result<std::string> WordOf(const Json& object, const std::string& where, std::string_view name);
// Not empty; `wanted` ends "must say ...".
Result<std::string> TextOf(const Json& object, const std::string& where, std::string_view name, std::string_view wanted);
Result<Labels> LabelsOf(const Json& object, const std::string& where);
// A date like 2026-01-31.
Result<std::string> DateOf(const Json& object, const std::string& where, std::string_view name);
// An array of `least` to `most` elements.
Result<const Json::Array*> ArrayOf(const Json& object, const std::string& where, std::string_view name, std::size_t least,
                                   std::size_t most);

}  // namespace porchlight::profile::table
