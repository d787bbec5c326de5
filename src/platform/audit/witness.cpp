#include "platform/audit/witness.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/text.h"

namespace porchlight::audit {
namespace {

constexpr std::string_view kFirstWord = "head1";
constexpr std::string_view kLastWord = "end";  // A torn line lacks it.

Error FromErrno(const std::string& path, const char* doing) {
  const int number = errno;
  const bool no_space = number == ENOSPC || number == EROFS || number == EDQUOT;
  return Error{no_space ? ErrorCode::kNoSpace : ErrorCode::kUnavailable, "The audit log cannot be written. Try again later.",
               std::string("audit: cannot ") + doing + " the witness file " + path + ": " +
                   std::generic_category().message(number), {}, 0};
}

std::string LineOf(const TreeHead& head) {
  return std::string(kFirstWord) + " " + std::to_string(head.size) + " " + HexEncode(head.root) + " " +
         std::to_string(head.at.microseconds) + " " + HexEncode(head.previous) + " " + head.key_id + " " +
         HexEncode(head.signature) + " " + std::string(kLastWord);
}

std::optional<TreeHead> HeadOf(std::string_view line) {
  const std::vector<std::string_view> words = Split(line, ' ');
  if (words.size() != 8 || words[0] != kFirstWord || words[7] != kLastWord) return std::nullopt;
  const auto size = ParseInteger(words[1]);
  const auto root = HexDecode(words[2]);
  const auto at = ParseInteger(words[3]);
  const auto previous = HexDecode(words[4]);
  const auto signature = HexDecode(words[6]);
  if (!size || !root || !at || !previous || !signature) return std::nullopt;
  TreeHead head;
  head.size = *size;
  head.root = *root;
  head.at = {*at};
  head.previous = *previous;
  head.key_id = words[5];
  head.signature = *signature;
  return head;
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

Result<void> AppendToWitness(const std::string& path, const TreeHead& head) {
  bool made = false;
  Descriptor file{::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW)};
  if (file.number < 0 && errno == ENOENT) {
    file.number = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    made = true;
  }
  if (file.number < 0) return FromErrno(path, "open");
  if (::flock(file.number, LOCK_EX) != 0) return FromErrno(path, "lock");
  // After a torn line the next one must begin on its own.
  const ::off_t end = ::lseek(file.number, 0, SEEK_END);
  char last = '\n';
  if (end > 0 && ::pread(file.number, &last, 1, end - 1) != 1) return FromErrno(path, "read");
  const std::string line = (last == '\n' ? "" : "\n") + LineOf(head) + "\n";
  const ::ssize_t written = ::write(file.number, line.data(), line.size());
  if (written >= 0 && written != static_cast<::ssize_t>(line.size())) errno = ENOSPC;
  if (written != static_cast<::ssize_t>(line.size())) return FromErrno(path, "write");
  if (::fsync(file.number) != 0) return FromErrno(path, "flush");
  if (made) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory.number < 0 || ::fsync(directory.number) != 0) return FromErrno(path, "flush the folder of");
  }
  return {};
}

Result<WitnessedHeads> ReadWitness(const std::string& path) {
  WitnessedHeads witnessed;
  std::ifstream file(path);
  if (!file.is_open()) {
    if (errno == ENOENT) return witnessed;
    return FromErrno(path, "read");
  }
  std::string line;
  for (std::int64_t number = 1; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    std::optional<TreeHead> head = HeadOf(line);
    if (head) witnessed.heads.push_back(*std::move(head));
    else witnessed.problems.push_back("line " + std::to_string(number) + " of the witness file " + path + " cannot be read");
  }
  if (file.bad()) return FromErrno(path, "read");
  return witnessed;
}

}  // namespace porchlight::audit
