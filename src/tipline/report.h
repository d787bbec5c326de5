#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/ids.h"
#include "base/instant.h"
#include "base/record.h"

// The tipline's words (docs/glossary.md). What was received is never edited; what we add lies beside it.
namespace porchlight::tipline {

using ReportId = Id<struct ReportTag>;   // Public number of a report: counts up, fits xs:long and 2^53.
using FileId = Id<struct FileTag>;       // Our row; the wire's file id is 32 hex digits that start with a-f.

// The files and documents of a report are those from its number times this, in the order of arrival.
inline constexpr std::int64_t kPlacesPerReport = 65'536;
constexpr FileId FirstFile(ReportId report) { return {report.value * kPlacesPerReport}; }
constexpr FileId EndOfFiles(ReportId report) { return {(report.value + 1) * kPlacesPerReport}; }
constexpr ReportId ReportOf(FileId file) { return {file.value / kPlacesPerReport}; }

// Stored as numbers: never renumber, never reuse.
enum class ReportState : std::uint8_t {
  kOpened = 1,             // Submitted, no file yet, not finished.
  kFilesPending = 2,       // Has files, not finished.
  kFinished = 3,           // Filed for good; the receipt stands.
  kValidated = 4,
  kTriaged = 5,
  kInReview = 6,
  kMadeAvailable = 7,
  kFeedbackReceived = 8,
  kClosed = 9,
  kRetracted = 10,         // By the platform, before finishing.
  kExpiredUnfinished = 11, // Content purged; the count is kept.
  kRefused = 12,
  kHeldLegal = 13,
  kPausedDeconfliction = 14,
};

enum class ReportSource : std::uint8_t { kPlatform = 1, kPublic = 2 };

// The eight kinds of the wire schema, in its order. The wire's own words appear only in wire.cpp and the XSD.
enum class IncidentType : std::uint8_t {
  kCsam = 1,
  kTrafficking = 2,
  kSexTourism = 3,
  kMolestation = 4,
  kMisleadingDomain = 5,
  kMisleadingWords = 6,
  kEnticement = 7,
  kUnsolicitedObscene = 8,
};

// Three values: a missing answer is not a "no" in the record, though every rule treats it as one.
enum class Answer : std::uint8_t { kMissing = 0, kNo = 1, kYes = 2 };

enum class FileKind : std::uint8_t { kUnknown = 0, kImage = 1, kVideo = 2, kOther = 3 };

}  // namespace porchlight::tipline

namespace porchlight {

template <>
struct EnumNames<tipline::ReportState> {
  using E = tipline::ReportState;
  static constexpr std::string_view kName = "ReportState";
  static constexpr std::array kAll = {
      std::pair{E::kOpened, std::string_view("opened")},
      std::pair{E::kFilesPending, std::string_view("files_pending")},
      std::pair{E::kFinished, std::string_view("finished")},
      std::pair{E::kValidated, std::string_view("validated")},
      std::pair{E::kTriaged, std::string_view("triaged")},
      std::pair{E::kInReview, std::string_view("in_review")},
      std::pair{E::kMadeAvailable, std::string_view("made_available")},
      std::pair{E::kFeedbackReceived, std::string_view("feedback_received")},
      std::pair{E::kClosed, std::string_view("closed")},
      std::pair{E::kRetracted, std::string_view("retracted")},
      std::pair{E::kExpiredUnfinished, std::string_view("expired_unfinished")},
      std::pair{E::kRefused, std::string_view("refused")},
      std::pair{E::kHeldLegal, std::string_view("held_legal")},
      std::pair{E::kPausedDeconfliction, std::string_view("paused_deconfliction")},
  };
};

template <>
struct EnumNames<tipline::ReportSource> {
  using E = tipline::ReportSource;
  static constexpr std::string_view kName = "ReportSource";
  static constexpr std::array kAll = {std::pair{E::kPlatform, std::string_view("platform")},
                                      std::pair{E::kPublic, std::string_view("public")}};
};

template <>
struct EnumNames<tipline::IncidentType> {
  using E = tipline::IncidentType;
  static constexpr std::string_view kName = "IncidentType";
  static constexpr std::array kAll = {
      std::pair{E::kCsam, std::string_view("csam")},
      std::pair{E::kTrafficking, std::string_view("trafficking")},
      std::pair{E::kSexTourism, std::string_view("sex_tourism")},
      std::pair{E::kMolestation, std::string_view("molestation")},
      std::pair{E::kMisleadingDomain, std::string_view("misleading_domain")},
      std::pair{E::kMisleadingWords, std::string_view("misleading_words")},
      std::pair{E::kEnticement, std::string_view("enticement")},
      std::pair{E::kUnsolicitedObscene, std::string_view("unsolicited_obscene")},
  };
};

template <>
struct EnumNames<tipline::Answer> {
  using E = tipline::Answer;
  static constexpr std::string_view kName = "Answer";
  static constexpr std::array kAll = {std::pair{E::kMissing, std::string_view("missing")},
                                      std::pair{E::kNo, std::string_view("no")},
                                      std::pair{E::kYes, std::string_view("yes")}};
};

template <>
struct EnumNames<tipline::FileKind> {
  using E = tipline::FileKind;
  static constexpr std::string_view kName = "FileKind";
  static constexpr std::array kAll = {std::pair{E::kUnknown, std::string_view("unknown")},
                                      std::pair{E::kImage, std::string_view("image")},
                                      std::pair{E::kVideo, std::string_view("video")},
                                      std::pair{E::kOther, std::string_view("other")}};
};

}  // namespace porchlight
