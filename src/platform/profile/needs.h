#pragma once

#include <string_view>
#include <vector>

// What every profile must answer, because code asks for it by name: a profile without one of these is refused at
// start, so that Clock(), Number() and List() cannot miss later. Whoever asks for a new name adds it here.
namespace porchlight::profile {

struct NumberNeed {
  std::string_view name;
  int least = 0;
  int most = 0;
};

const std::vector<std::string_view>& ClocksNeeded();
const std::vector<NumberNeed>& NumbersNeeded();
const std::vector<std::string_view>& ListsNeeded();

}  // namespace porchlight::profile
