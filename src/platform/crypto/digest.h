#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace porchlight::crypto {

// Raw digests; use HexEncode to show them. OpenSSL underneath.
std::string Md5(std::string_view bytes);      // 16 bytes. For the wire and for hash lists only, never for security.
std::string Sha1(std::string_view bytes);     // 20 bytes. Likewise.
std::string Sha256(std::string_view bytes);   // 32 bytes.
std::string HmacSha256(std::string_view key, std::string_view bytes);
std::string HmacSha1(std::string_view key, std::string_view bytes);  // For RFC 6238 codes.

// The three digests every reported file gets, computed in one pass. One thread at a time.
struct FileDigests {
  std::string md5;
  std::string sha1;
  std::string sha256;
};
class FileHasher {
 public:
  FileHasher();
  ~FileHasher();
  FileHasher(FileHasher&&) noexcept;
  FileHasher& operator=(FileHasher&&) noexcept;
  void Update(std::string_view bytes);
  FileDigests Finish();  // Once.

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

// SHA-256 alone, in pieces. One thread at a time.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  void Update(std::string_view bytes);
  std::string Finish();  // Once.

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace porchlight::crypto
