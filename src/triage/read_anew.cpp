#include "triage/read_anew.h"

#include <algorithm>

#include "triage/derive.h"

namespace porchlight::triage {

Result<AnewInputs> ReadAnew(store::ReadTransaction& transaction, const vault::Sealer& sealer, const RuleTable& table, const Tip& tip,
                            const Score& before) {
  AnewInputs anew{before.inputs};
  const Result<tipline::FiledReport> filed = tipline::FindFiled(transaction, sealer, tip.id);
  anew.unreadable = !filed.ok();
  if (!filed.ok() && filed.error().code == ErrorCode::kNotFound) return anew;
  if (!filed.ok()) return filed.error();
  Derived derived = Derive(*filed, table, filed->report.received_at);
  anew.inputs.content = std::move(derived.content);
  // What was known for a template then is one still.
  const auto left_out = before.inputs.context.all().find(Signal::kRepeatedWords);
  for (const SpokenSignals& one : derived.spoken) {
    const bool repeated = left_out != before.inputs.context.all().end() &&
                          std::find(left_out->second.begin(), left_out->second.end(), one.place) != left_out->second.end();
    if (!repeated) anew.inputs.content.Join(one.signals);
  }
  anew.inputs.completeness = std::move(derived.completeness);
  if (tip.incident_type != filed->report.incident_type) SetTypeSignals(anew.inputs.content, tip.incident_type);
  return anew;
}

}  // namespace porchlight::triage
