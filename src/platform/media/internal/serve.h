#pragma once

#include <string_view>

#include "platform/media/internal/wire.h"

namespace porchlight::media {

// What a worker does with the bytes of a file, inside the sandbox. Each may throw std::bad_alloc.
struct Skills {
  Answer (*hash)(const Request& request, std::string_view bytes);
  PreviewAnswer (*preview)(const Request& request, std::string_view bytes);
};

// The real ones: sniff, decode by the named library, hash, or shrink and blur.
Answer ExaminePicture(const Request& request, std::string_view bytes);
PreviewAnswer PreviewPicture(const Request& request, std::string_view bytes);

// The whole life of a worker, on the socket that is its descriptor 0: reads a request, enters the sandbox, reads the
// bytes, does what was asked, answers, and ends the process without running any exit handler.
[[noreturn]] void ServeOne(const Skills& skills);

}  // namespace porchlight::media
