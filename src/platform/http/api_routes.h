#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/http/api_document.h"
#include "platform/http/routing.h"

// What the rooms' JSON routes have in common: a handler may fail, and a failure is answered as ErrorResponse.
namespace porchlight::http {

using ApiHandler = std::function<Result<Response>(const Request&, const auth::Caller&)>;

class ApiRoutes {
 public:
  // `prefix`: of patterns, "/api/v1/"; `room`: of names, "triage.".
  ApiRoutes(std::string prefix, std::string room, std::size_t body_bytes_max)
      : prefix_(std::move(prefix)), room_(std::move(room)), body_bytes_max_(body_bytes_max) {}
  void Add(Method method, std::string_view pattern, std::string_view name, std::string_view permission, ApiHandler handler);
  // The same with a method of `self`, which outlives the routes.
  template <class Self>
  void Add(Method method, std::string_view pattern, std::string_view name, std::string_view permission, Self* self,
           Result<Response> (Self::*act)(const Request&, const auth::Caller&)) {
    Add(method, pattern, name, permission,
        [self, act](const Request& request, const auth::Caller& caller) { return (self->*act)(request, caller); });
  }
  std::vector<Route> Take() { return std::move(routes_); }

 private:
  const std::string prefix_;
  const std::string room_;
  const std::size_t body_bytes_max_;
  std::vector<Route> routes_;
};

// Their descriptions, in the same order.
class ApiOperations {
 public:
  ApiOperations(std::string prefix, std::string tag) : prefix_(std::move(prefix)), tag_(std::move(tag)) {}
  // The reference is good until the next Add.
  ApiOperation& Add(Method method, std::string_view pattern, std::string_view permission, std::string summary,
                    std::function<Json(Json&)> response, std::vector<int> refusals);
  std::vector<ApiOperation> Take() { return std::move(operations_); }

 private:
  const std::string prefix_;
  const std::string tag_;
  std::vector<ApiOperation> operations_;
};

// The number in the path. What is no number of ours names nothing: it answers as an unknown one. Errors: kNotFound, "There is no
// such WHAT.", with `what` as field.
Result<std::int64_t> PathNumber(const Request& request, std::string_view what, std::string_view name = "id");

// The body as a record. Errors: as Request::JsonBody and FromJson.
template <class Body>
Result<Body> BodyAs(const Request& request) {
  const Json json = PL_TRY(request.JsonBody());
  return FromJson<Body>(json, "");
}

}  // namespace porchlight::http
