#include <condition_variable>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>

#include "platform/media/internal/wire.h"
#include "platform/media/internal/worker_process.h"
#include "platform/media/media.h"

namespace porchlight::media {
namespace {

std::string BesideThisProgram() {
  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  return (program.parent_path() / "porchlight_media_worker").string();
}

std::string HowItEnded(const WorkerEnd& end) {
  if (end.signal != 0) {
    const char* name = sigabbrev_np(end.signal);
    const std::string known = name == nullptr ? "" : std::string(" (SIG") + name + ")";
    return "the media worker was ended by signal " + std::to_string(end.signal) + known;
  }
  return "the media worker ended with status " + std::to_string(end.exit_status) + " and no answer";
}

Examination NoPicture(MediaOutcome outcome, std::string operator_text = "") { return {outcome, std::nullopt, std::move(operator_text)}; }

// At most so many callers at once.
class Turns {
 public:
  explicit Turns(int free) : free_(free) {}
  void Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return free_ > 0; });
    --free_;
  }
  void Give() {
    { const std::lock_guard lock(mutex_); ++free_; }
    changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;
};

class Turn {
 public:
  explicit Turn(Turns& turns) : turns_(turns) { turns_.Take(); }
  ~Turn() { turns_.Give(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Turns& turns_;
};

}  // namespace

struct MediaWorker::Inner {
  MediaOptions options;
  const Clock& clock;
  Turns turns;

  Inner(MediaOptions given, const Clock& time) : options(std::move(given)), clock(time), turns(options.processes_max) {}

  Result<Examination> Ask(std::string_view bytes) {
    const Turn turn(turns);
    const Duration deadline{clock.Monotonic().microseconds + options.wall_time_max.microseconds};
    WorkerProcess process = PL_TRY(WorkerProcess::Start(options.worker_path));
    const Request request{options.loader, options.pixels_max, options.memory_bytes_max, options.cpu_seconds_max, bytes.size()};
    using Talk = WorkerProcess::Talk;
    std::string reply;
    Talk talk = process.Send(WriteRequest(request), clock, deadline);
    if (talk == Talk::kDone) talk = process.Send(bytes, clock, deadline);
    // It may have answered before it died or stopped to read.
    if (talk != Talk::kTimeout) talk = process.Receive(reply, kAnswerBytes, clock, deadline);
    const WorkerEnd end = process.End();
    if (talk == Talk::kTimeout) return NoPicture(MediaOutcome::kTookTooLong, "the media worker was ended: no answer in time");
    if (talk == Talk::kClosed) return Unanswered(end);
    const std::optional<Answer> answer = ReadAnswer(reply, options.pixels_max);
    if (!answer) return NoPicture(MediaOutcome::kCrashed, "the media worker answered nonsense");
    if (answer->outcome != MediaOutcome::kHashed) return NoPicture(answer->outcome);
    return Examination{MediaOutcome::kHashed, answer->picture, ""};
  }

  static Result<Examination> Unanswered(const WorkerEnd& end) {
    if (end.exit_status == kExitNoSandbox) {
      return Error{ErrorCode::kUnavailable, "Pictures cannot be examined at the moment.",
                   "the kernel refuses the media worker's sandbox", ""};
    }
    const MediaOutcome outcome = end.signal == SIGXCPU ? MediaOutcome::kTookTooLong : MediaOutcome::kCrashed;
    return NoPicture(outcome, HowItEnded(end));
  }
};

MediaWorker::MediaWorker(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
MediaWorker::~MediaWorker() = default;

Result<std::unique_ptr<MediaWorker>> MediaWorker::Create(MediaOptions options, const Clock& clock) {
  if (options.bytes_max == 0 || options.pixels_max == 0 || options.memory_bytes_max == 0 || options.cpu_seconds_max == 0 ||
      options.wall_time_max.microseconds <= 0 || options.processes_max <= 0) {
    return Error{ErrorCode::kInvalidArgument, "A limit of the media worker is zero.", "", "media"};
  }
  if (options.worker_path.empty()) options.worker_path = BesideThisProgram();
  std::unique_ptr<MediaWorker> worker(new MediaWorker(std::make_unique<Inner>(std::move(options), clock)));
  const Examination tried = PL_TRY(worker->inner_->Ask("no picture"));
  if (tried.outcome != MediaOutcome::kUnsupported) {
    return Error{ErrorCode::kUnavailable, "Pictures cannot be examined.",
                 worker->inner_->options.worker_path + " does not work: " + tried.operator_text, ""};
  }
  return worker;
}

Result<Examination> MediaWorker::Examine(std::string_view bytes) const {
  if (bytes.size() > inner_->options.bytes_max) return NoPicture(MediaOutcome::kTooLarge);
  if (!SniffFormat(bytes)) return NoPicture(MediaOutcome::kUnsupported);
  return inner_->Ask(bytes);
}

}  // namespace porchlight::media
