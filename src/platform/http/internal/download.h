#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/http/internal/handler_pool.h"
#include "platform/http/message.h"

// Answers that are written while they are sent: a thread of their own pool writes, the socket thread takes.
namespace porchlight::http::internal {

// Of one download, in bytes: what waits for the socket thread, and again as much that the socket thread holds.
constexpr std::size_t kDownloadQueueBytes = 512 * 1024;

class Downloads;

// One answer on its way from the function that writes it to the connection that sends it. Thread-safe. Whatever the
// function does wrong, the last byte is kept back until it has ended well: so a failed answer is all that was written, but
// never complete.
class Download final : public Task {
 public:
  // `head` is sent before the body; `write` gives exactly `body_bytes` to its sink or answers an error.
  Download(Downloads& downloads, std::string head, BodyStream write, std::int64_t body_bytes);

  enum class Taken { kBytes, kNothingYet, kComplete, kFailed };
  // By the connection: moves everything that may be sent into `out`, whose memory is used again. Never waits; after
  // kNothingYet the wake-up runs once when there is more, or the end.
  Taken Take(std::string& out);
  // `wake` runs on any thread. To be set before the first Take.
  void Attach(std::function<void()> wake);
  // The client is not there any more: the sink answers errors from now on.
  void Cancel();
  // Once Take said kFailed.
  Error failure() const;
  std::size_t head_bytes() const { return head_bytes_; }

  // The whole life of the function, its destruction too, on a thread of the downloads.
  void RunOnPool() override;

 private:
  Result<void> Put(std::string_view bytes);
  void Finish(const Result<void>& written);
  std::size_t Sendable() const;
  void Wake(std::unique_lock<std::mutex>& lock);

  Downloads& downloads_;
  const std::size_t head_bytes_;
  const std::size_t body_bytes_;
  BodyStream write_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::string queued_;
  std::size_t unwritten_;              // Of the body, what the function has not given yet.
  bool waiting_ = false;               // The connection wants to be woken.
  bool cancelled_ = false;
  bool ended_well_ = false;
  std::optional<Error> failure_;
  std::function<void()> wake_;
};

// The downloads of one server and their threads. Thread-safe.
class Downloads {
 public:
  explicit Downloads(int downloads_max);
  // Cancels what is under way and waits until its functions have ended.
  ~Downloads();
  Downloads(const Downloads&) = delete;
  Downloads& operator=(const Downloads&) = delete;

  // Null when as many are under way as may be. A download is under way until its function has ended, whether or not
  // its client has taken all of it.
  std::shared_ptr<Download> Begin(std::string head, BodyStream write, std::int64_t body_bytes);
  std::size_t under_way() const;

 private:
  friend class Download;
  void End(Download* download);

  const std::size_t downloads_max_;
  mutable std::mutex mutex_;
  std::set<Download*> under_way_;
  std::unique_ptr<HandlerPool> pool_;
};

}  // namespace porchlight::http::internal
