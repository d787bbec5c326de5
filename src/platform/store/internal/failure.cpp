#include "platform/store/internal/failure.h"

#include <exception>

#include "base/text.h"

namespace porchlight::store::internal {

Error Conflict(std::string operator_text) {
  return {ErrorCode::kConflict, "It already exists, or refers to something that does not.", std::move(operator_text), {}, 0};
}

Error NoSpace(std::string operator_text) {
  return {ErrorCode::kNoSpace, "The storage is full or read-only; nothing was stored. Try again later.", std::move(operator_text), {}, 60};
}

Error Unavailable(std::string operator_text) {
  return {ErrorCode::kUnavailable, "The database is not available just now. Try again.", std::move(operator_text), {}, 1};
}

Error Internal(std::string operator_text) {
  return {ErrorCode::kInternal, "The database refused the request.", std::move(operator_text), {}, 0};
}

Error Corrupt(std::string operator_text) {
  return {ErrorCode::kCorrupt, "The stored data fails its own check.", std::move(operator_text), {}, 0};
}

std::string WhatWasThrown() {
  try {
    throw;
  } catch (const std::exception& exception) {
    return std::string(": ") + exception.what();
  } catch (...) {
    return {};
  }
}

Result<void> CheckTexts(const Statement& statement, const std::vector<Value>& parameters) {
  for (std::size_t index = 0; index < parameters.size(); ++index) {
    const auto* text = std::get_if<std::string>(&parameters[index]);
    if (text == nullptr) continue;
    if (text->find('\0') != std::string::npos || !IsUtf8(*text)) {
      return Error{ErrorCode::kInvalidArgument, "A text holds a NUL or is not UTF-8.",
                   std::string(statement.name) + ": parameter $" + std::to_string(index + 1) + " holds a NUL or is not UTF-8", {}, 0};
    }
  }
  return {};
}

}  // namespace porchlight::store::internal
