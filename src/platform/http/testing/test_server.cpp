#include "platform/http/testing/test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace porchlight::http::testing {

namespace {

Result<auth::Caller> CallerIf(bool known) {
  if (!known) return Error{ErrorCode::kUnauthenticated, "Wrong credentials.", {}, {}, 0};
  auth::Caller caller;
  caller.login = "tester";
  caller.permissions = {"may"};
  return caller;
}

}  // namespace

Result<auth::Caller> SimpleAuthenticator::ByBasic(std::string_view, std::string_view password, std::string_view) { return CallerIf(password == "right"); }
Result<auth::Caller> SimpleAuthenticator::BySession(std::string_view cookie, std::string_view, bool) { return CallerIf(cookie == "right"); }
Result<auth::Caller> SimpleAuthenticator::ByToken(std::string_view token) { return CallerIf(token == "right"); }

std::string Answer::Header(const std::string& name) const {
  const auto there = headers.find(LowerAscii(name));
  return there == headers.end() ? "" : there->second;
}

RawClient::RawClient(std::uint16_t port, int receive_buffer) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (receive_buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  PL_CHECK(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

RawClient::~RawClient() { close(socket_); }

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::EndOfSending() { shutdown(socket_, SHUT_WR); }

std::string RawClient::ReadSome() {
  if (!buffered_.empty()) return std::exchange(buffered_, {});
  std::string piece(64 * 1024, '\0');
  const ssize_t got = recv(socket_, piece.data(), piece.size(), 0);
  piece.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return piece;
}

std::string RawClient::ReadToEnd() {
  std::string all;
  for (std::string piece = ReadSome(); !piece.empty(); piece = ReadSome()) all += piece;
  return all;
}

Answer RawClient::Read(bool head_only) {
  Answer answer;
  std::string text;
  while (text.find("\r\n\r\n") == std::string::npos) {
    const std::string piece = ReadSome();
    if (piece.empty()) return answer;
    text += piece;
  }
  const std::size_t end = text.find("\r\n\r\n");
  const std::string head = text.substr(0, end);
  text.erase(0, end + 4);
  std::size_t line = head.find("\r\n");
  answer.status = std::stoi(head.substr(9, 3));
  while (line != std::string::npos) {
    const std::size_t next = head.find("\r\n", line + 2);
    const std::string field = head.substr(line + 2, next == std::string::npos ? next : next - line - 2);
    const std::size_t colon = field.find(':');
    answer.headers[LowerAscii(field.substr(0, colon))] = std::string(Trim(std::string_view(field).substr(colon + 1)));
    line = next;
  }
  const std::string length = answer.Header("Content-Length");
  const std::size_t size = head_only || length.empty() ? 0 : std::stoul(length);
  while (text.size() < size) {
    const std::string piece = ReadSome();
    if (piece.empty()) break;
    text += piece;
  }
  answer.body = text.substr(0, size);
  buffered_ = text.size() > size ? text.substr(size) : "";
  return answer;
}

void Gate::Open() {
  const std::lock_guard lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

void Gate::Pass() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return open_; });
}

void Gate::WaitForWaiting(int count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ >= count; });
}

void RecordingLog::Write(observe::Level level, std::string_view event, std::vector<observe::LogField> fields) {
  std::string line(event);
  for (const auto& [name, value] : fields) {
    line += " " + std::string(name) + "=";
    if (const auto* text = std::get_if<std::string>(&value)) line += *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) line += std::to_string(*number);
  }
  if (level == observe::Level::kWarning) line += " (warning)";
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
  changed_.notify_all();
}

std::string RecordingLog::WaitFor(std::string_view event) {
  std::unique_lock lock(mutex_);
  std::string found;
  changed_.wait(lock, [&] {
    const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const std::string& one) { return one.starts_with(std::string(event) + " "); });
    if (line == lines_.end()) return false;
    found = std::move(*line);
    lines_.erase(line);
    return true;
  });
  return found;
}

Route OpenRoute(Method method, std::string pattern, Handler handler) {
  Route route;
  route.method = method;
  route.name = "test " + pattern;
  route.pattern = std::move(pattern);
  route.entrance = Entrance::kOpen;
  route.handler = std::move(handler);
  return route;
}

TestServer::TestServer(const std::function<void(Router&)>& add_routes, ServerOptions options) {
  add_routes(router_);
  auto server = Server::Start(options, router_, authenticator_, clock_, random_, log_, *metrics_);
  PL_CHECK(server.ok());
  server_ = std::move(server).value();
}

std::string UrlOf(const TestServer& server, const std::string& path, const std::string& scheme) {
  return scheme + "://127.0.0.1:" + std::to_string(server.port()) + path;
}

bool HasCurl() { return std::system("command -v curl >/dev/null 2>&1") == 0; }

std::string OutputOf(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> piece{};
  for (std::size_t got = 0; (got = fread(piece.data(), 1, piece.size(), pipe)) > 0;) output.append(piece.data(), got);
  pclose(pipe);
  return output;
}

std::int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  statm >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace porchlight::http::testing
