#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace porchlight::vault::internal {

// Bytes that grow at their end, in memory that begins at a multiple of kAlignment and is a multiple of it long, as a file wants it
// that is written past the system's cache. One thread.
class AlignedBytes {
 public:
  static constexpr std::size_t kAlignment = 4096;

  // Adds `count` bytes to the end and answers where they are to be written. Until then they are anything.
  char* Extend(std::size_t count) {
    Reserve(size_ + count);
    return memory_.get() + std::exchange(size_, size_ + count);
  }

  std::size_t size() const { return size_; }
  char* data() { return memory_.get(); }
  std::string_view view() const { return {memory_.get(), size_}; }
  // The bytes, and zeros up to the next multiple of kAlignment.
  std::string_view Padded() {
    const std::size_t padded = RoundUp(size_);
    if (padded != size_) std::memset(memory_.get() + size_, 0, padded - size_);
    return {memory_.get(), padded};
  }
  // The memory is kept.
  void Clear() { size_ = 0; }

 private:
  // Most objects fit into the first memory or the one after it.
  static constexpr std::size_t kFirstBytes = 128 * 1024;

  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };

  static std::size_t RoundUp(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

  void Reserve(std::size_t bytes) {
    if (bytes <= capacity_) return;
    const std::size_t wanted = RoundUp(std::max({bytes, capacity_ * 2, kFirstBytes}));
    std::unique_ptr<char, Free> grown(static_cast<char*>(std::aligned_alloc(kAlignment, wanted)));
    if (grown == nullptr) throw std::bad_alloc();
    if (size_ > 0) std::memcpy(grown.get(), memory_.get(), size_);
    memory_ = std::move(grown);
    capacity_ = wanted;
  }

  std::unique_ptr<char, Free> memory_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace porchlight::vault::internal
