#include "base/random.h"

#include <sys/random.h>

#include <cstring>

#include "base/check.h"

namespace porchlight {

std::string Random::Bytes(std::size_t size) {
  std::string bytes(size, '\0');
  Fill(bytes.data(), size);
  return bytes;
}

std::uint64_t Random::Next() {
  std::uint64_t value = 0;
  Fill(&value, sizeof value);
  return value;
}

std::uint64_t Random::Below(std::uint64_t bound) {
  PL_CHECK(bound > 0);
  // Values from the incomplete last stretch would favour small results, so they are drawn again.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = Next();
  while (value >= limit) value = Next();
  return value % bound;
}

void SystemRandom::Fill(void* data, std::size_t size) {
  auto* next = static_cast<unsigned char*>(data);
  while (size > 0) {
    const ssize_t taken = getrandom(next, size, 0);
    PL_CHECK(taken > 0);
    next += taken;
    size -= static_cast<std::size_t>(taken);
  }
}

void SeededRandom::Fill(void* data, std::size_t size) {
  const std::lock_guard lock(mutex_);
  auto* next = static_cast<unsigned char*>(data);
  while (size > 0) {
    const std::uint64_t word = engine_();
    const std::size_t part = size < sizeof word ? size : sizeof word;
    std::memcpy(next, &word, part);
    next += part;
    size -= part;
  }
}

}  // namespace porchlight
