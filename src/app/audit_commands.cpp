// audit verify, audit prove.
#include <cstdio>

#include "app/command_support.h"
#include "app/progress.h"
#include "base/json.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/audit/witness.h"

namespace porchlight::app {
namespace {

constexpr int kProblemsShown = 50;

Result<void> VerifyLog(Centre& centre) {
  const audit::WitnessedHeads file = PL_TRY(audit::ReadWitness(centre.witness_file()));
  const std::vector<audit::TreeHead>& witnessed = file.heads;
  for (const std::string& problem : file.problems) std::printf("WARNING witness file: %s\n", problem.c_str());
  Progress progress("Verifying the log");
  const audit::Verdict verdict = PL_TRY(audit::Verify(centre.database(), centre.audit_key().public_key, witnessed,
                                                      [&](std::int64_t done, std::int64_t total) { progress.Show(done, total); }));
  std::printf("%lld entries, %lld under %lld signed heads, %zu heads witnessed outside the database.\n",
              static_cast<long long>(verdict.entries), static_cast<long long>(verdict.sealed), static_cast<long long>(verdict.heads),
              witnessed.size());
  if (verdict.problems.empty()) {
    std::printf("Intact: no entry was edited, removed, reordered or forged.\n");
    return {};
  }
  for (std::size_t index = 0; index < verdict.problems.size() && index < kProblemsShown; ++index) {
    std::printf("PROBLEM %s\n", verdict.problems[index].c_str());
  }
  return Error{ErrorCode::kCorrupt, "The audit log is not intact: " + std::to_string(verdict.problems.size()) + " problems.", {}, {}, 0};
}

Result<audit::TreeHead> NewestHead(Centre& centre) {
  const std::vector<audit::TreeHead> witnessed = PL_TRY(audit::ReadWitness(centre.witness_file())).heads;
  if (witnessed.empty()) return Error{ErrorCode::kNotFound, "No tree head has been signed yet.", {}, {}, 0};
  return witnessed.back();
}

Result<void> PrintProof(Centre& centre, std::int64_t entry) {
  const audit::TreeHead head = PL_TRY(NewestHead(centre));
  const audit::InclusionProof proof = PL_TRY(audit::Prove(centre.database(), entry, head));
  Json path{Json::Array{}};
  for (const std::string& hash : proof.path) path.Append(HexEncode(hash));
  Json out;
  out.Set("entry", Base64Encode(proof.entry_text)).Set("leaf", proof.leaf).Set("path", std::move(path));
  out.Set("head", Json().Set("size", head.size).Set("root", HexEncode(head.root)).Set("at", FormatInstant(head.at))
                      .Set("signature", Base64Encode(head.signature)).Set("key_id", head.key_id));
  out.Set("public_key", HexEncode(centre.audit_key().public_key));
  std::fputs(out.SerializePretty().c_str(), stdout);
  return {};
}

}  // namespace

int RunAuditVerify(const CommonArguments& common) { return WithCentre(common, Centre::Access::kExisting, VerifyLog); }

int RunAuditProve(const CommonArguments& common, std::int64_t entry) {
  return WithCentre(common, Centre::Access::kExisting, [entry](Centre& centre) { return PrintProof(centre, entry); });
}

}  // namespace porchlight::app
