#pragma once

#include <string>
#include <string_view>

#include "tipline/content.h"

// One form for what people and platforms write in many. Pure. An empty answer means: nothing to go by.
namespace porchlight::triage {

std::string NormalEmail(std::string_view email);
// Digits alone, with the country's calling code where one is given; empty below five digits.
std::string NormalPhone(std::string_view phone, std::string_view calling_code);
// Case and marks of Western European, Greek and Cyrillic letters, separators, what is invisible, full-width forms and letters and digits
// that look like a Latin one are folded: "Mr_Fox.99" and "mrf0x99" with a nought are one handle; so is "@" in front. Nothing else is cut
// off and no distance allowed: near ones are for people to judge. Takes UTF-8.
std::string NormalHandle(std::string_view handle);
// Scheme and host in lower case, "www." and the fragment dropped, no slash at the end.
std::string NormalUrl(std::string_view url);

// The text that stands for an identifier when reports are compared: kind, scope where it matters, normal form. A screen
// name counts across services; a platform's own number only within its service.
std::string LinkText(const tipline::Identifier& identifier);

}  // namespace porchlight::triage
