#include <utility>

#include "platform/http/events.h"
#include "platform/http/internal/connection.h"
#include "platform/http/internal/socket_thread.h"

// How answers and events leave a connection.
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
  state_ = State::kWriting;
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
  out_ = {};
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

void Connection::AttachEvents() {
  // The source may outlive the server: its wake-up holds the loop, and the connection only weakly.
  events_->Attach([weak = weak_from_this(), loop = thread_.loop()] {
    loop->Post([weak] {
      if (const std::shared_ptr<Connection> self = weak.lock()) self->Advance();
    });
  });
}

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
