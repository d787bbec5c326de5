#include "platform/xml/document.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "platform/xml/internal/place.h"

namespace porchlight::xml {
namespace {

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

bool IsText(const xmlNode* node) { return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE; }

xmlNode* NextElement(xmlNode* node) {
  while (node != nullptr && node->type != XML_ELEMENT_NODE) node = node->next;
  return node;
}

// Nearly always one text node, so that nothing is copied.
std::string_view Gather(const xmlNode* first, std::string& scratch) {
  const xmlNode* only = nullptr;
  bool several = false;
  for (const xmlNode* node = first; node != nullptr; node = node->next) {
    if (!IsText(node)) continue;
    if (only == nullptr) {
      only = node;
      continue;
    }
    if (!several) scratch = View(only->content);
    several = true;
    scratch += View(node->content);
  }
  if (several) return scratch;
  return only == nullptr ? std::string_view() : View(only->content);
}

const xmlAttr* FindAttribute(const xmlNode* node, std::string_view name) {
  for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next) {
    if (attribute->ns == nullptr && View(attribute->name) == name) return attribute;
  }
  return nullptr;
}

void ReplaceChildren(xmlNode* parent, xmlNode** first, xmlNode** last, std::string_view text) {
  while (*first != nullptr) {
    xmlNode* child = *first;
    xmlUnlinkNode(child);
    xmlFreeNode(child);
  }
  *last = nullptr;
  if (text.empty()) return;
  xmlNode* node = xmlNewDocTextLen(parent->doc, reinterpret_cast<const xmlChar*>(text.data()), static_cast<int>(text.size()));
  node->parent = parent;
  *first = node;
  *last = node;
}

}  // namespace

std::string_view Element::Name() const { return View(node_->name); }
std::string_view Element::Namespace() const { return node_->ns == nullptr ? std::string_view() : View(node_->ns->href); }
Place Element::Where() const { return UnpackPlace(node_->_private); }

std::string_view Element::TextView(std::string& scratch) const {
  return node_ == nullptr ? std::string_view() : Gather(node_->children, scratch);
}

std::string Element::Text() const {
  std::string scratch;
  return std::string(TextView(scratch));
}

Element Element::FirstChild() const { return node_ == nullptr ? Element() : Element(NextElement(node_->children)); }
Element Element::Next() const { return Element(NextElement(node_->next)); }

Element Element::Child(std::string_view name) const {
  for (const Element child : Children()) {
    if (child.Name() == name) return child;
  }
  return Element();
}

Element Element::Parent() const {
  xmlNode* parent = node_->parent;
  return Element(parent != nullptr && parent->type == XML_ELEMENT_NODE ? parent : nullptr);
}

std::optional<std::string> Element::Attribute(std::string_view name) const {
  const xmlAttr* attribute = FindAttribute(node_, name);
  if (attribute == nullptr) return std::nullopt;
  std::string scratch;
  return std::string(Gather(attribute->children, scratch));
}

bool Element::HasAttributes() const { return node_->properties != nullptr; }

std::vector<std::pair<std::string, std::string>> Element::Attributes() const {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const xmlAttr* attribute = node_->properties; attribute != nullptr; attribute = attribute->next) {
    std::string scratch;
    attributes.emplace_back(View(attribute->name), Gather(attribute->children, scratch));
  }
  return attributes;
}

Document::Document(Document&& other) noexcept : document_(std::exchange(other.document_, nullptr)) {}

Document& Document::operator=(Document&& other) noexcept {
  std::swap(document_, other.document_);
  return *this;
}

Document::~Document() {
  if (document_ != nullptr) xmlFreeDoc(document_);
}

Element Document::Root() const { return Element(xmlDocGetRootElement(document_)); }

void Document::SetText(Element element, std::string_view text) {
  ReplaceChildren(element.node_, &element.node_->children, &element.node_->last, text);
}

void Document::SetAttribute(Element element, std::string_view name, std::string_view value) {
  auto* attribute = const_cast<xmlAttr*>(FindAttribute(element.node_, name));
  if (attribute == nullptr) return;
  // An attribute begins like a node, and the library treats it as the parent of its text.
  ReplaceChildren(reinterpret_cast<xmlNode*>(attribute), &attribute->children, &attribute->last, value);
}

}  // namespace porchlight::xml
