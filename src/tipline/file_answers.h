#pragma once

#include <vector>

#include "platform/store/database.h"
#include "tipline/report.h"

namespace porchlight::tipline {

// What the platform says of one file that may bear on who may open it, and nothing else: no label, no classification and
// no score passes here.
struct FileAnswers {
  FileId file;
  Answer viewed_by_esp = Answer::kMissing;
  Answer publicly_available = Answer::kMissing;
};

// Files with `from` <= id < `end`, by id, at most `count_max`.
Result<std::vector<FileAnswers>> ListFileAnswers(store::ReadTransaction& transaction, FileId from, FileId end, int count_max);

}  // namespace porchlight::tipline
