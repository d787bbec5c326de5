// export: one report with its receipt, history and audit proofs in a folder, for a handover by hand.
#include <cstdio>
#include <filesystem>

#include "app/command_support.h"
#include "app/files.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/audit/witness.h"
#include "tipline/report_store.h"

namespace porchlight::app {
namespace {

constexpr int kEntriesMax = 1000;

Result<void> CheckPurpose(const profile::Profile& profile, const std::string& purpose) {
  std::string known;
  for (const profile::Code& code : profile.List("audit_purposes")) {
    if (code.code == purpose) return {};
    known += (known.empty() ? "" : ", ") + code.code;
  }
  return Error{ErrorCode::kInvalidArgument, "--purpose must be one of: " + known + ".", {}, "purpose", 0};
}

struct Exported {
  tipline::ReportDetail detail;
  tipline::Original original;
  std::vector<audit::RecordedEntry> entries;
};

// The reading and its audit entry are one unit.
Result<Exported> ReadReport(Centre& centre, tipline::ReportId report, const std::string& purpose) {
  const Instant now = centre.clock().Now();
  return centre.database().Write([&](store::WriteTransaction& transaction) -> Result<Exported> {
    Exported out{PL_TRY(tipline::FindDetail(transaction, centre.sealer(), report)),
                 PL_TRY(tipline::FindOriginal(transaction, centre.sealer(), report, 0)), {}};
    audit::Entry entry;
    entry.action = "tipline.report.export";
    entry.subject_kind = "report";
    entry.subject = report.value;
    entry.purpose = purpose;
    PL_TRY(audit::Record(transaction, auth::SystemCaller("command-line"), entry, now));
    out.entries = PL_TRY(audit::ListOf(transaction, "report", report.value, kEntriesMax));
    return out;
  });
}

// Proofs of the entries that are sealed already, under the newest witnessed head.
Result<Json> ProofsOf(Centre& centre, const std::vector<audit::RecordedEntry>& entries) {
  Json proofs{Json::Array{}};
  const std::vector<audit::TreeHead> heads = PL_TRY(audit::ReadWitness(centre.witness_file())).heads;
  for (const audit::RecordedEntry& entry : entries) {
    Json one = Json()
                   .Set("id", entry.id)
                   .Set("at", FormatInstant(entry.at))
                   .Set("login", entry.login)
                   .Set("action", entry.entry.action)
                   .Set("purpose", entry.entry.purpose);
    if (entry.leaf && !heads.empty() && *entry.leaf < heads.back().size) {
      const audit::InclusionProof proof = PL_TRY(audit::Prove(centre.database(), entry.id, heads.back()));
      Json path{Json::Array{}};
      for (const std::string& hash : proof.path) path.Append(HexEncode(hash));
      one.Set("entry", Base64Encode(proof.entry_text)).Set("leaf", proof.leaf).Set("path", std::move(path));
    }
    proofs.Append(std::move(one));
  }
  Json out = Json().Set("entries", std::move(proofs)).Set("public_key", HexEncode(centre.audit_key().public_key));
  if (!heads.empty()) {
    out.Set("head", Json()
                        .Set("size", heads.back().size)
                        .Set("root", HexEncode(heads.back().root))
                        .Set("at", FormatInstant(heads.back().at))
                        .Set("signature", Base64Encode(heads.back().signature)));
  }
  return out;
}

}  // namespace

int RunExport(const CommonArguments& common, std::int64_t report, const std::string& target, const std::string& purpose) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) -> Result<void> {
    PL_TRY(CheckPurpose(centre.profile(), purpose));
    if (std::filesystem::exists(target)) return Error{ErrorCode::kConflict, target + " is there already; name a new folder.", {}, {}, 0};
    const Exported out = PL_TRY(ReadReport(centre, tipline::ReportId{report}, purpose));
    const Json proofs = PL_TRY(ProofsOf(centre, out.entries));
    PL_TRY(MakeFolder(target));
    PL_TRY(WriteSmallFile(target + "/original.xml", out.original.bytes));
    PL_TRY(WriteSmallFile(target + "/report.json", ToJson(out.detail, VisibilitySet::All()).SerializePretty()));
    PL_TRY(WriteSmallFile(target + "/audit.json", proofs.SerializePretty()));
    std::printf(
        "Wrote original.xml, report.json and audit.json to %s. File contents are not exported: packages for agencies carry them, through "
        "the gate.\n",
        target.c_str());
    return {};
  });
}

}  // namespace porchlight::app
