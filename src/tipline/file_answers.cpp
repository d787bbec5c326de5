#include "tipline/file_answers.h"

namespace porchlight::tipline {

namespace {

constexpr store::Statement kAnswers{
    "tipline.file_answers",
    "SELECT id, viewed_by_esp, publicly_available FROM tipline_files WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3"};

}  // namespace

Result<std::vector<FileAnswers>> ListFileAnswers(store::ReadTransaction& transaction, FileId from, FileId end, int count_max) {
  std::vector<FileAnswers> all;
  for (const store::Row& row : PL_TRY(transaction.All(kAnswers, from, end, count_max))) {
    all.push_back({{row.Integer(0)}, static_cast<Answer>(row.Integer(1)), static_cast<Answer>(row.Integer(2))});
  }
  return all;
}

}  // namespace porchlight::tipline
