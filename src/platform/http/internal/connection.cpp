#include "platform/http/internal/connection.h"

#include <algorithm>
#include <utility>

#include "platform/http/events.h"
#include "platform/http/internal/socket_thread.h"

namespace porchlight::http::internal {

namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
// Some clients read no answer before all of a large body is written.
constexpr std::size_t kLingerBytesMax = 256 * 1024 * 1024;
constexpr std::size_t kIdleBytesMax = 16 * 1024;

class ReceiverEnd final : public Task {
 public:
  explicit ReceiverEnd(std::unique_ptr<BodyReceiver> receiver) : receiver_(std::move(receiver)) {}
  void RunOnPool() override { receiver_ = nullptr; }

 private:
  std::unique_ptr<BodyReceiver> receiver_;
};

}  // namespace

Connection::Connection(ServerContext& context, SocketThread& thread, std::unique_ptr<Watch> watch, std::string peer_address)
    : context_(context),
      thread_(thread),
      watch_(std::move(watch)),
      transport_(context.tls == nullptr ? PlainTransport(watch_->descriptor()) : context.tls->Accept(watch_->descriptor())),
      peer_address_(std::move(peer_address)),
      finder_(context.options.header_bytes_max) {}

void Connection::Start() {
  SetDeadline(context_.options.header_time_max);
  readable_ = context_.tls != nullptr;
  Advance();
}

void Connection::Advance() {
  const std::shared_ptr<Connection> alive = shared_from_this();
  while (Progress()) {
  }
}

bool Connection::Progress() {
  switch (state_) {
    case State::kHandshake: return Handshake();
    case State::kHead: return TakeHead();
    case State::kGather: return TakeWholeBody(kGatheredBytesMax);
    case State::kBody: return TakeBody();
    case State::kWriting: return WriteAnswer();
    case State::kDownload: return SendDownload();
    case State::kEvents: return SendEvents();
    case State::kDiscard: return DiscardBody();
    case State::kLinger: return Linger();
    case State::kPool:
    case State::kClosed: return false;
  }
  return false;
}

bool Connection::Handshake() {
  const IoResult result = transport_->Handshake();
  if (result.state != IoState::kDone) return Await(result.state);
  EnterHead();
  return true;
}

void Connection::EnterHead() {
  state_ = State::kHead;
  finder_.Reset();
  exchange_ = nullptr;
  idle_since_ = Now();
  if (input_.empty() && input_.capacity() > kIdleBytesMax) std::string().swap(input_);  // An assignment would keep the memory.
  SetDeadline(first_request_ ? context_.options.header_time_max : context_.options.idle_time_max);
}

bool Connection::TakeHead() {
  Consume(LeadingEmptyLines(input()));
  if (input().empty()) {
    if (context_.draining) {
      Close();
      return false;
    }
    if (!Fill()) return false;
    SetDeadline(context_.options.header_time_max);
    return true;
  }
  const std::optional<std::size_t> size = finder_.Find(input());
  if (!size && !finder_.refusal()) return Fill();
  first_request_ = false;
  ParsedHead parsed;
  std::optional<ProtocolRefusal> refusal = finder_.refusal();
  if (!refusal) refusal = ParseHead(input().substr(0, *size), parsed);
  if (refusal) {
    RefuseHead(std::move(parsed), *refusal);
    return true;
  }
  Consume(*size);
  BeginRequest(std::move(parsed));
  return true;
}

// Whatever follows cannot be told apart from this request any more, so the connection ends.
void Connection::RefuseHead(ParsedHead parsed, const ProtocolRefusal& refusal) {
  parsed.keep_alive = false;
  parsed.framing = Framing::kNone;
  decoder_.Begin(parsed);
  unparsed_ = true;
  exchange_ = std::make_unique<Exchange>(context_, std::move(parsed), peer_address_);
  RefuseNow(refusal);
}

