#pragma once

#include <string_view>

// What other rooms may hear from hashing through the outbox. The subject is the report's number.
namespace porchlight::hashing::events {

// A picture of the report stands in a group with another content: since just now, or the group joined another, or its order key
// changed. {"file":65537}. May be said twice.
inline constexpr std::string_view kLooksAlike = "hashing.looks_alike";

}  // namespace porchlight::hashing::events
