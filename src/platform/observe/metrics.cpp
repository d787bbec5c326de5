#include "platform/observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "base/check.h"

namespace porchlight::observe {

namespace {

// Labels come from the code, so the number of series is known; a label built from what a client sent would pass this.
constexpr std::size_t kSeriesMax = 20'000;

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const prometheus::Histogram::BucketBoundaries kBuckets = {
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100};
  return kBuckets;
}

struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
};

// Name, label and value joined by a byte that none of them contains.
void JoinKey(std::string& key, std::string_view name, std::string_view label, std::string_view value) {
  key.assign(name).append(1, '\n').append(label).append(1, '\n').append(value);
}

template <class Series>
class Table {
 public:
  // `make` runs once per key, under the lock.
  template <class Make>
  Series& Find(std::string_view name, std::string_view label, std::string_view value, const Make& make) {
    thread_local std::string key;
    JoinKey(key, name, label, value);
    {
      const std::shared_lock lock(mutex_);
      const auto there = series_.find(std::string_view(key));
      if (there != series_.end()) return *there->second;
    }
    const std::unique_lock lock(mutex_);
    Series*& slot = series_[key];
    if (slot == nullptr) {
      PL_CHECK(series_.size() <= kSeriesMax);
      slot = &make();
    }
    return *slot;
  }

 private:
  std::shared_mutex mutex_;
  std::unordered_map<std::string, Series*, KeyHash, std::equal_to<>> series_;
};

prometheus::Labels LabelsOf(std::string_view label, std::string_view value) {
  if (label.empty()) return {};
  return {{std::string(label), std::string(value)}};
}

class PrometheusMetrics final : public Metrics {
 public:
  void Count(std::string_view name, std::string_view label, std::string_view value, std::int64_t by) override {
    counters_
        .Find(name, label, value,
              [&]() -> prometheus::Counter& {
                return prometheus::BuildCounter().Name(std::string(name)).Register(registry_).Add(LabelsOf(label, value));
              })
        .Increment(static_cast<double>(by));
  }

  void SetGauge(std::string_view name, double value) override {
    gauges_
        .Find(name, {}, {},
              [&]() -> prometheus::Gauge& {
                return prometheus::BuildGauge().Name(std::string(name)).Register(registry_).Add({});
              })
        .Set(value);
  }

  void Observe(std::string_view name, std::string_view label, std::string_view value, double seconds) override {
    histograms_
        .Find(name, label, value,
              [&]() -> prometheus::Histogram& {
                return prometheus::BuildHistogram().Name(std::string(name)).Register(registry_).Add(LabelsOf(label, value), Buckets());
              })
        .Observe(seconds);
  }

  std::string Exposition() const override { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

 private:
  prometheus::Registry registry_;
  Table<prometheus::Counter> counters_;
  Table<prometheus::Gauge> gauges_;
  Table<prometheus::Histogram> histograms_;
};

}  // namespace

std::unique_ptr<Metrics> NewMetrics() { return std::make_unique<PrometheusMetrics>(); }

}  // namespace porchlight::observe
