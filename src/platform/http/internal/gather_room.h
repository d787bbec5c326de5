#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace porchlight::http::internal {

// Memory that all connections of a server share for bodies larger than a piece that are gathered before anybody has looked at them.
// Who finds no room left streams. Thread-safe; a lease may be let go of on any thread.
class GatherRoom {
 public:
  explicit GatherRoom(std::size_t bytes) : left_(bytes) {}

  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept : room_(std::exchange(other.room_, nullptr)), bytes_(other.bytes_) {}
    Lease& operator=(Lease&& other) noexcept {
      std::swap(room_, other.room_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Lease() {
      if (room_ != nullptr) room_->left_ += bytes_;
    }
    explicit operator bool() const { return room_ != nullptr; }

   private:
    friend class GatherRoom;
    Lease(GatherRoom& room, std::size_t bytes) : room_(&room), bytes_(bytes) {}

    GatherRoom* room_ = nullptr;
    std::size_t bytes_ = 0;
  };

  // False when there is not that much room.
  Lease Take(std::size_t bytes) {
    std::size_t left = left_;
    while (left >= bytes) {
      if (left_.compare_exchange_weak(left, left - bytes)) return Lease(*this, bytes);
    }
    return Lease();
  }

 private:
  std::atomic<std::size_t> left_;
};

}  // namespace porchlight::http::internal
