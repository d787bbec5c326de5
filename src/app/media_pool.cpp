#include "app/media_pool.h"

namespace porchlight::app {

namespace {

constexpr Duration kTryAgainAfter = Duration::Minutes(1);

}  // namespace

Result<const media::MediaWorker*> MediaPool::Worker() {
  const std::lock_guard lock(mutex_);
  if (worker_) return static_cast<const media::MediaWorker*>(worker_.get());
  const Duration now = clock_.Monotonic();
  if (failure_ && now.microseconds - tried_at_.microseconds < kTryAgainAfter.microseconds) return *failure_;
  tried_at_ = now;
  Result<std::unique_ptr<media::MediaWorker>> made = media::MediaWorker::Create(options_, clock_);
  if (!made.ok()) {
    failure_ = made.error();
    log_.Warning("media.no_sandbox", {{"why", failure_->operator_text}});
    return *failure_;
  }
  worker_ = *std::move(made);
  failure_.reset();
  return static_cast<const media::MediaWorker*>(worker_.get());
}

}  // namespace porchlight::app
