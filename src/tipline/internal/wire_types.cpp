#include "tipline/internal/wire_types.h"

#include <algorithm>
#include <array>
#include <climits>
#include <optional>
#include <utility>

#include "base/text.h"
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
    const std::optional<std::string_view> value = element.AttributeView(attribute.name);
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

// So many decimal digits fit into the type, whatever they are.
int DigitsOf(std::string_view type) { return type == "xs:int" ? 9 : type == "xs:long" ? 18 : 0; }

// "{1,3}", "{2}", "+", or nothing; taken off the front. False: another count.
bool TakeCount(std::string_view& rest, PatternPiece& piece) {
  if (rest.starts_with('+')) {
    piece.most = INT_MAX;
    rest.remove_prefix(1);
    return true;
  }
  if (!rest.starts_with('{')) return true;
  const std::size_t end = rest.find('}');
  if (end == std::string_view::npos) return false;
  const std::string_view inside = rest.substr(1, end - 1);
  const std::size_t comma = inside.find(',');
  const std::optional<std::int64_t> least = ParseInteger(inside.substr(0, comma));
  const std::optional<std::int64_t> most = comma == std::string_view::npos ? least : ParseInteger(inside.substr(comma + 1));
  if (!least || !most || *least < 0 || *most < *least || *most > 1000) return false;
  piece.least = static_cast<int>(*least);
  piece.most = static_cast<int>(*most);
  rest.remove_prefix(end + 1);
  return true;
}

// Understands digits, "[0-9]" and escaped plus signs, each with a count; nothing for other patterns.
std::optional<std::vector<PatternPiece>> PlainPattern(std::string_view rest) {
  std::vector<PatternPiece> pieces;
  while (!rest.empty()) {
    PatternPiece piece;
    std::size_t size = 1;
    if (rest.starts_with("[0-9]")) size = 5;
    else if (rest.starts_with("\\+")) size = 2;
    else if (rest[0] < '0' || rest[0] > '9') return std::nullopt;
    // Of an escaped character the second byte, of a digit the only one.
    if (size < 5) piece.character = rest[size - 1];
    rest.remove_prefix(size);
    if (!TakeCount(rest, piece)) return std::nullopt;
    pieces.push_back(piece);
  }
  return pieces;
}

class TypesBuilder {
 public:
  std::map<std::string, std::unique_ptr<ElementType>, std::less<>> types;
  std::unique_ptr<ElementType> globals = std::make_unique<ElementType>();

  // First every type's own value, because attributes copy it; then what is inside.
  Result<void> AddValues(const std::vector<SchemaRow>& rows) {
    for (const SchemaRow& row : rows) {
      if (row.parent == "(schema)" && row.kind == "group" && !row.name.empty()) named_[row.name] = row.type + ":" + row.name;
    }
    for (const SchemaRow& row : rows) {
      if (row.kind == "extension") PL_TRY(AddBase(row));
      if (row.kind == "enum") TypeAt(row.parent).facets.words.push_back(row.name);
      if (row.kind == "pattern") AddPattern(TypeAt(row.parent).facets, row.name);
    }
    for (auto& [label, type] : types) std::sort(type->facets.words.begin(), type->facets.words.end());
    return {};
  }

  Result<void> AddContents(const std::vector<SchemaRow>& rows) {
    for (const SchemaRow& row : rows) {
      if (row.kind == "group" && row.parent != "(schema)") AddGroup(row);
      if (row.kind == "attribute") {
        const ElementType& own = TypeAt(LabelOfType(row.type, named_));
        TypeAt(row.parent).attributes.push_back({row.name, own.basic, &own.facets, row.least == "1", {}});
      }
      if (row.kind == "element") AddElement(row);
    }
    return {};
  }

  Result<void> AddLimits() {
    for (const FieldLimit& limit : FieldLimits()) {
      FieldRule* target = TargetOf(limit);
      const std::string what = std::string(limit.type) + " " + std::string(limit.name);
      if (target == nullptr) return Broken("a limit names " + what + ", which is missing");
      *target = limit.rule;
    }
    return {};
  }

