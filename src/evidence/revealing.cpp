#include "evidence/revealing.h"

namespace porchlight::evidence {

namespace {

using tipline::FileId;

class Turn {
 public:
  explicit Turn(std::counting_semaphore<4>& turns) : turns_(turns) { turns_.acquire(); }
  ~Turn() { turns_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  std::counting_semaphore<4>& turns_;
};

std::string_view TextOf(media::MediaOutcome outcome) {
  switch (outcome) {
    case media::MediaOutcome::kHashed: break;
    case media::MediaOutcome::kUnsupported:
      return "There is no preview of this kind of file. It can be handed out in the package.";
    case media::MediaOutcome::kDamaged: return "The file is damaged; no preview can be made. It can be handed out in the package.";
    case media::MediaOutcome::kTooLarge: return "The file is too large for a preview. It can be handed out in the package.";
    case media::MediaOutcome::kTookTooLong: return "The preview took too long. The file can be handed out in the package.";
    case media::MediaOutcome::kCrashed:
      return "The file breaks the program that shows it, and may be an attack. It can be handed out in the package.";
  }
  return "There is no preview.";
}

Error NoPreview(media::MediaOutcome outcome, std::string operator_text) {
  const ErrorCode code = outcome == media::MediaOutcome::kTooLarge ? ErrorCode::kTooLarge : ErrorCode::kUnsupported;
  return Error{code, std::string(TextOf(outcome)), std::move(operator_text), "preview_" + std::string(NameOf(outcome)), 0};
}

}  // namespace

Error Revealing::LimitReached(Instant now) const {
  const std::int64_t left = (BeginOfDay(DayOf(now) + 1) - now).microseconds / Duration::Seconds(1).microseconds;
  return Error{ErrorCode::kTooManyRequests,
               "Your limit of revealed files for today is reached: " + std::to_string(limits_.files_per_day) + " files or " +
                   std::to_string(limits_.per_day.microseconds / Duration::Minutes(1).microseconds) +
                   " minutes. It begins anew at midnight UTC.",
               {}, "exposure", left + 1};
}

Result<std::optional<Error>> Revealing::CheckAndCount(store::WriteTransaction& transaction, const RevealRow& row, RevealId& id,
                                                      Json& detail) const {
  detail.Set("reveal", NameOf(row.blur));
  const std::int64_t day = DayOf(row.at);
  const Exposure before = PL_TRY(rows::ExposureOf(transaction, day, row.account, limits_.once, row.at));
  bool refused = NoMoreTime(before, limits_);
  if (!refused && NoNewFile(before, limits_)) refused = !PL_TRY(rows::WasRevealed(transaction, day, row.account, row.file));
  if (refused) {
    detail.Set("rule", "exposure");
    return std::optional(LimitReached(row.at));
  }
  id = PL_TRY(rows::InsertReveal(transaction, row, limits_.once));
  return std::optional<Error>();
}

Result<std::string> Revealing::ReadThroughDoor(const auth::Caller& caller, FileId file, std::string_view purpose,
                                               std::string_view request_id, const Further& further) {
  std::string bytes;
  const Sink keep = [&](std::string_view some) -> Result<void> {
    if (bytes.size() + some.size() > previewer_.bytes_max) return NoPreview(media::MediaOutcome::kTooLarge, {});
    bytes += some;
    return {};
  };
  PL_TRY(door_.OpenFile(caller, file, purpose, keep, request_id, further));
  return bytes;
}

Result<media::Preview> Revealing::PreviewOf(const auth::Caller& caller, const RevealRow& row, std::string_view purpose,
                                            std::string_view request_id, RevealId& id) {
  const Turn turn(turns_);
  const Further count = [&](store::WriteTransaction& transaction, Json& detail) { return CheckAndCount(transaction, row, id, detail); };
  const std::string bytes = PL_TRY(ReadThroughDoor(caller, row.file, purpose, request_id, count));
  media::Preview preview = PL_TRY(previewer_.make(bytes, row.blur));
  if (preview.refusal) return NoPreview(*preview.refusal, preview.operator_text);
  return preview;
}

Result<Revealed> Revealing::Reveal(const auth::Caller& caller, FileId file, std::string_view purpose, media::PreviewBlur blur,
                                   std::string_view request_id) {
  const RevealRow row{caller.account.value, file, clock_.Now(), blur};
  RevealId id;
  Result<media::Preview> preview = PreviewOf(caller, row, purpose, request_id, id);
  if (!preview.ok()) {
    // Should this fail too, the reveal stays counted: rather one too many.
    if (id.value != 0) {
      PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return rows::MarkNotShown(transaction, id, row); }));
    }
    return std::move(preview).error();
  }
  Revealed revealed;
  revealed.id = id;
  revealed.picture = *std::move(preview->picture);
  revealed.complete = preview->complete;
  const Instant now = clock_.Now();
  const auto count = [&](store::ReadTransaction& transaction) -> Result<void> {
    revealed.exposure = PL_TRY(rows::ExposureOf(transaction, DayOf(now), caller.account.value, limits_.once, now));
    std::map<FileId, std::int64_t> reveals = PL_TRY(rows::RevealsOf(transaction, file, {file.value + 1}));
    revealed.file_reveals = reveals[file];
    return {};
  };
  PL_TRY(database_.Read(count));
  return revealed;
}

Result<void> Revealing::End(const auth::Caller& caller, RevealId id) {
  const Instant now = clock_.Now();
  const bool theirs = PL_TRY(database_.Write([&](store::WriteTransaction& transaction) {
    return rows::EndReveal(transaction, id, caller.account.value, limits_.once, now);
  }));
  if (!theirs) return Error{ErrorCode::kNotFound, "There is no such reveal.", {}, "reveal", 0};
  return {};
}

Result<Exposure> Revealing::ExposureOf(const auth::Caller& caller) {
  const Instant now = clock_.Now();
  return database_.Read([&](store::ReadTransaction& transaction) {
    return rows::ExposureOf(transaction, DayOf(now), caller.account.value, limits_.once, now);
  });
}

}  // namespace porchlight::evidence
