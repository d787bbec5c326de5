#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "platform/store/database.h"

namespace porchlight::store::internal {

// Holds both engines to one rule: the first statement that fails dooms the unit.
class DoomedTransaction : public WriteTransaction {
 public:
  // What becomes of the unit, given what its work answered.
  Result<void> Conclude(Result<void> answered) {
    if (answered.ok() && !failed_) answered = MakeLastChanges();
    if (answered.ok() && failed_) return *failed_;
    return answered;
  }
  const std::optional<Error>& failed() const { return failed_; }

 protected:
  Result<std::int64_t> Run(const Statement& statement, std::vector<Value> parameters,
                           const std::function<bool(Row&&)>& visit) final {
    if (failed_) return *failed_;
    Result<std::int64_t> changed = RunOnEngine(statement, parameters, visit);
    if (!changed.ok()) failed_ = changed.error();
    return changed;
  }
  virtual Result<std::int64_t> RunOnEngine(const Statement& statement, const std::vector<Value>& parameters,
                                           const std::function<bool(Row&&)>& visit) = 0;

 private:
  std::optional<Error> failed_;
};

}  // namespace porchlight::store::internal
