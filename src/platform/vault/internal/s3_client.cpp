#include "platform/vault/internal/s3_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/check.h"
#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::vault::internal {
namespace {

constexpr std::size_t kAnswerBytesMax = 64 * 1024 * 1024;
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kIdleMax = 64;

Error Unavailable(const std::string& what) {
  return Error{ErrorCode::kUnavailable, "The evidence store does not answer. Try again later.", "vault: S3: " + what, {}, 5};
}

// What one transfer reads and writes. Lives on the stack of Perform.
struct Transfer {
  const S3Body* body = nullptr;
  std::int64_t offset = 0;
  std::string held;          // Read from the body and not yet sent.
  std::string received;
  std::string tag;
  std::optional<Error> error;
};

std::size_t OnRead(char* out, std::size_t one, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.held.empty()) {
    Result<std::string> next = (*transfer.body)(transfer.offset, kReadBytes);
    if (!next.ok()) {
      transfer.error = next.error();
      return CURL_READFUNC_ABORT;
    }
    transfer.held = *std::move(next);
    transfer.offset += static_cast<std::int64_t>(transfer.held.size());
  }
  const std::size_t size = std::min(one * count, transfer.held.size());
  std::memcpy(out, transfer.held.data(), size);
  transfer.held.erase(0, size);
  return size;
}

// A lost connection makes curl send the body again.
int OnSeek(void* user, curl_off_t offset, int origin) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  transfer.offset = offset;
  transfer.held.clear();
  return CURL_SEEKFUNC_OK;
}

std::size_t OnWrite(char* data, std::size_t one, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.received.size() + one * count > kAnswerBytesMax) return 0;
  transfer.received.append(data, one * count);
  return one * count;
}

std::size_t OnHeader(char* data, std::size_t one, std::size_t count, void* user) {
  const std::string_view line(data, one * count);
  if (EqualsIgnoringCase(line.substr(0, 5), "etag:")) static_cast<Transfer*>(user)->tag = Trim(line.substr(5));
  return one * count;
}

// The text of each <name> element, in order; S3's answers need no more of XML. References of the five named kinds are
// resolved.
std::vector<std::string> Elements(std::string_view xml, const std::string& name) {
  std::vector<std::string> texts;
  const std::string open = "<" + name + ">";
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at)) {
    at += open.size();
    const std::size_t end = xml.find('<', at);
    if (end == std::string_view::npos) break;
    std::string text(xml.substr(at, end - at));
    for (const auto& [reference, letter] : {std::pair("&lt;", "<"), {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}}) {
      for (std::size_t place = text.find(reference); place != std::string::npos; place = text.find(reference, place + 1)) {
        text.replace(place, std::strlen(reference), letter);
      }
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string FirstElement(std::string_view xml, const std::string& name) {
  const std::vector<std::string> texts = Elements(xml, name);
  return texts.empty() ? std::string() : texts.front();
}

Result<Instant> TimeOf(const std::string& text) {
  const Result<OffsetInstant> parsed = ParseDateTime(text);
  if (!parsed.ok()) return Unavailable("a listing has the time '" + text + "'");
  return parsed->instant;
}

const S3Body kNoBody = [](std::int64_t, std::size_t) { return Result<std::string>(std::string()); };

S3Body BodyOf(const std::string& text) {
  return [&text](std::int64_t offset, std::size_t size) {
    return Result<std::string>(text.substr(static_cast<std::size_t>(offset), size));
  };
}

struct Headers {
  curl_slist* list = nullptr;
  ~Headers() { curl_slist_free_all(list); }
  void Add(const std::string& line) {
    curl_slist* longer = curl_slist_append(list, line.c_str());
    PL_CHECK(longer != nullptr);
    list = longer;
  }
};

void Prepare(void* handle, const std::string& url, const std::string& method, const Headers& headers, std::int64_t bytes,
             Transfer& transfer) {
  curl_easy_reset(handle);
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);  // Half a minute without a byte is no answer.
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 30L);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, OnWrite);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  if (method == "PUT" || method == "POST") {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(bytes));
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, OnRead);
    curl_easy_setopt(handle, CURLOPT_READDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, OnSeek);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, &transfer);
  }
}

