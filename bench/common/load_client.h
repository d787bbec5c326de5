#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

// Many keep-alive HTTP/1.1 connections driven by one thread with epoll, sparing with the processor, because the server
// it measures runs on the same one. Understands answers with a Content-Length only, which is what is measured.
namespace porchlight::bench {

// One request: pieces that are written one after the other. `owned` is the storage of the small ones.
struct WireRequest {
  std::string owned;
  std::vector<std::string_view> pieces;
};

class Driver {
 public:
  virtual ~Driver() = default;
  // Fills in the next request of that connection; false: it has none any more. The pieces must stay valid until the
  // answer or the failure.
  virtual bool Next(std::size_t connection, WireRequest& request) = 0;
  virtual void Answered(std::size_t connection, int status, std::string_view body, Duration took) = 0;
  // The connection broke, or the answer was not understood; a new connection is made for the next request.
  virtual void Failed(std::size_t connection, std::string_view why) = 0;
};

struct Address {
  std::string host;     // As in the Host header, with the port.
  std::string name;
  std::string port;
  std::string path;     // After the port, without a slash at the end.
};
// "http://NAME[:PORT][/PATH]". Errors: kInvalidArgument.
Result<Address> ParseAddress(std::string_view url);

class LoadClient {
 public:
  // Errors: kUnavailable when the name has no address.
  static Result<LoadClient> Create(const Address& address, std::size_t connections);
  LoadClient(LoadClient&&) noexcept;
  ~LoadClient();

  // Until every connection has said that it has no more requests. Returns early, with connections failed, only when
  // nothing was heard for a minute.
  void Run(Driver& driver);

 private:
  class Inner;
  explicit LoadClient(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};

// Monotonic, for drivers that stop by time.
Duration MonotonicNow();

}  // namespace porchlight::bench
