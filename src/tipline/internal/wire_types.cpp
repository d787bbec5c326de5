#include "tipline/internal/wire_types.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "tipline/internal/field_rules.h"

namespace porchlight::tipline::internal {
namespace {

Error Broken(std::string what) { return Error{ErrorCode::kInternal, "The schema cannot be used.", std::move(what), {}, 0}; }

std::optional<Basic> BuiltIn(std::string_view type) {
  constexpr std::array kKnown = {
      std::pair{std::string_view("xs:string"), Basic::kText},       std::pair{std::string_view("xs:token"), Basic::kToken},
      std::pair{std::string_view("xs:dateTime"), Basic::kDateTime}, std::pair{std::string_view("xs:date"), Basic::kDate},
      std::pair{std::string_view("xs:int"), Basic::kWhole},         std::pair{std::string_view("xs:long"), Basic::kWhole},
      std::pair{std::string_view("xs:boolean"), Basic::kBoolean},   std::pair{std::string_view("xs:double"), Basic::kDouble}};
  for (const auto& [name, basic] : kKnown) {
    if (name == type) return basic;
  }
  return std::nullopt;
}

// The label under which the type of a row is described.
std::string LabelOfType(const std::string& type, const std::map<std::string, std::string, std::less<>>& named) {
  if (type.starts_with("ref:")) return "element:" + type.substr(4);
  if (type.starts_with("anonymous:")) return type.substr(10);
  const auto found = named.find(type);
  return found == named.end() ? type : found->second;
}

// A nested group's elements belong to the element that holds the group.
std::string WithoutGroup(const std::string& label) {
  const auto at = label.find('@');
  return at == std::string::npos ? label : label.substr(0, label.rfind('/', at));
}

bool NeedsTrim(Basic basic) { return basic == Basic::kDateTime || basic == Basic::kDate || basic == Basic::kWhole; }

void NormaliseText(xml::Document& document, xml::Element element, bool flag, std::string& scratch) {
  const std::string_view text = element.TextView(scratch);
  std::string_view wanted = TrimXml(text);
  if (flag && wanted == "1") wanted = "true";
  if (wanted == text || element.FirstChild()) return;
  document.SetText(element, std::string(wanted));
}

void NormaliseAttributes(xml::Document& document, xml::Element element, const ElementType& type) {
  for (const AttributeType& attribute : type.attributes) {
    if (!NeedsTrim(attribute.basic)) continue;
    const std::optional<std::string> value = element.Attribute(attribute.name);
    if (value && TrimXml(*value) != *value) document.SetAttribute(element, attribute.name, TrimXml(*value));
  }
}

void Walk(xml::Document& document, xml::Element element, const Declaration& declared, std::vector<Visit>& visits,
          std::string& scratch) {
  visits.push_back({element, &declared});
  const ElementType& type = *declared.type;
  if (declared.flag || NeedsTrim(type.basic)) NormaliseText(document, element, declared.flag, scratch);
  if (!type.attributes.empty() && element.HasAttributes()) NormaliseAttributes(document, element, type);
  for (const xml::Element child : element.Children()) {
    const Declaration* known = type.Find(child.Name());
    if (known != nullptr) Walk(document, child, *known, visits, scratch);
  }
}

}  // namespace

std::string_view TrimXml(std::string_view text) {
  constexpr std::string_view kXmlSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kXmlSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kXmlSpace) - first + 1);
}

const Declaration* ElementType::Find(std::string_view child) const {
  for (const Declaration& one : children) {
    if (one.name == child) return &one;
  }
  return nullptr;
}

Result<WireTypes> WireTypes::Create(const std::vector<SchemaRow>& rows) {
  WireTypes types;
  std::map<std::string, std::string, std::less<>> named;
  const auto type_at = [&](const std::string& label) -> ElementType& {
    std::unique_ptr<ElementType>& type = types.types_[label];
    if (type == nullptr) {
      type = std::make_unique<ElementType>();
      type->basic = BuiltIn(label).value_or(Basic::kNone);
    }
    return *type;
  };
  for (const SchemaRow& row : rows) {
    if (row.parent == "(schema)" && row.kind == "group" && !row.name.empty()) named[row.name] = row.type + ":" + row.name;
  }
  types.globals_ = std::make_unique<ElementType>();
  // First every type's own value, because attributes copy it; then what is inside.
  for (const SchemaRow& row : rows) {
    if (row.kind != "extension") continue;
    const std::optional<Basic> basic = BuiltIn(row.type);
    if (!basic) return Broken(row.parent + " derives from the unknown type " + row.type);
    type_at(row.parent).basic = *basic;
  }
  for (const SchemaRow& row : rows) {
    if (row.kind != "element" && row.kind != "attribute") continue;
    const std::string label = LabelOfType(row.type, named);
    ElementType& own = type_at(label);
    if (row.kind == "attribute") {
      type_at(row.parent).attributes.push_back({row.name, own.basic, {}});
      continue;
    }
    ElementType& parent = row.parent == "(schema)" ? *types.globals_ : type_at(WithoutGroup(row.parent));
    parent.children.push_back({row.name, &own, row.facets == "fixed=true", row.most != "1" && !row.most.empty(), {}});
  }
  for (const FieldLimit& limit : FieldLimits()) {
    const auto type = types.types_.find(limit.type);
    FieldRule* target = nullptr;
    if (type != types.types_.end() && limit.name.empty()) target = &type->second->rule;
    if (type != types.types_.end() && limit.name.starts_with('@')) {
      for (AttributeType& attribute : type->second->attributes) {
        if (attribute.name == limit.name.substr(1)) target = &attribute.rule;
      }
    } else if (type != types.types_.end()) {
      for (Declaration& child : type->second->children) {
        if (child.name == limit.name) target = &child.rule;
      }
    }
    if (target == nullptr) return Broken("a limit names " + std::string(limit.type) + " " + std::string(limit.name) + ", which is missing");
    *target = limit.rule;
  }
  return types;
}

const Declaration* WireTypes::Global(std::string_view name) const { return globals_->Find(name); }

std::vector<Visit> Normalise(xml::Document& document, const Declaration& root) {
  std::vector<Visit> visits;
  visits.reserve(128);
  std::string scratch;
  Walk(document, document.Root(), root, visits, scratch);
  return visits;
}

std::string PathOf(const Declaration& root, xml::Element element) {
  std::vector<xml::Element> chain;
  for (xml::Element at = element; at; at = at.Parent()) chain.push_back(at);
  std::string path = "/" + root.name;
  const Declaration* declared = &root;
  for (std::size_t index = chain.size() - 1; index-- > 0;) {
    const xml::Element step = chain[index];
    path += "/" + std::string(step.Name());
    declared = declared == nullptr ? nullptr : declared->type->Find(step.Name());
    if (declared == nullptr || !declared->repeats) continue;
    int position = 1;
    for (const xml::Element sibling : chain[index + 1].Children()) {
      if (sibling == step) break;
      position += sibling.Name() == step.Name() ? 1 : 0;
    }
    path += "[" + std::to_string(position) + "]";
  }
  return path;
}

}  // namespace porchlight::tipline::internal
