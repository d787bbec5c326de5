#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"

namespace porchlight::tests {

// The plain text of a gzip stream; "" when it is none.
inline std::string Inflate(const std::string& packed) {
  z_stream stream{};
  PL_CHECK(inflateInit2(&stream, 15 + 16) == Z_OK);  // 16: zlib's way to ask for the gzip wrapper.
  std::string source = packed;
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  std::string plain;
  int state = Z_OK;
  while (state == Z_OK) {
    char piece[16 * 1024];
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    state = inflate(&stream, Z_NO_FLUSH);
    plain.append(piece, sizeof piece - stream.avail_out);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END ? plain : std::string();
}

struct Answer {
  int status = 0;                               // 0: the connection ended without a whole answer.
  std::map<std::string, std::string> headers;   // Names in lower case.
  std::string wire_body;                        // As framed, unpacked from chunks only.
  std::string body;                             // Unpacked from gzip as well.

  std::string Header(const std::string& name) const {
    const auto there = headers.find(LowerAscii(name));
    return there == headers.end() ? "" : there->second;
  }
  bool Packed() const { return Header("Content-Encoding") == "gzip"; }
};

// A socket that says exactly the bytes it is given, each Send a segment of its own, and understands answers on its own
// account. Gives up after ten seconds of silence.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    const int yes = 1;
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    PL_CHECK(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~RawClient() { close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the other side has closed.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool SendInPieces(std::string_view bytes, std::size_t piece_bytes) {
    bool sent = true;
    for (std::size_t at = 0; sent && at < bytes.size(); at += piece_bytes) sent = Send(bytes.substr(at, piece_bytes));
    return sent;
  }
  // One answer; an interim one (1xx) is an answer too.
  Answer Read() {
    Answer answer;
    const std::size_t head_end = ReadUntil("\r\n\r\n", 0);
    if (head_end == std::string::npos) return answer;
    const std::string head = Take(head_end + 4);
    for (const std::string_view line : Split(head, '\n')) {
      const std::size_t colon = line.find(':');
      if (colon != std::string_view::npos) answer.headers[LowerAscii(line.substr(0, colon))] = Trim(line.substr(colon + 1));
    }
    const int status = std::atoi(head.substr(9, 3).c_str());
    const bool whole = status < 200 || (answer.Header("Transfer-Encoding") == "chunked" ? ReadChunks(answer) : ReadLength(answer));
    answer.body = answer.Packed() ? Inflate(answer.wire_body) : answer.wire_body;
    if (whole) answer.status = status;
    return answer;
  }
  // Whether nothing is left and the other side has ended the connection.
  bool Ended() { return buffered_.empty() && !Fill(); }

 private:
  bool Fill() {
    char piece[64 * 1024];
    const ssize_t got = recv(socket_, piece, sizeof piece, 0);
    if (got > 0) buffered_.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  }
  std::size_t ReadUntil(const char* mark, std::size_t from) {
    std::size_t at = buffered_.find(mark, from);
    while (at == std::string::npos && Fill()) at = buffered_.find(mark, from);
    return at;
  }
  std::string Take(std::size_t bytes) {
    while (buffered_.size() < bytes && Fill()) {
    }
    const std::string taken = buffered_.substr(0, bytes);
    buffered_.erase(0, taken.size());
    return taken;
  }
  bool ReadLength(Answer& answer) {
    const std::size_t bytes = std::strtoul(answer.Header("Content-Length").c_str(), nullptr, 10);
    answer.wire_body = Take(bytes);
    return answer.wire_body.size() == bytes;
  }
  bool ReadChunks(Answer& answer) {
    while (true) {
      const std::size_t end = ReadUntil("\r\n", 0);
      if (end == std::string::npos) return false;
      const std::size_t bytes = std::strtoul(Take(end + 2).c_str(), nullptr, 16);
      const std::string chunk = Take(bytes + 2);
      if (chunk.size() != bytes + 2) return false;
      if (bytes == 0) return true;
      answer.wire_body.append(chunk, 0, bytes);
    }
  }

  int socket_ = -1;
  std::string buffered_;
};

}  // namespace porchlight::tests
