#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace porchlight::observe {

enum class Level : std::uint8_t { kDebug = 1, kInfo = 2, kWarning = 3, kError = 4 };

// Values are numbers, flags and codes. There is no overload for Sensitive<>, so personal data does not compile here.
using LogValue = std::variant<std::int64_t, double, bool, std::string>;
using LogField = std::pair<std::string_view, LogValue>;

// Structured log, one JSON object per line: time, level, event, fields. Thread-safe; never blocks on a slow reader
// for longer than a line.
class Log {
 public:
  virtual ~Log() = default;
  virtual void Write(Level level, std::string_view event, std::vector<LogField> fields) = 0;
  void Info(std::string_view event, std::vector<LogField> fields = {}) { Write(Level::kInfo, event, std::move(fields)); }
  void Warning(std::string_view event, std::vector<LogField> fields = {}) { Write(Level::kWarning, event, std::move(fields)); }
  void Error(std::string_view event, std::vector<LogField> fields = {}) { Write(Level::kError, event, std::move(fields)); }
};

// To standard error (empty path) or appended to a file.
std::unique_ptr<Log> OpenLog(const std::string& path, Level least);
// Drops everything; for tests and benchmarks.
std::unique_ptr<Log> SilentLog();

}  // namespace porchlight::observe
