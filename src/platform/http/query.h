#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/record.h"
#include "base/result.h"
#include "platform/http/message.h"

// Optional query parameters as values; absent and empty are the same. Errors: kInvalidArgument with the parameter's name as
// `field`.
namespace porchlight::http {

// "The parameter NAME must be WANTED."
Error BadQuery(std::string_view name, std::string_view wanted);

std::optional<std::string> QueryText(const Request& request, std::string_view name);
Result<std::optional<bool>> QueryFlag(const Request& request, std::string_view name);
// A date and time with a zone.
Result<std::optional<Instant>> QueryTime(const Request& request, std::string_view name);

template <class E>
Result<std::optional<E>> QueryCode(const Request& request, std::string_view name) {
  const std::optional<std::string> text = QueryText(request, name);
  if (!text) return std::optional<E>();
  const std::optional<E> value = FromName<E>(*text);
  if (!value) return BadQuery(name, "one of the listed words");
  return value;
}

}  // namespace porchlight::http
