#include <utility>

#include "platform/http/events.h"
#include "platform/http/internal/connection.h"
#include "platform/http/internal/socket_thread.h"

// How answers, downloads and events leave a connection.
namespace porchlight::http::internal {

void Connection::RefuseNow(const ProtocolRefusal& refusal) {
  exchange_->Refuse(refusal);
  StartWriting();
}

void Connection::StartWriting() {
  Abandon();
  out_ = std::exchange(exchange_->wire, {});
  out_at_ = 0;
  written_ = 0;
  write_waited_ = {};
  write_wait_.reset();
  deadline_.reset();
  events_ = std::exchange(exchange_->events, nullptr);
  download_ = std::exchange(exchange_->download, nullptr);
  counted_ = 0;
  state_ = download_ == nullptr ? State::kWriting : State::kDownload;
  if (download_ != nullptr) download_->Attach(WakeUp());
}

// False when it has to wait.
bool Connection::WriteOut() {
  while (out_at_ < out_.size()) {
    const bool in_head = out_at_ < out_.head.size();
    const std::string_view rest = in_head ? std::string_view(out_.head).substr(out_at_)
                                          : std::string_view(out_.body).substr(out_at_ - out_.head.size());
    const IoResult result = transport_->Write(rest, in_head && !out_.body.empty());
    if (result.state != IoState::kDone) {
      if (!write_wait_) write_wait_ = Now();
      return Await(result.state);
    }
    out_at_ += result.bytes;
    written_ += result.bytes;
  }
  if (state_ == State::kDownload) out_.head.clear();  // Its memory is used for the next piece.
  else (void)std::exchange(out_, {});  // An assignment would keep the memory.
  out_at_ = 0;
  return true;
}

bool Connection::WriteAnswer() {
  if (!WriteOut()) return false;
  if (events_ != nullptr) {
    state_ = State::kEvents;
    SetDeadline(kHeartbeat);
    AttachEvents();
    return true;
  }
  return EndOfAnswer();
}

bool Connection::EndOfAnswer() {
  if (exchange_->keep_alive) {
    if (decoder_.done()) {
      EnterHead();
    } else {
      state_ = State::kDiscard;
      SetDeadline(kLingerTime);
    }
    return true;
  }
  transport_->EndOfWriting();
  if (decoder_.done() && input().empty() && !unparsed_) {
    Close();
    return false;
  }
  state_ = State::kLinger;
  SetDeadline(kLingerTime);
  return true;
}

bool Connection::SendDownload() {
  if (!WriteOut()) return false;
  CountSent();
  switch (download_->Take(out_.head)) {
    case Download::Taken::kBytes:
      if (!WriteOut()) return false;
      // However fast this client and its function are, the others of this thread have their turn between two pieces.
      WakeUp()();
      return false;
    case Download::Taken::kNothingYet:
      return false;
    case Download::Taken::kComplete:
      EndDownload(true, std::nullopt);
      return EndOfAnswer();
    case Download::Taken::kFailed:
      EndDownload(false, download_->failure());
      Close();
      return false;
  }
  return false;
}

// While it goes on and not at its end alone: a download may take hours.
void Connection::CountSent() {
  context_.metrics.Count("porchlight_http_bytes_total", "direction", "out", static_cast<std::int64_t>(written_ - counted_));
  counted_ = written_;
}

void Connection::EndDownload(bool complete, const std::optional<Error>& failure) {
  const std::shared_ptr<Download> download = std::exchange(download_, nullptr);
  download->Cancel();
  CountSent();
  (void)std::exchange(out_, {});
  out_at_ = 0;
  const std::uint64_t head = download->head_bytes();
  exchange_->NoteDownload(static_cast<std::int64_t>(written_ > head ? written_ - head : 0), complete, failure);
}

std::function<void()> Connection::WakeUp() {
  return [weak = weak_from_this(), loop = thread_.loop()] {
    loop->Post([weak] {
      if (const std::shared_ptr<Connection> self = weak.lock()) self->Advance();
    });
  };
}

void Connection::AttachEvents() { events_->Attach(WakeUp()); }

bool Connection::SendEvents() {
  if (!WriteOut()) return false;
  const bool closed = events_->closed();
  out_.head = events_->Take();
  if (!out_.head.empty()) return true;
  if (closed) {
    transport_->EndOfWriting();
    Close();
    return false;
  }
  // Whatever the page sends is ignored; its end of the connection is not.
  Consume(input().size());
  return Fill();
}

}  // namespace porchlight::http::internal
