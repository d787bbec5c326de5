#pragma once

#include <string>
#include <vector>

#include "platform/store/database.h"
#include "tipline/report.h"

namespace porchlight::tipline {

// A file that begins as a picture does, whatever the platform calls it.
struct ReportedPicture {
  FileId file;
  std::string sha256;                         // Raw, 32 bytes.
};

// Those with `from` <= id < `end`, by id, at most `count_max`.
Result<std::vector<ReportedPicture>> ListPictures(store::ReadTransaction& transaction, FileId from, FileId end, int count_max);

}  // namespace porchlight::tipline
