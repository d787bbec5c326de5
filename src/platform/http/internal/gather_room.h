#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace porchlight::http::internal {

// Memory that all connections of a server share for bodies larger than a piece that are gathered before a handler sees them. Who
// finds no room left streams. Thread-safe; leases may be let go of on any thread, also after the room itself.
class GatherRoom {
 public:
  explicit GatherRoom(std::size_t bytes) : left_(std::make_shared<std::atomic<std::size_t>>(bytes)) {}

  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept : left_(std::move(other.left_)), bytes_(other.bytes_) {}
    Lease& operator=(Lease&& other) noexcept {
      std::swap(left_, other.left_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Lease() {
      if (left_ != nullptr) *left_ += bytes_;
    }
    explicit operator bool() const { return left_ != nullptr; }

   private:
    friend class GatherRoom;
    Lease(std::shared_ptr<std::atomic<std::size_t>> left, std::size_t bytes) : left_(std::move(left)), bytes_(bytes) {}

    std::shared_ptr<std::atomic<std::size_t>> left_;
    std::size_t bytes_ = 0;
  };

  // False when there is not that much room.
  Lease Take(std::size_t bytes) {
    std::size_t left = *left_;
    while (left >= bytes) {
      if (left_->compare_exchange_weak(left, left - bytes)) return Lease(left_, bytes);
    }
    return Lease();
  }

 private:
  std::shared_ptr<std::atomic<std::size_t>> left_;
};

}  // namespace porchlight::http::internal
