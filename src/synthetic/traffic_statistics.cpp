// How the statistics of traffic.h are shown.
#include <array>
#include <cstdio>

#include "synthetic/traffic.h"

namespace porchlight::synthetic {
namespace {

std::string_view NameOfOutcome(Outcome outcome) {
  switch (outcome) {
    case Outcome::kFinished: return "finished";
    case Outcome::kRetracted: return "retracted";
    case Outcome::kLeftOpen: return "left_open";
    case Outcome::kUnknown: return "unknown";
    case Outcome::kRefused: return "refused";
  }
  return "";
}

constexpr auto kOutcomes = std::to_array<Outcome>(
    {Outcome::kFinished, Outcome::kRetracted, Outcome::kLeftOpen, Outcome::kUnknown, Outcome::kRefused});

std::int64_t Whole(std::uint64_t value) { return static_cast<std::int64_t>(value); }
double Milliseconds(Duration duration) { return static_cast<double>(duration.microseconds) / 1000.0; }

}  // namespace

std::uint64_t TrafficStatistics::Count(Outcome outcome) const {
  const auto found = outcomes.find(outcome);
  return found == outcomes.end() ? 0 : found->second;
}

Json TrafficStatistics::ToJson() const {
  Json all;
  all.Set("planned", Whole(planned)).Set("never_opened", Whole(never_opened)).Set("file_bytes", Whole(file_bytes));
  all.Set("elapsed_ms", Milliseconds(elapsed));
  for (const Outcome outcome : kOutcomes) all.Set(NameOfOutcome(outcome), Whole(Count(outcome)));
  for (std::size_t index = 0; index < kCallCount; ++index) {
    const CallStatistics& call = calls[index];
    Json refused{Json::Object{}};
    for (const auto& [code, count] : call.refused) refused.Set(code, Whole(count));
    Json entry;
    entry.Set("attempts", Whole(call.attempts)).Set("accepted", Whole(call.accepted));
    entry.Set("unanswered", Whole(call.unanswered)).Set("refused", refused);
    entry.Set("p50_ms", Milliseconds(call.latencies.Percentile(500)));
    entry.Set("p99_ms", Milliseconds(call.latencies.Percentile(990)));
    entry.Set("max_ms", Milliseconds(call.latencies.max()));
    all.Set(NameOf(static_cast<Call>(index)), entry);
  }
  return all;
}

std::string TrafficStatistics::ToText() const {
  std::array<char, 200> line{};
  std::string text;
  const double seconds = static_cast<double>(elapsed.microseconds) / 1e6;
  std::snprintf(line.data(), line.size(), "%llu reports planned in %.1f s (%.1f a second)\n",
                static_cast<unsigned long long>(planned), seconds,
                seconds > 0 ? static_cast<double>(planned) / seconds : 0.0);
  text += line.data();
  for (const Outcome outcome : kOutcomes) {
    text += "  " + std::string(NameOfOutcome(outcome)) + " " + std::to_string(Count(outcome));
  }
  text += "  never_opened " + std::to_string(never_opened) + "\n";
  text += "call      attempts  accepted  unanswered   p50 ms   p99 ms   max ms  refused (HTTP/code)\n";
  for (std::size_t index = 0; index < kCallCount; ++index) {
    const CallStatistics& call = calls[index];
    if (call.attempts == 0) continue;
    std::snprintf(line.data(), line.size(), "%-8s %9llu %9llu %11llu %8.1f %8.1f %8.1f ",
                  std::string(NameOf(static_cast<Call>(index))).c_str(), static_cast<unsigned long long>(call.attempts),
                  static_cast<unsigned long long>(call.accepted), static_cast<unsigned long long>(call.unanswered),
                  Milliseconds(call.latencies.Percentile(500)), Milliseconds(call.latencies.Percentile(990)),
                  Milliseconds(call.latencies.max()));
    text += line.data();
    for (const auto& [code, count] : call.refused) text += " " + code + ":" + std::to_string(count);
    text += "\n";
  }
  return text;
}

}  // namespace porchlight::synthetic
