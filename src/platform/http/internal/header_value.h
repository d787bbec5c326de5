#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace porchlight::http::internal {

enum class Quoting {
  kHttp,   // A backslash takes the next character as it is (RFC 9110 section 5.6.4).
  kForm,   // As form writers do it: \" and \\ , or %22 %0D %0A; any other backslash stands for itself ("C:\a").
};

// A parameter of "value; name=text; other=\"quoted\"". Nothing when it is absent.
std::optional<std::string> ParameterOf(std::string_view header, std::string_view name, Quoting quoting = Quoting::kHttp);

// "name*=UTF-8''percent-encoded" (RFC 8187). Nothing when it is absent or cannot be read.
std::optional<std::string> ExtendedParameterOf(std::string_view header, std::string_view name);

// Whether a comma-separated list such as Connection holds the token, without case.
bool ListHolds(std::string_view list, std::string_view token);

// Whether Accept-Encoding allows gzip (RFC 9110 section 12.5.3): named, or by "*", and not with q=0.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace porchlight::http::internal
