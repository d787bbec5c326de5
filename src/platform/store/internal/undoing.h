#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace porchlight::store::internal {

// What takes back the changes that units made in memory, in the order in which they were made.
class Undoing {
 public:
  void Add(std::function<void()> undo) { undo_.push_back(std::move(undo)); }
  std::size_t mark() const { return undo_.size(); }
  // Takes back all that came after the mark, the last first.
  void RunFrom(std::size_t mark) {
    while (undo_.size() > mark) {
      const std::function<void()> undo = std::move(undo_.back());
      undo_.pop_back();
      undo();
    }
  }
  // It is stored: nothing is taken back any more.
  void Forget() { undo_.clear(); }

 private:
  std::vector<std::function<void()>> undo_;
};

}  // namespace porchlight::store::internal
