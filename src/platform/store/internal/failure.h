#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "platform/store/value.h"

// The texts of the store's errors, the same for both engines. Operator texts name the statement and the engine's
// complaint, never a bound value.
namespace porchlight::store::internal {

Error Conflict(std::string operator_text);
Error NoSpace(std::string operator_text);
Error Unavailable(std::string operator_text);
Error Internal(std::string operator_text);
Error Corrupt(std::string operator_text);

// In a catch block, of what was thrown: ": " and what it says of itself, or nothing.
std::string WhatWasThrown();

// PostgreSQL keeps neither NUL nor broken UTF-8 in a text; SQLite would. Refusing both on both engines keeps a
// database movable. Errors: kInvalidArgument.
Result<void> CheckTexts(const Statement& statement, const std::vector<Value>& parameters);

}  // namespace porchlight::store::internal
