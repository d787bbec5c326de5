#include "hashing/look.h"

#include "hashing/look_rows.h"
#include "tipline/report.h"

namespace porchlight::hashing {

Result<std::vector<FileLook>> LooksAlike(store::ReadTransaction& transaction, tipline::ReportId report) {
  std::vector<FileLook> alike;
  const auto files = PL_TRY(rows::FilesBetween(transaction, tipline::FirstFile(report), tipline::EndOfFiles(report),
                                               static_cast<int>(tipline::kPlacesPerReport)));
  for (const rows::FileRow& file : files) {
    if (!file.look) continue;
    Group group = PL_TRY(rows::GroupOf(transaction, *file.look));
    if (group.IsOfSeveral()) alike.push_back({file.file, file.sha256, std::move(group)});
  }
  return alike;
}

Result<Group> GroupNow(store::ReadTransaction& transaction, GroupId id) { return rows::FindGroup(transaction, id); }

}  // namespace porchlight::hashing
