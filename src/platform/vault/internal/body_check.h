#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace porchlight::vault::internal {

// What tells a whole object from a torn one without any key: 32 bytes over everything behind the header. Against people the content is
// protected by its cipher; this is against power cuts alone, so a checksum does, at a tenth of a digest's price.
enum class BodyCheckKind { kSha256, kXxh3 };  // Of objects of format 1, and of those of format 2 (XXH3-128 and 16 zeros).

class BodyCheck {
 public:
  explicit BodyCheck(BodyCheckKind kind);
  ~BodyCheck();
  BodyCheck(const BodyCheck&) = delete;
  BodyCheck& operator=(const BodyCheck&) = delete;

  void Update(std::string_view bytes);
  std::string Finish();  // Once.

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace porchlight::vault::internal
