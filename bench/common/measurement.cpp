#include "common/measurement.h"

#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace porchlight::bench {
namespace {

double Milliseconds(Duration duration) { return static_cast<double>(duration.microseconds) / 1000.0; }

std::string ErrorText(const Measurement& measurement) {
  std::string text;
  for (const auto& [kind, count] : measurement.errors) {
    text += (text.empty() ? "" : ", ") + kind + ": " + std::to_string(count);
  }
  return text.empty() ? "none" : text;
}

}  // namespace

double OwnCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string ToTable(const std::vector<Measurement>& measurements) {
  std::string text =
      "what                                      count  seconds     a second    p50 ms    p90 ms    p99 ms    max ms"
      "  own CPU  errors\n";
  std::array<char, 256> line{};
  for (const Measurement& one : measurements) {
    const double share = one.seconds > 0 ? 100 * one.own_cpu_seconds / one.seconds : 0;
    std::snprintf(line.data(), line.size(), "%-36s %10llu %8.1f %12.1f %9.2f %9.2f %9.2f %9.2f %7.0f%%  ",
                  one.name.c_str(), static_cast<unsigned long long>(one.count), one.seconds, one.Rate(),
                  Milliseconds(one.latencies.Percentile(500)), Milliseconds(one.latencies.Percentile(900)),
                  Milliseconds(one.latencies.Percentile(990)), Milliseconds(one.latencies.max()), share);
    text += line.data() + ErrorText(one) + (one.note.empty() ? "" : " (" + one.note + ")") + "\n";
  }
  return text;
}

Json ToJson(const std::vector<Measurement>& measurements) {
  Json all{Json::Array{}};
  for (const Measurement& one : measurements) {
    Json errors{Json::Object{}};
    for (const auto& [kind, count] : one.errors) errors.Set(kind, static_cast<std::int64_t>(count));
    Json entry;
    entry.Set("name", one.name).Set("count", static_cast<std::int64_t>(one.count)).Set("seconds", one.seconds);
    entry.Set("rate", one.Rate()).Set("p50_ms", Milliseconds(one.latencies.Percentile(500)));
    entry.Set("p90_ms", Milliseconds(one.latencies.Percentile(900)));
    entry.Set("p99_ms", Milliseconds(one.latencies.Percentile(990)));
    entry.Set("max_ms", Milliseconds(one.latencies.max())).Set("own_cpu_seconds", one.own_cpu_seconds);
    entry.Set("errors", errors).Set("note", one.note);
    all.Append(entry);
  }
  return all;
}

bool Publish(const std::vector<Measurement>& measurements, const std::string& json_file) {
  std::fputs(ToTable(measurements).c_str(), stdout);
  if (json_file.empty()) return true;
  std::FILE* file = std::fopen(json_file.c_str(), "w");
  if (file == nullptr) return false;
  const std::string text = ToJson(measurements).SerializePretty() + "\n";
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}

Options::Options(int count, char** values, std::string_view usage) : usage_(usage) {
  for (int index = 1; index < count; index += 2) {
    const std::string name = values[index];
    if (!name.starts_with("--")) Refuse("not an option: " + name);
    if (index + 1 >= count) Refuse(name + " needs a value");
    given_[name.substr(2)] = values[index + 1];
  }
}

void Options::Refuse(const std::string& why) const {
  std::fprintf(stderr, "%s\n%.*s", why.c_str(), static_cast<int>(usage_.size()), usage_.data());
  std::exit(64);
}

std::string Options::Text(const std::string& name, const std::string& fallback) {
  known_[name] = true;
  const auto found = given_.find(name);
  return found == given_.end() ? fallback : found->second;
}

double Options::Number(const std::string& name, double fallback) {
  const std::string text = Text(name, "");
  if (text.empty()) return fallback;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0' || !(value >= 0) || value > 1e9) Refuse("--" + name + " must be a number from 0 to 1000000000");
  return value;
}

void Options::RefuseOthers() const {
  for (const auto& [name, value] : given_) {
    if (!known_.contains(name)) Refuse("unknown option: --" + name);
  }
}

}  // namespace porchlight::bench
