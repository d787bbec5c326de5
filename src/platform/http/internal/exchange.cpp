#include "platform/http/internal/exchange.h"

#include <arpa/inet.h>

#include <array>
#include <utility>

#include "base/text.h"
#include "platform/http/events.h"

namespace porchlight::http::internal {

namespace {

constexpr std::int64_t kDownloadRetrySeconds = 10;

std::string NewRequestId(Random& random) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint64_t value = random.Next();
  std::string id(16, '0');
  for (char& digit : id) {
    digit = kDigits[value & 15U];
    value >>= 4U;
  }
  return id;
}

bool IsAddress(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 || inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// The last entry is the one our own proxy added; those before it are whatever the client claimed.
std::optional<std::string> ForwardedFor(const Headers& headers) {
  std::optional<std::string> last;
  for (const auto& [name, value] : headers.all()) {
    if (!EqualsIgnoringCase(name, "X-Forwarded-For")) continue;
    const std::size_t comma = value.rfind(',');
    last = std::string(Trim(std::string_view(value).substr(comma == std::string::npos ? 0 : comma + 1)));
  }
  return last && IsAddress(*last) ? last : std::nullopt;
}

constexpr std::array<std::string_view, 5> kClassMetrics = {"porchlight_http_requests_1xx_total", "porchlight_http_requests_2xx_total",
                                                           "porchlight_http_requests_3xx_total", "porchlight_http_requests_4xx_total",
                                                           "porchlight_http_requests_5xx_total"};

}  // namespace

Exchange::Exchange(ServerContext& context, ParsedHead parsed, std::string_view peer_address)
    : context_(context), parsed_(std::move(parsed)), begun_(context.clock.Monotonic()) {
  static_cast<RequestHead&>(request_) = std::move(parsed_.head);
  request_.request_id = NewRequestId(context.random);
  request_.peer_address = std::string(peer_address);
  request_.tls = context.tls != nullptr;
  if (!context.options.trust_forwarded_for) return;
  if (std::optional<std::string> forwarded = ForwardedFor(request_.headers)) request_.peer_address = *std::move(forwarded);
  if (request_.headers.Find("X-Forwarded-Proto") == "https") request_.tls = true;
}

void Exchange::Run(Step step) {
  if (step == Step::kTake) {
    TakeLater();
  } else {
    if (step == Step::kWhole || step == Step::kAdmit) Admit();
    if (!answered_ && step != Step::kAdmit) TakePiece();
  }
  if (answered_) receiver_ = nullptr;
}

bool Exchange::MayTake(std::uint64_t length) const {
  const Route* route = context_.dispatcher.RouteFor(request_);
  return route != nullptr && length <= route->body_bytes_max;
}

void Exchange::Admit() {
  admission_ = context_.dispatcher.Admit(request_);
  if (admission_.refusal) return Answer(*std::exchange(admission_.refusal, std::nullopt));
  const Route& route = *admission_.route;
  if (parsed_.content_length > route.body_bytes_max) {
    return Answer(context_.dispatcher.Refuse(&route, request_, BodyTooLarge(route)));
  }
  if (!route.streaming) return;
  auto receiver = context_.dispatcher.Open(route, request_, admission_.caller);
  if (!receiver.ok()) return Answer(context_.dispatcher.Refuse(&route, request_, receiver.error()));
  receiver_ = std::move(receiver).value();
}

void Exchange::TakePiece() {
  const Route& route = *admission_.route;
  if (receiver_ == nullptr) {
    request_.body = std::move(piece);
    return Answer(context_.dispatcher.Run(route, request_, admission_.caller));
  }
  if (!piece.empty()) {
    const Result<void> received = context_.dispatcher.Receive(*receiver_, piece);
    piece.clear();
    if (!received.ok()) return Answer(context_.dispatcher.Refuse(&route, request_, received.error()));
  }
  if (!body_complete) return;
  // The receiver has it all; what it waits for may take long.
  std::string().swap(piece);  // An assignment would keep the memory.
  room = {};
  Answer(context_.dispatcher.Complete(route, *receiver_, request_));
}

void Exchange::TakeLater() {
  const std::shared_ptr<LaterAnswer> later = std::exchange(later_, nullptr);
  Answer(context_.dispatcher.Take(*admission_.route, *later, request_));
}

void Exchange::Refuse(const ProtocolRefusal& refusal) {
  Response response = context_.dispatcher.Refuse(admission_.route, request_, refusal.error);
  if (refusal.status != StatusFor(refusal.error.code)) response.status = refusal.status;
  response.stream = nullptr;
  Answer(std::move(response));
}

void Exchange::Answer(Response response) {
  later_ = std::move(response.later);
  if (later_ != nullptr) return;
  answered_ = true;
  keep_alive = parsed_.keep_alive && (body_complete || !close_if_early) && !context_.draining.load(std::memory_order_relaxed);
  AnswerForm form;
  form.head_only = request_.method == Method::kHead;
  form.http_1_0 = parsed_.http_1_0;
  form.gzip = MayCompress(request_);
  if (response.events != nullptr) keep_alive = false;
  if (!form.head_only) events = response.events;
  form.keep_alive = keep_alive;
  const int status = response.status;
  BodyStream stream = std::exchange(response.stream, nullptr);
  if (stream && response.stream_bytes < 0) {
    return Refuse({500, Error{ErrorCode::kInternal, "Something went wrong on our side.", "a streamed body of unknown length", {}, 0}});
  }
  if (stream) {
    form.streamed_bytes = response.stream_bytes;
    if (form.head_only || IsBodiless(status)) stream = nullptr;
  }
  wire = EncodeAnswer(std::move(response), form, context_.clock.Now());
  if (stream && !BeginDownload(std::move(stream), *form.streamed_bytes)) {
    context_.metrics.Count("porchlight_http_downloads_refused_total", "", "");
    return Refuse({503, Error{ErrorCode::kUnavailable, "Too many downloads at the moment; try again.", {}, {}, kDownloadRetrySeconds}});
  }
  Note(status);
}

bool Exchange::BeginDownload(BodyStream stream, std::int64_t bytes) {
  BodyStream write = [stream = std::move(stream), bytes](const BodySink& sink) { return Dispatcher::Stream(stream, bytes, sink); };
  download = context_.downloads->Begin(std::exchange(wire, {}).head, std::move(write), bytes);
  return download != nullptr;
}

std::string_view Exchange::RouteName() const {
  return admission_.route == nullptr ? std::string_view("unmatched") : std::string_view(admission_.route->name);
}

void Exchange::NoteDownload(std::int64_t sent, bool complete, const std::optional<Error>& failure) {
  const std::string_view ended = complete ? "complete" : failure ? "failed" : "cut";
  const Duration took{context_.clock.Monotonic().microseconds - begun_.microseconds};
  context_.metrics.Count("porchlight_http_downloads_total", "ended", ended);
  std::vector<observe::LogField> fields = {{"route", std::string(RouteName())},
                                           {"ended", std::string(ended)},
                                           {"bytes", sent},
                                           {"ms", static_cast<double>(took.microseconds) / 1000.0},
                                           {"request_id", request_.request_id}};
  if (failure) {
    fields.emplace_back("code", static_cast<std::int64_t>(failure->code));
    fields.emplace_back("why", failure->operator_text.empty() ? failure->public_text : failure->operator_text);
  }
  context_.log.Write(failure ? observe::Level::kWarning : observe::Level::kInfo, "http.download", std::move(fields));
}

// The route's name, never what was asked for: a path or query may name a person.
void Exchange::Note(int status) {
  const std::string_view route = RouteName();
  const Duration took{context_.clock.Monotonic().microseconds - begun_.microseconds};
  const std::size_t status_class = status >= 100 && status < 600 ? static_cast<std::size_t>(status / 100 - 1) : 4;
  context_.metrics.Count(kClassMetrics[status_class], "route", route);
  context_.metrics.Observe("porchlight_http_request_seconds", "route", route, static_cast<double>(took.microseconds) / 1e6);
  context_.metrics.Count("porchlight_http_bytes_total", "direction", "out", static_cast<std::int64_t>(wire.size()));
  if (body_bytes > 0) context_.metrics.Count("porchlight_http_bytes_total", "direction", "in", static_cast<std::int64_t>(body_bytes));
  context_.log.Write(status >= 500 ? observe::Level::kWarning : observe::Level::kInfo, "http.request",
                     {{"route", std::string(route)},
                      {"method", std::string(NameOf(request_.method))},
                      {"status", static_cast<std::int64_t>(status)},
                      {"ms", static_cast<double>(took.microseconds) / 1000.0},
                      {"request_id", request_.request_id}});
}

}  // namespace porchlight::http::internal
