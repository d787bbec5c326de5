#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "platform/http/message.h"

namespace porchlight::http {

struct ClientRequest {
  Method method = Method::kGet;
  std::string url;
  Headers headers;
  std::string body;
  std::string user;                       // HTTP Basic, when not empty.
  std::string password;
  Duration time_max = Duration::Seconds(30);
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

// A client that keeps its connections (libcurl). One thread at a time; make one per thread. Follows no redirects,
// speaks http and https only, uses no proxy from the environment.
class Client {
 public:
  Client();
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  // Errors: kUnavailable (cannot connect), kTimeout, kInvalidArgument (bad URL).
  Result<ClientResponse> Send(const ClientRequest& request);

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

// The boundary-separated body of a form (RFC 7578), for what we send ourselves.
struct FormPart {
  std::string name;
  std::string file_name;                  // Empty: a plain field.
  std::string content_type;
  std::string content;
};
std::string EncodeMultipart(const std::vector<FormPart>& parts, std::string_view boundary);

}  // namespace porchlight::http
