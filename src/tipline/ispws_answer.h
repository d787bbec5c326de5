#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "platform/http/message.h"
#include "tipline/report.h"
#include "tipline/wire.h"

// Answers in the dialect of the reporting API. Only ispws_*.cpp use them.
namespace porchlight::tipline {

http::Response XmlResponse(int status, std::string body);
http::Response Accepted(const wire::Reply& reply);
// `status` 0: as the code says.
http::Response Refused(wire::Endpoint endpoint, const wire::Reply& reply, int status = 0);
// An error of the intake or of what lies below it. `otherwise`: the code for what is our fault.
http::Response RefusedBy(wire::Endpoint endpoint, const Error& error, std::optional<std::int64_t> report, wire::Code otherwise);

// The answer to a change, such as an IntakeStore::Change, once it is durable; while it is being committed nobody waits for it. `Answer`:
// what the change answers.
template <class Answer>
class AnsweredLater final : public http::LaterAnswer {
 public:
  using Change = std::function<void(std::function<void(Result<Answer>)>)>;
  using Show = std::function<http::Response(const Result<Answer>&)>;
  // `show` owns, or shares, all it uses.
  AnsweredLater(Change change, Show show) : change_(std::move(change)), show_(std::move(show)) {}

  void Begin(std::function<void()> ready) noexcept override {
    change_([this, ready = std::move(ready)](Result<Answer> answer) {
      answer_ = std::move(answer);
      ready();
    });
  }
  http::Response Take() override { return show_(*answer_); }

 private:
  const Change change_;
  const Show show_;
  std::optional<Result<Answer>> answer_;
};

template <class Answer>
http::Response AnswerLater(typename AnsweredLater<Answer>::Change change, typename AnsweredLater<Answer>::Show show) {
  http::Response response;
  response.later = std::make_shared<AnsweredLater<Answer>>(std::move(change), std::move(show));
  return response;
}

}  // namespace porchlight::tipline
