#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/audit/audit.h"

// Tree heads outside the database: a file that is only ever appended to, best kept where the database's owner cannot
// write (another user, another machine, `chattr +a`). Whoever rewrites the database's log contradicts it.
namespace porchlight::audit {

// Adds the head as one line and waits until it is on stable storage. The file is made with mode 0600 when absent.
// Several processes may append. Errors: kNoSpace, kUnavailable.
Result<void> AppendToWitness(const std::string& path, const TreeHead& head);

struct WitnessedHeads {
  std::vector<TreeHead> heads;        // In the file's order; one may occur twice.
  std::vector<std::string> problems;  // Lines that cannot be read, by number. A crash while appending leaves one.
};
// A file that does not exist has no heads. Errors: kUnavailable.
Result<WitnessedHeads> ReadWitness(const std::string& path);

}  // namespace porchlight::audit
