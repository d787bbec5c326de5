#include "platform/http/internal/download.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace porchlight::http::internal {

Download::Download(Downloads& downloads, std::string head, BodyStream write, std::int64_t body_bytes)
    : downloads_(downloads),
      head_bytes_(head.size()),
      body_bytes_(static_cast<std::size_t>(body_bytes)),
      write_(std::move(write)),
      queued_(std::move(head)),
      unwritten_(body_bytes_) {}

void Download::RunOnPool() {
  const Result<void> written = write_([this](std::string_view bytes) { return Put(bytes); });
  write_ = nullptr;
  // Before the client can see the end: whoever has read one answer to its end may ask for the next.
  downloads_.End(this);
  Finish(written);
}

Result<void> Download::Put(std::string_view bytes) {
  std::unique_lock lock(mutex_);
  PL_CHECK(bytes.size() <= unwritten_);
  while (!bytes.empty()) {
    room_.wait(lock, [this] { return cancelled_ || queued_.size() < kDownloadQueueBytes; });
    if (cancelled_) break;
    if (queued_.capacity() < kDownloadQueueBytes) queued_.reserve(std::min(kDownloadQueueBytes, queued_.size() + unwritten_));
    const std::string_view part = bytes.substr(0, kDownloadQueueBytes - queued_.size());
    queued_ += part;
    bytes.remove_prefix(part.size());
    unwritten_ -= part.size();
    if (waiting_ && Sendable() > 0) Wake(lock);
  }
  if (cancelled_) return Error{ErrorCode::kUnavailable, "The download was given up.", "the client of a download went away", {}, 0};
  return {};
}

void Download::Finish(const Result<void>& written) {
  std::unique_lock lock(mutex_);
  ended_well_ = written.ok();
  if (!ended_well_) failure_ = written.error();
  if (waiting_) Wake(lock);
}

std::size_t Download::Sendable() const {
  if (unwritten_ > 0 || ended_well_ || queued_.empty()) return queued_.size();
  // A head that promises no body is complete by itself.
  return body_bytes_ == 0 ? 0 : queued_.size() - 1;
}

// Not under the lock: the connection may call Take() from within.
void Download::Wake(std::unique_lock<std::mutex>& lock) {
  waiting_ = false;
  const std::function<void()> wake = wake_;
  lock.unlock();
  if (wake) wake();
  lock.lock();
}

Download::Taken Download::Take(std::string& out) {
  const std::lock_guard lock(mutex_);
  out.clear();
  const std::size_t size = Sendable();
  if (size == 0 && ended_well_) return Taken::kComplete;
  if (size == 0 && failure_) return Taken::kFailed;
  if (size == 0) {
    waiting_ = true;
    return Taken::kNothingYet;
  }
  out.swap(queued_);
  if (size < out.size()) queued_ = out.substr(size);
  out.resize(size);
  room_.notify_one();
  return Taken::kBytes;
}

void Download::Attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void Download::Cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  wake_ = nullptr;
  room_.notify_one();
}

Error Download::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_.value_or(Error{});
}

Downloads::Downloads(int downloads_max)
    : downloads_max_(static_cast<std::size_t>(downloads_max)), pool_(std::make_unique<HandlerPool>(downloads_max, downloads_max)) {}

Downloads::~Downloads() {
  {
    const std::lock_guard lock(mutex_);
    for (Download* download : under_way_) download->Cancel();
  }
  pool_ = nullptr;
}

std::shared_ptr<Download> Downloads::Begin(std::string head, BodyStream write, std::int64_t body_bytes) {
  std::shared_ptr<Download> download;
  {
    const std::lock_guard lock(mutex_);
    if (under_way_.size() >= downloads_max_) return nullptr;
    download = std::make_shared<Download>(*this, std::move(head), std::move(write), body_bytes);
    under_way_.insert(download.get());
  }
  // Work under way is never turned away, and there is a thread for each.
  (void)pool_->Push(download, Priority::kUnderWay);
  return download;
}

std::size_t Downloads::under_way() const {
  const std::lock_guard lock(mutex_);
  return under_way_.size();
}

void Downloads::End(Download* download) {
  const std::lock_guard lock(mutex_);
  under_way_.erase(download);
}

}  // namespace porchlight::http::internal
