#include "base/text.h"
#include "platform/crypto/digest.h"
#include "platform/vault/internal/s3_client.h"

namespace porchlight::vault::internal {
namespace {

// Everything but the slashes between segments.
std::string EncodedPath(std::string_view path) {
  std::string encoded;
  for (const std::string_view segment : Split(path, '/')) encoded += PercentEncode(segment) + "/";
  encoded.pop_back();
  return encoded;
}

// "20260102T030405Z" of "2026-01-02T03:04:05.678901Z".
std::string CompactDate(Instant now) {
  std::string date;
  for (const char letter : FormatInstant(now).substr(0, 19)) {
    if (letter != '-' && letter != ':') date += letter;
  }
  return date + "Z";
}

}  // namespace

S3Signature SignS3(const S3Request& request, const S3Options& options, std::string_view host,
                   std::string_view body_sha256_hex, Instant now) {
  S3Signature signature;
  signature.date = CompactDate(now);
  const std::string day = signature.date.substr(0, 8);

  std::string query;
  for (const auto& [name, value] : request.query) {
    query += (query.empty() ? "" : "&") + PercentEncode(name) + "=" + PercentEncode(value);
  }
  std::map<std::string, std::string> headers = request.headers;
  headers["host"] = host;
  headers["x-amz-content-sha256"] = body_sha256_hex;
  headers["x-amz-date"] = signature.date;
  std::string header_lines;
  std::string header_names;
  for (const auto& [name, value] : headers) {
    header_lines += name + ":" + std::string(Trim(value)) + "\n";
    header_names += (header_names.empty() ? "" : ";") + name;
  }
  const std::string canonical = request.method + "\n" + EncodedPath(request.path) + "\n" + query + "\n" + header_lines + "\n" +
                                header_names + "\n" + std::string(body_sha256_hex);
  const std::string scope = day + "/" + options.region + "/s3/aws4_request";
  const std::string to_sign =
      "AWS4-HMAC-SHA256\n" + signature.date + "\n" + scope + "\n" + HexEncode(crypto::Sha256(canonical));

  std::string key = "AWS4" + options.secret_key;
  for (const std::string_view part : {std::string_view(day), std::string_view(options.region), std::string_view("s3"),
                                      std::string_view("aws4_request")}) {
    key = crypto::HmacSha256(key, part);
  }
  signature.authorization = "AWS4-HMAC-SHA256 Credential=" + options.access_key + "/" + scope +
                            ",SignedHeaders=" + header_names +
                            ",Signature=" + HexEncode(crypto::HmacSha256(key, to_sign));
  return signature;
}

}  // namespace porchlight::vault::internal
