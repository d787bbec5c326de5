#include "hashing/examining.h"

#include <vector>

#include "hashing/look_rows.h"
#include "platform/vault/vault.h"

namespace porchlight::hashing {

namespace {

Picture PictureOf(const tipline::ReportedPicture& file, const media::Examination& found, fingerprint::PdqLoader loader) {
  Picture picture{file.file, file.sha256, {}, {}, loader};
  picture.content.outcome = found.outcome;
  if (!found.picture) return picture;
  picture.content.format = found.picture->format;
  picture.content.width = found.picture->size.width;
  picture.content.height = found.picture->size.height;
  picture.content.complete = found.picture->complete;
  picture.content.quality = found.picture->pdq.quality;
  picture.hash = found.picture->pdq.hash();
  return picture;
}

// An operator has to put the key back: hours, not the seconds of a store that does not answer.
Error Later(Error missing_key) {
  missing_key.retry_after_seconds = 3600;
  return missing_key;
}

}  // namespace

Result<Examined> Examining::ExamineReport(tipline::ReportId report) {
  if (!examiner_.examine) return Examined();
  const auto list = [&](store::ReadTransaction& transaction) {
    return tipline::ListPictures(transaction, tipline::FirstFile(report), tipline::EndOfFiles(report),
                                 static_cast<int>(tipline::kPlacesPerReport));
  };
  const std::vector<tipline::ReportedPicture> pictures = PL_TRY(database_.Read(list));
  Examined examined;
  for (const tipline::ReportedPicture& picture : pictures) PL_TRY(ExamineFile(picture, examined));
  return examined;
}

Result<void> Examining::ExamineFile(const tipline::ReportedPicture& file, Examined& examined) {
  const bool done =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return rows::IsExamined(transaction, file.file); }));
  ++examined.pictures;
  if (done || PL_TRY(grouping_.RecordKnown(database_, file.file, file.sha256, clock_.Now()))) {
    ++examined.known;
    return {};
  }
  const Result<std::string> bytes = door_.Read(file.file, examiner_.bytes_max);
  if (!bytes.ok() && bytes.error().field == vault::kMasterKeyField) return Later(bytes.error());
  if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) return {};
  if (!bytes.ok() && bytes.error().code != ErrorCode::kTooLarge) return bytes.error();
  media::Examination found;
  found.outcome = media::MediaOutcome::kTooLarge;
  if (bytes.ok()) found = PL_TRY(examiner_.examine(*bytes));
  return grouping_.Record(database_, PictureOf(file, found, examiner_.loader), clock_.Now());
}

}  // namespace porchlight::hashing