void Connection::BeginRequest(ParsedHead parsed) {
  deadline_.reset();
  decoder_.Begin(parsed);
  read_waited_ = {};
  read_wait_.reset();
  body_bytes_ = 0;
  streaming_ = false;
  body_failure_.reset();
  filling_.clear();
  const Framing framing = parsed.framing;
  exchange_ = std::make_unique<Exchange>(context_, std::move(parsed), peer_address_);
  const bool gathered = MayGather();
  // A body that is gathered is there when it is refused; a larger one, or one not sent yet, ends the connection.
  exchange_->close_if_early = !gathered;
  if (framing == Framing::kNone) {
    SubmitToPool(Exchange::Step::kWhole, Priority::kNewRequest);
  } else if (gathered) {
    state_ = State::kGather;
  } else {
    SubmitToPool(Exchange::Step::kAdmit, Priority::kNewRequest);
  }
}

// A small body is always gathered before its handler is asked; a larger one where its route takes it and there is room.
bool Connection::MayGather() {
  const ParsedHead& head = exchange_->parsed();
  if (head.framing != Framing::kLength || head.expects_continue) return false;
  if (head.content_length <= kPieceBytes) return true;
  if (head.content_length > kGatheredBytesMax || !exchange_->MayTake(head.content_length)) return false;
  exchange_->room = context_.gather_room.Take(head.content_length);
  return static_cast<bool>(exchange_->room);
}

void Connection::SubmitToPool(Exchange::Step step, Priority priority) {
  step_ = step;
  if (step != Exchange::Step::kPiece) state_ = State::kPool;
  exchange_->body_complete = decoder_.done();
  exchange_->body_bytes = body_bytes_;
  on_pool_ = true;
  if (context_.pool->Push(shared_from_this(), priority)) return;
  on_pool_ = false;
  context_.metrics.Count("porchlight_http_overload_total", "", "");
  RefuseNow({503, Error{ErrorCode::kUnavailable, "Too much to do at the moment; try again.", {}, {}, 1}});
}

void Connection::RunOnPool() {
  exchange_->Run(step_);
  if (!exchange_->waits()) return thread_.Completed(shared_from_this());
  step_ = Exchange::Step::kTake;
  HandlerPool& pool = *context_.pool;
  pool.Expect();
  // Nothing of this is touched afterwards: whoever is told may have brought it back already.
  exchange_->Wait([&pool, self = shared_from_this()]() mutable { pool.Resume(std::move(self)); });
  pool.Left();
}

void Connection::OnPoolDone() {
  on_pool_ = false;
  if (state_ == State::kClosed) {
    if (exchange_->download != nullptr) exchange_->download->Cancel();
    return Abandon();
  }
  if (exchange_->answered()) {
    StartWriting();
  } else if (body_failure_) {
    RefuseNow(*body_failure_);
  } else if (step_ == Exchange::Step::kAdmit) {
    streaming_ = exchange_->has_receiver();
    state_ = State::kBody;
    if (exchange_->parsed().expects_continue && input().empty() && !SendContinue()) return;
  }
  Advance();
}

bool Connection::SendContinue() {
  // Everything before has been written, so these few bytes fit; if not, the client is not there any more.
  const IoResult result = transport_->Write(kContinue, false);
  if (result.state == IoState::kDone && result.bytes == kContinue.size()) return true;
  Close();
  return false;
}

// Moves body bytes from the socket into `filling_`; false when it has to wait for them.
bool Connection::Decode(std::size_t space) {
  // What is read from the socket is decoded where it lies; only what is left of it is kept.
  const bool reads = input().empty();
  const std::optional<std::string_view> some = reads ? ReadSome() : input();
  if (!some) return false;
  const std::size_t before = filling_.size();
  if (state_ == State::kGather && before == 0) filling_.reserve(exchange_->parsed().content_length);
  const Result<std::size_t> used = decoder_.Feed(*some, space, filling_);
  if (!used.ok()) {
    FailBody({400, used.error()});
    return true;
  }
  if (reads) input_.append(some->substr(*used));
  else Consume(*used);
  body_bytes_ += filling_.size() - before;
  if (state_ == State::kBody && body_bytes_ > exchange_->route().body_bytes_max) FailBody({413, BodyTooLarge(exchange_->route())});
  return true;
}

void Connection::FailBody(ProtocolRefusal refusal) {
  // The exchange is the pool's as long as a step runs there.
  if (on_pool_) {
    body_failure_ = std::move(refusal);
    return;
  }
  exchange_->close_if_early = true;
  exchange_->body_complete = false;
  RefuseNow(refusal);
}

