#include "evidence/authority.h"

#include <algorithm>

#include "base/check.h"

namespace porchlight::evidence {

namespace {

using tipline::Answer;

bool IsReferenceCharacter(char one) {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') ||
         std::string_view("-_./: ").find(one) != std::string_view::npos;
}

Error Wrong(std::string_view field, std::string_view text) {
  return Error{ErrorCode::kInvalidArgument, std::string(text), {}, std::string(field), 0};
}

Answer& AnswerFor(Facts& facts, AuthorityKind kind) {
  switch (kind) {
    case AuthorityKind::kWarrant: return facts.warrant;
    case AuthorityKind::kConsent: return facts.consent;
    case AuthorityKind::kExigency: return facts.exigency;
  }
  PL_CHECK(false);
}

}  // namespace

bool Authority::Names(tipline::FileId file) const {
  return !files || std::find(files->begin(), files->end(), file) != files->end();
}

Result<void> Check(const Authority& authority) {
  const std::string& reference = authority.reference;
  const bool readable = std::all_of(reference.begin(), reference.end(), IsReferenceCharacter);
  if (reference.empty() || reference.front() == ' ' || reference.size() > kReferenceBytesMax || !readable) {
    return Wrong("/reference", "The reference must be 1 to 100 letters, digits, spaces and -_./: and no free text.");
  }
  if (authority.until && *authority.until <= authority.from) return Wrong("/until", "The end must come after the beginning.");
  if (!authority.files) return {};
  if (authority.files->empty()) return Wrong("/files", "Name the files, or say all_files.");
  if (authority.files->size() > kNamedFilesMax) return Wrong("/files", "At most 2000 files can be named one by one.");
  return {};
}

Facts FactsOf(tipline::FileId file, Answer viewed_by_esp, Answer publicly_available, const std::vector<Authority>& authorities,
              Instant now) {
  Facts facts;
  facts.viewed_by_esp = viewed_by_esp;
  facts.publicly_available = publicly_available;
  for (const Authority& one : authorities) {
    if (!one.Names(file)) continue;
    Answer& answer = AnswerFor(facts, one.kind);
    if (one.IsInForce(now)) {
      answer = Answer::kYes;
      facts.authorities.push_back(one.id.value);
    } else if (answer == Answer::kMissing) {
      answer = Answer::kNo;
    }
  }
  return facts;
}

}  // namespace porchlight::evidence
