#pragma once

#include <string_view>

#include "platform/media/internal/wire.h"

namespace porchlight::media {

// What a worker does with the bytes of a file, inside the sandbox. May throw std::bad_alloc.
using Examiner = Answer (*)(const Request& request, std::string_view bytes);

// The real one: sniffs, decodes by the named library, hashes.
Answer ExaminePicture(const Request& request, std::string_view bytes);

// The whole life of a worker, on the socket that is its descriptor 0: reads a request, enters the sandbox, reads the
// bytes, examines them, answers, and ends the process without running any exit handler.
[[noreturn]] void ServeOne(Examiner examine);

}  // namespace porchlight::media
