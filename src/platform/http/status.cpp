#include "platform/http/message.h"

#include "base/check.h"

namespace porchlight::http {

// No default: a new code does not compile until it is answered here.
int StatusFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMalformed: return 400;
    case ErrorCode::kInvalidArgument: return 422;
    case ErrorCode::kUnauthenticated: return 401;
    case ErrorCode::kForbidden: return 403;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kConflict: return 409;
    case ErrorCode::kTooLarge: return 413;
    case ErrorCode::kUnsupported: return 415;
    case ErrorCode::kTooManyRequests: return 429;
    case ErrorCode::kTimeout: return 408;
    case ErrorCode::kUnavailable: return 503;
    case ErrorCode::kNoSpace: return 507;
    case ErrorCode::kInternal: return 500;
    case ErrorCode::kCorrupt: return 500;
  }
  PL_CHECK(false);
}

namespace {

// What a caller reads as error.code.
std::string_view NameOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMalformed: return "malformed";
    case ErrorCode::kInvalidArgument: return "invalid_argument";
    case ErrorCode::kUnauthenticated: return "unauthenticated";
    case ErrorCode::kForbidden: return "forbidden";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kConflict: return "conflict";
    case ErrorCode::kTooLarge: return "too_large";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kTooManyRequests: return "too_many_requests";
    case ErrorCode::kTimeout: return "timeout";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kNoSpace: return "no_space";
    case ErrorCode::kInternal: return "internal";
    case ErrorCode::kCorrupt: return "corrupt";
  }
  PL_CHECK(false);
}

}  // namespace

Response ErrorResponse(const Error& error, std::string_view request_id) {
  Json inner;
  inner.Set("code", NameOf(error.code));
  // An error without a public text must not show its operator text instead.
  inner.Set("message", error.public_text.empty() ? "The request could not be answered." : error.public_text);
  if (!error.field.empty()) inner.Set("field", error.field);
  inner.Set("request_id", request_id);
  Response response = JsonResponse(StatusFor(error.code), Json().Set("error", std::move(inner)));
  if (error.retry_after_seconds > 0) response.headers.Set("Retry-After", std::to_string(error.retry_after_seconds));
  return response;
}

}  // namespace porchlight::http
