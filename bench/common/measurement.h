#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "synthetic/latencies.h"

// What the benchmarks print: a table for people, the same as JSON for bench/run_ingest.
namespace porchlight::bench {

struct Measurement {
  std::string name;
  std::uint64_t count = 0;               // Of good outcomes.
  double seconds = 0;
  synthetic::Latencies latencies;        // Of good outcomes.
  std::map<std::string, std::uint64_t> errors;
  double own_cpu_seconds = 0;            // Spent by the measuring process itself.
  std::string note;

  double Rate() const { return seconds > 0 ? static_cast<double>(count) / seconds : 0; }
};

// User and system time of this process so far, in seconds.
double OwnCpuSeconds();

std::string ToTable(const std::vector<Measurement>& measurements);
Json ToJson(const std::vector<Measurement>& measurements);
// Prints the table; writes the JSON to `json_file` unless that is empty. False: the file could not be written.
bool Publish(const std::vector<Measurement>& measurements, const std::string& json_file);

// "--name value" pairs after the program's name; ends the program with a line on bad use.
class Options {
 public:
  Options(int count, char** values, std::string_view usage);
  std::string Text(const std::string& name, const std::string& fallback);
  double Number(const std::string& name, double fallback);
  // Call after all reads: an option nobody asked for is a mistake.
  void RefuseOthers() const;

 private:
  [[noreturn]] void Refuse(const std::string& why) const;
  std::string_view usage_;
  std::map<std::string, std::string> given_;
  std::map<std::string, bool> known_;
};

}  // namespace porchlight::bench
