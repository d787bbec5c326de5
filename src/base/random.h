#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

namespace porchlight {

// The only source of randomness; injected like the clock. Safe to call from any thread.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(void* data, std::size_t size) = 0;

  std::string Bytes(std::size_t size);
  std::uint64_t Next();
  // Uniform in [0, bound); bound must not be zero.
  std::uint64_t Below(std::uint64_t bound);
};

// The kernel's generator; fit for keys and tokens.
class SystemRandom final : public Random {
 public:
  void Fill(void* data, std::size_t size) override;
};

// Repeats from its seed; for tests, simulation and synthetic data, never for keys in production.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void Fill(void* data, std::size_t size) override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace porchlight
