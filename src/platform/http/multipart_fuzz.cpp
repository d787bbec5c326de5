// Goal: no form crashes the reader or makes it hold more than its limits, and pieces change nothing.
// Method: the first byte is the piece size; the boundary is fixed so that the fuzzer finds the structure.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "platform/http/form.h"

namespace {

using porchlight::Result;
using namespace porchlight::http;

std::string ReadAll(std::string_view bytes, std::size_t piece) {
  std::string seen;
  FormLimits limits;
  limits.parts_max = 8;
  limits.part_header_bytes_max = 512;
  MultipartReader::Events events;
  events.begin = [&](const MultipartReader::Part& part) -> Result<void> {
    seen += "<" + part.name + "," + BaseName(part.file_name) + "," + part.content_type + ">";
    return {};
  };
  events.data = [&](std::string_view data) -> Result<void> {
    PL_CHECK(!data.empty());
    seen += data;
    return {};
  };
  events.end = [&]() -> Result<void> {
    seen += ";";
    return {};
  };
  MultipartReader reader("b", events, limits);
  Result<void> result;
  for (std::size_t at = 0; at < bytes.size() && result.ok(); at += piece) result = reader.Feed(bytes.substr(at, piece));
  if (result.ok()) result = reader.Finish();
  return result.ok() ? seen : "refused";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  PL_CHECK(ReadAll(bytes, size) == ReadAll(bytes, data[0] % 32 + 1U));
  return 0;
}
