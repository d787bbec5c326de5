#include "platform/http/api_document.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace porchlight::http {

namespace {

// "/a/{rest*}" is "/a/{rest}" in OpenAPI.
std::string PathOf(std::string_view pattern) {
  std::string path;
  for (const char c : pattern) {
    if (c != '*') path += c;
  }
  return path;
}

std::vector<std::string> PathNames(std::string_view path) {
  std::vector<std::string> names;
  for (const std::string_view part : Split(path, '/')) {
    if (part.size() > 2 && part.front() == '{' && part.back() == '}') names.emplace_back(part.substr(1, part.size() - 2));
  }
  return names;
}

std::string OperationId(const ApiOperation& operation, std::string_view path) {
  std::string id = LowerAscii(NameOf(operation.method));
  bool gap = true;
  for (const char c : path) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!word) {
      gap = true;
      continue;
    }
    if (gap) id += '_';
    gap = false;
    id += c;
  }
  return id;
}

std::string TagOf(const ApiOperation& operation, std::string_view path) {
  if (!operation.tag.empty()) return operation.tag;
  constexpr std::string_view kRoot = "/api/v1/";
  const std::string_view rest = path.starts_with(kRoot) ? path.substr(kRoot.size()) : path.substr(path.empty() ? 0 : 1);
  return std::string(rest.substr(0, rest.find('/')));
}

Json ParameterJson(const ApiParameter& parameter) {
  Json json;
  json.Set("name", parameter.name).Set("in", parameter.in).Set("required", parameter.required || parameter.in == "path");
  if (!parameter.description.empty()) json.Set("description", parameter.description);
  json.Set("schema", Json().Set("type", parameter.type));
  return json;
}

Json Parameters(const ApiOperation& operation, std::string_view path) {
  Json list{Json::Array{}};
  for (const std::string& name : PathNames(path)) {
    const bool listed = std::any_of(operation.parameters.begin(), operation.parameters.end(),
                                    [&](const ApiParameter& one) { return one.in == "path" && one.name == name; });
    if (!listed) list.Append(ParameterJson({.name = name, .in = "path", .type = "string", .description = "", .required = true}));
  }
  for (const ApiParameter& parameter : operation.parameters) list.Append(ParameterJson(parameter));
  return list;
}

Json Content(std::string_view media_type, Json schema) {
  return Json().Set(media_type, Json().Set("schema", std::move(schema)));
}

std::string_view MeaningOf(int status) {
  switch (status) {
    case 400: return "The request cannot be read.";
    case 401: return "No credentials, or wrong ones.";
    case 403: return "Signed in, but not allowed.";
    case 404: return "Does not exist, or the caller may not know that it does.";
    case 409: return "The record's state does not allow it.";
    case 413: return "Over a stated limit.";
    case 415: return "A media type that is not spoken here.";
    case 422: return "A value breaks a rule; `field` names it.";
    case 429: return "Too many requests; see Retry-After.";
    case 503: return "Try again later; see Retry-After.";
    case 507: return "The disk is full; nothing was accepted.";
    default: return "Refused.";
  }
}

Json Responses(const ApiOperation& operation, Json& components) {
  Json success;
  success.Set("description", operation.success_status == 204 ? "Done; no content." : "Done.");
  if (operation.response_schema) {
    success.Set("content", Content(operation.response_type, operation.response_schema(components)));
  }
  Json responses;
  responses.Set(std::to_string(operation.success_status), std::move(success));
  std::set<int> refusals(operation.refusals.begin(), operation.refusals.end());
  refusals.insert({400, 429, 503});
  if (!operation.open) refusals.insert({401, 403});
  for (const int status : refusals) {
    Json error = Json().Set("$ref", "#/components/schemas/ErrorAnswer");
    responses.Set(std::to_string(status),
                  Json().Set("description", MeaningOf(status)).Set("content", Content("application/json", std::move(error))));
  }
  return responses;
}

Json OperationJson(const ApiOperation& operation, std::string_view path, Json& components) {
  Json json;
  json.Set("operationId", OperationId(operation, path)).Set("summary", operation.summary);
  json.Set("tags", Json().Append(TagOf(operation, path)));
  Json parameters = Parameters(operation, path);
  if (!parameters.AsArray()->empty()) json.Set("parameters", std::move(parameters));
  if (operation.request_schema) {
    json.Set("requestBody", Json().Set("required", true).Set("content", Content("application/json", operation.request_schema(components))));
  }
  json.Set("responses", Responses(operation, components));
  if (operation.open) {
    json.Set("security", Json(Json::Array{}));
  } else if (!operation.permission.empty()) {
    json.Set("x-permission", operation.permission);
  }
  return json;
}

Json ErrorSchema() {
  const auto text = [](std::string_view about) { return Json().Set("type", "string").Set("description", about); };
  Json inner;
  inner.Set("code", text("What kind of failure."))
      .Set("message", text("What is wrong, in words."))
      .Set("field", text("Path of the offending value; absent if none."))
      .Set("request_id", text("Tell this to the operators."));
  Json error = Json().Set("type", "object").Set("properties", std::move(inner));
  return Json().Set("type", "object").Set("properties", Json().Set("error", std::move(error)));
}

Json SecuritySchemes() {
  Json schemes;
  schemes.Set("session", Json().Set("type", "apiKey").Set("in", "cookie").Set("name", "porchlight_session")
                             .Set("description", "Unsafe methods also need the X-CSRF-Token header."));
  schemes.Set("token", Json().Set("type", "http").Set("scheme", "bearer"));
  schemes.Set("basic", Json().Set("type", "http").Set("scheme", "basic"));
  return schemes;
}

}  // namespace

Json OpenApiDocument(std::string_view title, std::string_view version, const std::vector<ApiOperation>& operations) {
  Json schemas;
  schemas.Set("ErrorAnswer", ErrorSchema());
  Json paths{Json::Object{}};
  for (const ApiOperation& operation : operations) {
    PL_CHECK(!operation.summary.empty());
    const std::string path = PathOf(operation.pattern);
    const std::string method = LowerAscii(NameOf(operation.method));
    const Json* there = paths.Find(path);
    Json item = there == nullptr ? Json(Json::Object{}) : *there;
    PL_CHECK(item.Find(method) == nullptr);
    item.Set(method, OperationJson(operation, path, schemas));
    paths.Set(path, std::move(item));
  }
  Json security;
  for (const std::string_view name : {"session", "token", "basic"}) security.Append(Json().Set(name, Json(Json::Array{})));
  Json document;
  document.Set("openapi", "3.1.0").Set("info", Json().Set("title", title).Set("version", version));
  document.Set("security", std::move(security)).Set("paths", std::move(paths));
  document.Set("components", Json().Set("schemas", std::move(schemas)).Set("securitySchemes", SecuritySchemes()));
  return document;
}

}  // namespace porchlight::http
