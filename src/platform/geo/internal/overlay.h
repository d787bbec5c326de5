#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "platform/geo/geo.h"
#include "platform/geo/internal/network.h"

namespace porchlight::geo {

// Two letters A-Z that do not stand for "no country in particular"; whether ISO has assigned them is not asked.
bool IsCountryCode(std::string_view text);
bool IsRegionCode(std::string_view text);  // One to three letters A-Z and digits.

// A table of networks and their places. Immutable after Parse.
class Overlay {
 public:
  // `name` is the file's, for messages. Errors: kInvalidArgument, kTooLarge; `field` is the JSON pointer.
  static Result<Overlay> Parse(std::string_view text, const std::string& name);

  // What the narrowest network that has the address says; null if none has it. A row may say that no place is known.
  const std::optional<Place>* Find(const Address& address) const;
  const std::string& version() const { return version_; }
  std::size_t size() const { return rows_.size(); }

 private:
  Result<void> Add(const Json& row, const std::string& name, const std::string& pointer);

  std::string version_;
  std::map<Network, std::optional<Place>> rows_;
  std::set<int, std::greater<>> ipv4_lengths_;  // The lengths that occur, longest first.
  std::set<int, std::greater<>> ipv6_lengths_;
};

}  // namespace porchlight::geo
