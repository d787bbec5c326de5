#include "directory/views.h"

namespace porchlight::directory {

Json CodeLists::ToJson() const {
  Json by_name{Json::Object{}};
  for (const auto& [name, codes] : lists) by_name.Set(name, ValueToJson(codes, VisibilitySet()));
  return Json().Set("profile", profile).Set("version", version).Set("lists", std::move(by_name));
}

Json CodeLists::Schema(Json& components) {
  const Json text = Json().Set("type", "string");
  const Json by_name = Json().Set("type", "object").Set("additionalProperties", SchemaOf<std::vector<CodeView>>(components));
  Json properties;
  properties.Set("profile", text).Set("version", text).Set("lists", by_name);
  return Json().Set("type", "object").Set("properties", std::move(properties));
}

}  // namespace porchlight::directory
