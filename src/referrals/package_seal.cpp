#include "referrals/package_seal.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include "base/text.h"
#include "platform/archive/archive.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/envelope.h"

namespace porchlight::referrals {

namespace {

constexpr std::string_view kSealWord = "porchlight-seal-1";
constexpr std::size_t kSmallBytesMax = 64 << 20;   // Of manifest, signature and sums.

Error Broken(std::string text) { return Error{ErrorCode::kCorrupt, std::move(text), {}, "package", 0}; }

std::string SealedText(std::string_view sha256) { return "Porchlight package seal 1\n" + HexEncode(sha256) + "\n"; }
std::string ManifestText(std::string_view manifest) {
  return "Porchlight package manifest 1\n" + HexEncode(crypto::Sha256(manifest)) + "\n";
}

// Nothing is wrong with it: it is to be opened first.
Result<void> RefuseEnvelope(const std::string& path) {
  std::array<char, 32> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  if (!crypto::LooksLikeEnvelope({start.data(), static_cast<std::size_t>(file.gcount())})) return {};
  return Error{ErrorCode::kUnsupported,
               "This package is encrypted to its agency. Its owner opens it first: openssl cms -decrypt -binary -inform DER -in " + path +
                   " -inkey KEY.pem -out PACKAGE.zip",
               {}, "package", 0};
}

// One package while it is looked at.
class Checker {
 public:
  Checker(const archive::ZipReader& reader, std::string_view public_key, const std::function<void(std::int64_t, std::int64_t)>& progress)
      : reader_(reader), progress_(progress) {
    verified_.key_was_given = !public_key.empty();
    key_ = public_key;
    for (const archive::ZipEntry& entry : reader.entries()) total_ += static_cast<std::int64_t>(entry.size);
  }

  Result<VerifiedPackage> Run() {
    manifest_ = PL_TRY(Small(kManifestName));
    verified_.manifest = PL_TRY(ParseJson(manifest_, {.bytes_max = kSmallBytesMax, .depth_max = 16}));
    PL_TRY(FindKey());
    PL_TRY(CheckSeal());
    PL_TRY(CheckManifestSignature());
    PL_TRY(CheckEntries());
    PL_TRY(CheckSums());
    return std::move(verified_);
  }

 private:
  Result<std::string> Small(std::string_view name) const {
    const auto index = reader_.Find(name);
    if (!index) return Broken("The package has no " + std::string(name) + ".");
    if (reader_.entries()[*index].size > kSmallBytesMax) return Broken(std::string(name) + " is too large.");
    std::string bytes;
    const auto collect = [&](std::string_view some) {
      bytes.append(some);
      return Result<void>();
    };
    PL_TRY(reader_.Read(*index, collect));
    return bytes;
  }

  Result<void> FindKey() {
    if (key_.empty()) {
      const std::optional<std::string> own = HexDecode(verified_.manifest.Text("public_key"));
      if (!own || own->size() != 32) return Broken("The manifest names no public key.");
      key_ = *own;
    }
    verified_.key_id = KeyIdOf(key_);
    return {};
  }

  // Every byte before the comment, also those that no digest of an entry covers: names, times, the directory.
  Result<void> CheckSeal() const {
    const std::string& comment = reader_.comment();
    const std::string expected_head = std::string(kSealWord) + " " + verified_.key_id + " ";
    if (comment.size() != kSealBytes || !comment.starts_with(kSealWord)) return Broken("The package is not sealed.");
    if (!comment.starts_with(expected_head)) return Broken("The package is sealed with another key than " + verified_.key_id + ".");
    const std::string hex = comment.substr(expected_head.size(), 128);
    // In lower case, so that there is one way to write it.
    const std::optional<std::string> signature = HexDecode(hex);
    if (!signature || HexEncode(*signature) != hex || comment != expected_head + hex + "\n") return Broken("The seal cannot be read.");
    const std::string digest = PL_TRY(reader_.DigestBeforeComment());
    if (!crypto::SignatureHolds(key_, SealedText(digest), *signature)) return Broken("The seal does not hold: the file was altered.");
    return {};
  }

