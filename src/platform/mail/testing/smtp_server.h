#pragma once

#include <string>
#include <vector>

// A real SMTP server on this machine for tests: that of Python's library. It keeps each message it takes.
namespace porchlight::mail::testing {

class SmtpServer {
 public:
  // `refused`: addresses that it refuses for good.
  explicit SmtpServer(const std::string& folder, const std::string& refused = "");
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  std::string url() const;                      // "smtp://127.0.0.1:PORT"
  // What it took so far, in order: "from\nto\n" and the message with its text decoded.
  std::vector<std::string> Received() const;
  void Stop();

 private:
  const std::string folder_;
  int pid_ = 0;
  int port_ = 0;
};

}  // namespace porchlight::mail::testing
