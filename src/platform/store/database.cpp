#include "platform/store/database.h"

#include "platform/store/internal/failure.h"

namespace porchlight::store {

void Database::RunWriteThen(std::shared_ptr<LeftUnit> unit) {
  Result<void> outcome;
  try {
    outcome = RunWrite([&unit](WriteTransaction& transaction) { return unit->Run(transaction); });
  } catch (...) {
    outcome = internal::Internal("the work of a unit threw" + internal::WhatWasThrown());
  }
  unit->End(std::move(outcome));
}

}  // namespace porchlight::store