// Signing and sending encode a path alike.
std::string UrlOf(const std::string& endpoint, const S3Request& request) {
  std::string url = endpoint;
  for (const std::string_view segment : Split(std::string_view(request.path).substr(1), '/')) url += "/" + PercentEncode(segment);
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    url += separator + PercentEncode(name) + "=" + PercentEncode(value);
    separator = '&';
  }
  return url;
}

}  // namespace

S3Client::S3Client(S3Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  PL_CHECK(kReady == CURLE_OK);
  host_ = options_.endpoint.substr(options_.endpoint.find("//") + 2);
}

S3Client::~S3Client() {
  for (void* handle : idle_) curl_easy_cleanup(handle);
}

Result<std::string> S3Client::Digest(std::int64_t bytes, const S3Body& body) const {
  crypto::Sha256Stream digest;
  for (std::int64_t offset = 0; offset < bytes;) {
    const std::string part = PL_TRY(body(offset, kReadBytes));
    if (part.empty()) return Unavailable("a staged object ended too early");
    digest.Update(part);
    offset += static_cast<std::int64_t>(part.size());
  }
  return HexEncode(digest.Finish());
}

Result<S3Client::Answer> S3Client::Perform(S3Request request, std::int64_t bytes, const S3Body& body) {
  request.path = "/" + options_.bucket + (request.path.empty() ? "" : "/" + request.path);
  const std::string digest = PL_TRY(Digest(bytes, body));
  const S3Signature signature = SignS3(request, options_, host_, digest, clock_.Now());

  const std::string url = UrlOf(options_.endpoint, request);
  Headers headers;
  headers.Add("Authorization: " + signature.authorization);
  headers.Add("x-amz-date: " + signature.date);
  headers.Add("x-amz-content-sha256: " + digest);
  headers.Add("Expect:");
  headers.Add("Content-Type:");
  for (const auto& [name, value] : request.headers) headers.Add(name + ": " + value);

  void* handle = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      handle = idle_.back();
      idle_.pop_back();
    }
  }
  if (handle == nullptr) handle = curl_easy_init();
  PL_CHECK(handle != nullptr);
  Transfer transfer;
  transfer.body = &body;
  Prepare(handle, url, request.method, headers, bytes, transfer);
  const CURLcode code = curl_easy_perform(handle);
  Answer answer{0, std::move(transfer.received), std::move(transfer.tag)};
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  {
    const std::lock_guard lock(mutex_);
    if (code == CURLE_OK && idle_.size() < kIdleMax) {
      idle_.push_back(handle);
      handle = nullptr;
    }
  }
  if (handle != nullptr) curl_easy_cleanup(handle);
  if (transfer.error) return *std::move(transfer.error);
  const std::string what = request.method + " " + options_.endpoint + request.path;
  if (code != CURLE_OK) return Unavailable(what + ": " + curl_easy_strerror(code));
  if (answer.status / 100 == 2) return answer;
  if (answer.status == 404) return Error{ErrorCode::kNotFound, "No such object.", "vault: S3: " + what + ": not found", {}, 0};
  const std::string detail = what + ": status " + std::to_string(answer.status) + " " + FirstElement(answer.body, "Code") + " " +
                             FirstElement(answer.body, "Message");
  if (answer.status == 507 || answer.status == 413) {
    return Error{ErrorCode::kNoSpace, "There is no room to store this. Nothing was accepted; try again later.",
                 "vault: S3: " + detail, {}, 60};
  }
  return Unavailable(detail + (answer.status == 403 ? "; check the keys, the bucket's policy and this machine's clock" : ""));
}

Result<void> S3Client::Put(const std::string& key, std::int64_t bytes, const S3Body& body) {
  PL_TRY(Perform({"PUT", key, {}, {}}, bytes, body));
  return {};
}

Result<void> S3Client::Get(const std::string& key, std::int64_t offset, std::size_t size, std::string& bytes) {
  const std::string range = "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + static_cast<std::int64_t>(size) - 1);
  Answer answer = PL_TRY(Perform({"GET", key, {}, {{"range", range}}}, 0, kNoBody));
  bytes = std::move(answer.body);
  return {};
}

