#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/instant.h"

// Invented platforms, and how each writes on the wire. The habits are those seen among public clients of the
// reporting API, so that traffic meets a server in every form it must understand.
namespace porchlight::synthetic {

enum class Declaration : std::uint8_t { kNone = 1, kSingleQuoted = 2, kDoubleQuoted = 3, kStandalone = 4 };
enum class FlagForm : std::uint8_t { kTrueText = 1, kEmptyElement = 2 };
enum class TimeForm : std::uint8_t {
  kNanosecondsUtc = 1,
  kMillisecondsUtc = 2,
  kSecondsZeroOffset = 3,
  kSecondsLocalOffset = 4,
};
enum class FormEncoding : std::uint8_t { kMultipart = 1, kUrlEncoded = 2 };
enum class PartName : std::uint8_t { kBaseName = 1, kTemporaryPath = 2, kBlob = 3, kQuoted = 4 };
enum class Service : std::uint8_t { kChat = 1, kPictures = 2, kMail = 3, kGames = 4, kVideo = 5, kHosting = 6, kSharing = 7 };

struct WireHabit {
  Declaration declaration = Declaration::kNone;
  bool names_schema = false;          // xsi:noNamespaceSchemaLocation on the root.
  int indent = 0;                     // Spaces per level; 0: one line.
  bool final_newline = false;
  FlagForm flags = FlagForm::kTrueText;
  bool empty_blocks = false;          // Sends <reportAnnotations/>, <fileAnnotations/>, <screenName/> with nothing in.
  TimeForm times = TimeForm::kMillisecondsUtc;
  std::string_view document_type;     // Content-Type of documents; empty: none is sent.
  FormEncoding forms = FormEncoding::kMultipart;
  PartName part_name = PartName::kBaseName;
  bool typed_parts = false;           // The file part has its real type, not application/octet-stream.
  bool describes_files = true;        // Calls /fileinfo at all.
  bool reads_schema_first = false;    // GET /xsd before each submit.
};

// Fields left out, per thousand. They make the findings a reporter is told.
struct Carelessness {
  int upload_address = 0;     // No network address with an upload.
  int port = 0;
  int zone = 0;               // Times without an offset.
  int viewed_answer = 0;      // fileViewedByEsp absent.
  int original_hash = 0;
  int file_description = 0;   // This one file is never described.
  int account_block = 0;      // No personOrUserReported.
};

struct Provider {
  std::string_view name;
  std::string_view domain;            // Ends in .example.
  Service service = Service::kChat;
  std::uint32_t weight = 0;           // Share of all reports.
  WireHabit habit;
  Carelessness careless;
};
std::span<const Provider> Providers();

// The instant as that habit writes it; `offset_minutes` is local time's, for the habit that keeps it.
std::string FormatTime(Instant instant, TimeForm form, int offset_minutes);
// Without any offset: what a careless sender writes.
std::string FormatTimeWithoutZone(Instant instant);

}  // namespace porchlight::synthetic
