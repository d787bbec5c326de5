#include "platform/http/internal/transport.h"

#include <sys/socket.h>

#include <cerrno>

namespace porchlight::http::internal {

namespace {

class Plain final : public Transport {
 public:
  explicit Plain(int descriptor) : descriptor_(descriptor) {}

  IoResult Handshake() override { return {IoState::kDone, 1}; }

  IoResult Read(char* data, std::size_t size) override {
    while (true) {
      const ssize_t got = recv(descriptor_, data, size, 0);
      if (got > 0) return {IoState::kDone, static_cast<std::size_t>(got)};
      if (got < 0 && errno == EINTR) continue;
      return {got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? IoState::kWaitReadable : IoState::kClosed, 0};
    }
  }

  IoResult Write(std::string_view data, bool more) override {
    while (true) {
      const ssize_t sent = send(descriptor_, data.data(), data.size(), MSG_NOSIGNAL | (more ? MSG_MORE : 0));
      if (sent > 0) return {IoState::kDone, static_cast<std::size_t>(sent)};
      if (sent < 0 && errno == EINTR) continue;
      return {sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? IoState::kWaitWritable : IoState::kClosed, 0};
    }
  }

  void EndOfWriting() override { shutdown(descriptor_, SHUT_WR); }
  bool HasBuffered() const override { return false; }

 private:
  const int descriptor_;
};

}  // namespace

std::unique_ptr<Transport> PlainTransport(int descriptor) { return std::make_unique<Plain>(descriptor); }

}  // namespace porchlight::http::internal
