#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "platform/http/internal/download.h"
#include "platform/http/internal/gather_room.h"
#include "platform/http/internal/handler_pool.h"
#include "platform/http/internal/request_parser.h"
#include "platform/http/internal/response_writer.h"
#include "platform/http/internal/transport.h"
#include "platform/http/routing.h"
#include "platform/http/server.h"

namespace porchlight::http::internal {

constexpr std::size_t kPieceBytes = 64 * 1024;
// A body of up to this length, known and within its route's limit, goes to the pool in one piece, as long as there is room for it.
constexpr std::size_t kGatheredBytesMax = 256 * 1024;
constexpr std::size_t kGatherRoomBytes = 32 * 1024 * 1024;

// What all connections of one server use. Outlives them.
struct ServerContext {
  ServerContext(const ServerOptions& given, const Router& router, Authenticator& authenticator, const Clock& given_clock,
                Random& given_random, observe::Log& given_log, observe::Metrics& given_metrics)
      : options(given),
        dispatcher(router, authenticator),
        clock(given_clock),
        random(given_random),
        log(given_log),
        metrics(given_metrics) {}
  const ServerOptions options;
  Dispatcher dispatcher;
  const Clock& clock;
  Random& random;
  observe::Log& log;
  observe::Metrics& metrics;
  std::unique_ptr<TlsContext> tls;
  std::unique_ptr<HandlerPool> pool;
  std::unique_ptr<Downloads> downloads;
  GatherRoom gather_room{kGatherRoomBytes};
  std::atomic<int> connections{0};
  std::atomic<bool> draining{false};
};

// One request from its head to its answer. Owned by a connection and used by one thread at a time: the pool while a
// step runs there, the socket thread otherwise.
class Exchange {
 public:
  enum class Step {
    kWhole,    // Head and body are here: everything at once.
    kAdmit,    // The head alone decides.
    kPiece,    // `piece` goes to the receiver.
    kFinish,   // The last `piece`, or the whole body of a plain handler.
    kTake,     // The answer that was waited for is ready.
  };

  Exchange(ServerContext& context, ParsedHead parsed, std::string_view peer_address);

  // On the pool. Afterwards either answered(), or waits(), or ready for more body.
  void Run(Step step);
  // The answer waits for something that `ready` tells of; Step::kTake then.
  bool waits() const { return later_ != nullptr; }
  void Wait(std::function<void()> ready) {
    const std::shared_ptr<LaterAnswer> later = later_;  // It may have been taken, on another thread, before Begin returns.
    later->Begin(std::move(ready));
  }
  // On any thread, before the first step: whether there is a route for it that takes a body of that length, whoever is asking.
  bool MayTake(std::uint64_t length) const;
  // On any thread: an answer the socket side gives itself.
  void Refuse(const ProtocolRefusal& refusal);

  bool answered() const { return answered_; }
  bool has_receiver() const { return receiver_ != nullptr; }
  std::unique_ptr<BodyReceiver> TakeReceiver() { return std::move(receiver_); }
  // A download has ended after `sent` bytes of its body: well, or for this reason, or with no reason of ours cut off.
  void NoteDownload(std::int64_t sent, bool complete, const std::optional<Error>& failure);
  // Once admitted; may be asked while a step runs.
  const Route& route() const { return *admission_.route; }
  const ParsedHead& parsed() const { return parsed_; }

  GatherRoom::Lease room;          // For a body that is gathered although it is larger than a piece.
  std::string piece;               // Body bytes handed over with the step.
  bool close_if_early = true;      // An answer before the end of the body must close the connection.
  bool body_complete = false;      // The body's end has arrived.
  std::uint64_t body_bytes = 0;    // Received so far, for the count.
  // Of the answer:
  Wire wire;
  bool keep_alive = false;
  std::shared_ptr<EventSource> events;
  std::shared_ptr<Download> download;   // When set, the whole answer comes from here, and `wire` is empty.

 private:
  void Admit();
  void TakePiece();
  void TakeLater();
  void Answer(Response response);
  bool BeginDownload(BodyStream stream, std::int64_t bytes);
  std::string_view RouteName() const;
  void Note(int status);

  ServerContext& context_;
  ParsedHead parsed_;
  Request request_;
  const Duration begun_;
  Dispatcher::Admission admission_;
  std::unique_ptr<BodyReceiver> receiver_;
  std::shared_ptr<LaterAnswer> later_;
  bool answered_ = false;
};

}  // namespace porchlight::http::internal
