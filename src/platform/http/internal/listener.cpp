#include "platform/http/internal/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace porchlight::http::internal {

namespace {

constexpr int kBacklog = 1024;
constexpr int kAcceptsPerTurn = 64;   // Then others have their turn.

struct Address {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Result<Address> ReadAddress(const std::string& text, std::uint16_t port) {
  Address address;
  auto* four = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* six = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  if (inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return Error{ErrorCode::kInvalidArgument, "The address to listen on, " + text + ", is not an IPv4 or IPv6 address.", {}, "address", 0};
}

std::string TextOf(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.storage.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_addr, text, sizeof text);
    return text;
  }
  const in6_addr& six = reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&six)) inet_ntop(AF_INET, six.s6_addr + 12, text, sizeof text);
  else inet_ntop(AF_INET6, &six, text, sizeof text);
  return text;
}

Error BindProblem(int problem, const ServerOptions& options) {
  const std::string where = options.address + " port " + std::to_string(options.port);
  if (problem == EADDRINUSE) {
    return Error{ErrorCode::kConflict, "Another program already listens on " + where + ". Stop it, or choose another port.", {}, "port", 0};
  }
  if (problem == EACCES) {
    return Error{ErrorCode::kForbidden,
                 "Ports below 1024 need a privilege that this process does not have (" + where +
                     "). Choose a higher port, or grant CAP_NET_BIND_SERVICE.",
                 {}, "port", 0};
  }
  return Error{ErrorCode::kInvalidArgument, "Cannot listen on " + where + ": " + std::strerror(problem) + ".", {}, "address", 0};
}

// The connection is alright, only we have no room for it now.
bool OutOfResources(int problem) { return problem == EMFILE || problem == ENFILE || problem == ENOBUFS || problem == ENOMEM; }

}  // namespace

Result<int> Listener::Open(const ServerOptions& options) {
  Address address = PL_TRY(ReadAddress(options.address, options.port));
  const int descriptor = socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return BindProblem(errno, options);
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(descriptor, address.get(), address.size) == 0 && listen(descriptor, kBacklog) == 0) return descriptor;
  const int problem = errno;
  close(descriptor);
  return BindProblem(problem, options);
}

Listener::Listener(std::unique_ptr<Watch> watch, observe::Log& log, Accepted accepted)
    : watch_(std::move(watch)), log_(log), accepted_(std::move(accepted)) {
  Address address;
  if (getsockname(watch_->descriptor(), address.get(), &address.size) != 0) return;
  const bool six = address.storage.ss_family == AF_INET6;
  port_ = ntohs(six ? reinterpret_cast<sockaddr_in6*>(&address.storage)->sin6_port
                    : reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port);
}

void Listener::Wait() { watch_->WaitReadable(shared_from_this()); }

void Listener::Close() { watch_->Close(); }

void Listener::Retry() {
  if (std::exchange(paused_, false)) Wait();
}

void Listener::OnReadable() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    Address address;
    const int descriptor = accept4(watch_->descriptor(), address.get(), &address.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0 && OutOfResources(errno)) {
      // Waiting again at once would spin: the connection is still there. The next tick tries again.
      log_.Warning("http.accept_paused", {{"errno", static_cast<std::int64_t>(errno)}});
      paused_ = true;
      return;
    }
    if (descriptor < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (descriptor < 0) continue;  // That one connection failed before we had it.
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    accepted_(descriptor, TextOf(address));
  }
  Wait();
}

}  // namespace porchlight::http::internal
