// Goal: the OpenAPI document says what the operations say. Method: one small record, two operations on one path.
#include "platform/http/api_document.h"

#include <gtest/gtest.h>

namespace porchlight::http {
namespace {

struct Lamp {
  std::int64_t id = 0;
  std::optional<std::string> colour;
  static constexpr std::string_view kRecordName = "Lamp";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("id", &Lamp::id, Visibility::kPublic, "Number."),
                           Describe("colour", &Lamp::colour, Visibility::kPublic, "Colour."));
  }
};

const Json& At(const Json& json, std::initializer_list<std::string_view> path) {
  const Json* here = &json;
  for (const std::string_view name : path) {
    here = here->Find(name);
    PL_CHECK(here != nullptr);
  }
  return *here;
}

TEST(ApiDocumentTest, DescribesPathsParametersBodiesAndRefusals) {
  ApiOperation show;
  show.pattern = "/api/v1/lamps/{id}";
  show.summary = "One lamp.";
  show.permission = "lamp.read";
  show.parameters = {{.name = "shade", .in = "query", .type = "string", .description = "Shade.", .required = false}};
  show.response_schema = SchemaFor<Lamp>();
  show.refusals = {404};
  ApiOperation light = show;
  light.method = Method::kPost;
  light.request_schema = SchemaFor<Lamp>();
  light.open = true;

  const Json document = OpenApiDocument("Lamps", "1", {show, light});

  EXPECT_EQ(document.Text("openapi"), "3.1.0");
  const Json& get = At(document, {"paths", "/api/v1/lamps/{id}", "get"});
  EXPECT_EQ(get.Text("operationId"), "get_api_v1_lamps_id");
  EXPECT_EQ(get.Text("x-permission"), "lamp.read");
  EXPECT_EQ(get.Find("parameters")->AsArray()->size(), 2U);
  EXPECT_EQ(get.Find("parameters")->AsArray()->front().Text("in"), "path");
  EXPECT_NE(At(get, {"responses"}).Find("401"), nullptr);
  EXPECT_NE(At(get, {"responses"}).Find("404"), nullptr);
  EXPECT_EQ(At(get, {"responses", "200", "content", "application/json", "schema"}).Text("$ref"), "#/components/schemas/Lamp");
  const Json& post = At(document, {"paths", "/api/v1/lamps/{id}", "post"});
  EXPECT_EQ(At(post, {"responses"}).Find("401"), nullptr);
  EXPECT_TRUE(post.Find("security")->AsArray()->empty());
  EXPECT_NE(At(document, {"components", "schemas", "Lamp", "properties"}).Find("colour"), nullptr);
  EXPECT_EQ(document.Serialize(), OpenApiDocument("Lamps", "1", {show, light}).Serialize());
}

TEST(ApiDocumentTest, ARestOfThePathIsAnOrdinaryParameter) {
  ApiOperation all;
  all.pattern = "/files/{rest*}";
  all.summary = "Everything.";
  const Json document = OpenApiDocument("Files", "1", {all});
  EXPECT_NE(At(document, {"paths"}).Find("/files/{rest}"), nullptr);
}

}  // namespace
}  // namespace porchlight::http
