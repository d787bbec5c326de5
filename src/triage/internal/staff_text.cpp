#include "triage/internal/staff_text.h"

#include "base/text.h"

namespace porchlight::triage {

bool IsStaffText(std::string_view text) { return !Trim(text).empty() && text.size() <= kStaffTextBytesMax; }

Error Refused(std::string_view field, std::string text) {
  return Error{ErrorCode::kInvalidArgument, std::move(text), {}, std::string(field), 0};
}

}  // namespace porchlight::triage
