#include <utility>

#include "platform/http/events.h"
#include "platform/http/internal/connection.h"
#include "platform/http/internal/socket_thread.h"

// The deadlines of a connection. There is one look per tick instead of a timer per operation: a connection that is
// slow to the tenth of a second is as slow as one that is slow to the microsecond.
namespace porchlight::http::internal {

namespace {

constexpr Duration kRateGrace = Duration::Seconds(30);

}  // namespace

std::optional<Duration> Connection::idle_since() const {
  if (state_ != State::kHead || !input().empty()) return std::nullopt;
  return idle_since_;
}

void Connection::CheckTime() {
  const Duration now = Now();
  if (deadline_ && now >= *deadline_) return OnDeadline();
  CheckReading(now);
  if (state_ != State::kClosed) CheckWriting(now);
}

void Connection::OnDeadline() {
  deadline_.reset();
  if (state_ == State::kEvents) {
    SetDeadline(kHeartbeat);
    if (out_at_ == out_.size()) {
      out_.head = ":\n\n";
      out_at_ = 0;
      Advance();
    }
  } else if (state_ == State::kHead && !input().empty()) {
    RefuseHead({}, {408, Error{ErrorCode::kTimeout, "The head of the request took too long to arrive.", {}, {}, 0}});
    Advance();
  } else {
    Close();
  }
}

bool Connection::TooSlow(Duration waited, std::uint64_t bytes) const {
  if (waited < kRateGrace) return false;
  const std::int64_t wanted = waited.microseconds / 1'000'000 * context_.options.body_bytes_per_second_min;
  return bytes < static_cast<std::uint64_t>(wanted);
}

void Connection::CheckReading(Duration now) {
  if ((state_ != State::kBody && state_ != State::kGather) || !read_wait_ || body_failure_) return;
  const Duration waiting{now.microseconds - read_wait_->microseconds};
  const Duration total{waiting.microseconds + read_waited_.microseconds};
  if (waiting < context_.options.body_stall_max && !TooSlow(total, body_bytes_)) return;
  FailBody({408, Error{ErrorCode::kTimeout, "The body arrived too slowly.", {}, {}, 0}});
  Advance();
}

void Connection::CheckWriting(Duration now) {
  if ((state_ != State::kWriting && state_ != State::kDownload && state_ != State::kEvents) || !write_wait_) return;
  const Duration waiting{now.microseconds - write_wait_->microseconds};
  const Duration total{waiting.microseconds + write_waited_.microseconds};
  // An event stream is as slow as its events.
  const bool slow = state_ != State::kEvents && TooSlow(total, written_);
  if (waiting >= context_.options.write_stall_max || slow) Close();
}

void Connection::BeginDrain() {
  switch (state_) {
    case State::kHead:
      if (input().empty()) Close();
      return;
    case State::kHandshake:
    case State::kEvents:
    case State::kLinger:
    case State::kDiscard:
      Close();
      return;
    case State::kGather:
    case State::kPool:
    case State::kBody:
    case State::kWriting:
    case State::kDownload:
    case State::kClosed:
      return;
  }
}

}  // namespace porchlight::http::internal
