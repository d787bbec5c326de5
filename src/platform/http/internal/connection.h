#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/http/internal/event_loop.h"
#include "platform/http/internal/exchange.h"

namespace porchlight::http::internal {

constexpr Duration kHeartbeat = Duration::Seconds(15);
constexpr Duration kLingerTime = Duration::Seconds(30);

class SocketThread;

// One client's socket: reads requests, hands them to the pool one at a time, writes the answers in order. Lives on its
// socket thread; only RunOnPool runs elsewhere. Holds at most a head, two body pieces (or one body within its route's limit, that is
// plain or gathered) and one answer in memory, of a download only its queue.
class Connection final : public Waiter, public Task, public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerContext& context, SocketThread& thread, std::unique_ptr<Watch> watch, std::string peer_address);

  void Start();
  // Looks at the deadline; called at every tick.
  void CheckTime();
  // Ends what is idle; what is under way is answered first.
  void BeginDrain();
  void Close();
  // The step given to the pool has ended.
  void OnPoolDone();
  // Since when it waits between two requests; nothing when it does not.
  std::optional<Duration> idle_since() const;

  void OnReadable() override;
  void OnWritable() override;
  void RunOnPool() override;

 private:
  enum class State { kHandshake, kHead, kGather, kPool, kBody, kWriting, kDownload, kEvents, kDiscard, kLinger, kClosed };

  // One step of the state; false when something must happen outside first.
  bool Progress();
  void Advance();
  bool Handshake();
  bool TakeHead();
  void BeginRequest(ParsedHead parsed);
  bool MayGather();
  bool TakeBody();
  bool TakeWholeBody(std::size_t bytes_max);
  bool DiscardBody();
  bool Linger();
  bool Decode(std::size_t space);
  bool WriteAnswer();
  bool EndOfAnswer();
  bool SendDownload();
  void CountSent();
  void EndDownload(bool complete, const std::optional<Error>& failure);
  bool WriteOut();
  bool SendEvents();
  bool SendContinue();
  void RefuseHead(ParsedHead parsed, const ProtocolRefusal& refusal);
  void Abandon();

  bool Fill();
  std::optional<std::string_view> ReadSome();
  bool Await(IoState state);
  void SubmitToPool(Exchange::Step step, Priority priority);
  void FailBody(ProtocolRefusal refusal);
  void RefuseNow(const ProtocolRefusal& refusal);
  void StartWriting();
  void AttachEvents();
  // Something to be called on any thread that lets this go on; it may outlive the connection and the server.
  std::function<void()> WakeUp();
  std::string_view input() const { return std::string_view(input_).substr(input_at_); }
  void Consume(std::size_t bytes);
  void EnterHead();
  Duration Now() const { return context_.clock.Monotonic(); }
  void SetDeadline(Duration span) { deadline_ = {Now().microseconds + span.microseconds}; }
  bool TooSlow(Duration waited, std::uint64_t bytes) const;
  void OnDeadline();
  void CheckReading(Duration now);
  void CheckWriting(Duration now);

  ServerContext& context_;
  SocketThread& thread_;
  const std::unique_ptr<Watch> watch_;
  const std::unique_ptr<Transport> transport_;
  const std::string peer_address_;

  State state_ = State::kHandshake;
  std::string input_;
  std::size_t input_at_ = 0;
  bool readable_ = false;              // Reading may bring something without waiting.
  bool first_request_ = true;
  bool unparsed_ = false;              // What follows in the input is not understood.
  Duration idle_since_;
  HeadFinder finder_;
  BodyDecoder decoder_;
  std::unique_ptr<Exchange> exchange_;
  Exchange::Step step_ = Exchange::Step::kWhole;
  bool on_pool_ = false;
  bool streaming_ = false;
  std::uint64_t body_bytes_ = 0;
  std::string filling_;                // The piece being filled while the pool works on another.
  std::optional<ProtocolRefusal> body_failure_;

  Wire out_;
  std::size_t out_at_ = 0;
  std::shared_ptr<EventSource> events_;
  std::shared_ptr<Download> download_;

  std::optional<Duration> deadline_;   // Of the state as a whole.
  std::optional<Duration> read_wait_;  // Since when a read waits.
  std::optional<Duration> write_wait_;
  Duration read_waited_;               // Before that, for this body.
  Duration write_waited_;
  std::uint64_t written_ = 0;
  std::uint64_t counted_ = 0;          // Of a download, what the metrics know of.
  std::size_t lingered_ = 0;
};

}  // namespace porchlight::http::internal
