#include "platform/http/internal/socket_thread.h"

#include <pthread.h>
#include <sys/socket.h>

#include <csignal>
#include <utility>

namespace porchlight::http::internal {

namespace {

constexpr Duration kTickPeriod = Duration::Milliseconds(100);

// Before TLS there is nobody to speak HTTP to; over plain TCP the refusal is a constant.
constexpr std::string_view kFullAnswer =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 5\r\nContent-Length: 82\r\n"
    "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    "{\"error\":{\"code\":\"unavailable\",\"message\":\"Too many connections.\",\"request_id\":\"\"}}";

}  // namespace

SocketThread::SocketThread(ServerContext& context, std::function<void()> tick) : context_(context), tick_(std::move(tick)) {
  loop_ = EventLoop::Create(kTickPeriod, [this] { Tick(); });
}

SocketThread::~SocketThread() {
  Stop();
  for (const auto& connection : Snapshot()) connection->Close();
}

void SocketThread::Start() {
  thread_ = std::thread([this] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    loop_->Run();
  });
}

void SocketThread::Stop() {
  loop_->Stop();
  if (thread_.joinable()) thread_.join();
}

void SocketThread::Adopt(int descriptor, std::string peer_address) {
  ++context_.connections;
  loop_->Post([this, descriptor, peer_address = std::move(peer_address)]() mutable {
    std::unique_ptr<Watch> watch = loop_->Add(descriptor);
    if (context_.connections > context_.options.connections_max && !CloseOldestIdle()) {
      --context_.connections;
      context_.metrics.Count("porchlight_http_connections_refused_total", "", "");
      if (context_.tls == nullptr) (void)!send(descriptor, kFullAnswer.data(), kFullAnswer.size(), MSG_NOSIGNAL);
      return;
    }
    auto connection = std::make_shared<Connection>(context_, *this, std::move(watch), std::move(peer_address));
    connections_.emplace(connection.get(), connection);
    connection->Start();
  });
}

void SocketThread::BeginDrain() {
  loop_->Post([this] {
    for (const auto& connection : Snapshot()) connection->BeginDrain();
  });
}

void SocketThread::CloseAll() {
  loop_->Post([this] {
    for (const auto& connection : Snapshot()) connection->Close();
  });
}

void SocketThread::Completed(std::shared_ptr<Connection> connection) {
  bool wake = false;
  {
    const std::lock_guard lock(completed_mutex_);
    wake = completed_.empty();
    completed_.push_back(std::move(connection));
  }
  if (wake) loop_->Post([this] { DeliverCompleted(); });
}

void SocketThread::DeliverCompleted() {
  std::vector<std::shared_ptr<Connection>> completed;
  {
    const std::lock_guard lock(completed_mutex_);
    completed.swap(completed_);
  }
  for (const auto& connection : completed) connection->OnPoolDone();
}

void SocketThread::Remove(Connection* connection) {
  if (connections_.erase(connection) == 1) --context_.connections;
}

bool SocketThread::CloseOldestIdle() {
  std::shared_ptr<Connection> oldest;
  for (const auto& [key, connection] : connections_) {
    const std::optional<Duration> since = connection->idle_since();
    if (since && (oldest == nullptr || *since < *oldest->idle_since())) oldest = connection;
  }
  if (oldest == nullptr) return false;
  oldest->Close();
  return true;
}

std::vector<std::shared_ptr<Connection>> SocketThread::Snapshot() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (const auto& [key, connection] : connections_) all.push_back(connection);
  return all;
}

void SocketThread::Tick() {
  for (const auto& connection : Snapshot()) connection->CheckTime();
  tick_();
}

}  // namespace porchlight::http::internal
