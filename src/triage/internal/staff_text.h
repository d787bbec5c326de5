#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

// What a member of the staff writes of an order or a sender: reasons, references and notes.
namespace porchlight::triage {

inline constexpr std::size_t kStaffTextBytesMax = 500;

// Not blank, and not too long.
bool IsStaffText(std::string_view text);
Error Refused(std::string_view field, std::string text);   // kInvalidArgument.

}  // namespace porchlight::triage
