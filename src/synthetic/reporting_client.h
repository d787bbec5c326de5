#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "platform/http/client.h"
#include "synthetic/providers.h"
#include "synthetic/report_writer.h"

// The sender's side of the reporting API, in the manner of one provider after the other.
namespace porchlight::synthetic {

// One request, one answer; made once per connection, used by one thread.
using Transport = std::function<Result<http::ClientResponse>(const http::ClientRequest&)>;
using TransportFactory = std::function<Transport()>;
// Over libcurl, keeping its connection.
TransportFactory NetworkTransport();

enum class Call : std::uint8_t { kSubmit = 0, kUpload = 1, kFileDetails = 2, kFinish = 3, kRetract = 4, kOther = 5 };
inline constexpr std::size_t kCallCount = 6;
std::string_view NameOf(Call call);

struct Endpoint {
  std::string base_url;               // "http://127.0.0.1:8080"; "/ispws" and so on are appended.
  std::string login;
  std::string password;
  Duration time_max = Duration::Seconds(30);
};

// What one call came to.
struct Reply {
  bool answered = false;              // False: no answer; whether it took effect is not known.
  int status = 0;                     // HTTP.
  std::int64_t code = -1;             // The reporting API's response code; -1: the body has none.
  std::int64_t report_id = 0;
  std::string file_id;
  Duration took;
  bool Accepted() const { return answered && status == 200 && code == 0; }
  // The server's fault, or nobody there: worth another try later.
  bool Transient() const { return !answered || status == 429 || status >= 500; }
};

// Reads code, report id and file id from a reply document.
Reply ReadReply(const http::ClientResponse& response);

// Builds and sends the requests of one connection. One thread.
class ReportingClient {
 public:
  ReportingClient(const Endpoint& endpoint, Transport transport, const Clock& clock);

  Reply Submit(const Provider& provider, std::string document);
  Reply Upload(const Provider& provider, std::int64_t report_id, const SyntheticFile& file);
  Reply Describe(const Provider& provider, std::string document);
  Reply Finish(const Provider& provider, std::int64_t report_id);
  Reply Retract(const Provider& provider, std::int64_t report_id);
  Reply ReadSchema();

 private:
  Reply Send(http::Method method, std::string_view path, std::string_view content_type, std::string body);
  Reply SendForm(const Provider& provider, std::string_view path, std::int64_t report_id);

  Endpoint endpoint_;
  Transport transport_;
  const Clock& clock_;
};

}  // namespace porchlight::synthetic
