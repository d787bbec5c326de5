#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "platform/media/media.h"
#include "platform/observe/log.h"

namespace porchlight::app {

// The one place that starts processes which decode reported media, made when it is first needed: a kernel that refuses the
// sandbox takes away previews, not the server. Thread-safe.
class MediaPool {
 public:
  // Both outlive this.
  MediaPool(const Clock& clock, observe::Log& log, media::MediaOptions options = {})
      : clock_(clock), log_(log), options_(std::move(options)) {}

  // Good for as long as the pool. What failed is tried again after a minute, not before. Errors: as MediaWorker::Create,
  // kUnavailable above all.
  Result<const media::MediaWorker*> Worker();
  const media::MediaOptions& options() const { return options_; }
  // Whether media can be decoded here; for the status page.
  bool Works() { return Worker().ok(); }

 private:
  const Clock& clock_;
  observe::Log& log_;
  const media::MediaOptions options_;
  std::mutex mutex_;
  std::unique_ptr<media::MediaWorker> worker_;
  std::optional<Error> failure_;
  Duration tried_at_;
};

}  // namespace porchlight::app
