#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/http/server.h"

namespace porchlight::http::testing {

// Opens to "right" as password, token or session; counts how often it was asked.
class SimpleAuthenticator final : public Authenticator {
 public:
  Result<auth::Caller> ByBasic(std::string_view login, std::string_view password, std::string_view peer) override;
  Result<auth::Caller> BySession(std::string_view cookie, std::string_view csrf_token, bool csrf_needed) override;
  Result<auth::Caller> ByToken(std::string_view token) override;
  void Denied(const auth::Caller&, const Route&, const RequestHead&) override {}
};

struct Answer {
  int status = 0;                                   // 0: the connection ended without one.
  std::map<std::string, std::string> headers;       // Names in lower case.
  std::string body;
  std::string Header(const std::string& name) const;
};

// A socket that says exactly what it is told. Gives up after ten seconds of silence.
class RawClient {
 public:
  // `receive_buffer`: in bytes, of the kernel; 0: whatever it likes.
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool Send(std::string_view bytes);                // False when the other side has closed.
  void EndOfSending();
  Answer Read(bool head_only = false);              // One answer; interim answers (1xx) are answers too.
  std::string ReadSome();                           // What comes next, in whatever piece; empty at the end.
  std::string ReadToEnd();

 private:
  int socket_ = -1;
  std::string buffered_;
};

// Blocks handlers until it is opened.
class Gate {
 public:
  void Open();
  void Pass();                                      // Counts who waits, then waits.
  void WaitForWaiting(int count);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

// Keeps every line as "event key=value key=value".
class RecordingLog final : public observe::Log {
 public:
  void Write(observe::Level level, std::string_view event, std::vector<observe::LogField> fields) override;
  // Waits for a line of that event and takes it away; a warning ends with " (warning)".
  std::string WaitFor(std::string_view event);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

Route OpenRoute(Method method, std::string pattern, Handler handler);

// A server over the given routes with a clock that stands still.
class TestServer {
 public:
  explicit TestServer(const std::function<void(Router&)>& add_routes, ServerOptions options = {});
  std::uint16_t port() const { return server_->port(); }
  Server& server() { return *server_; }
  ManualClock& clock() { return clock_; }
  observe::Metrics& metrics() { return *metrics_; }
  RecordingLog& log() { return log_; }
  void Stop() { server_ = nullptr; }

  Answer Ask(std::string_view request) {
    RawClient client(port());
    client.Send(request);
    return client.Read();
  }

 private:
  Router router_;
  SimpleAuthenticator authenticator_;
  ManualClock clock_{Instant{1'767'000'000'000'000}};
  SeededRandom random_{7};
  RecordingLog log_;
  std::unique_ptr<observe::Metrics> metrics_ = observe::NewMetrics();
  std::unique_ptr<Server> server_;
};

std::string UrlOf(const TestServer& server, const std::string& path, const std::string& scheme = "http");
bool HasCurl();
// What a shell command prints.
std::string OutputOf(const std::string& command);
// Memory of this process, in bytes.
std::int64_t ResidentBytes();

}  // namespace porchlight::http::testing
