// Goal: no urlencoded form, target, content type or file name crashes its reader, and file names come out harmless.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "platform/http/form.h"
#include "platform/http/internal/header_value.h"
#include "platform/http/routing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace porchlight::http;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto fields = ParseUrlEncoded(bytes);
  if (fields.ok()) PL_CHECK(fields->size() <= FormLimits().parts_max);
  const std::string name = BaseName(bytes);
  PL_CHECK(name.size() <= 255 && name.find_first_of(std::string_view("/\\\r\n\0", 5)) == std::string::npos);
  const auto boundary = MultipartReader::BoundaryOf(bytes);
  if (boundary.ok()) PL_CHECK(!boundary->empty() && boundary->size() <= 70);
  (void)internal::ExtendedParameterOf(bytes, "filename");
  (void)internal::AcceptsGzip(bytes);
  RequestHead head;
  const auto read = ReadTarget(bytes, head);
  if (read.ok()) PL_CHECK(head.path.starts_with('/') && head.path.find("//") == std::string::npos);
  return 0;
}
