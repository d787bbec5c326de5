// Goal: each way to break a schema is told by rule, element and place, without a value of the document; a valid
// document has no problem. Method: one small schema, one document per rule.
#include "platform/xml/schema.h"

#include <gtest/gtest.h>

#include <thread>

namespace porchlight::xml {
namespace {

constexpr std::string_view kXsd = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
  <xs:element name="house"><xs:complexType><xs:sequence>
    <xs:element name="colour" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="red"/><xs:enumeration value="green"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="rooms" type="xs:int"/>
    <xs:element name="door" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:simpleContent><xs:extension base="xs:string">
      <xs:attribute name="width" type="xs:int" use="required"/>
      <xs:attribute name="code"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[0-9]+"/></xs:restriction></xs:simpleType></xs:attribute>
      </xs:extension></xs:simpleContent></xs:complexType></xs:element>
    <xs:element name="lit" type="xs:boolean" fixed="true" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>)";

const Schema& HouseSchema() {
  static const Schema schema = [] {
    Result<Schema> compiled = Schema::Compile(kXsd);
    EXPECT_TRUE(compiled.ok()) << compiled.error().operator_text;
    return std::move(compiled).value();
  }();
  return schema;
}

std::vector<SchemaProblem> Problems(std::string_view bytes, std::size_t problems_max = 20) {
  auto parsed = Document::Parse(bytes, Limits{});
  EXPECT_TRUE(std::holds_alternative<Document>(parsed)) << bytes;
  return HouseSchema().Validate(std::get<Document>(parsed), problems_max);
}

struct Case {
  std::string_view bytes;
  std::string_view rule;
  std::string_view element;
  std::string_view attribute;
  std::string_view says;
};

TEST(SchemaTest, EachRuleIsNamedWithItsElement) {
  for (const Case& one : {
           Case{"<tree/>", "schema.root", "tree", "", "no such document"},
           Case{"<house xmlns='urn:x'><rooms>1</rooms></house>", "schema.root", "house", "", ""},
           Case{"<house/>", "schema.missing", "house", "", "colour, rooms"},
           Case{"<house><colour>red</colour></house>", "schema.missing", "house", "", "rooms"},
           Case{"<house><rooms>1</rooms><colour>red</colour></house>", "schema.order", "colour", "", "door, lit"},
           Case{"<house><rooms>1</rooms><secret/></house>", "schema.order", "secret", "", "door, lit"},
           Case{"<house><colour>blue</colour><rooms>1</rooms></house>", "schema.enumeration", "colour", "", "'red', 'green'"},
           Case{"<house><rooms>many</rooms></house>", "schema.type", "rooms", "", "xs:int"},
           Case{"<house><rooms>3000000000</rooms></house>", "schema.type", "rooms", "", "xs:int"},
           Case{"<house><rooms/></house>", "schema.type", "rooms", "", "xs:int"},
           Case{"<house><rooms>1</rooms><door/></house>", "schema.attribute_missing", "door", "width", "required"},
           Case{"<house><rooms>1</rooms><door width='wide'/></house>", "schema.type", "door", "width", "xs:int"},
           Case{"<house><rooms>1</rooms><door width='1' code='x'/></house>", "schema.pattern", "door", "code", "[0-9]+"},
           Case{"<house><rooms>1</rooms><door width='1' odd='x'/></house>", "schema.attribute_unknown", "door", "odd", "belong"},
           Case{"<house><rooms odd='x'>1</rooms></house>", "schema.attribute_unknown", "rooms", "odd", "belong"},
           Case{"<house><rooms>1</rooms><lit>false</lit></house>", "schema.fixed", "lit", "", "true"},
           Case{"<house>text<rooms>1</rooms></house>", "schema.content", "house", "", "no text"},
           Case{"<house><rooms><b/></rooms></house>", "schema.content", "rooms", "", "no element"},
       }) {
    const std::vector<SchemaProblem> problems = Problems(one.bytes);
    ASSERT_EQ(problems.size(), 1U) << one.bytes << (problems.size() > 1 ? problems[1].message : "");
    EXPECT_EQ(problems[0].rule, one.rule) << one.bytes << problems[0].message;
    EXPECT_EQ(problems[0].element, one.element) << one.bytes;
    EXPECT_EQ(problems[0].attribute, one.attribute) << one.bytes;
    EXPECT_NE(problems[0].message.find(one.says), std::string::npos) << problems[0].message;
    EXPECT_TRUE(problems[0].message.ends_with('.')) << problems[0].message;
  }
}

TEST(SchemaTest, ValidDocumentsHaveNoProblem) {
  EXPECT_TRUE(Problems("<house><rooms>1</rooms></house>").empty());
  EXPECT_TRUE(Problems("<house><colour>red</colour><rooms>-1</rooms><door width='1' code='2'>x</door><lit/></house>").empty());
  EXPECT_TRUE(Problems("<house xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
                       "xsi:noNamespaceSchemaLocation='file:///nowhere.xsd'><rooms>1</rooms></house>").empty());
}

TEST(SchemaTest, NamespacesAndValuesAreTheSameForTheValidatorAsInTheDocument) {
  const auto rules = [](std::string_view bytes) {
    std::string told;
    for (const SchemaProblem& problem : Problems(bytes)) told += problem.rule + " " + problem.element + " " + problem.attribute + ";";
    return told;
  };
  EXPECT_EQ(rules("<house xml:lang='en'><rooms>1</rooms></house>"), "schema.attribute_unknown house lang;");
  EXPECT_EQ(rules("<house xmlns:x='urn:x' x:a='1' x:b='2'><rooms>1</rooms></house>"),
            "schema.attribute_unknown house a;schema.attribute_unknown house b;");
  EXPECT_EQ(rules("<house xmlns:x='urn:x'><x:rooms>1</x:rooms></house>"), "schema.order rooms ;");
  EXPECT_EQ(rules("<house xmlns:x='urn:x'><rooms xmlns:x='urn:y'>1</rooms><door width='1' code='1&amp;'>&lt;&amp;amp;</door></house>"),
            "schema.pattern door code;");
  // A type that the document names itself: found by its prefix, and refused as one that the schema does not know.
  EXPECT_NE(rules("<house xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:x='urn:x'><rooms xsi:type='x:none'>1</rooms></house>"), "");
  EXPECT_EQ(rules("<house xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:s='http://www.w3.org/2001/XMLSchema'>"
                  "<rooms xsi:type='s:int'>1</rooms></house>"), "");
}

// By the library's own means, which walk to the end of each list and through all namespaces, this takes a minute.
TEST(SchemaTest, ManyNamespacedChildrenAreNoWork) {
  std::string bytes = "<house xmlns:z='urn:u'";
  for (int index = 0; index < 60; ++index) bytes += " xmlns:p" + std::to_string(index) + "='urn:u'";
  bytes += "><rooms>1</rooms>";
  for (int index = 0; index < 100'000; ++index) bytes += "<z:a/>";
  EXPECT_EQ(Problems(bytes + "</house>", 3).size(), 1U);
}

TEST(SchemaTest, ValuesAreNeverRepeated) {
  for (const std::string_view value : {"secret", "secret' is not an element of the set {'", "secret type 'secret'", "secret (secret)"}) {
    const std::string text(value);
    for (const std::string& bytes : {"<house><colour>" + text + "</colour><rooms>1</rooms></house>", "<house><rooms>" + text + "</rooms></house>",
                                     "<house><rooms>1</rooms><door width=\"" + text + "\"/></house>",
                                     "<house><rooms>1</rooms><door width='1' code=\"" + text + "\"/></house>",
                                     "<house><rooms>1</rooms><lit>" + text + "</lit></house>"}) {
      const std::vector<SchemaProblem> problems = Problems(bytes);
      ASSERT_FALSE(problems.empty()) << bytes;
      for (const SchemaProblem& problem : problems) EXPECT_EQ(problem.message.find("secret"), std::string::npos) << problem.message;
    }
  }
}

TEST(SchemaTest, LongNamesAreShortened) {
  const std::string name(5000, 'n');
  const std::vector<SchemaProblem> problems = Problems("<house><rooms>1</rooms><" + name + "/></house>");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_LT(problems[0].message.size(), 300U);
}

TEST(SchemaTest, AllProblemsAreToldUpToTheLimitInDocumentOrder) {
  std::string bytes = "<house>\n<colour>blue</colour>\n<rooms>x</rooms>";
  for (int count = 0; count < 50; ++count) bytes += "\n<door width='x'/>";
  bytes += "</house>";
  const std::vector<SchemaProblem> problems = Problems(bytes, 20);
  ASSERT_EQ(problems.size(), 20U);
  EXPECT_EQ(problems[0].place.line, 2);
  EXPECT_EQ(problems[1].place.line, 3);
  EXPECT_EQ(problems[2].place.line, 4);
  EXPECT_EQ(problems[2].place.column, 1);
}

TEST(SchemaTest, ABrokenSchemaDoesNotCompile) {
  EXPECT_FALSE(Schema::Compile("").ok());
  EXPECT_FALSE(Schema::Compile("<a/>").ok());
  EXPECT_FALSE(Schema::Compile("<!DOCTYPE a><a/>").ok());
  const Result<Schema> unknown = Schema::Compile(
      R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="missing"/></xs:schema>)");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInternal);
  EXPECT_NE(unknown.error().operator_text.find("missing"), std::string::npos);
}

TEST(SchemaTest, OneSchemaServesManyThreadsAndNothingIsPrinted) {
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int index = 0; index < 4; ++index) {
    threads.emplace_back([] {
      for (int round = 0; round < 200; ++round) {
        EXPECT_TRUE(Problems("<house><rooms>1</rooms></house>").empty());
        EXPECT_EQ(Problems("<house><rooms>x</rooms></house>").size(), 1U);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace porchlight::xml
