#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "platform/crypto/chunk_cipher.h"
#include "platform/vault/internal/aligned_bytes.h"
#include "platform/vault/internal/body_check.h"
#include "platform/vault/vault.h"

// One sealed object: a header of fixed length, then the content in chunks. docs/formats/vault.md is the specification;
// both the folder and the S3 vault store exactly these bytes.
namespace porchlight::vault::internal {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::int64_t kHeaderBytes = 148;

struct Header {
  std::int64_t master_version = 0;  // Under which the name and the header key were derived.
  std::int64_t plain_bytes = 0;
  std::string name;                 // 64 hex digits.
  BodyCheckKind check_kind = BodyCheckKind::kXxh3;
  std::string body_check;           // 32 bytes: whole or torn, without any key.
  std::string sealed_key;           // The object's own random key, sealed by the header key.
};
std::string HeaderText(const Header& header);
std::optional<Header> ParseHeader(std::string_view bytes);  // Nothing when it is no header of the formats known here.
bool IsOfAnotherFormat(std::string_view bytes);             // The header of an object, of a format that is not known here.
// What such an object answers: whoever can read it is to be started. Field kFormatField.
inline constexpr std::string_view kFormatField = "format";
Error OfAnotherFormat(const std::string& what);

// Of header and chunks together.
std::int64_t ObjectBytes(std::int64_t plain_bytes);

// Seals one content while it streams by. One thread.
class ObjectSealer {
 public:
  // `copy` is kept sealed in the reference: which copy of the content it is, where a store needs to know.
  ObjectSealer(const MasterKeys& keys, Random& random, std::string copy = {});
  // Appends finished chunks to `body`.
  void Append(std::string_view plain, AlignedBytes& body);

  struct Sealed {
    std::string header;
    StoredObject stored;
  };
  Result<Sealed> Finish(AlignedBytes& body);  // Once. Errors: kNotFound (no master key).
  // After Finish: a reference to another copy of the same content.
  Result<ObjectReference> ReferTo(const ObjectReference& reference, const std::string& copy) const;

 private:
  void SealChunk(std::string_view plain, bool last, AlignedBytes& body);

  const MasterKeys& keys_;
  Random& random_;
  const std::string copy_;
  std::string key_;
  std::string header_key_;
  crypto::ChunkCipher cipher_;
  crypto::FileHasher hasher_;
  BodyCheck body_check_{BodyCheckKind::kXxh3};
  std::string held_;  // Less than or equal to one chunk: only the end tells which chunk is the last.
  std::uint64_t chunks_ = 0;
  std::int64_t plain_bytes_ = 0;
};

// The copy that a reference names. Errors: kCorrupt, kNotFound (no master key).
Result<std::string> CopyOf(const ObjectReference& reference, const MasterKeys& keys);

// Gives `size` bytes of the object from `offset`, header included.
using ByteSource = std::function<Result<void>(std::int64_t offset, std::size_t size, std::string& bytes)>;

// Hands on each chunk after it has been checked; at the end the whole content must have the digest in its name.
// Errors: kCorrupt, what `source` or `chunk` answers.
Result<void> OpenObject(const ByteSource& source, const ObjectReference& reference, const MasterKeys& keys,
                        const std::function<Result<void>(std::string_view)>& chunk);

}  // namespace porchlight::vault::internal
