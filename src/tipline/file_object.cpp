#include "tipline/file_object.h"

namespace porchlight::tipline {

namespace {

constexpr store::Statement kFindObject{
    "tipline.find_object", "SELECT object_name, object_key, object_master_version, bytes FROM tipline_files WHERE id = $1"};

}  // namespace

Result<vault::ObjectReference> FindObject(store::ReadTransaction& transaction, FileId file) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindObject, file));
  if (!row) return Error{ErrorCode::kNotFound, "There is no such file.", "file " + std::to_string(file.value), "file", 0};
  return vault::ObjectReference{row->Text(0), row->Bytes(1), row->Integer(2), row->Integer(3)};
}

}  // namespace porchlight::tipline
