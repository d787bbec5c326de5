// package verify, package key.
#include <cstdio>
#include <optional>

#include "app/command_support.h"
#include "app/progress.h"
#include "base/text.h"
#include "referrals/package_seal.h"

namespace porchlight::app {
namespace {

std::string TextOf(const Json& manifest, std::string_view name) {
  const Json* value = manifest.Find(name);
  if (value == nullptr || value->IsNull()) return "-";
  return value->AsString() != nullptr ? *value->AsString() : value->Serialize();
}

void PrintVerified(const referrals::VerifiedPackage& package) {
  const Json& manifest = package.manifest;
  std::printf("The package holds: %zu entries, every byte as it was sealed.\n\n", package.entries.size());
  for (const auto& [label, name] :
       {std::pair{"data kept until", "preserve_until"}, {"report", "report"}, {"for", "agency_name"}, {"made by", "centre"},
        {"made at", "made_at"}, {"package", "package"}}) {
    std::printf("  %-16s %s\n", label, TextOf(manifest, name).c_str());
  }
  const Json* withheld = manifest.Find("withheld");
  if (withheld != nullptr && withheld->AsArray() != nullptr) {
    for (const Json& one : *withheld->AsArray()) {
      std::printf("  %-16s %s (%s)\n", "not included", TextOf(one, "name").c_str(), TextOf(one, "why").c_str());
    }
  }
  std::printf("  %-16s %s\n\n", "signed by key", package.key_id.c_str());
  if (package.key_was_given) std::printf("It is the key you gave.\n");
  else std::printf("The key stands in the package itself: compare its id with what the centre told you, or give --key.\n");
}

}  // namespace

int RunPackageVerify(const std::string& file, const std::string& key) {
  std::string public_key;
  if (!key.empty()) {
    const std::optional<std::string> bytes = HexDecode(key);
    if (!bytes || bytes->size() != 32) {
      return Complain(
          Error{ErrorCode::kInvalidArgument, "--key must be 64 hex digits, as `porchlight package key` prints them.", {}, {}, 0});
    }
    public_key = *bytes;
  }
  std::optional<Progress> progress(std::in_place, "Checking");
  const auto show = [&](std::int64_t done, std::int64_t total) { progress->Show(done, total); };
  const Result<referrals::VerifiedPackage> verified = referrals::VerifyPackage(file, public_key, show);
  progress.reset();
  if (!verified.ok()) {
    const bool unopened = verified.error().code == ErrorCode::kUnsupported;
    std::fprintf(stderr, unopened ? "The package was not checked.\n" : "The package does NOT hold; do not rely on it.\n");
    return Complain(verified.error());
  }
  PrintVerified(*verified);
  return 0;
}

int RunPackageKey(const CommonArguments& common) {
  return WithCentre(common, Centre::Access::kExisting, [](Centre& centre) -> Result<void> {
    const std::string& key = centre.package_key().public_key;
    std::printf("%s\nid %s\n", HexEncode(key).c_str(), referrals::KeyIdOf(key).c_str());
    return {};
  });
}

}  // namespace porchlight::app
