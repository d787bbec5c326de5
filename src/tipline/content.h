#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "base/sensitive.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "tipline/report.h"
#include "tipline/views.h"

// What a filed report says, in our own words and types, for the rooms that judge and route it. The wire's element names
// stay behind this header. Values are personal: they are used and forgotten, never logged.
namespace porchlight::tipline {

// Who in the report a fact belongs to. Stored as numbers: never renumber, never reuse.
enum class Party : std::uint8_t { kNobody = 0, kReported = 1, kRecipient = 2, kVictim = 3, kAssociated = 4, kReporter = 5 };

// Stored as numbers: never renumber, never reuse.
enum class IdentifierKind : std::uint8_t {
  kUserId = 1,        // The platform's own number or name of the account; its scope is the service.
  kScreenName = 2,    // Scope: the service.
  kEmail = 3,
  kPhone = 4,
  kDevice = 5,        // Scope: the kind of id.
  kProfileUrl = 6,
  kGroup = 7,         // A group or server; scope: the service.
};

enum class NetworkEvent : std::uint8_t { kUnknown = 0, kLogin = 1, kRegistration = 2, kPurchase = 3, kUpload = 4, kOther = 5 };

enum class PlaceKind : std::uint8_t { kEstimated = 1, kBilling = 2, kHome = 3, kOtherAddress = 4, kIncident = 5, kSchool = 6 };

struct Identifier {
  IdentifierKind kind = IdentifierKind::kUserId;
  Party party = Party::kNobody;
  std::string value;
  std::string scope;
  bool verified = false;
};

struct NetworkUse {
  std::string address;                        // As reported; may be no IP address at all.
  Party party = Party::kNobody;
  NetworkEvent event = NetworkEvent::kUnknown;
  int port = 0;                               // 0: not given.
  std::optional<OffsetInstant> at;
  Answer possible_proxy = Answer::kMissing;
  std::string file;                           // Wire id of the file it belongs to, or empty.
};

struct StatedPlace {
  PlaceKind kind = PlaceKind::kEstimated;
  Party party = Party::kNobody;
  std::string city;
  std::string region;                         // Code or name as reported.
  std::string country;                        // As reported; empty when not given.
  std::string school;                         // Only of kSchool.
  bool verified = false;
};

// A text written by a person; `where` names its kind, never its content.
struct Passage {
  enum class Where : std::uint8_t { kEscalation, kConversation, kNote, kBiography, kFileNote };
  Where where = Where::kNote;
  Party party = Party::kNobody;
  std::string text;
};

struct ReportContent {
  IncidentType incident_type = IncidentType::kCsam;
  OffsetInstant incident_at;
  std::string platform;
  bool escalated = false;
  bool batched = false;
  bool has_incident_details = false;
  bool legal_process_named = false;           // Where to send legal process, or whom to ask.
  std::vector<std::string> annotations;       // Codes of the profile's list "report_annotations".
  int people_reported = 0;
  int victims = 0;
  std::vector<int> victim_ages;
  std::vector<std::int64_t> prior_reports;
  std::vector<Identifier> identifiers;
  std::vector<NetworkUse> network;
  std::vector<StatedPlace> places;
  std::vector<std::string> urls;
  std::vector<Passage> passages;
  bool cut = false;                           // Something went beyond the limits below and is not here.
};

struct DeclaredHash {
  std::string algorithm;                      // As the platform names it.
  std::string value;
};

struct FileContent {
  std::vector<DeclaredHash> hashes;           // Of the original, as the platform knows it.
  std::vector<NetworkUse> network;
  std::vector<Identifier> devices;
  std::string location;                       // Address where the file was found, or empty.
  std::vector<Passage> passages;
};

struct FiledFile {
  FileView facts;                             // Without the name, which nobody here needs.
  bool has_original_hash = false;
  bool has_network = false;
  std::int64_t details_place = 0;             // Of the document that describes it (FindOriginal); 0: it is not described.
  FileContent content;                        // Empty when the platform did not describe the file.
};

struct FiledReport {
  ReportRow report;
  std::optional<Instant> preserve_until;
  ReportContent content;
  std::vector<FiledFile> files;               // In the order of upload.
};

// Of one kind in one document; what is beyond them is left out and `cut` says so.
inline constexpr std::size_t kContentItemsMax = 500;
inline constexpr std::size_t kPassageBytesMax = 1024 * 1024;   // Of a longer text its head and its tail are here.

// For documents that were accepted. Errors: kMalformed.
Result<ReportContent> ReadReportContent(std::string_view bytes);
Result<FileContent> ReadFileContent(std::string_view bytes);

// Everything that rules look at. Errors: kNotFound (also when its content is purged), kCorrupt.
Result<FiledReport> FindFiled(store::ReadTransaction& transaction, const vault::Sealer& sealer, ReportId id);

}  // namespace porchlight::tipline

namespace porchlight {

template <>
struct EnumNames<tipline::Party> {
  using E = tipline::Party;
  static constexpr std::string_view kName = "Party";
  static constexpr std::array kAll = {
      std::pair{E::kNobody, std::string_view("nobody")},   std::pair{E::kReported, std::string_view("reported")},
      std::pair{E::kRecipient, std::string_view("recipient")}, std::pair{E::kVictim, std::string_view("victim")},
      std::pair{E::kAssociated, std::string_view("associated")}, std::pair{E::kReporter, std::string_view("reporter")}};
};

template <>
struct EnumNames<tipline::IdentifierKind> {
  using E = tipline::IdentifierKind;
  static constexpr std::string_view kName = "IdentifierKind";
  static constexpr std::array kAll = {
      std::pair{E::kUserId, std::string_view("user_id")},     std::pair{E::kScreenName, std::string_view("screen_name")},
      std::pair{E::kEmail, std::string_view("email")},        std::pair{E::kPhone, std::string_view("phone")},
      std::pair{E::kDevice, std::string_view("device")},      std::pair{E::kProfileUrl, std::string_view("profile_url")},
      std::pair{E::kGroup, std::string_view("group")}};
};

}  // namespace porchlight
