#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/record.h"
#include "platform/http/message.h"

// What the OpenAPI document (OpenAPI 3.1) says about a route. Rooms describe their routes beside their handlers;
// the document is generated, never written by hand.
namespace porchlight::http {

struct ApiParameter {
  std::string name;
  std::string in = "query";             // "path", "query" or "header".
  std::string type = "string";          // JSON Schema type: "string", "integer", "boolean".
  std::string description;
  bool required = false;                // A path parameter always is.
};

struct ApiOperation {
  Method method = Method::kGet;
  std::string pattern;                  // As in the Route.
  std::string summary;
  std::string permission;               // As in the Route; empty: any signed-in caller, or anyone when `open`.
  std::vector<ApiParameter> parameters; // Path parameters that are not listed are added as strings.
  // Adds the records it needs to components/schemas and answers the schema. Empty: no body.
  std::function<Json(Json& components)> request_schema;
  std::function<Json(Json& components)> response_schema;
  int success_status = 200;
  std::vector<int> refusals;            // Statuses beyond those every route can give (400, 401, 403, 429, 503).
  std::string tag;                      // Groups routes in the document; by default the path's part after /api/v1/.
  std::string response_type = "application/json";
  bool open = false;                    // No credentials are needed.
};

// A schema function for a described record.
template <class T>
std::function<Json(Json&)> SchemaFor() {
  return [](Json& components) { return SchemaOf<T>(components); };
}

// Stable for the same operations: paths in the order given. Two operations with the same method and pattern end the
// process, as does an empty summary: the document would be wrong.
Json OpenApiDocument(std::string_view title, std::string_view version, const std::vector<ApiOperation>& operations);

}  // namespace porchlight::http
