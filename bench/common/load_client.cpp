#include "common/load_client.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "base/check.h"
#include "base/text.h"

namespace porchlight::bench {
namespace {

constexpr std::size_t kAnswerBytesMax = 1 << 20;
constexpr int kSilenceMsMax = 60'000;

struct Connection {
  int socket = -1;
  bool busy = false;
  bool wants_write = false;
  WireRequest request;
  std::vector<iovec> left;             // Of the request.
  std::size_t first = 0;
  std::string received;
  std::size_t header_size = 0;         // 0: not complete yet.
  std::size_t body_size = 0;
  int status = 0;
  Duration started;
};

}  // namespace

Duration MonotonicNow() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return {static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000};
}

Result<Address> ParseAddress(std::string_view url) {
  const Error bad{ErrorCode::kInvalidArgument, "The address must look like http://127.0.0.1:8080.", "", "/url", 0};
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return bad;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  Address address;
  address.host = std::string(url.substr(0, slash));
  address.path = std::string(url.substr(slash));
  while (address.path.ends_with('/')) address.path.pop_back();
  const std::size_t colon = address.host.rfind(':');
  address.name = address.host.substr(0, colon);
  address.port = colon == std::string::npos ? "80" : address.host.substr(colon + 1);
  if (address.name.empty() || address.port.empty()) return bad;
  return address;
}

