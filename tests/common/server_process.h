#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "base/check.h"

extern char** environ;

namespace porchlight::tests {

// A `porchlight serve` of its own, on a port the kernel chose.
class ServerProcess {
 public:
  ServerProcess(const std::string& data, const std::string& listen, const std::vector<std::string>& more = {}) {
    int out[2];
    PL_CHECK(pipe(out) == 0);
    const std::string binary = PORCHLIGHT_BINARY;
    std::vector<std::string> words = {binary, "serve", "--data", data, "--listen", listen};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclose(&actions, out[0]);
    PL_CHECK(posix_spawn(&pid_, binary.c_str(), &actions, nullptr, arguments.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    std::string line;
    for (char c = 0; read(out[0], &c, 1) == 1 && c != '\n';) line += c;
    close(out[0]);
    const auto at = line.find("http://");
    if (at != std::string::npos) url_ = line.substr(at);
  }
  ~ServerProcess() { Kill(); }

  const std::string& url() const { return url_; }
  pid_t pid() const { return pid_; }
  std::string port() const { return url_.substr(url_.rfind(':') + 1); }
  void Kill() {
    if (pid_ == 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  std::string url_;
};

}  // namespace porchlight::tests
