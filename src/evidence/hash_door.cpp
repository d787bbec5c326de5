#include "evidence/hash_door.h"

#include "base/json.h"
#include "evidence/deciding.h"
#include "platform/audit/audit.h"
#include "tipline/file_object.h"

namespace porchlight::evidence {

namespace {

constexpr std::string_view kHashFile = "evidence.file.hash";

Result<vault::ObjectReference> Ask(store::WriteTransaction& transaction, tipline::FileId file, std::uint64_t bytes_max, Instant now) {
  const Result<void> filed = RequireFiled(transaction, ReportOf(file));
  const bool unknown = !filed.ok() && (filed.error().code == ErrorCode::kConflict || filed.error().code == ErrorCode::kNotFound);
  if (!filed.ok()) return unknown ? UnknownFile() : filed.error();
  vault::ObjectReference object = PL_TRY(tipline::FindObject(transaction, file));
  if (static_cast<std::uint64_t>(object.bytes) > bytes_max) {
    return Error{ErrorCode::kTooLarge, "The file is larger than is hashed.", std::to_string(object.bytes) + " bytes", "file", 0};
  }
  audit::Entry entry;
  entry.action = kHashFile;
  entry.subject_kind = "report";
  entry.subject = ReportOf(file).value;
  entry.detail = Json().Set("file", file.value).Serialize();
  PL_TRY(audit::Record(transaction, auth::SystemCaller("hashing"), entry, now));
  return object;
}

}  // namespace

Result<std::string> HashDoor::Read(tipline::FileId file, std::uint64_t bytes_max) const {
  const Instant now = clock_.Now();
  const vault::ObjectReference object =
      PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return Ask(transaction, file, bytes_max, now); }));
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(object.bytes));
  const auto append = [&](std::string_view some) -> Result<void> {
    bytes += some;
    return {};
  };
  PL_TRY(vault_.Read(object, append));
  return bytes;
}

}  // namespace porchlight::evidence
