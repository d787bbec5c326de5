#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace porchlight::print {

// Adds the document's language, that it is tagged, and that its title is to be shown, to the catalog of a PDF file that cairo
// wrote: cairo 1.16 has no call for it. The change is appended as PDF's "incremental update" (ISO 32000-1, 7.5.6), no byte
// before it moves. `language` is letters, digits and hyphens. Errors: kInternal (the file does not look as expected).
Result<std::string> WithLanguage(std::string pdf, std::string_view language);

}  // namespace porchlight::print
