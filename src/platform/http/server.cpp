#include "platform/http/server.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "platform/http/internal/listener.h"
#include "platform/http/internal/socket_thread.h"

namespace porchlight::http {

namespace {

using internal::HandlerPool;
using internal::Listener;
using internal::ServerContext;
using internal::SocketThread;

class SocketServer final : public Server {
 public:
  explicit SocketServer(std::unique_ptr<ServerContext> context) : context_(std::move(context)) {
    for (int i = 0; i < context_->options.socket_threads; ++i) {
      threads_.push_back(std::make_unique<SocketThread>(*context_, [this, i] {
        if (i == 0) Tick();
      }));
    }
  }

  ~SocketServer() override {
    Drain();
    for (const auto& thread : threads_) thread->Stop();
    // Handlers still running may tell the socket threads, which therefore go last.
    context_->pool->Stop();
    context_->pool = nullptr;
    context_->downloads = nullptr;
    listener_ = nullptr;
    threads_.clear();
  }
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

  void Listen(int descriptor) {
    listener_ = std::make_shared<Listener>(threads_.front()->loop()->Add(descriptor), context_->log,
                                           [this](int accepted, std::string peer_address) {
                                             threads_[next_thread_++ % threads_.size()]->Adopt(accepted, std::move(peer_address));
                                           });
    port_ = listener_->port();
    listener_->Start();
    for (const auto& thread : threads_) thread->Start();
  }

  std::uint16_t port() const override { return port_; }

  void Drain() override {
    if (context_->draining.exchange(true)) return;
    context_->log.Info("http.drain_begun", {{"connections", static_cast<std::int64_t>(context_->connections.load())}});
    threads_.front()->loop()->Post([listener = listener_] { listener->Close(); });
    for (const auto& thread : threads_) thread->BeginDrain();
    const bool drained = WaitForEnd(context_->options.drain_time_max);
    if (!drained) {
      for (const auto& thread : threads_) thread->CloseAll();
      WaitForEnd(Duration::Seconds(1));
    }
    context_->log.Info("http.drained", {{"all_answered", drained}});
  }

 private:
  // True when the last connection has gone. Real time: the process is ending, whatever the clock says.
  bool WaitForEnd(Duration time_max) {
    std::unique_lock lock(ended_mutex_);
    return ended_.wait_for(lock, std::chrono::microseconds(time_max.microseconds), [this] { return context_->connections == 0; });
  }

  // On the first socket thread.
  void Tick() {
    listener_->Retry();
    context_->metrics.SetGauge("porchlight_http_connections", context_->connections);
    context_->metrics.SetGauge("porchlight_http_downloads", static_cast<double>(context_->downloads->under_way()));
    context_->metrics.SetGauge("porchlight_http_queued_requests", static_cast<double>(context_->pool->queued()));
    if (!context_->draining) return;
    const std::lock_guard lock(ended_mutex_);
    if (context_->connections == 0) ended_.notify_all();
  }

  const std::unique_ptr<ServerContext> context_;
  std::vector<std::unique_ptr<SocketThread>> threads_;
  std::shared_ptr<Listener> listener_;
  std::size_t next_thread_ = 0;
  std::uint16_t port_ = 0;
  std::mutex ended_mutex_;
  std::condition_variable ended_;
};

Error BadOption(const char* text) { return Error{ErrorCode::kInvalidArgument, text, {}, {}, 0}; }

Result<void> Check(const ServerOptions& options) {
  if (options.socket_threads < 1 || options.socket_threads > 64) return BadOption("socket_threads must be 1 to 64.");
  if (options.handler_threads < 1 || options.handler_threads > 4096) return BadOption("handler_threads must be 1 to 4096.");
  if (options.queue_max < 1) return BadOption("queue_max must be at least 1.");
  if (options.downloads_max < 1 || options.downloads_max > 1024) return BadOption("downloads_max must be 1 to 1024.");
  if (options.connections_max < 1) return BadOption("connections_max must be at least 1.");
  if (options.header_bytes_max < 256) return BadOption("header_bytes_max must be at least 256.");
  if (options.certificate_file.empty() && !options.private_key_file.empty()) {
    return BadOption("A private key was given without a certificate.");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, const Router& router, Authenticator& authenticator,
                                              const Clock& clock, Random& random, observe::Log& log, observe::Metrics& metrics) {
  PL_TRY(Check(options));
  auto context = std::make_unique<ServerContext>(options, router, authenticator, clock, random, log, metrics);
  if (!options.certificate_file.empty()) {
    context->tls = PL_TRY(internal::TlsContext::Load(options.certificate_file, options.private_key_file));
  }
  const int descriptor = PL_TRY(Listener::Open(options));
  context->pool = std::make_unique<HandlerPool>(options.handler_threads, options.queue_max);
  context->downloads = std::make_unique<internal::Downloads>(options.downloads_max);
  auto server = std::make_unique<SocketServer>(std::move(context));
  server->Listen(descriptor);
  log.Info("http.listening", {{"port", static_cast<std::int64_t>(server->port())}, {"tls", !options.certificate_file.empty()}});
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace porchlight::http