 private:
  ElementType& TypeAt(const std::string& label) {
    std::unique_ptr<ElementType>& type = types[label];
    if (type == nullptr) {
      type = std::make_unique<ElementType>();
      type->basic = BuiltIn(label).value_or(Basic::kNone);
      type->facets.digits_max = DigitsOf(label);
    }
    return *type;
  }

  Result<void> AddBase(const SchemaRow& row) {
    const std::optional<Basic> basic = BuiltIn(row.type);
    if (!basic) return Broken(row.parent + " derives from the unknown type " + row.type);
    ElementType& type = TypeAt(row.parent);
    type.basic = *basic;
    type.facets.digits_max = DigitsOf(row.type);
    return {};
  }

  // A second pattern would be another way to be right.
  static void AddPattern(ValueFacets& facets, const std::string& pattern) {
    const bool first = !facets.pattern;
    facets.pattern = PlainPattern(pattern);
    facets.understood = facets.understood && first && facets.pattern;
  }

  static int LeastOf(const SchemaRow& row) { return static_cast<int>(ParseInteger(row.least).value_or(1)); }
  static int MostOf(const SchemaRow& row) {
    return row.most == "unbounded" ? INT_MAX : static_cast<int>(ParseInteger(row.most).value_or(1));
  }

  void AddGroup(const SchemaRow& row) {
    ElementType& type = TypeAt(WithoutGroup(row.parent));
    if (row.name.empty()) {
      const bool once = row.least == "1" && row.most == "1";
      if (row.type == "empty") type.compositor = Compositor::kEmpty;
      else if (row.type == "sequence" && once) type.compositor = Compositor::kSequence;
      else if (row.type == "choice" && once) type.compositor = Compositor::kChoice;
      else if (row.type == "all" && once) type.compositor = Compositor::kAll;
      return;
    }
    // Of nested groups only a choice in a sequence is understood.
    const bool plain = row.type == "choice" && row.compositor == "sequence" && row.parent.find('@') == std::string::npos && row.most == "1";
    if (!plain) type.compositor = Compositor::kOther;
    step_of_group_[row.parent + "/" + row.name] = type.steps.size();
    type.steps.push_back({LeastOf(row), 1, 0, {}});
  }

  void AddElement(const SchemaRow& row) {
    const ElementType& own = TypeAt(LabelOfType(row.type, named_));
    ElementType& parent = row.parent == "(schema)" ? *globals : TypeAt(WithoutGroup(row.parent));
    if (parent.Find(row.name) != nullptr) parent.compositor = Compositor::kOther;
    const ContentStep step{LeastOf(row), MostOf(row), parent.children.size(), {}};
    const auto group = step_of_group_.find(row.parent);
    if (group == step_of_group_.end()) parent.steps.push_back(step);
    else parent.steps[group->second].choice.push_back(step);
    if (!row.facets.empty() && row.facets != "fixed=true") parent.compositor = Compositor::kOther;
    parent.children.push_back({row.name, &own, row.facets == "fixed=true", row.most != "1" && !row.most.empty(), {}});
  }

  FieldRule* TargetOf(const FieldLimit& limit) {
    const auto found = types.find(limit.type);
    if (found == types.end()) return nullptr;
    ElementType& type = *found->second;
    if (limit.name.empty()) return &type.rule;
    for (AttributeType& attribute : type.attributes) {
      if (limit.name.starts_with('@') && attribute.name == limit.name.substr(1)) return &attribute.rule;
    }
    for (Declaration& child : type.children) {
      if (child.name == limit.name) return &child.rule;
    }
    return nullptr;
  }

  std::map<std::string, std::string, std::less<>> named_;
  std::map<std::string, std::size_t, std::less<>> step_of_group_;   // By label of the nested group.
};

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
  TypesBuilder builder;
  PL_TRY(builder.AddValues(rows));
  PL_TRY(builder.AddContents(rows));
  PL_TRY(builder.AddLimits());
  WireTypes types;
  types.types_ = std::move(builder.types);
  types.globals_ = std::move(builder.globals);
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
