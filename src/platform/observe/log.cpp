#include "platform/observe/log.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <mutex>
#include <utility>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

namespace porchlight::observe {

namespace {

// A pipe takes this much in one piece (PIPE_BUF of POSIX), so a writable pipe never blocks us in mid-line.
constexpr std::size_t kLineBytesMax = 4096;
constexpr std::size_t kTextBytesMax = 1024;

std::string_view NameOf(Level level) {
  switch (level) {
    case Level::kDebug: return "debug";
    case Level::kInfo: return "info";
    case Level::kWarning: return "warning";
    case Level::kError: return "error";
  }
  return "error";
}

// Cuts at a character boundary; bytes that are no UTF-8 would make the line unreadable and are written as hex.
void AppendText(std::string& line, std::string_view text) {
  if (!IsUtf8(text)) return AppendJsonString(line, "hex:" + HexEncode(text.substr(0, kTextBytesMax / 2)));
  if (text.size() <= kTextBytesMax) return AppendJsonString(line, text);
  std::size_t end = kTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  AppendJsonString(line, std::string(text.substr(0, end)) + "…");
}

void AppendValue(std::string& line, const LogValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    line += std::to_string(*integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), *number, std::chars_format::general, 6);
    if (std::isfinite(*number)) line.append(text.data(), end);
    else line += "null";
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    line += *flag ? "true" : "false";
  } else {
    AppendText(line, std::get<std::string>(value));
  }
}

std::string LineOf(Instant now, Level level, std::string_view event, const std::vector<LogField>& fields) {
  std::string line;
  line.reserve(512);
  line += R"({"time":")";
  line += FormatInstant(now);
  line += R"(","level":")";
  line += NameOf(level);
  line += R"(","event":)";
  AppendText(line, event);
  for (const LogField& field : fields) {
    const std::size_t before = line.size();
    line += ',';
    AppendText(line, field.first);
    line += ':';
    AppendValue(line, field.second);
    if (line.size() + 20 > kLineBytesMax) {
      line.resize(before);
      line += R"(,"cut":true)";
      break;
    }
  }
  line += "}\n";
  return line;
}

class StreamLog final : public Log {
 public:
  StreamLog(std::string path, Level least) : path_(std::move(path)), least_(least) {
    if (path_.empty()) {
      LookAtFile();
      return;
    }
    OpenFile();
    if (file_ < 0) {
      path_.clear();
      Write(Level::kError, "log.file_not_opened", {{"errno", static_cast<std::int64_t>(errno)}});
    }
  }
  ~StreamLog() override {
    if (file_ >= 0) close(file_);
  }
  StreamLog(const StreamLog&) = delete;
  StreamLog& operator=(const StreamLog&) = delete;

  void Write(Level level, std::string_view event, std::vector<LogField> fields) override {
    if (level < least_) return;
    const Instant now = clock_.Now();
    const std::string line = LineOf(now, level, event, fields);
    const std::lock_guard lock(mutex_);
    FollowRotation();
    if (!Writable()) {
      ++dropped_;
      return;
    }
    if (dropped_ > 0) {
      const std::int64_t dropped = std::exchange(dropped_, 0);
      Put(LineOf(now, Level::kWarning, "log.lines_dropped", {{"count", dropped}}));
    }
    Put(line);
  }

 private:
  int descriptor() const { return file_ >= 0 ? file_ : STDERR_FILENO; }

  void OpenFile() {
    file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    LookAtFile();
  }

  void LookAtFile() {
    struct stat status {};
    const bool known = fstat(descriptor(), &status) == 0;
    inode_ = known ? status.st_ino : 0;
    may_block_ = !known || !S_ISREG(status.st_mode);
  }

  // A rotated file has been renamed away: at most once a second, see whether the path still leads to ours.
  void FollowRotation() {
    if (path_.empty()) return;
    const Duration now = clock_.Monotonic();
    if (looked_.microseconds != 0 && now.microseconds - looked_.microseconds < Duration::Seconds(1).microseconds) return;
    looked_ = now;
    struct stat status {};
    if (stat(path_.c_str(), &status) == 0 && status.st_ino == inode_) return;
    const int old = file_;
    OpenFile();
    if (file_ < 0) {
      file_ = old;
      LookAtFile();
    } else {
      close(old);
    }
  }

  bool Writable() const {
    if (!may_block_) return true;
    pollfd one{descriptor(), POLLOUT, 0};
    return poll(&one, 1, 0) > 0 && (one.revents & POLLOUT) != 0;
  }

  void Put(std::string_view line) const {
    while (!line.empty()) {
      const ssize_t written = ::write(descriptor(), line.data(), line.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;  // A full disk must not stop the work that is being logged.
      line.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::string path_;
  const Level least_;
  SystemClock clock_;
  std::mutex mutex_;
  int file_ = -1;
  ino_t inode_ = 0;
  bool may_block_ = true;  // A pipe or a terminal whose reader stands still; a file never does.
  Duration looked_;
  std::int64_t dropped_ = 0;
};

class NoLog final : public Log {
 public:
  void Write(Level, std::string_view, std::vector<LogField>) override {}
};

}  // namespace

std::unique_ptr<Log> OpenLog(const std::string& path, Level least) { return std::make_unique<StreamLog>(path, least); }

std::unique_ptr<Log> SilentLog() { return std::make_unique<NoLog>(); }

}  // namespace porchlight::observe