  Result<void> CheckManifestSignature() const {
    const std::string text = PL_TRY(Small(kManifestSignatureName));
    const std::optional<std::string> signature = HexDecode(Trim(text));
    if (!signature || !crypto::SignatureHolds(key_, ManifestText(manifest_), *signature)) {
      return Broken("The signature of the manifest does not hold.");
    }
    return {};
  }

  Result<void> CheckEntries() {
    const Json* listed = verified_.manifest.Find("entries");
    if (listed == nullptr || listed->AsArray() == nullptr) return Broken("The manifest lists no entries.");
    std::map<std::string, const Json*> wanted;
    for (const Json& one : *listed->AsArray()) wanted[std::string(one.Text("name"))] = &one;
    for (std::size_t index = 0; index < reader_.entries().size(); ++index) {
      const archive::ZipEntry& entry = reader_.entries()[index];
      crypto::Sha256Stream hasher;
      const auto hash = [&](std::string_view some) {
        hasher.Update(some);
        done_ += static_cast<std::int64_t>(some.size());
        if (progress_) progress_(done_, total_);
        return Result<void>();
      };
      PL_TRY(reader_.Read(index, hash));
      const SealedEntry found{entry.name, static_cast<std::int64_t>(entry.size), HexEncode(hasher.Finish())};
      verified_.entries.push_back(found);
      if (entry.name == kManifestName || entry.name == kManifestSignatureName || entry.name == kSumsName) continue;
      const auto there = wanted.find(entry.name);
      if (there == wanted.end()) return Broken(entry.name + " is not in the manifest.");
      const Json* bytes = there->second->Find("bytes");
      const bool same = bytes != nullptr && bytes->AsInteger() != nullptr && *bytes->AsInteger() == found.bytes &&
                        there->second->Text("sha256") == found.sha256;
      if (!same) return Broken(entry.name + " is not what the manifest says.");
      wanted.erase(there);
    }
    if (!wanted.empty()) return Broken(wanted.begin()->first + " is missing.");
    return {};
  }

  Result<void> CheckSums() const {
    std::vector<SealedEntry> summed;
    std::copy_if(verified_.entries.begin(), verified_.entries.end(), std::back_inserter(summed),
                 [](const SealedEntry& one) { return one.name != kSumsName; });
    const std::string sums = PL_TRY(Small(kSumsName));
    if (sums != SumsText(summed)) return Broken(std::string(kSumsName) + " is not the list of the entries' digests.");
    return {};
  }

  const archive::ZipReader& reader_;
  const std::function<void(std::int64_t, std::int64_t)>& progress_;
  std::string key_;
  std::string manifest_;
  VerifiedPackage verified_;
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
};

}  // namespace

std::string KeyIdOf(std::string_view public_key) { return HexEncode(crypto::Sha256(public_key)).substr(0, 16); }

// A word, the key's id, the signature and a line end; of one length, so that nothing can be added unseen.
std::string SealText(const crypto::SigningKey& key, std::string_view sha256) {
  return std::string(kSealWord) + " " + KeyIdOf(key.public_key) + " " + HexEncode(crypto::Sign(key.secret, SealedText(sha256))) + "\n";
}

std::string SignManifest(const crypto::SigningKey& key, std::string_view manifest) {
  return HexEncode(crypto::Sign(key.secret, ManifestText(manifest))) + "\n";
}

std::string SumsText(const std::vector<SealedEntry>& entries) {
  std::string text;
  for (const SealedEntry& entry : entries) text += entry.sha256 + "  " + entry.name + "\n";
  return text;
}

Result<VerifiedPackage> VerifyPackage(const std::string& path, std::string_view public_key,
                                      const std::function<void(std::int64_t, std::int64_t)>& progress) {
  PL_TRY(RefuseEnvelope(path));
  const archive::ZipReader reader = PL_TRY(archive::ZipReader::Open(path));
  return Checker(reader, public_key, progress).Run();
}

}  // namespace porchlight::referrals
