#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace porchlight::crypto {

constexpr std::size_t kChunkTagBytes = 16;

// Which chunk of a stream: its place, and whether it is the last one. Both are part of the nonce, so a chunk that was
// moved, left out, repeated or cut off behind does not open.
struct ChunkPlace {
  std::uint64_t index = 0;
  bool last = false;
};

// A long content as a row of AES-256-GCM chunks, each ciphertext followed by its tag. The nonce is the place, so one
// key must seal exactly one stream: use a fresh random key per object, and never seal two chunks at one place.
// `context` is authenticated with every chunk and not stored. One thread at a time.
class ChunkCipher {
 public:
  ChunkCipher(std::string_view key, std::string_view context);
  ~ChunkCipher();
  ChunkCipher(ChunkCipher&&) noexcept;
  ChunkCipher& operator=(ChunkCipher&&) noexcept;

  // Writes plain.size() + kChunkTagBytes bytes to `sealed`.
  void Seal(ChunkPlace place, std::string_view plain, char* sealed);
  // Replaces `plain` by the chunk's content; it is empty after an error. Errors: kCorrupt.
  Result<void> Open(ChunkPlace place, std::string_view sealed, std::string& plain);

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace porchlight::crypto