bool Connection::TakeBody() {
  if (body_failure_) return false;
  if (!streaming_) return TakeWholeBody(exchange_->route().body_bytes_max);
  const bool full = filling_.size() == kPieceBytes || decoder_.done();
  if (!full) return Decode(kPieceBytes - filling_.size());
  // With one piece on the pool and one full, nothing is read: the client is held back by its own window.
  if (on_pool_) return false;
  exchange_->piece.swap(filling_);
  filling_.clear();
  SubmitToPool(decoder_.done() ? Exchange::Step::kFinish : Exchange::Step::kPiece, Priority::kUnderWay);
  return true;
}

bool Connection::TakeWholeBody(std::size_t bytes_max) {
  if (!decoder_.done()) return Decode(bytes_max + 1 - filling_.size());
  exchange_->piece = std::exchange(filling_, {});
  if (state_ == State::kGather) SubmitToPool(Exchange::Step::kWhole, Priority::kNewRequest);
  else SubmitToPool(Exchange::Step::kFinish, Priority::kUnderWay);
  return true;
}

// Reads past the rest of a refused body, so that the next request on the connection can be answered.
bool Connection::DiscardBody() {
  if (decoder_.done()) {
    EnterHead();
    return true;
  }
  if (input().empty() && !Fill()) return false;
  std::string dropped;
  const Result<std::size_t> used = decoder_.Feed(input(), kPieceBytes, dropped);
  if (!used.ok()) {
    Close();
    return false;
  }
  Consume(*used);
  return true;
}

// Closing a socket with unread bytes resets it, and the client may lose the answer: so they are read for a while.
bool Connection::Linger() {
  lingered_ += input().size();
  Consume(input().size());
  if (lingered_ <= kLingerBytesMax) return Fill();
  Close();
  return false;
}

// What the socket has, in the thread's memory until its next read; nothing when it has to be waited for.
std::optional<std::string_view> Connection::ReadSome() {
  IoState state = IoState::kWaitReadable;
  if (readable_ || transport_->HasBuffered()) {
    readable_ = false;
    std::array<char, kPieceBytes>& scratch = thread_.scratch();
    const IoResult result = transport_->Read(scratch.data(), scratch.size());
    // TLS hands out one record at a time, so only an empty read tells that there is no more.
    readable_ = result.state == IoState::kDone && (context_.tls != nullptr || result.bytes == scratch.size());
    if (result.state == IoState::kDone) return std::string_view(scratch.data(), result.bytes);
    state = result.state;
  }
  Await(state);
  return std::nullopt;
}

bool Connection::Fill() {
  const std::optional<std::string_view> some = ReadSome();
  if (some) input_.append(*some);
  return some.has_value();
}

// Always false: the state goes on when the socket is ready.
bool Connection::Await(IoState state) {
  if (state == IoState::kWaitReadable) {
    if (!read_wait_) read_wait_ = Now();
    watch_->WaitReadable(shared_from_this());
  } else if (state == IoState::kWaitWritable) {
    watch_->WaitWritable(shared_from_this());
  } else {
    Close();
  }
  return false;
}

void Connection::Consume(std::size_t bytes) {
  input_at_ += bytes;
  if (input_at_ < input_.size()) return;
  input_.clear();
  input_at_ = 0;
}

void Connection::OnReadable() {
  if (read_wait_) read_waited_.microseconds += Now().microseconds - read_wait_->microseconds;
  read_wait_.reset();
  readable_ = true;
  Advance();
}

void Connection::OnWritable() {
  if (write_wait_) write_waited_.microseconds += Now().microseconds - write_wait_->microseconds;
  write_wait_.reset();
  Advance();
}

// What a receiver does at its end may touch the disk, so it happens on the pool.
void Connection::Abandon() {
  if (exchange_ == nullptr || on_pool_ || !exchange_->has_receiver()) return;
  (void)context_.pool->Push(std::make_shared<ReceiverEnd>(exchange_->TakeReceiver()), Priority::kUnderWay);
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  const std::shared_ptr<Connection> alive = shared_from_this();
  state_ = State::kClosed;
  deadline_.reset();
  if (events_ != nullptr) {
    events_->Attach(nullptr);
    events_->Close();
  }
  if (download_ != nullptr) EndDownload(false, std::nullopt);
  watch_->Close();
  Abandon();
  thread_.Remove(this);
}

}  // namespace porchlight::http::internal
