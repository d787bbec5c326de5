#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace porchlight {

// What kind of failure, as the caller must act on it. The HTTP status of each is fixed in platform/http/status.cpp.
// Numbers are stored in job and audit rows: never renumber, never reuse.
enum class ErrorCode : std::uint8_t {
  kMalformed = 1,         // Cannot be read at all: bad JSON, XML, multipart, header.
  kInvalidArgument = 2,   // Readable, but a value breaks a rule; `field` names it.
  kUnauthenticated = 3,   // No credentials, or wrong ones.
  kForbidden = 4,         // Known caller, not allowed.
  kNotFound = 5,          // Does not exist, or the caller may not know that it does.
  kConflict = 6,          // The record's state does not allow it, or somebody else was first.
  kTooLarge = 7,          // Over a stated limit.
  kUnsupported = 8,       // A media type, method or version that is not spoken here.
  kTooManyRequests = 9,   // Rate limit or lock-out; see `retry_after_seconds`.
  kTimeout = 10,          // The other side took too long.
  kUnavailable = 11,      // Try again later: overload, database gone, shutting down.
  kNoSpace = 12,          // The disk is full or read-only; nothing was accepted.
  kInternal = 13,         // Our fault.
  kCorrupt = 14,          // Stored data fails its own check: digest, seal, signature.
};

// One failure with two texts: what the caller may read, and what an operator needs. Neither holds personal data.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string public_text;
  std::string operator_text;
  std::string field;  // Path of the offending value, such as "/people/0/email"; empty if none.
  std::int64_t retry_after_seconds = 0;
};

// A value or an Error. Reading the absent side ends the process (a bug of ours), so ask ok() first or use PL_TRY.
template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}          // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}      // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& { PL_CHECK(ok()); return std::get<0>(state_); }
  T& value() & { PL_CHECK(ok()); return std::get<0>(state_); }
  T&& value() && { PL_CHECK(ok()); return std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const& { PL_CHECK(!ok()); return std::get<1>(state_); }
  Error&& error() && { PL_CHECK(!ok()); return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const { PL_CHECK(ok()); }
  const Error& error() const& { PL_CHECK(!ok()); return *error_; }
  Error&& error() && { PL_CHECK(!ok()); return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace porchlight

// Yields the value or returns the error from the enclosing function. One per statement; never in a coroutine or
// constructor.
#define PL_TRY(expression)                                            \
  __extension__({                                                     \
    auto pl_try_result = (expression);                                \
    if (!pl_try_result.ok()) return std::move(pl_try_result).error(); \
    std::move(pl_try_result).value();                                 \
  })
