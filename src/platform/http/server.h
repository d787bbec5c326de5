#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "platform/http/routing.h"
#include "platform/observe/log.h"
#include "platform/observe/metrics.h"

namespace porchlight::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                        // 0: any free port; see Server::port().
  std::string certificate_file;                  // PEM; empty: plain HTTP.
  std::string private_key_file;
  int socket_threads = 1;
  int handler_threads = 64;                      // The limit of requests being handled; beyond queue_max: 503.
  int queue_max = 256;
  int downloads_max = 16;                        // Streamed answers being written, a thread each; beyond: 503.
  int connections_max = 4096;
  std::size_t header_bytes_max = 32 * 1024;
  Duration header_time_max = Duration::Seconds(15);
  Duration idle_time_max = Duration::Seconds(120);         // Between requests on a kept connection.
  Duration body_stall_max = Duration::Seconds(30);         // Without a single body byte.
  std::int64_t body_bytes_per_second_min = 512;            // Averaged after the first 30 s; slower is cut off.
  Duration write_stall_max = Duration::Seconds(30);
  Duration drain_time_max = Duration::Seconds(20);
  bool trust_forwarded_for = false;              // Only behind a proxy of our own.
};

// HTTP/1.1 over TCP or TLS: keep-alive, pipelining in order, chunked and Content-Length bodies, Expect: 100-continue,
// gzip of text when asked for, HEAD, request ids, server-sent events, streamed answers, a deadline on everything. Socket
// threads never wait; handlers run on a bounded pool, streamed bodies on another.
class Server {
 public:
  // Errors: kConflict (port taken; the text says what to do), kForbidden (privileged port), kInvalidArgument (bad
  // address or certificate).
  static Result<std::unique_ptr<Server>> Start(const ServerOptions& options, const Router& router, Authenticator& authenticator,
                                               const Clock& clock, Random& random, observe::Log& log, observe::Metrics& metrics);
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  // Stops accepting, lets requests and downloads under way end (at most drain_time_max), closes event streams, then
  // returns.
  virtual void Drain() = 0;
};

}  // namespace porchlight::http
