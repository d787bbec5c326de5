#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace porchlight::media {

// How a worker ended.
struct WorkerEnd {
  int exit_status = -1;  // -1 if a signal ended it.
  int signal = 0;        // 0 if it ended by itself.
};

// A running worker and the socket to it. It has no environment, no other descriptor than the socket and two on /dev/null,
// default signal handlers and its own process group. Used by one thread; the destructor kills what still runs.
class WorkerProcess {
 public:
  // Errors: kUnavailable when no process, descriptor or memory is to be had, or there is no such program.
  static Result<WorkerProcess> Start(const std::string& program);
  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&&) = delete;
  ~WorkerProcess();

  enum class Talk { kDone, kClosed, kTimeout };
  // kClosed: the worker closed its end, by dying or otherwise.
  Talk Send(std::string_view bytes, const Clock& clock, Duration deadline);
  // Appends until `out` has `bytes` bytes.
  Talk Receive(std::string& out, std::size_t bytes, const Clock& clock, Duration deadline);
  // Kills it if it still runs, and waits: a killed process cannot refuse.
  WorkerEnd End();

 private:
  WorkerProcess(pid_t process, int socket) : process_(process), socket_(socket) {}
  bool WaitFor(short events, const Clock& clock, Duration deadline) const;

  pid_t process_ = -1;
  int socket_ = -1;
};

}  // namespace porchlight::media
