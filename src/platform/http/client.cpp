#include "platform/http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace porchlight::http {

namespace {

constexpr std::size_t kResponseBytesMax = 64 * 1024 * 1024;
constexpr std::size_t kResponseHeaderBytesMax = 256 * 1024;

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

void PrepareCurlOnce() {
  static const bool kReady = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  PL_CHECK(kReady);
}

// What the callbacks fill.
struct Reception {
  ClientResponse response;
  std::size_t header_bytes = 0;
  bool too_large = false;
};

std::size_t TakeBody(const char* data, std::size_t, std::size_t size, void* target) {
  auto& reception = *static_cast<Reception*>(target);
  if (reception.response.body.size() + size > kResponseBytesMax) {
    reception.too_large = true;
    return 0;
  }
  reception.response.body.append(data, size);
  return size;
}

std::size_t TakeHeader(const char* data, std::size_t, std::size_t size, void* target) {
  auto& reception = *static_cast<Reception*>(target);
  reception.header_bytes += size;
  if (reception.header_bytes > kResponseHeaderBytesMax) {
    reception.too_large = true;
    return 0;
  }
  const std::string_view line = Trim(std::string_view(data, size));
  // A status line begins anew: what came before was an interim answer (100 Continue).
  if (line.starts_with("HTTP/")) reception.response.headers = {};
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && !line.starts_with("HTTP/")) {
    reception.response.headers.Add(std::string(line.substr(0, colon)), std::string(Trim(line.substr(colon + 1))));
  }
  return size;
}

bool HasLineBreak(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos; }

Error Problem(CURLcode code, const Reception& reception, const char* detail) {
  if (reception.too_large) return Error{ErrorCode::kTooLarge, "The other side's answer is too large.", {}, {}, 0};
  const std::string operator_text = std::string(curl_easy_strerror(code)) + (detail[0] == '\0' ? "" : std::string(": ") + detail);
  switch (static_cast<int>(code)) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Error{ErrorCode::kInvalidArgument, "The address of the other side is not an http or https URL.", operator_text, {}, 0};
    case CURLE_OPERATION_TIMEDOUT:
      return Error{ErrorCode::kTimeout, "The other side took too long to answer.", operator_text, {}, 0};
    default:
      return Error{ErrorCode::kUnavailable, "The other side cannot be reached.", operator_text, {}, 0};
  }
}

// A quote or line break in a name would end the header early (WHATWG HTML section 4.10.21.8).
std::string EscapeFormName(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    if (c == '"') escaped += "%22";
    else if (c == '\r') escaped += "%0D";
    else if (c == '\n') escaped += "%0A";
    else escaped += c;
  }
  return escaped;
}

}  // namespace

struct Client::Inner {
  std::unique_ptr<CURL, FreeCurl> curl;
};

Client::Client() : inner_(std::make_unique<Inner>()) {
  PrepareCurlOnce();
  inner_->curl.reset(curl_easy_init());
  PL_CHECK(inner_->curl != nullptr);
}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<ClientResponse> Client::Send(const ClientRequest& request) {
  CURL* curl = inner_->curl.get();
  curl_easy_reset(curl);  // Keeps the connections.
  Reception reception;
  char detail[CURL_ERROR_SIZE] = "";
  std::unique_ptr<curl_slist, FreeList> headers;
  const auto add = [&](const std::string& line) { headers.reset(curl_slist_append(headers.release(), line.c_str())); };
  if (request.url.find('\0') != std::string::npos) return Error{ErrorCode::kInvalidArgument, "The URL holds a NUL.", {}, {}, 0};
  for (const auto& [name, value] : request.headers.all()) {
    if (HasLineBreak(name) || HasLineBreak(value)) return Error{ErrorCode::kInvalidArgument, "A header holds a line break.", {}, {}, 0};
    add(value.empty() ? name + ";" : name + ": " + value);
  }
  if (!request.headers.Find("Expect")) add("Expect:");  // One round trip less; our bodies are small.
  if (!request.headers.Find("Accept")) add("Accept:");
  if (!request.body.empty() && !request.headers.Find("Content-Type")) add("Content-Type: application/octet-stream");

  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(1, request.time_max.microseconds / 1000)));
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reception);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &TakeHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reception);
  if (!request.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl, CURLOPT_USERNAME, request.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, request.password.c_str());
  }
  const Method method = request.method;
  const bool has_body = !request.body.empty() || method == Method::kPost || method == Method::kPut || method == Method::kPatch;
  if (has_body) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  if (request.method == Method::kHead) curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  else curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, std::string(NameOf(request.method)).c_str());

  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) return Problem(code, reception, detail);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  reception.response.status = static_cast<int>(status);
  return std::move(reception.response);
}

std::string EncodeMultipart(const std::vector<FormPart>& parts, std::string_view boundary) {
  std::string body;
  for (const FormPart& part : parts) {
    body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"").append(EscapeFormName(part.name)).append("\"");
    if (!part.file_name.empty()) body.append("; filename=\"").append(EscapeFormName(part.file_name)).append("\"");
    if (!part.content_type.empty()) body.append("\r\nContent-Type: ").append(part.content_type);
    body.append("\r\n\r\n").append(part.content).append("\r\n");
  }
  return body.append("--").append(boundary).append("--\r\n");
}

}  // namespace porchlight::http
