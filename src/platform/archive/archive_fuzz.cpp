// Goal: no file crashes the reader; what it takes has good names, and contents of the stated size.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "base/check.h"
#include "platform/archive/archive.h"

namespace {

using namespace porchlight;
using namespace porchlight::archive;

void TryFile(const std::string& path) {
  const Result<ZipReader> reader = ZipReader::Open(path);
  if (!reader.ok()) return;
  for (std::size_t index = 0; index < reader->entries().size(); ++index) {
    const ZipEntry& entry = reader->entries()[index];
    PL_CHECK(CheckName(entry.name).ok() && reader->Find(entry.name) == index);
    std::uint64_t bytes = 0;
    const Result<void> read = reader->Read(index, [&](std::string_view chunk) -> Result<void> {
      bytes += chunk.size();
      return {};
    });
    PL_CHECK(bytes == entry.size);
    PL_CHECK(read.ok() || read.error().code == ErrorCode::kCorrupt);
  }
  PL_CHECK(reader->DigestBeforeComment().ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("archive", MFD_CLOEXEC);
  PL_CHECK(file >= 0 && write(file, data, size) == static_cast<ssize_t>(size));
  TryFile("/proc/self/fd/" + std::to_string(file));
  close(file);
  return 0;
}
