#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace porchlight::observe {

// Counters, gauges and durations for Prometheus. Labels hold names from the code (route, lane), never what a client
// sent. Thread-safe and cheap on the hot path.
class Metrics {
 public:
  virtual ~Metrics() = default;
  virtual void Count(std::string_view name, std::string_view label, std::string_view value, std::int64_t by = 1) = 0;
  virtual void SetGauge(std::string_view name, double value) = 0;
  // In seconds; buckets from 100 microseconds to 100 seconds.
  virtual void Observe(std::string_view name, std::string_view label, std::string_view value, double seconds) = 0;
  // Text exposition format 0.0.4.
  virtual std::string Exposition() const = 0;
};

std::unique_ptr<Metrics> NewMetrics();

}  // namespace porchlight::observe
