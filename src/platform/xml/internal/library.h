#pragma once

// The library's process-wide state, set up once: no access to files or network, no output.
namespace porchlight::xml {

// Call before every use of the library, on the thread that uses it. Cheap after the first call.
void PrepareLibrary();

}  // namespace porchlight::xml