class LoadClient::Inner {
 public:
  Inner(sockaddr_storage address, socklen_t address_size, std::size_t connections)
      : address_(address), address_size_(address_size), connections_(connections), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    PL_CHECK(epoll_ >= 0);
  }
  Inner(const Inner&) = delete;
  Inner& operator=(const Inner&) = delete;
  ~Inner() {
    for (Connection& connection : connections_) Disconnect(connection);
    close(epoll_);
  }

  void Run(Driver& driver) {
    driver_ = &driver;
    busy_ = 0;
    for (std::size_t index = 0; index < connections_.size(); ++index) Start(index);
    std::array<epoll_event, 256> events{};
    while (busy_ > 0) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), kSilenceMsMax);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        for (std::size_t index = 0; index < connections_.size(); ++index) {
          if (!connections_[index].busy) continue;
          Disconnect(connections_[index]);
          connections_[index].busy = false;
          driver_->Failed(index, "silence");
        }
        return;
      }
      for (int event = 0; event < count; ++event) {
        const auto& happened = events[static_cast<std::size_t>(event)];
        const std::size_t index = happened.data.u64;
        if (!connections_[index].busy) continue;
        if ((happened.events & EPOLLOUT) != 0 && !Write(index)) continue;
        if ((happened.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) Read(index);
      }
    }
  }

 private:
  void Disconnect(Connection& connection) {
    if (connection.socket >= 0) close(connection.socket);
    connection.socket = -1;
    connection.wants_write = false;
  }

  bool Connect(std::size_t index) {
    Connection& connection = connections_[index];
    connection.socket = socket(address_.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection.socket < 0) return false;
    const int on = 1;
    setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Blocking until connected: on loopback that is at once, and a refusal is then a plain error.
    if (connect(connection.socket, reinterpret_cast<const sockaddr*>(&address_), address_size_) != 0) return false;
    fcntl(connection.socket, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    return epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event) == 0;
  }

  // Begins requests until one waits for the server, or the connection has no more.
  void Start(std::size_t index) {
    Connection& connection = connections_[index];
    while (true) {
      connection.request.pieces.clear();
      if (!driver_->Next(index, connection.request)) {
        if (connection.busy) --busy_;
        connection.busy = false;
        return;
      }
      if (!connection.busy) ++busy_;
      connection.busy = true;
      connection.left.clear();
      for (const std::string_view piece : connection.request.pieces) {
        connection.left.push_back({const_cast<char*>(piece.data()), piece.size()});
      }
      connection.first = 0;
      connection.received.clear();
      connection.header_size = 0;
      connection.started = MonotonicNow();
      if (connection.socket < 0 && !Connect(index)) {
        Disconnect(connection);
        driver_->Failed(index, "connect");
        usleep(10'000);  // A server that is away must not be hammered.
        continue;
      }
      Write(index);
      return;
    }
  }

  // False: the request failed, and another was begun in its place.
  bool Write(std::size_t index) {
    Connection& connection = connections_[index];
    while (connection.first < connection.left.size()) {
      msghdr message{};
      message.msg_iov = connection.left.data() + connection.first;
      message.msg_iovlen = connection.left.size() - connection.first;
      const ssize_t sent = sendmsg(connection.socket, &message, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno == EAGAIN) {
        WantWrite(index, true);
        return true;
      }
      if (sent < 0) {
        // The server may have answered before it hung up; what it said is more use than the broken pipe.
        Read(index);
        return false;
      }
      Consume(connection, static_cast<std::size_t>(sent));
    }
    WantWrite(index, false);
    return true;
  }

  static void Consume(Connection& connection, std::size_t sent) {
    while (sent > 0) {
      iovec& piece = connection.left[connection.first];
      const std::size_t part = sent < piece.iov_len ? sent : piece.iov_len;
      piece.iov_base = static_cast<char*>(piece.iov_base) + part;
      piece.iov_len -= part;
      sent -= part;
      if (piece.iov_len == 0) ++connection.first;
    }
  }

  void WantWrite(std::size_t index, bool wanted) {
    Connection& connection = connections_[index];
    if (connection.wants_write == wanted) return;
    connection.wants_write = wanted;
    epoll_event event{};
    event.events = EPOLLIN | (wanted ? EPOLLOUT : 0U);
    event.data.u64 = index;
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket, &event);
  }

  void GiveUp(std::size_t index, std::string_view why) {
    Disconnect(connections_[index]);
    driver_->Failed(index, why);
    Start(index);
  }

  void Read(std::size_t index) {
    Connection& connection = connections_[index];
    std::array<char, 16 * 1024> buffer;
    while (true) {
      const ssize_t size = recv(connection.socket, buffer.data(), buffer.size(), 0);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0 && errno == EAGAIN) return;
      if (size <= 0) return GiveUp(index, size == 0 ? "closed" : "read");
      connection.received.append(buffer.data(), static_cast<std::size_t>(size));
      if (connection.received.size() > kAnswerBytesMax) return GiveUp(index, "answer too long");
      if (connection.header_size == 0 && !ReadHeader(connection)) return GiveUp(index, "answer not understood");
      if (connection.header_size == 0) continue;
      if (connection.received.size() < connection.header_size + connection.body_size) continue;
      return Complete(index);
    }
  }

  // False: not an answer we understand. The header may still be incomplete.
  static bool ReadHeader(Connection& connection) {
    const std::size_t end = connection.received.find("\r\n\r\n");
    if (end == std::string::npos) return true;
    const std::string header = LowerAscii(std::string_view(connection.received).substr(0, end + 2));
    const std::size_t length = header.find("\r\ncontent-length:");
    if (!header.starts_with("http/1.1 ") || header.size() < 12 || length == std::string::npos) return false;
    const std::size_t value = length + 17;
    const auto body_size = ParseInteger(Trim(std::string_view(header).substr(value, header.find("\r\n", value) - value)));
    const auto status = ParseInteger(std::string_view(header).substr(9, 3));
    if (!body_size.has_value() || *body_size < 0 || !status.has_value()) return false;
    connection.header_size = end + 4;
    connection.body_size = static_cast<std::size_t>(*body_size);
    connection.status = static_cast<int>(*status);
    return true;
  }

  void Complete(std::size_t index) {
    Connection& connection = connections_[index];
    const Duration took = {MonotonicNow().microseconds - connection.started.microseconds};
    const std::string_view all = connection.received;
    // An answer that came before the request was sent whole leaves the connection unusable.
    const bool whole = connection.first >= connection.left.size();
    const bool closing = LowerAscii(all.substr(0, connection.header_size)).find("connection: close") != std::string::npos;
    driver_->Answered(index, connection.status, all.substr(connection.header_size, connection.body_size), took);
    if (closing || !whole) Disconnect(connection);
    Start(index);
  }

  sockaddr_storage address_;
  socklen_t address_size_;
  std::vector<Connection> connections_;
  int epoll_;
  Driver* driver_ = nullptr;
  std::size_t busy_ = 0;
};

LoadClient::LoadClient(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
LoadClient::LoadClient(LoadClient&&) noexcept = default;
LoadClient::~LoadClient() = default;

Result<LoadClient> LoadClient::Create(const Address& address, std::size_t connections) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.name.c_str(), address.port.c_str(), &hints, &found) != 0 || found == nullptr) {
    return Error{ErrorCode::kUnavailable, "No address for " + address.name + ".", "", "/url", 0};
  }
  sockaddr_storage storage{};
  std::memcpy(&storage, found->ai_addr, found->ai_addrlen);
  const socklen_t size = found->ai_addrlen;
  freeaddrinfo(found);
  return LoadClient(std::make_unique<Inner>(storage, size, connections));
}

void LoadClient::Run(Driver& driver) { inner_->Run(driver); }

}  // namespace porchlight::bench
