#include "platform/geo/internal/mmdb_file.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <vector>

#include "platform/geo/internal/mmdb_check.h"
#include "platform/geo/internal/overlay.h"

namespace porchlight::geo {

namespace {

// A file without a name, for a library that opens nothing but paths.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(memfd_create("porchlight_geo", MFD_CLOEXEC)) {
    while (ok() && !bytes.empty()) {
      const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) problem_ = errno;
      else bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  bool ok() const { return descriptor_ >= 0 && problem_ == 0; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
  int problem_ = 0;
};

}  // namespace

MmdbFile::MmdbFile(std::unique_ptr<MMDB_s> file) : file_(std::move(file)) {}

MmdbFile::~MmdbFile() { MMDB_close(file_.get()); }

Result<std::unique_ptr<const MmdbFile>> MmdbFile::Open(std::string_view bytes, const std::string& name) {
  const std::vector<std::uint32_t> offsets = PL_TRY(CheckMmdb(bytes, name));
  const MemoryFile copy(bytes);
  if (!copy.ok()) return Error{ErrorCode::kInternal, name + " does not fit into memory.", {}, {}, 0};
  auto opened = std::make_unique<MMDB_s>();
  const int status = MMDB_open(copy.path().c_str(), MMDB_MODE_MMAP, opened.get());
  if (status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR || status == MMDB_OUT_OF_MEMORY_ERROR) {
    return Error{ErrorCode::kInternal, name + " cannot be mapped into memory.", MMDB_strerror(status), {}, 0};
  }
  if (status != MMDB_SUCCESS) return Error{ErrorCode::kCorrupt, name + ": " + MMDB_strerror(status), {}, {}, 0};

  std::unique_ptr<MmdbFile> file(new MmdbFile(std::move(opened)));
  for (const std::uint32_t offset : offsets) {
    std::optional<Place> place = PL_TRY(file->ReadPlace(offset, name));
    if (place) file->places_.emplace(offset, *std::move(place));
  }
  return std::unique_ptr<const MmdbFile>(std::move(file));
}

Result<std::optional<Place>> MmdbFile::ReadPlace(std::uint32_t offset, const std::string& name) const {
  // Text at the first of the paths that has one; a path ends with null.
  const auto text = [&](std::initializer_list<std::array<const char*, 4>> paths) -> Result<std::string> {
    for (const std::array<const char*, 4>& path : paths) {
      MMDB_entry_s start{file_.get(), offset};
      MMDB_entry_data_s value{};
      const int status = MMDB_aget_value(&start, &value, path.data());
      if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR) continue;
      if (status != MMDB_SUCCESS) return Error{ErrorCode::kCorrupt, name + ": " + MMDB_strerror(status), {}, {}, 0};
      if (value.has_data && value.type == MMDB_DATA_TYPE_UTF8_STRING) return std::string(value.utf8_string, value.data_size);
    }
    return std::string();
  };
  // The flat names are those of ip-location-db, the nested ones MaxMind's.
  Place place;
  place.country = PL_TRY(text({{"country_code"}, {"country", "iso_code"}}));
  if (!IsCountryCode(place.country)) return std::optional<Place>();
  place.region = PL_TRY(text({{"subdivisions", "0", "iso_code"}, {"state1"}}));
  // Some files have a name in `state1`, which is no code that anything could be routed by.
  if (!IsRegionCode(place.region)) place.region.clear();
  return std::optional<Place>(std::move(place));
}

const Place* MmdbFile::Find(const Address& address) const {
  const Address::Bytes& bytes = address.bytes();
  sockaddr_in ipv4{};
  sockaddr_in6 ipv6{};
  ipv4.sin_family = AF_INET;
  ipv6.sin6_family = AF_INET6;
  std::memcpy(&ipv4.sin_addr, bytes.data() + 12, 4);
  std::memcpy(&ipv6.sin6_addr, bytes.data(), 16);
  int status = MMDB_SUCCESS;
  const sockaddr* asked = address.IsIpv4() ? reinterpret_cast<const sockaddr*>(&ipv4) : reinterpret_cast<const sockaddr*>(&ipv6);
  const MMDB_lookup_result_s found = MMDB_lookup_sockaddr(file_.get(), asked, &status);
  // The only status that a checked file leaves is an IPv6 address asked of an IPv4 file.
  if (status != MMDB_SUCCESS || !found.found_entry) return nullptr;
  const auto place = places_.find(found.entry.offset);
  return place == places_.end() ? nullptr : &place->second;
}

std::uint64_t MmdbFile::build_epoch() const { return file_->metadata.build_epoch; }

}  // namespace porchlight::geo
