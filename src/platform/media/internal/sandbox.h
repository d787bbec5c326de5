#pragma once

#include <cstdint>

// What a worker gives up before it looks at a byte of a file, for good: every system call but those for memory, for
// reading and writing its socket, and for ending; and by resource limits its address space, processor time, new
// descriptors, processes, files and core dumps. A forbidden call kills the process (SIGSYS).
namespace porchlight::media {

struct SandboxLimits {
  std::uint64_t memory_bytes_max = 0;
  std::uint32_t cpu_seconds_max = 0;  // Beyond it SIGXCPU ends the process.
};

// The process may use descriptors 0 to 2 afterwards. False when the kernel refuses any part: then decode nothing.
bool EnterSandbox(const SandboxLimits& limits);

// Under AddressSanitizer and ThreadSanitizer the address space is not limited: their shadow memory takes terabytes.
bool MemoryIsLimited();

}  // namespace porchlight::media
