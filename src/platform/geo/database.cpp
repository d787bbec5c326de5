#include <filesystem>

#include "base/check.h"
#include "base/text.h"
#include "platform/geo/geo.h"
#include "platform/geo/internal/mmdb_file.h"
#include "platform/geo/internal/overlay.h"
#include "platform/geo/internal/reading.h"

namespace porchlight::geo {

namespace {

constexpr std::size_t kDigestDigits = 12;

struct Label {
  std::string name;
  std::string version;
};

struct OverlayLayer {
  Label label;
  Overlay overlay;
};

struct FileLayer {
  Label label;
  std::unique_ptr<const MmdbFile> file;
};

std::string NameOf(const std::string& path) { return std::filesystem::path(path).filename().string(); }

}  // namespace

struct Database::Inner {
  std::vector<OverlayLayer> overlays;
  std::vector<FileLayer> files;
  std::string version;

  void Add(const Label& label) { version += (version.empty() ? "" : "; ") + label.name + " " + label.version; }
};

Result<Database> Database::Open(const Options& options) {
  PL_CHECK(options.sha256 != nullptr || (options.overlays.empty() && options.databases.empty()));
  const auto label = [&](const std::string& path, const std::string& version, std::string_view bytes) {
    return Label{NameOf(path), version + " " + HexEncode(options.sha256(bytes)).substr(0, kDigestDigits)};
  };
  const auto inner = std::make_shared<Inner>();
  for (const std::string& path : options.overlays) {
    const std::string bytes = PL_TRY(ReadWholeFile(path));
    Overlay overlay = PL_TRY(Overlay::Parse(bytes, path));
    const std::string version = overlay.version();
    inner->overlays.push_back({label(path, version, bytes), std::move(overlay)});
    inner->Add(inner->overlays.back().label);
  }
  for (const std::string& path : options.databases) {
    const std::string bytes = PL_TRY(ReadWholeFile(path));
    std::unique_ptr<const MmdbFile> file = PL_TRY(MmdbFile::Open(bytes, path));
    const std::string version = std::to_string(file->build_epoch());
    inner->files.push_back({label(path, version, bytes), std::move(file)});
    inner->Add(inner->files.back().label);
  }
  if (inner->version.empty()) inner->version = "none";
  return Database(inner);
}

Answer Database::Lookup(const Address& address) const {
  Answer answer;
  answer.address_class = ClassOf(address);
  const auto decided = [&](const Label& label, std::optional<Place> place) {
    answer.place = std::move(place);
    answer.layer = label.name;
    answer.version = label.version;
    return answer;
  };
  for (const OverlayLayer& layer : inner_->overlays) {
    if (const std::optional<Place>* place = layer.overlay.Find(address)) return decided(layer.label, *place);
  }
  // Files have been seen to place what leads nowhere; a report from behind a private address is not in any country.
  if (answer.address_class != AddressClass::kPublic) return answer;
  for (const FileLayer& layer : inner_->files) {
    if (const Place* place = layer.file->Find(address)) return decided(layer.label, *place);
  }
  return answer;
}

const std::string& Database::version() const { return inner_->version; }

}  // namespace porchlight::geo
