#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/record.h"
#include "platform/auth/caller.h"
#include "evidence/gate.h"

// A warrant, consent or exigency that names reported files, as somebody of the centre has recorded it.
namespace porchlight::evidence {

using AuthorityId = Id<struct AuthorityTag>;

// Stored as numbers: never renumber, never reuse.
enum class AuthorityKind : std::uint8_t { kWarrant = 1, kConsent = 2, kExigency = 3 };

struct Authority {
  AuthorityId id;
  tipline::ReportId report;
  AuthorityKind kind = AuthorityKind::kWarrant;
  std::string reference;                              // Number of the order, the consent or the record; no free text.
  Instant from;                                       // Inclusive.
  std::optional<Instant> until;                       // Exclusive; absent: without end.
  std::optional<std::vector<tipline::FileId>> files;  // Absent: every file of the report.
  std::int64_t account = 0;
  Instant recorded_at;
  std::optional<Instant> revoked_at;
  std::int64_t revoked_by = 0;

  bool Names(tipline::FileId file) const;
  bool IsInForce(Instant now) const { return !revoked_at && from <= now && (!until || now < *until); }
};

inline constexpr std::size_t kReferenceBytesMax = 100;
inline constexpr std::size_t kNamedFilesMax = 2'000;

// What can be said of a record before the report is looked at. Errors: kInvalidArgument naming the member.
Result<void> Check(const Authority& authority);

// What is stored of a file, with the records of its report.
Facts FactsOf(tipline::FileId file, tipline::Answer viewed_by_esp, tipline::Answer publicly_available,
              const std::vector<Authority>& authorities, Instant now);

}  // namespace porchlight::evidence

namespace porchlight {

template <>
struct EnumNames<evidence::AuthorityKind> {
  using E = evidence::AuthorityKind;
  static constexpr std::string_view kName = "AuthorityKind";
  static constexpr std::array kAll = {std::pair{E::kWarrant, std::string_view("warrant")},
                                      std::pair{E::kConsent, std::string_view("consent")},
                                      std::pair{E::kExigency, std::string_view("exigency")}};
};

}  // namespace porchlight
