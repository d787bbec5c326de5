#pragma once

#include <libxml/xmlerror.h>

// The library's process-wide state, set up once: no access to files or network, no output.
namespace porchlight::xml {

// Call before every use of the library, on the thread that uses it. Cheap after the first call.
void PrepareLibrary();

namespace internal {
// What the library hands to those who hear of errors.
#if LIBXML_VERSION >= 21200
using ErrorPointer = const xmlError*;
#else
using ErrorPointer = xmlErrorPtr;
#endif
}  // namespace internal

}  // namespace porchlight::xml
