#pragma once

#include <cstdint>
#include <functional>
#include <semaphore>
#include <string>

#include "base/clock.h"
#include "evidence/door.h"
#include "evidence/exposure.h"
#include "evidence/reveal_rows.h"
#include "platform/media/media.h"

// Shows a reported file to a person: through the door, as a small grey preview, each time counted for that person and that
// file. Thread-safe.
namespace porchlight::evidence {

// Makes the preview, in a process that can do nothing else (media::MediaWorker). Errors: kUnavailable when there is no such
// process to be had; nothing is ever decoded otherwise.
struct Previewer {
  std::function<Result<media::Preview>(std::string_view bytes, media::PreviewBlur blur)> make;
  std::uint64_t bytes_max = media::MediaOptions().bytes_max;   // Larger files are not read to the end.
};

struct Revealed {
  RevealId id;
  media::GreyPicture picture;
  bool complete = true;
  std::int64_t file_reveals = 0;   // Of this file, by whomever, with this one.
  Exposure exposure;               // Of this person today, likewise.
};

class Revealing {
 public:
  // Everything outlives this.
  Revealing(store::Database& database, Door& door, Previewer previewer, const Clock& clock, const ExposureLimits& limits)
      : database_(database), door_(door), previewer_(std::move(previewer)), clock_(clock), limits_(limits) {}
  const ExposureLimits& limits() const { return limits_; }

  // The read stands in the audit log and in the counts before a byte is read; a reveal from which nothing came out is counted
  // no more. Errors: as Door::OpenFile; kTooManyRequests, field "exposure", when the person's day is used up; field "preview_"
  // and the media::MediaOutcome when there is no preview to show: kTooLarge for "preview_too_large", else kUnsupported;
  // kUnavailable when nothing can be decoded at the moment.
  Result<Revealed> Reveal(const auth::Caller& caller, tipline::FileId file, std::string_view purpose, media::PreviewBlur blur,
                          std::string_view request_id);
  // The person has closed it. A repeat changes nothing. Errors: kNotFound when it is not theirs.
  Result<void> End(const auth::Caller& caller, RevealId id);
  // Today's, of the caller.
  Result<Exposure> ExposureOf(const auth::Caller& caller);

 private:
  Result<std::string> ReadThroughDoor(const auth::Caller& caller, tipline::FileId file, std::string_view purpose,
                                      std::string_view request_id, const Further& further);
  Result<std::optional<Error>> CheckAndCount(store::WriteTransaction& transaction, const RevealRow& row, RevealId& id, Json& detail) const;
  Result<media::Preview> PreviewOf(const auth::Caller& caller, const RevealRow& row, std::string_view purpose,
                                   std::string_view request_id, RevealId& id);
  Error LimitReached(Instant now) const;

  // Each holds a file in memory.
  static constexpr int kAtOnce = 4;

  store::Database& database_;
  Door& door_;
  const Previewer previewer_;
  const Clock& clock_;
  const ExposureLimits limits_;
  std::counting_semaphore<kAtOnce> turns_{kAtOnce};
};

}  // namespace porchlight::evidence
