#include "platform/mail/testing/smtp_server.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace porchlight::mail::testing {

namespace {

constexpr const char* kProgram = R"(
import asyncore, email, os, smtpd, sys, warnings
from email import policy
folder, refused = sys.argv[1], sys.argv[2]

class Channel(smtpd.SMTPChannel):
    def smtp_RCPT(self, arg):
        if refused and refused in arg:
            self.push('550 nobody of that name')
        else:
            smtpd.SMTPChannel.smtp_RCPT(self, arg)

class Server(smtpd.SMTPServer):
    channel_class = Channel
    taken = 0
    def process_message(self, peer, mailfrom, rcpttos, data, **kwargs):
        message = email.message_from_bytes(data, policy=policy.default)
        heads = ''.join('%s: %s\n' % pair for pair in message.items())
        text = mailfrom + '\n' + ','.join(rcpttos) + '\n' + heads + '\n' + message.get_content()
        self.taken += 1
        path = os.path.join(folder, '%06d' % self.taken)
        with open(path + '.part', 'w') as out:
            out.write(text)
        os.rename(path + '.part', path + '.mail')

server = Server(('127.0.0.1', 0), None)
print(server.socket.getsockname()[1], flush=True)
asyncore.loop()
)";

}  // namespace

SmtpServer::SmtpServer(const std::string& folder, const std::string& refused) : folder_(folder) {
  std::filesystem::create_directories(folder_);
  std::array<int, 2> out{};
  EXPECT_EQ(pipe(out.data()), 0);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(out[1], 1);
    close(out[0]);
    execlp("python3", "python3", "-W", "ignore", "-c", kProgram, folder_.c_str(), refused.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(out[1]);
  std::array<char, 16> line{};
  std::size_t read_bytes = 0;
  while (read_bytes + 1 < line.size()) {
    const ssize_t got = read(out[0], line.data() + read_bytes, 1);
    if (got <= 0 || line.at(read_bytes) == '\n') break;
    ++read_bytes;
  }
  close(out[0]);
  port_ = std::atoi(line.data());
  EXPECT_GT(port_, 0) << "the SMTP server of Python did not start";
}

SmtpServer::~SmtpServer() { Stop(); }

void SmtpServer::Stop() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

std::string SmtpServer::url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }

std::vector<std::string> SmtpServer::Received() const {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().extension() == ".mail") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> messages;
  for (const std::string& path : paths) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    messages.push_back(text.str());
  }
  return messages;
}

}  // namespace porchlight::mail::testing
