#include "tipline/internal/schema_table.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "platform/xml/document.h"

namespace porchlight::tipline::internal {
namespace {

using xml::Element;

std::string AttributeOr(Element element, std::string_view name, std::string_view fallback) {
  return element.Attribute(name).value_or(std::string(fallback));
}

// What the table does not tell must not be in the schema: a check built from the table would not know of it.
bool HasOnly(Element element, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : element.Attributes()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) return false;
  }
  return true;
}

bool HoldsOnly(Element element, std::initializer_list<std::string_view> known) {
  for (const Element child : element.Children()) {
    if (child.Name() != "annotation" && std::find(known.begin(), known.end(), child.Name()) == known.end()) return false;
  }
  return true;
}

bool IsGroup(std::string_view name) { return name == "sequence" || name == "choice" || name == "all"; }

class TableReader {
 public:
  Result<std::vector<SchemaRow>> Read(Element schema) {
    if (schema.Name() != "schema") return Unknown(schema);
    rows_.push_back({"(schema)", "", "group", "schema", "", "", "", 0,
                     "targetNamespace=" + AttributeOr(schema, "targetNamespace", "none") +
                         ";elementFormDefault=" + AttributeOr(schema, "elementFormDefault", "unqualified") +
                         ";attributeFormDefault=" + AttributeOr(schema, "attributeFormDefault", "unqualified")});
    int order = 0;
    for (const Element global : schema.Children()) PL_TRY(ReadGlobal(global, ++order));
    return std::move(rows_);
  }

 private:
  static Error Unknown(Element element) {
    return Error{ErrorCode::kInternal, "The schema cannot be used.",
                 "line " + std::to_string(element.Where().line) + ": '" + std::string(element.Name()) + "' is not understood here", {}, 0};
  }

  Result<void> ReadGlobal(Element global, int order) {
    const std::string kind(global.Name());
    const std::string name = AttributeOr(global, "name", "");
    if (kind == "element") {
      const Element type = global.Child("complexType");
      if (!type || !HasOnly(global, {"name"}) || !HoldsOnly(global, {"complexType"})) return Unknown(global);
      rows_.push_back({"(schema)", name, "element", "anonymous:element:" + name, "", "", "", order, ""});
      return ReadComplex(type, "element:" + name);
    }
    rows_.push_back({"(schema)", name, "group", kind, "", "", "", order, ""});
    if (kind == "complexType") return ReadComplex(global, "complexType:" + name);
    if (kind == "simpleType") return ReadSimple(global, "simpleType:" + name);
    return Unknown(global);
  }

  Result<void> ReadComplex(Element type, const std::string& label) {
    if (!HasOnly(type, {"name"})) return Unknown(type);
    bool has_content = false;
    int attribute_order = 0;
    for (const Element part : type.Children()) {
      if (part.Name() == "annotation") continue;
      if (part.Name() == "attribute") {
        if (!has_content) AddEmptyContent(label);
        has_content = true;
        PL_TRY(AddAttribute(part, label, ++attribute_order));
      } else if (IsGroup(part.Name())) {
        has_content = true;
        rows_.push_back({label, "", "group", std::string(part.Name()), AttributeOr(part, "minOccurs", "1"),
                         AttributeOr(part, "maxOccurs", "1"), "", 0, ""});
        PL_TRY(ReadGroup(part, label));
      } else if (part.Name() == "simpleContent" && part.Child("extension")) {
        has_content = true;
        const Element extension = part.Child("extension");
        if (!HasOnly(extension, {"base"}) || !HoldsOnly(part, {"extension"})) return Unknown(part);
        rows_.push_back({label, "", "extension", AttributeOr(extension, "base", ""), "", "", "", 0, "derivation=extension"});
        for (const Element attribute : extension.Children()) PL_TRY(AddAttribute(attribute, label, ++attribute_order));
      } else {
        return Unknown(part);
      }
    }
    if (!has_content) AddEmptyContent(label);
    return {};
  }

