#include "platform/vault/internal/object_format.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "platform/crypto/secret.h"

namespace porchlight::vault::internal {
namespace {

constexpr std::string_view kMagic1("PLOBJ\0\0\1", 8);
constexpr std::string_view kMagic2("PLOBJ\0\0\2", 8);
constexpr std::size_t kNameRawBytes = 32;
constexpr std::size_t kCheckBytes = 32;
constexpr std::size_t kSealedKeyBytes = 12 + crypto::kKeyBytes + 16;
constexpr std::size_t kContextBytes = 8 + 4 + 4 + 8 + kNameRawBytes + kCheckBytes;
static_assert(kContextBytes + kSealedKeyBytes == static_cast<std::size_t>(kHeaderBytes));
constexpr std::string_view kChunkContext = "porchlight vault chunk 1";

void PutNumber(std::string& text, std::uint64_t number, unsigned bytes) {
  for (unsigned byte = bytes; byte-- > 0;) text += static_cast<char>((number >> (8 * byte)) & 0xff);
}

std::uint64_t TakeNumber(std::string_view& text, unsigned bytes) {
  std::uint64_t number = 0;
  for (unsigned byte = 0; byte < bytes; ++byte) number = (number << 8) | static_cast<unsigned char>(text[byte]);
  text.remove_prefix(bytes);
  return number;
}

// Everything of the header but the sealed key: what that key is bound to.
std::string HeaderContext(const Header& header) {
  std::string text(header.check_kind == BodyCheckKind::kSha256 ? kMagic1 : kMagic2);
  PutNumber(text, static_cast<std::uint64_t>(header.master_version), 4);
  PutNumber(text, kChunkBytes, 4);
  PutNumber(text, static_cast<std::uint64_t>(header.plain_bytes), 8);
  text += HexDecode(header.name).value();
  text += header.body_check;
  PL_CHECK(text.size() == kContextBytes);
  return text;
}

// The same for every copy of one content, so that any reference to the content opens any copy of it.
Result<std::string> HeaderKey(const MasterKeys& keys, std::int64_t version, std::string_view content_digest) {
  const std::string key = PL_TRY(keys.Derive(version, "vault.header"));
  return crypto::HmacSha256(key, content_digest);
}

Result<std::string> NameOf(const MasterKeys& keys, std::int64_t version, std::string_view content_digest) {
  const std::string key = PL_TRY(keys.Derive(version, "vault.name"));
  return HexEncode(crypto::HmacSha256(key, content_digest));
}

Error Damaged(const ObjectReference& reference, const std::string& what) {
  return Error{ErrorCode::kCorrupt, "The stored object is damaged.", "vault: object " + reference.name + ": " + what,
               {}, 0};
}

std::string ReferenceContext(std::string_view name) { return "vault.reference/" + std::string(name); }

// The header key, followed by the copy.
Result<std::string> Unwrap(const ObjectReference& reference, const MasterKeys& keys) {
  const std::string wrapping_key = PL_TRY(keys.Derive(reference.master_version, "vault.reference"));
  std::string unwrapped =
      PL_TRY(crypto::Unseal(wrapping_key, reference.wrapped_key, ReferenceContext(reference.name)));
  if (unwrapped.size() < crypto::kKeyBytes) return Damaged(reference, "the key in its row is too short");
  return unwrapped;
}

}  // namespace

std::string HeaderText(const Header& header) { return HeaderContext(header) + header.sealed_key; }

std::optional<Header> ParseHeader(std::string_view bytes) {
  const bool format_1 = bytes.starts_with(kMagic1);
  if (bytes.size() < static_cast<std::size_t>(kHeaderBytes) || (!format_1 && !bytes.starts_with(kMagic2))) return std::nullopt;
  bytes.remove_prefix(kMagic2.size());
  Header header;
  header.check_kind = format_1 ? BodyCheckKind::kSha256 : BodyCheckKind::kXxh3;
  header.master_version = static_cast<std::int64_t>(TakeNumber(bytes, 4));
  const std::uint64_t chunk_bytes = TakeNumber(bytes, 4);
  const std::uint64_t plain_bytes = TakeNumber(bytes, 8);
  if (chunk_bytes != kChunkBytes || plain_bytes > (std::uint64_t{1} << 50)) return std::nullopt;
  header.plain_bytes = static_cast<std::int64_t>(plain_bytes);
  header.name = HexEncode(bytes.substr(0, kNameRawBytes));
  header.body_check = bytes.substr(kNameRawBytes, kCheckBytes);
  header.sealed_key = bytes.substr(kNameRawBytes + kCheckBytes, kSealedKeyBytes);
  return header;
}

bool IsOfAnotherFormat(std::string_view bytes) {
  return bytes.starts_with(kMagic1.substr(0, kMagic1.size() - 1)) && !bytes.starts_with(kMagic1) && !bytes.starts_with(kMagic2);
}

Error OfAnotherFormat(const std::string& what) {
  return Error{ErrorCode::kUnavailable, "The evidence store cannot be read by this version.",
               "vault: " + what + " is of a format that is not known here: stored by a newer version, which is to be started, or damaged",
               std::string(kFormatField), 0};
}

std::int64_t ObjectBytes(std::int64_t plain_bytes) {
  constexpr std::int64_t kChunk = kChunkBytes;
  const std::int64_t chunks = std::max<std::int64_t>(1, (plain_bytes + kChunk - 1) / kChunk);
  return kHeaderBytes + plain_bytes + chunks * static_cast<std::int64_t>(crypto::kChunkTagBytes);
}

ObjectSealer::ObjectSealer(const MasterKeys& keys, Random& random, std::string copy)
    : keys_(keys), random_(random), copy_(std::move(copy)), key_(random.Bytes(crypto::kKeyBytes)), cipher_(key_, kChunkContext) {}

void ObjectSealer::SealChunk(std::string_view plain, bool last, AlignedBytes& body) {
  const std::size_t size = plain.size() + crypto::kChunkTagBytes;
  char* const sealed = body.Extend(size);
  cipher_.Seal({.index = chunks_++, .last = last}, plain, sealed);
  body_check_.Update({sealed, size});
}

void ObjectSealer::Append(std::string_view plain, AlignedBytes& body) {
  hasher_.Update(plain);
  plain_bytes_ += static_cast<std::int64_t>(plain.size());
  while (!plain.empty()) {
    if (held_.size() == kChunkBytes) {
      SealChunk(held_, false, body);
      held_.clear();
    }
    const std::string_view part = plain.substr(0, kChunkBytes - held_.size());
    if (held_.empty() && plain.size() > kChunkBytes) {
      SealChunk(part, false, body);
    } else {
      held_ += part;
    }
    plain.remove_prefix(part.size());
  }
}

Result<ObjectSealer::Sealed> ObjectSealer::Finish(AlignedBytes& body) {
  SealChunk(held_, true, body);
  Sealed sealed;
  sealed.stored.digests = hasher_.Finish();
  const std::string& content_digest = sealed.stored.digests.sha256;

  Header header;
  header.master_version = keys_.newest();
  header.plain_bytes = plain_bytes_;
  header.name = PL_TRY(NameOf(keys_, header.master_version, content_digest));
  header.body_check = body_check_.Finish();
  header_key_ = PL_TRY(HeaderKey(keys_, header.master_version, content_digest));
  header.sealed_key = crypto::Seal(header_key_, key_, HeaderContext(header), random_);
  sealed.header = HeaderText(header);

  ObjectReference& reference = sealed.stored.reference;
  reference.name = header.name;
  reference.master_version = header.master_version;
  reference.bytes = plain_bytes_;
  reference = PL_TRY(ReferTo(reference, copy_));
  return sealed;
}

Result<ObjectReference> ObjectSealer::ReferTo(const ObjectReference& reference, const std::string& copy) const {
  ObjectReference other = reference;
  const std::string wrapping_key = PL_TRY(keys_.Derive(reference.master_version, "vault.reference"));
  other.wrapped_key = crypto::Seal(wrapping_key, header_key_ + copy, ReferenceContext(reference.name), random_);
  return other;
}

Result<std::string> CopyOf(const ObjectReference& reference, const MasterKeys& keys) {
  return PL_TRY(Unwrap(reference, keys)).substr(crypto::kKeyBytes);
}

Result<void> OpenObject(const ByteSource& source, const ObjectReference& reference, const MasterKeys& keys,
                        const std::function<Result<void>(std::string_view)>& chunk) {
  const std::string header_key = PL_TRY(Unwrap(reference, keys)).substr(0, crypto::kKeyBytes);
  std::string sealed;
  PL_TRY(source(0, static_cast<std::size_t>(kHeaderBytes), sealed));
  const std::optional<Header> header = ParseHeader(sealed);
  if (!header && IsOfAnotherFormat(sealed)) return OfAnotherFormat("object " + reference.name);
  if (!header || header->name != reference.name || header->plain_bytes != reference.bytes) {
    return Damaged(reference, "its header is not the one its row refers to");
  }
  const std::string key = PL_TRY(crypto::Unseal(header_key, header->sealed_key, HeaderContext(*header)));

  crypto::ChunkCipher cipher(key, kChunkContext);
  crypto::Sha256Stream content;
  std::string plain;
  std::int64_t left = header->plain_bytes;
  std::int64_t offset = kHeaderBytes;
  for (std::uint64_t index = 0;; ++index) {
    const bool last = left <= static_cast<std::int64_t>(kChunkBytes);
    const std::size_t size = (last ? static_cast<std::size_t>(left) : kChunkBytes) + crypto::kChunkTagBytes;
    PL_TRY(source(offset, size, sealed));
    if (!cipher.Open({.index = index, .last = last}, sealed, plain).ok()) {
      return Damaged(reference, "chunk " + std::to_string(index) + " does not open");
    }
    content.Update(plain);
    if (!plain.empty()) PL_TRY(chunk(plain));
    if (last) break;
    left -= static_cast<std::int64_t>(kChunkBytes);
    offset += static_cast<std::int64_t>(size);
  }
  if (PL_TRY(NameOf(keys, header->master_version, content.Finish())) != reference.name) {
    return Damaged(reference, "its content is not the one its name was made from");
  }
  return {};
}

}  // namespace porchlight::vault::internal
