// A worker that misbehaves as the bytes after "GIF89a" ask, inside the real sandbox: what a decoder could do that somebody
// has taken over. Tests only.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>

#include "platform/media/internal/serve.h"

namespace {

using porchlight::media::Answer;
using porchlight::media::MediaOutcome;
using porchlight::media::PreviewAnswer;
using porchlight::media::Request;

std::uint32_t variables = 0;
std::uint32_t descriptors = 0;

void LookAround() {
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) ++variables;
  for (int descriptor = 0; descriptor < 4096; ++descriptor) descriptors += fcntl(descriptor, F_GETFD) != -1 ? 1 : 0;
}

void Forbidden(std::string_view name) {
  if (name == "open") open("/etc/hostname", O_RDONLY);
  if (name == "create") syscall(SYS_openat, AT_FDCWD, "/tmp/porchlight-media-trial", O_CREAT | O_WRONLY, 0600);
  if (name == "socket") socket(AF_INET, SOCK_STREAM, 0);
  if (name == "fork") fork();
  if (name == "exec") execl("/bin/true", "true", nullptr);
  if (name == "signal") kill(1, 0);
  if (name == "code") mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (name == "turn_to_code") mprotect(reinterpret_cast<void*>(0x10000), 4096, PROT_READ | PROT_EXEC);
  if (name == "map_file") mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, 0, 0);
  if (name == "read_other") syscall(SYS_read, 5, &variables, 1);
  if (name == "write_other") syscall(SYS_write, 5, &variables, 1);
  if (name == "more_limits") syscall(SYS_prlimit64, 0, 0, nullptr, nullptr);
  if (name == "other_memory") syscall(SYS_process_vm_readv, 1, nullptr, 0, nullptr, 0, 0);
  if (name == "old_calls") {
#ifdef __x86_64__
    asm volatile("int $0x80" : : "a"(20) : "memory");  // getpid by the 32-bit entry.
#endif
  }
}

void Misbehave(std::string_view name) {
  if (name == "trap") __builtin_trap();
  if (name == "null") *reinterpret_cast<volatile int*>(8) = 1;
  if (name == "abort") std::abort();
  if (name == "spin") {
    std::atomic<std::uint64_t> count = 0;
    for (;;) ++count;
  }
  if (name == "hang") {
    char byte = 0;
    while (read(0, &byte, 1) != 0) {}
  }
  if (name == "leave") _exit(0);
  if (name == "no_sandbox") _exit(porchlight::media::kExitNoSandbox);
  if (name == "half") {
    (void)!write(0, "\1\1\1", 3);
    _exit(0);
  }
  if (name == "nonsense" || name == "chatter") {
    const std::string text(name == "chatter" ? 1 << 16 : porchlight::media::kAnswerBytes, '\xff');
    (void)!write(0, text.data(), text.size());
    _exit(0);
  }
  if (name == "memory") {
    const auto block = std::make_unique<char[]>(std::size_t{8} << 30);
    asm volatile("" : : "r"(block.get()) : "memory");  // Or the compiler does without the block.
  }
}

Answer Examine(const Request&, std::string_view bytes) {
  if (!bytes.starts_with("GIF89a")) return {MediaOutcome::kUnsupported, {}};
  const std::string_view name = bytes.substr(6);
  Forbidden(name);
  Misbehave(name);
  Answer answer;
  answer.outcome = MediaOutcome::kHashed;
  answer.picture.size = {name == "huge" ? 0xffffffffU : 100 + variables, name == "huge" ? 0xffffffffU : 100 + descriptors};
  return answer;
}

// A head that promises what does not come, comes too short, or is larger than anybody asked for.
void LieInPreview(std::string_view name) {
  std::string reply("\1\1\2\0\2\0", 6);
  if (name == "preview_short") reply += "abc";
  if (name == "preview_huge") reply = std::string("\1\1\xff\xff\xff\xff", 6) + std::string(1 << 16, 'x');
  if (name == "preview_empty") reply = std::string("\1\1\0\0\0\0", 6);
  if (name == "preview_refusal_with_picture") reply = std::string("\3\1\2\0\2\0", 6) + "abcd";
  if (name == "preview_chatter") reply += "abcd" + std::string(1 << 16, 'x');
  (void)!write(0, reply.data(), reply.size());
  _exit(0);
}

PreviewAnswer Preview(const Request&, std::string_view bytes) {
  const std::string_view name = bytes.substr(6);
  Forbidden(name);
  Misbehave(name);
  if (name.starts_with("preview_")) LieInPreview(name);
  return {MediaOutcome::kHashed, true, {{2, 2}, {1, 2, 3, 4}}};
}

}  // namespace

int main() {
  LookAround();
  porchlight::media::ServeOne({Examine, Preview});
}
