#pragma once

#include <utility>

namespace porchlight {

// Personal data or a secret. It has no stream or format operator, so it cannot be printed or logged by accident;
// Reveal() is easy to find in review.
template <class T>
class Sensitive {
 public:
  Sensitive() = default;
  explicit Sensitive(T value) : value_(std::move(value)) {}
  const T& Reveal() const { return value_; }

 private:
  T value_{};
};

}  // namespace porchlight
