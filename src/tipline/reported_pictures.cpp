#include "tipline/reported_pictures.h"

namespace porchlight::tipline {

namespace {

constexpr store::Statement kPictures{
    "tipline.pictures", "SELECT id, sha256 FROM tipline_files WHERE id >= $1 AND id < $2 AND kind = $3 ORDER BY id LIMIT $4"};

}  // namespace

Result<std::vector<ReportedPicture>> ListPictures(store::ReadTransaction& transaction, FileId from, FileId end, int count_max) {
  std::vector<ReportedPicture> all;
  for (const store::Row& row : PL_TRY(transaction.All(kPictures, from, end, FileKind::kImage, count_max))) {
    all.push_back({{row.Integer(0)}, row.Bytes(1)});
  }
  return all;
}

}  // namespace porchlight::tipline
