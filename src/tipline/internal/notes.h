#pragma once

#include <string>
#include <vector>

#include "tipline/internal/wire_types.h"
#include "tipline/wire.h"

namespace porchlight::tipline::internal {

// Collects findings of one document up to a limit. Each code and path is kept once.
class Notes {
 public:
  Notes(const Declaration& root, std::size_t findings_max) : root_(root), findings_max_(findings_max) {}
  void Add(std::string_view code, xml::Element where) {
    if (findings_.size() < findings_max_) findings_.push_back({std::string(code), PathOf(root_, where)});
  }
  std::vector<wire::Finding> Take() { return std::move(findings_); }

 private:
  const Declaration& root_;
  std::size_t findings_max_;
  std::vector<wire::Finding> findings_;
};

// Findings about single values, wherever they stand: addresses, times, e-mail addresses, places.
void NoteValues(const std::vector<Visit>& visits, Instant now, Duration future_tolerance, Notes& notes);

}  // namespace porchlight::tipline::internal
