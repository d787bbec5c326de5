#include <condition_variable>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <functional>
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

constexpr std::string_view kNonsense = "the media worker answered nonsense";

Examination NoPicture(MediaOutcome outcome, std::string operator_text = "") { return {outcome, std::nullopt, std::move(operator_text)}; }

Preview NoPreview(MediaOutcome refusal, std::string operator_text = "") { return {std::nullopt, refusal, true, std::move(operator_text)}; }

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

  using Talk = WorkerProcess::Talk;
  struct Conversation {
    Talk talk = Talk::kDone;
    std::string reply;
    WorkerEnd end;
  };

  // How many bytes follow the head of an answer; nothing for a head that no honest worker sends.
  using Rest = std::function<std::optional<std::size_t>(std::string_view head)>;

  Result<Conversation> Converse(Task task, PreviewBlur blur, std::string_view bytes, std::size_t head_bytes, const Rest& rest) {
    const Turn turn(turns);
    const Duration deadline{clock.Monotonic().microseconds + options.wall_time_max.microseconds};
    WorkerProcess process = PL_TRY(WorkerProcess::Start(options.worker_path));
    const Request request{options.loader, options.pixels_max, options.memory_bytes_max, options.cpu_seconds_max, bytes.size(), task, blur};
    Conversation held;
    held.talk = process.Send(WriteRequest(request), clock, deadline);
    if (held.talk == Talk::kDone) held.talk = process.Send(bytes, clock, deadline);
    // It may have answered before it died or stopped to read.
    if (held.talk != Talk::kTimeout) held.talk = process.Receive(held.reply, head_bytes, clock, deadline);
    if (held.talk == Talk::kDone) {
      const std::optional<std::size_t> more = rest(held.reply);
      if (more) held.talk = process.Receive(held.reply, head_bytes + *more, clock, deadline);
    }
    held.end = process.End();
    return held;
  }

  Result<Examination> Ask(std::string_view bytes) {
    const auto nothing_more = [](std::string_view) { return std::optional<std::size_t>(0); };
    const Conversation held = PL_TRY(Converse(Task::kHash, PreviewBlur::kStrong, bytes, kAnswerBytes, nothing_more));
    if (const std::optional<Failure> failure = PL_TRY(FailureOf(held))) return NoPicture(failure->outcome, failure->operator_text);
    const std::optional<Answer> answer = ReadAnswer(held.reply, options.pixels_max);
    if (!answer) return NoPicture(MediaOutcome::kCrashed, std::string(kNonsense));
    if (answer->outcome != MediaOutcome::kHashed) return NoPicture(answer->outcome);
    return Examination{MediaOutcome::kHashed, answer->picture, ""};
  }

  Result<Preview> AskPreview(std::string_view bytes, PreviewBlur blur) {
    const Conversation held = PL_TRY(Converse(Task::kPreview, blur, bytes, kPreviewHeadBytes, SamplesAfter));
    if (const std::optional<Failure> failure = PL_TRY(FailureOf(held))) return NoPreview(failure->outcome, failure->operator_text);
    std::optional<PreviewAnswer> answer = ReadPreview(held.reply);
    if (!answer) return NoPreview(MediaOutcome::kCrashed, std::string(kNonsense));
    if (answer->outcome != MediaOutcome::kHashed) return NoPreview(answer->outcome);
    Preview preview;
    preview.picture = std::move(answer->picture);
    preview.complete = answer->complete;
    return preview;
  }

  struct Failure {
    MediaOutcome outcome;
    std::string operator_text;
  };

  // Nothing when an answer has come. Errors: kUnavailable without a sandbox.
  static Result<std::optional<Failure>> FailureOf(const Conversation& held) {
    if (held.talk == Talk::kDone) return std::optional<Failure>();
    if (held.talk == Talk::kTimeout) {
      return std::optional(Failure{MediaOutcome::kTookTooLong, "the media worker was ended: no answer in time"});
    }
    if (held.end.exit_status == kExitNoSandbox) {
      return Error{ErrorCode::kUnavailable, "Pictures cannot be examined at the moment.",
                   "the kernel refuses the media worker's sandbox", ""};
    }
    const MediaOutcome outcome = held.end.signal == SIGXCPU ? MediaOutcome::kTookTooLong : MediaOutcome::kCrashed;
    return std::optional(Failure{outcome, HowItEnded(held.end)});
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

Result<Preview> MediaWorker::MakePreview(std::string_view bytes, PreviewBlur blur) const {
  if (bytes.size() > inner_->options.bytes_max) return NoPreview(MediaOutcome::kTooLarge);
  if (!SniffFormat(bytes)) return NoPreview(MediaOutcome::kUnsupported);
  return inner_->AskPreview(bytes, blur);
}

const MediaOptions& MediaWorker::options() const { return inner_->options; }

}  // namespace porchlight::media
