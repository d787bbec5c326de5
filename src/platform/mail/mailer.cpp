#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "platform/mail/mail.h"

namespace porchlight::mail {

namespace {

constexpr long kConnectSeconds = 5;
constexpr long kWholeSeconds = 15;               // A server that stops waits no longer for it.

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

struct Reading {
  std::string_view rest;
};

std::size_t GiveBytes(char* target, std::size_t size, std::size_t count, void* source) {
  auto& reading = *static_cast<Reading*>(source);
  const std::size_t bytes = std::min(size * count, reading.rest.size());
  std::memcpy(target, reading.rest.data(), bytes);
  reading.rest.remove_prefix(bytes);
  return bytes;
}

std::size_t Forget(const char*, std::size_t size, std::size_t count, void*) { return size * count; }

// 5yz is for good, 4yz for now (RFC 5321 section 4.2.1).
Error Problem(CURL* curl, CURLcode code, const char* detail) {
  long reply = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
  const std::string operator_text = std::string(curl_easy_strerror(code)) + (detail[0] == '\0' ? "" : std::string(": ") + detail) +
                                    (reply == 0 ? "" : ", reply " + std::to_string(reply));
  if (code == CURLE_OPERATION_TIMEDOUT) return Error{ErrorCode::kTimeout, "The mail server took too long.", operator_text, {}, 0};
  if (code == CURLE_LOGIN_DENIED || reply / 100 == 5) {
    return Error{ErrorCode::kForbidden, "The mail server refuses the sign-in, the sender or the receiver.", operator_text, {}, 0};
  }
  return Error{ErrorCode::kUnavailable, "The mail server cannot be used just now.", operator_text, {}, 0};
}

}  // namespace

Result<void> Mailer::Send(const Mail& mail, Instant now) const {
  const std::string message = PL_TRY(MessageOf(server_, mail, now));
  PrepareCurlOnce();
  const std::unique_ptr<CURL, FreeCurl> holder(curl_easy_init());
  PL_CHECK(holder != nullptr);
  CURL* curl = holder.get();
  const std::string from = "<" + server_.from + ">";
  const std::unique_ptr<curl_slist, FreeList> to(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()));
  Reading reading{message};
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_URL, server_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  // On this machine: a server of Debian's offers TLS with a certificate of nobody.
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(server_.RequiresTls() ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
  if (!server_.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, server_.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, server_.password.Reveal().c_str());
  }
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, GiveBytes);
  curl_easy_setopt(curl, CURLOPT_READDATA, &reading);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Forget);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kWholeSeconds);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
  const CURLcode code = curl_easy_perform(curl);
  return code == CURLE_OK ? Result<void>() : Problem(curl, code, detail);
}

}  // namespace porchlight::mail