  Result<void> ReadGroup(Element group, const std::string& label) {
    if (!HasOnly(group, {"minOccurs", "maxOccurs"})) return Unknown(group);
    const std::string compositor(group.Name());
    std::vector<std::pair<Element, std::string>> unnamed;   // Nested types follow their parent's own rows.
    int order = 0;
    for (const Element child : group.Children()) {
      if (child.Name() == "annotation") continue;
      ++order;
      const std::string least = AttributeOr(child, "minOccurs", "1");
      const std::string most = AttributeOr(child, "maxOccurs", "1");
      if (IsGroup(child.Name())) {
        const std::string name = std::string(child.Name()) + "@" + std::to_string(order);
        rows_.push_back({label, name, "group", std::string(child.Name()), least, most, compositor, order, ""});
        unnamed.emplace_back(child, label + "/" + name);
        continue;
      }
      if (child.Name() != "element" || !HasOnly(child, {"name", "ref", "type", "minOccurs", "maxOccurs", "fixed"})) return Unknown(child);
      if (!HoldsOnly(child, {"complexType"})) return Unknown(child);
      const std::optional<std::string> reference = child.Attribute("ref");
      const std::string name = reference ? *reference : AttributeOr(child, "name", "");
      std::string type = reference ? "ref:" + *reference : AttributeOr(child, "type", "");
      if (const Element nested = child.Child("complexType"); nested) {
        if (label.find('@') != std::string::npos) return Unknown(nested);
        type = "anonymous:" + label + "/" + name;
        unnamed.emplace_back(nested, label + "/" + name);
      }
      const std::optional<std::string> fixed = child.Attribute("fixed");
      rows_.push_back({label, name, "element", type, least, most, compositor, order, fixed ? "fixed=" + *fixed : ""});
    }
    for (const auto& [nested, nested_label] : unnamed) {
      PL_TRY(nested.Name() == "complexType" ? ReadComplex(nested, nested_label) : ReadGroup(nested, nested_label));
    }
    return {};
  }

  Result<void> ReadSimple(Element type, const std::string& label) {
    const Element restriction = type.Child("restriction");
    const bool known = restriction && HasOnly(restriction, {"base"}) && HasOnly(type, {"name"}) && HoldsOnly(type, {"restriction"});
    if (!known) return Unknown(type);
    const std::string base = AttributeOr(restriction, "base", "");
    rows_.push_back({label, "", "extension", base, "", "", "", 0, "derivation=restriction"});
    int order = 0;
    for (const Element facet : restriction.Children()) {
      const bool word = facet.Name() == "enumeration";
      if (!word && facet.Name() != "pattern") return Unknown(facet);
      const std::string value = AttributeOr(facet, "value", "");
      rows_.push_back({label, value, word ? "enum" : "pattern", base, "", "", "", ++order, value.empty() ? "empty-string" : ""});
    }
    return {};
  }

  void AddEmptyContent(const std::string& label) { rows_.push_back({label, "", "group", "empty", "", "", "", 0, ""}); }

  Result<void> AddAttribute(Element attribute, const std::string& label, int order) {
    const std::string use = AttributeOr(attribute, "use", "optional");
    const bool required = use == "required";
    const bool known = attribute.Name() == "attribute" && HasOnly(attribute, {"name", "type", "use"}) && (required || use == "optional");
    if (!known) return Unknown(attribute);
    rows_.push_back({label, AttributeOr(attribute, "name", ""), "attribute", AttributeOr(attribute, "type", ""),
                     required ? "1" : "0", "1", "", order, ""});
    return {};
  }

  std::vector<SchemaRow> rows_;
};

}  // namespace

Result<std::vector<SchemaRow>> ReadSchemaTable(std::string_view xsd) {
  auto parsed = xml::Document::Parse(xsd, xml::Limits{});
  if (const auto* problem = std::get_if<xml::ParseProblem>(&parsed)) {
    return Error{ErrorCode::kInternal, "The schema cannot be used.", problem->message, {}, 0};
  }
  return TableReader().Read(std::get<xml::Document>(parsed).Root());
}

}  // namespace porchlight::tipline::internal
