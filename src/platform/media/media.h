#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/record.h"
#include "base/result.h"
#include "platform/fingerprint/pdq.h"

// What a reported picture looks like, as a perceptual hash or as a small grey preview, got without decoding anything in this
// process: each file goes to a fresh process of its own that can do nothing but compute and answer.
namespace porchlight::media {

// Told by the first bytes alone. Stored as its number: never renumber, never reuse.
enum class MediaFormat : std::uint8_t { kJpeg = 1, kPng = 2, kGif = 3, kWebp = 4 };

// Nothing when the bytes are none of these.
std::optional<MediaFormat> SniffFormat(std::string_view bytes);

// Why there is a hash, or none. Each is a fact about the file. Stored as its number: never renumber, never reuse.
enum class MediaOutcome : std::uint8_t {
  kHashed = 1,
  kUnsupported = 2,  // Not one of the formats, or a rare kind of one that its library does not read.
  kDamaged = 3,      // Of a format, but broken or cut off.
  kTooLarge = 4,     // Over the limit of bytes, pixels or memory. Nothing was decoded, or not to the end.
  kTookTooLong = 5,
  kCrashed = 6,      // The decoding process died or answered nonsense. The file may be an attack: keep it, do not open it.
};

struct Picture {
  MediaFormat format = MediaFormat::kJpeg;
  fingerprint::PictureSize size;  // As stored in the file: an orientation tag turns nothing.
  fingerprint::Pdq pdq;           // Of the first frame.
  bool complete = true;           // False when the file is cut off or faulty, but most of a picture came out.
};

struct Examination {
  MediaOutcome outcome = MediaOutcome::kCrashed;
  std::optional<Picture> picture;  // Exactly when kHashed.
  std::string operator_text;       // How the process ended when that is worth a line in the log; never content.
};

// How much of a preview can be made out. Stored as its number: never renumber, never reuse.
enum class PreviewBlur : std::uint8_t {
  kStrong = 1,  // Light and dark, no faces and no text: a radius of a twentieth of the longer side, three times.
  kLight = 2,   // A quarter of that.
  kNone = 3,
};

inline constexpr std::uint32_t kPreviewSideMax = 480;  // Pixels, of the longer side.

// 8 bits a pixel, 0 is black; rows from the top without gaps.
struct GreyPicture {
  fingerprint::PictureSize size;
  std::vector<std::uint8_t> samples;
};

struct Preview {
  std::optional<GreyPicture> picture;   // Of the first frame. No side over kPreviewSideMax, never larger than the file's own.
  std::optional<MediaOutcome> refusal;  // Exactly when there is no picture; never kHashed.
  bool complete = true;                 // As in Picture.
  std::string operator_text;            // As in Examination.
};

struct MediaOptions {
  std::string worker_path;  // The program porchlight_media_worker; empty: beside the running program.
  fingerprint::PdqLoader loader = fingerprint::PdqLoader::kFullSize;
  std::uint64_t bytes_max = 64ULL << 20;
  std::uint64_t pixels_max = 100'000'000;       // Width x height, of the whole canvas and of the frame.
  std::uint64_t memory_bytes_max = 1536ULL << 20;  // Address space of one process; 100 megapixels can take 1 GiB.
  std::uint32_t cpu_seconds_max = 10;
  Duration wall_time_max = {60'000'000};        // Also bounds a process that waits instead of computing.
  int processes_max = 2;                        // At once; further callers wait.
};

// Starts a process for each file, and outlives every way in which it can end. Any number of threads may call it at once.
class MediaWorker {
 public:
  // Tries the worker once. The clock must outlive it. Errors: kInvalidArgument for a limit of nothing; kUnavailable when
  // the program is missing, or the kernel refuses the sandbox: nothing is ever decoded without it.
  static Result<std::unique_ptr<MediaWorker>> Create(MediaOptions options, const Clock& clock);
  ~MediaWorker();

  // Waits for its turn and for the answer: at most wall_time_max from its turn on. Whatever the bytes are, the result is
  // an Examination; an Error is about this machine, and the same file should be tried again later: kUnavailable (no
  // process, descriptor or memory to be had, or no sandbox).
  Result<Examination> Examine(std::string_view bytes) const;
  // The same, for a person to look at: small, without colour, and blurred in the worker, so that a sharper picture than asked
  // for is nowhere in this process.
  Result<Preview> MakePreview(std::string_view bytes, PreviewBlur blur) const;
  const MediaOptions& options() const;

 private:
  struct Inner;
  explicit MediaWorker(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};

}  // namespace porchlight::media

namespace porchlight {

template <>
struct EnumNames<media::MediaFormat> {
  using E = media::MediaFormat;
  static constexpr std::string_view kName = "MediaFormat";
  static constexpr std::array kAll = {
      std::pair{E::kJpeg, std::string_view("jpeg")},
      std::pair{E::kPng, std::string_view("png")},
      std::pair{E::kGif, std::string_view("gif")},
      std::pair{E::kWebp, std::string_view("webp")},
  };
};

template <>
struct EnumNames<media::PreviewBlur> {
  using E = media::PreviewBlur;
  static constexpr std::string_view kName = "PreviewBlur";
  static constexpr std::array kAll = {
      std::pair{E::kStrong, std::string_view("strong")},
      std::pair{E::kLight, std::string_view("light")},
      std::pair{E::kNone, std::string_view("none")},
  };
};

template <>
struct EnumNames<media::MediaOutcome> {
  using E = media::MediaOutcome;
  static constexpr std::string_view kName = "MediaOutcome";
  static constexpr std::array kAll = {
      std::pair{E::kHashed, std::string_view("hashed")},
      std::pair{E::kUnsupported, std::string_view("unsupported")},
      std::pair{E::kDamaged, std::string_view("damaged")},
      std::pair{E::kTooLarge, std::string_view("too_large")},
      std::pair{E::kTookTooLong, std::string_view("took_too_long")},
      std::pair{E::kCrashed, std::string_view("crashed")},
  };
};

}  // namespace porchlight