Result<void> S3Client::Delete(const std::string& key) {
  const Result<Answer> answer = Perform({"DELETE", key, {}, {}}, 0, kNoBody);
  if (!answer.ok() && answer.error().code != ErrorCode::kNotFound) return answer.error();
  return {};
}

Result<S3Page<S3Object>> S3Client::List(const std::string& prefix, const std::string& after) {
  S3Request request{"GET", "", {{"list-type", "2"}, {"max-keys", "1000"}, {"prefix", prefix}}, {}};
  if (!after.empty()) request.query["start-after"] = after;
  const Answer answer = PL_TRY(Perform(std::move(request), 0, kNoBody));
  const std::vector<std::string> keys = Elements(answer.body, "Key");
  const std::vector<std::string> times = Elements(answer.body, "LastModified");
  if (keys.size() != times.size()) return Unavailable("a listing cannot be understood");
  S3Page<S3Object> page;
  for (std::size_t index = 0; index < keys.size(); ++index) page.items.push_back({keys[index], PL_TRY(TimeOf(times[index]))});
  if (FirstElement(answer.body, "IsTruncated") == "true" && !keys.empty()) page.next = keys.back();
  return page;
}

Result<std::string> S3Client::BeginUpload(const std::string& key) {
  const Answer answer = PL_TRY(Perform({"POST", key, {{"uploads", ""}}, {}}, 0, kNoBody));
  std::string id = FirstElement(answer.body, "UploadId");
  if (id.empty()) return Unavailable("no upload id for " + key);
  return id;
}

Result<std::string> S3Client::PutPart(const std::string& key, const std::string& id, int number, std::int64_t bytes,
                                      const S3Body& body) {
  Answer answer = PL_TRY(Perform({"PUT", key, {{"partNumber", std::to_string(number)}, {"uploadId", id}}, {}}, bytes, body));
  if (answer.tag.empty()) return Unavailable("no tag for a part of " + key);
  return std::move(answer.tag);
}

Result<void> S3Client::CompleteUpload(const std::string& key, const std::string& id, const std::vector<std::string>& tags) {
  std::string text = "<CompleteMultipartUpload>";
  for (std::size_t index = 0; index < tags.size(); ++index) {
    text += "<Part><PartNumber>" + std::to_string(index + 1) + "</PartNumber><ETag>" + EscapeMarkup(tags[index]) + "</ETag></Part>";
  }
  text += "</CompleteMultipartUpload>";
  const Answer answer =
      PL_TRY(Perform({"POST", key, {{"uploadId", id}}, {}}, static_cast<std::int64_t>(text.size()), BodyOf(text)));
  // The status was sent before the work was done: the outcome is in the body.
  if (answer.body.find("<Error>") != std::string::npos || answer.body.find("CompleteMultipartUploadResult") == std::string::npos) {
    return Unavailable("completing " + key + ": " + FirstElement(answer.body, "Code"));
  }
  return {};
}

Result<void> S3Client::AbortUpload(const std::string& key, const std::string& id) {
  const Result<Answer> answer = Perform({"DELETE", key, {{"uploadId", id}}, {}}, 0, kNoBody);
  if (!answer.ok() && answer.error().code != ErrorCode::kNotFound) return answer.error();
  return {};
}

Result<std::vector<S3Upload>> S3Client::ListUploads(const std::string& prefix) {
  const Answer answer = PL_TRY(Perform({"GET", "", {{"max-uploads", "1000"}, {"prefix", prefix}, {"uploads", ""}}, {}}, 0, kNoBody));
  const std::vector<std::string> keys = Elements(answer.body, "Key");
  const std::vector<std::string> ids = Elements(answer.body, "UploadId");
  const std::vector<std::string> times = Elements(answer.body, "Initiated");
  if (keys.size() != ids.size() || keys.size() != times.size()) return Unavailable("a list of uploads cannot be understood");
  std::vector<S3Upload> uploads;
  for (std::size_t index = 0; index < keys.size(); ++index) uploads.push_back({keys[index], ids[index], PL_TRY(TimeOf(times[index]))});
  return uploads;
}

}  // namespace porchlight::vault::internal
