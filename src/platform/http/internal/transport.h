#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

// Bytes over one connected socket, plain or TLS, never waiting. The one place where the two differ.
namespace porchlight::http::internal {

enum class IoState { kDone, kWaitReadable, kWaitWritable, kClosed };

struct IoResult {
  IoState state = IoState::kDone;
  std::size_t bytes = 0;            // With kDone; never 0.
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual IoResult Handshake() = 0;
  virtual IoResult Read(char* data, std::size_t size) = 0;
  // `more`: further bytes follow at once, so the packet need not leave yet.
  virtual IoResult Write(std::string_view data, bool more) = 0;
  // Says that nothing more will be written; what was written still arrives.
  virtual void EndOfWriting() = 0;
  // Bytes have been read from the socket that Read has not handed out: waiting for the socket would wait for ever.
  virtual bool HasBuffered() const = 0;
};

// Both borrow the descriptor.
std::unique_ptr<Transport> PlainTransport(int descriptor);

// A certificate with its key. Thread-safe; outlives the transports made from it.
class TlsContext {
 public:
  // Errors: kInvalidArgument, naming the file and what is wrong with it.
  static Result<std::unique_ptr<TlsContext>> Load(const std::string& certificate_file, const std::string& private_key_file);
  virtual ~TlsContext() = default;
  virtual std::unique_ptr<Transport> Accept(int descriptor) = 0;
};

}  // namespace porchlight::http::internal
