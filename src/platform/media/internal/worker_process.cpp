#include "platform/media/internal/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace porchlight::media {
namespace {

Error CannotStart(const char* what, int number) {
  return {ErrorCode::kUnavailable, "Pictures cannot be examined at the moment.", std::string(what) + ": " + std::strerror(number), ""};
}

// The attributes and actions of posix_spawn; each of its calls answers 0 or an error number.
class SpawnPlan {
 public:
  explicit SpawnPlan(int socket) {
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_init(&actions_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    Note(posix_spawnattr_setsigmask(&attributes_, &none));
    Note(posix_spawnattr_setsigdefault(&attributes_, &all));
    Note(posix_spawnattr_setpgroup(&attributes_, 0));
    Note(posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
    Note(posix_spawn_file_actions_adddup2(&actions_, socket, 0));
    Note(posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_WRONLY, 0));
    Note(posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0));
    Note(posix_spawn_file_actions_addclosefrom_np(&actions_, 3));
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  int Run(const std::string& program, pid_t& process) {
    if (failed_ != 0) return failed_;
    std::string name = "porchlight_media_worker";
    std::array<char*, 2> words = {name.data(), nullptr};
    std::array<char*, 1> environment = {nullptr};
    return posix_spawn(&process, program.c_str(), &actions_, &attributes_, words.data(), environment.data());
  }

 private:
  void Note(int result) { if (failed_ == 0) failed_ = result; }

  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
  int failed_ = 0;
};

}  // namespace

Result<WorkerProcess> WorkerProcess::Start(const std::string& program) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return CannotStart("socketpair", errno);
  pid_t process = -1;
  const int failed = SpawnPlan(ends[1]).Run(program, process);
  close(ends[1]);
  if (failed != 0) {
    close(ends[0]);
    return CannotStart(program.c_str(), failed);
  }
  return WorkerProcess(process, ends[0]);
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)), socket_(std::exchange(other.socket_, -1)) {}

WorkerProcess::~WorkerProcess() {
  End();
  if (socket_ >= 0) close(socket_);
}

bool WorkerProcess::WaitFor(short events, const Clock& clock, Duration deadline) const {
  for (;;) {
    const std::int64_t left = deadline.microseconds - clock.Monotonic().microseconds;
    if (left <= 0) return false;
    pollfd entry{socket_, events, 0};
    // Rounded up, and cut so that a clock that is driven by hand is looked at now and then.
    const int count = poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(left / 1000 + 1, 1000)));
    if (count > 0) return true;
    if (count < 0 && errno != EINTR) return false;
  }
}

WorkerProcess::Talk WorkerProcess::Send(std::string_view bytes, const Clock& clock, Duration deadline) {
  while (!bytes.empty()) {
    if (!WaitFor(POLLOUT, clock, deadline)) return Talk::kTimeout;
    const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    else if (count < 0 && errno != EINTR && errno != EAGAIN) return Talk::kClosed;
  }
  return Talk::kDone;
}

WorkerProcess::Talk WorkerProcess::Receive(std::string& out, std::size_t bytes, const Clock& clock, Duration deadline) {
  while (out.size() < bytes) {
    if (!WaitFor(POLLIN, clock, deadline)) return Talk::kTimeout;
    std::array<char, 512> buffer{};
    const ssize_t count = recv(socket_, buffer.data(), std::min(buffer.size(), bytes - out.size()), MSG_DONTWAIT);
    if (count > 0) out.append(buffer.data(), static_cast<std::size_t>(count));
    else if (count == 0 || (errno != EINTR && errno != EAGAIN)) return Talk::kClosed;
  }
  return Talk::kDone;
}

WorkerEnd WorkerProcess::End() {
  if (process_ < 0) return {};
  // One that is dying already keeps the cause it has. Until it has been waited for, its number is nobody else's.
  kill(process_, SIGKILL);
  int status = 0;
  pid_t waited = 0;
  do waited = waitpid(process_, &status, 0);
  while (waited < 0 && errno == EINTR);
  process_ = -1;
  if (waited < 0) return {};
  if (WIFSIGNALED(status)) return {-1, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

}  // namespace porchlight::media
