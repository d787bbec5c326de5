#include "platform/xml/document.h"

#include <algorithm>

#include "platform/xml/internal/tree.h"

namespace porchlight::xml {
namespace {

using internal::AttributeEntry;
using internal::ElementItem;
using internal::Item;
using internal::TextItem;

ElementItem* NextElement(Item* item) {
  while (item != nullptr && !item->is_element) item = item->next;
  return static_cast<ElementItem*>(item);
}

// Nearly always one text, so that nothing is copied.
std::string_view Gather(const Item* first, std::string& scratch) {
  const TextItem* only = nullptr;
  bool several = false;
  for (const Item* item = first; item != nullptr; item = item->next) {
    if (item->is_element) continue;
    const auto* text = static_cast<const TextItem*>(item);
    if (only == nullptr) {
      only = text;
      continue;
    }
    if (!several) scratch = only->text;
    several = true;
    scratch += text->text;
  }
  if (several) return scratch;
  return only == nullptr ? std::string_view() : only->text;
}

AttributeEntry* FindAttribute(const ElementItem* element, std::string_view name) {
  for (AttributeEntry& attribute : element->attributes) {
    if (attribute.name == name && attribute.space.empty()) return &attribute;
  }
  return nullptr;
}

}  // namespace

std::string_view Element::Name() const { return item_->name; }
std::string_view Element::Namespace() const { return item_->space; }
Place Element::Where() const { return item_->place; }

std::string_view Element::TextView(std::string& scratch) const {
  return item_ == nullptr ? std::string_view() : Gather(item_->first, scratch);
}

std::string Element::Text() const {
  std::string scratch;
  return std::string(TextView(scratch));
}

bool Element::HasText() const {
  for (const Item* item = item_->first; item != nullptr; item = item->next) {
    if (!item->is_element) return true;
  }
  return false;
}

bool Element::HasWords() const {
  for (const Item* item = item_->first; item != nullptr; item = item->next) {
    if (item->is_element) continue;
    if (static_cast<const TextItem*>(item)->text.find_first_not_of(" \t\r\n") != std::string_view::npos) return true;
  }
  return false;
}

Element Element::FirstChild() const { return item_ == nullptr ? Element() : Element(NextElement(item_->first)); }
Element Element::Next() const { return Element(NextElement(item_->next)); }

Element Element::Child(std::string_view name) const {
  for (const Element child : Children()) {
    if (child.Name() == name) return child;
  }
  return Element();
}

Element Element::Parent() const { return Element(item_->parent); }

std::optional<std::string_view> Element::AttributeView(std::string_view name) const {
  const AttributeEntry* attribute = FindAttribute(item_, name);
  return attribute == nullptr ? std::nullopt : std::optional(attribute->value);
}

std::optional<std::string> Element::Attribute(std::string_view name) const {
  const std::optional<std::string_view> value = AttributeView(name);
  return value ? std::optional(std::string(*value)) : std::nullopt;
}

std::size_t Element::AttributeCount() const { return item_->attributes.size(); }

bool Element::HasSchemaHint() const {
  const auto& all = item_->attributes;
  return std::any_of(all.begin(), all.end(), [](const AttributeEntry& attribute) {
    return attribute.name == "noNamespaceSchemaLocation" && attribute.space == "http://www.w3.org/2001/XMLSchema-instance";
  });
}

std::vector<std::pair<std::string, std::string>> Element::Attributes() const {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const AttributeEntry& attribute : item_->attributes) attributes.emplace_back(attribute.name, attribute.value);
  return attributes;
}

Document::Document(std::unique_ptr<internal::Tree> tree) : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Element Document::Root() const { return Element(tree_->root); }

void Document::SetText(Element element, std::string_view text) {
  ElementItem& item = *element.item_;
  item.first = item.last = nullptr;
  if (text.empty()) return;
  auto* only = tree_->New<TextItem>();
  only->text = tree_->Keep(text);
  item.first = item.last = only;
}

void Document::SetAttribute(Element element, std::string_view name, std::string_view value) {
  AttributeEntry* attribute = FindAttribute(element.item_, name);
  if (attribute != nullptr) attribute->value = tree_->Keep(value);
}

}  // namespace porchlight::xml
