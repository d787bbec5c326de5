#pragma once

#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "triage/rules.h"
#include "triage/tip.h"

// What a table of rules has to judge of a report that was judged before: its words and fields read anew by that table; what was known
// of it then (links, viral items, templates, what people said) as it was.
namespace porchlight::triage {

struct AnewInputs {
  Inputs inputs;
  bool unreadable = false;                        // Its content is gone: the signals are those that were stored.
};
// `before`: the newest score of `tip`. Errors: kCorrupt, and the store's.
Result<AnewInputs> ReadAnew(store::ReadTransaction& transaction, const vault::Sealer& sealer, const RuleTable& table, const Tip& tip,
                            const Score& before);

}  // namespace porchlight::triage
