#include "base/random.h"

#include <pthread.h>
#include <sys/random.h>

#include <array>
#include <atomic>
#include <cerrno>
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

namespace {

void Draw(unsigned char* next, std::size_t size) {
  while (size > 0) {
    const ssize_t taken = getrandom(next, size, 0);
    if (taken < 0 && errno == EINTR) continue;
    PL_CHECK(taken > 0);
    next += taken;
    size -= static_cast<std::size_t>(taken);
  }
}

// Whether this thread is ending and has wiped what it had drawn; whoever still asks then gets no zeros for a key.
thread_local bool is_gone = false;

// What the kernel gave and nobody has taken yet. A system call for each nonce and id cost the server a fiftieth of its time. A machine
// that goes on from a picture of its memory from which it went on before repeats what is in here: docs/operating.md.
class Drawn {
 public:
  Drawn() {
    // A child would otherwise hand out what its parent hands out, too.
    static const bool watching = [] { return pthread_atfork(nullptr, nullptr, [] { ++forks; }) == 0; }();
    PL_CHECK(watching);
  }
  ~Drawn() {
    explicit_bzero(bytes_.data(), bytes_.size());
    is_gone = true;
  }
  Drawn(const Drawn&) = delete;
  Drawn& operator=(const Drawn&) = delete;

  void Take(unsigned char* next, std::size_t size) {
    if (size > bytes_.size() - at_ || drawn_in_ != forks) {
      Draw(bytes_.data(), bytes_.size());
      at_ = 0;
      drawn_in_ = forks;
    }
    std::memcpy(next, bytes_.data() + at_, size);
    explicit_bzero(bytes_.data() + at_, size);  // What was a key is not to be found here later.
    at_ += size;
  }

 private:
  static std::atomic<int> forks;

  std::array<unsigned char, 256> bytes_{};
  std::size_t at_ = bytes_.size();
  int drawn_in_ = 0;
};

std::atomic<int> Drawn::forks = 0;

constexpr std::size_t kTakenMax = 64;

}  // namespace

void SystemRandom::Fill(void* data, std::size_t size) {
  auto* next = static_cast<unsigned char*>(data);
  if (size > kTakenMax || is_gone) return Draw(next, size);
  thread_local Drawn drawn;
  drawn.Take(next, size);
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
