#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "platform/vault/vault.h"

// The few requests of the S3 protocol that the vault needs, signed with AWS Signature Version 4.
namespace porchlight::vault::internal {

// What a signature covers. Names of `headers` in lower case; `query` as names and values before encoding.
struct S3Request {
  std::string method;
  std::string path;                            // "/bucket/key", before encoding.
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // Besides host, x-amz-content-sha256 and x-amz-date.
};
struct S3Signature {
  std::string authorization;
  std::string date;                            // For x-amz-date.
};
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
S3Signature SignS3(const S3Request& request, const S3Options& options, std::string_view host, std::string_view body_sha256_hex,
                   Instant now);

struct S3Object {
  std::string key;
  Instant modified;
};
struct S3Upload {
  std::string key;
  std::string id;
  Instant begun;
};
template <class Item>
struct S3Page {
  std::vector<Item> items;
  std::string next;  // Empty when this was the last page.
};

// Gives the next bytes of a body, at most `size`; fewer only at its end.
using S3Body = std::function<Result<std::string>(std::int64_t offset, std::size_t size)>;

// Thread-safe. Errors of all: kNotFound (404), kNoSpace (507, over quota), kUnavailable (no answer, refused, 5xx).
class S3Client {
 public:
  S3Client(S3Options options, const Clock& clock);
  ~S3Client();

  Result<void> Put(const std::string& key, std::int64_t bytes, const S3Body& body);
  // Replaces `bytes` by what is there from `offset`, at most `size`.
  Result<void> Get(const std::string& key, std::int64_t offset, std::size_t size, std::string& bytes);
  Result<void> Delete(const std::string& key);  // Absent already is fine.
  Result<S3Page<S3Object>> List(const std::string& prefix, const std::string& after);

  Result<std::string> BeginUpload(const std::string& key);  // Answers its id.
  // Answers the part's tag. `number` counts from 1.
  Result<std::string> PutPart(const std::string& key, const std::string& id, int number, std::int64_t bytes, const S3Body& body);
  Result<void> CompleteUpload(const std::string& key, const std::string& id, const std::vector<std::string>& tags);
  Result<void> AbortUpload(const std::string& key, const std::string& id);
  Result<std::vector<S3Upload>> ListUploads(const std::string& prefix);  // The first 1,000.

 private:
  struct Answer {
    long status = 0;
    std::string body;
    std::string tag;
  };
  Result<Answer> Perform(S3Request request, std::int64_t bytes, const S3Body& body);
  Result<std::string> Digest(std::int64_t bytes, const S3Body& body) const;

  const S3Options options_;
  const Clock& clock_;
  std::string host_;
  std::mutex mutex_;                  // Guards idle_.
  std::vector<void*> idle_;           // Curl handles with open connections.
};

}  // namespace porchlight::vault::internal
