#include "platform/http/events.h"

#include <utility>
#include <vector>

namespace porchlight::http {

namespace {

// The wire form of WHATWG HTML section 9.2.6: every line of the data in a line of its own.
std::string WireForm(std::uint64_t id, std::string_view type, std::string_view data) {
  std::string wire = "id: " + std::to_string(id) + "\n";
  if (!type.empty()) {
    wire += "event: ";
    for (const char c : type) {
      if (c != '\n' && c != '\r') wire += c;
    }
    wire += '\n';
  }
  wire += "data: ";
  for (std::size_t i = 0; i < data.size(); ++i) {
    const bool pair = data[i] == '\r' && i + 1 < data.size() && data[i + 1] == '\n';
    if (pair) continue;
    if (data[i] == '\n' || data[i] == '\r') wire += "\ndata: ";
    else wire += data[i];
  }
  return wire + "\n\n";
}

}  // namespace

void EventSource::Attach(std::function<void()> wake) {
  bool ready = false;
  {
    const std::lock_guard lock(mutex_);
    wake_ = wake;
    ready = closed_ || !queued_.empty();
  }
  if (ready && wake) wake();
}

std::string EventSource::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(queued_, {});
}

bool EventSource::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void EventSource::Send(std::uint64_t id, std::string_view type, std::string_view data) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool was_empty = queued_.empty();
    std::string wire = WireForm(id, type, data);
    if (queued_.size() + wire.size() > kQueuedBytesMax) {
      // What is queued would be a stream with a hole in it: the page reconnects and asks from its last id.
      queued_.clear();
      closed_ = true;
    } else {
      queued_ += wire;
    }
    if (was_empty || closed_) wake = wake_;
  }
  // Not under the lock: the connection may call Take() from within.
  if (wake) wake();
}

void EventSource::Close() {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    wake = wake_;
  }
  if (wake) wake();
}

std::shared_ptr<EventSource> EventHub::Subscribe() {
  auto source = std::make_shared<EventSource>();
  const std::lock_guard lock(mutex_);
  std::erase_if(sources_, [](const auto& one) { return one.expired(); });
  sources_.insert(source);
  return source;
}

void EventHub::Publish(std::uint64_t id, std::string_view type, std::string_view data) {
  std::vector<std::shared_ptr<EventSource>> sources;
  {
    const std::lock_guard lock(mutex_);
    for (auto one = sources_.begin(); one != sources_.end();) {
      std::shared_ptr<EventSource> source = one->lock();
      if (source == nullptr || source->closed()) {
        one = sources_.erase(one);
      } else {
        sources.push_back(std::move(source));
        ++one;
      }
    }
  }
  for (const auto& source : sources) source->Send(id, type, data);
}

std::size_t EventHub::listeners() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& one : sources_) {
    const std::shared_ptr<EventSource> source = one.lock();
    if (source != nullptr && !source->closed()) ++count;
  }
  return count;
}

void EventHub::CloseAll() {
  std::vector<std::shared_ptr<EventSource>> sources;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& one : sources_) {
      if (std::shared_ptr<EventSource> source = one.lock()) sources.push_back(std::move(source));
    }
    sources_.clear();
  }
  for (const auto& source : sources) source->Close();
}

}  // namespace porchlight::http
