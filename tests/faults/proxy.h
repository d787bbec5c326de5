#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "base/check.h"

namespace porchlight::tests {

// A cable between a program and a server on loopback that can be pulled and put back.
class Proxy {
 public:
  explicit Proxy(std::uint16_t server_port) : server_port_(server_port) { PutBack(); }
  ~Proxy() { Pull(); }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::uint16_t port() const { return port_; }

  // Every connection ends, and nobody listens.
  void Pull() {
    pulled_.store(true);
    if (acceptor_.joinable()) acceptor_.join();
    for (std::thread& one : pumps_) one.join();
    pumps_.clear();
  }
  void PutBack() {
    pulled_.store(false);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address = Loopback(port_);
    PL_CHECK(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    PL_CHECK(listen(listener_, 64) == 0);
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { Accept(); });
  }

 private:
  static sockaddr_in Loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  bool Readable(int socket) const {
    pollfd one{socket, POLLIN, 0};
    return poll(&one, 1, 20) > 0;
  }
  void Accept() {
    while (!pulled_.load()) {
      if (!Readable(listener_)) continue;
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in address = Loopback(server_port_);
      PL_CHECK(connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
      pumps_.emplace_back([this, client, server] { Pump(client, server); });
    }
    close(listener_);
  }
  void Pump(int client, int server) {
    char buffer[16 * 1024];
    bool open = true;
    while (open && !pulled_.load()) {
      pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
      if (poll(both, 2, 20) <= 0) continue;
      for (int from = 0; from < 2 && open; ++from) {
        if (both[from].revents == 0) continue;
        const ssize_t count = recv(both[from].fd, buffer, sizeof buffer, 0);
        open = count > 0 && send(both[1 - from].fd, buffer, static_cast<std::size_t>(count), MSG_NOSIGNAL) == count;
      }
    }
    close(client);
    close(server);
  }

  const std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> pulled_{false};
  std::thread acceptor_;
  std::vector<std::thread> pumps_;
};

}  // namespace porchlight::tests
