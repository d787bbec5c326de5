#include "platform/xml/internal/library_document.h"

#include <algorithm>
#include <string>

#include "base/check.h"

namespace porchlight::xml::internal {
namespace {

constexpr int kLineMax = 65535;   // The library keeps lines in 16 bits.

const xmlChar* Characters(const std::string& text) { return reinterpret_cast<const xmlChar*>(text.c_str()); }

xmlNs* FindSpace(xmlDoc* document, xmlNode* node, std::string_view space) {
  if (space.empty()) return nullptr;
  xmlNs* found = xmlSearchNsByHref(document, node, Characters(std::string(space)));
  PL_CHECK(found != nullptr);   // Only documents whose prefixes are declared are kept.
  return found;
}

void AddText(xmlDoc* document, xmlNode* parent, std::string_view text) {
  xmlNode* node = xmlNewDocTextLen(document, reinterpret_cast<const xmlChar*>(text.data()), static_cast<int>(text.size()));
  PL_CHECK(node != nullptr);
  xmlAddChild(parent, node);
}

xmlNode* NewNode(xmlDoc* document, xmlNode* parent, const ElementItem& item) {
  xmlNode* node = xmlNewDocNode(document, nullptr, Characters(std::string(item.name)), nullptr);
  PL_CHECK(node != nullptr);
  if (parent == nullptr) xmlDocSetRootElement(document, node);
  else xmlAddChild(parent, node);
  node->_private = const_cast<ElementItem*>(&item);
  node->line = static_cast<unsigned short>(std::min(item.place.line, kLineMax));
  for (const SpaceDeclaration& declared : item.declared) {
    const std::string prefix(declared.prefix);
    xmlNewNs(node, Characters(std::string(declared.space)), prefix.empty() ? nullptr : Characters(prefix));
  }
  xmlSetNs(node, FindSpace(document, node, item.space));
  for (const AttributeEntry& attribute : item.attributes) {
    // As text, not as written: the value may hold an ampersand that stands for itself.
    xmlAttr* added = xmlNewNsProp(node, FindSpace(document, node, attribute.space), Characters(std::string(attribute.name)), nullptr);
    PL_CHECK(added != nullptr);
    if (!attribute.value.empty()) AddText(document, reinterpret_cast<xmlNode*>(added), attribute.value);
  }
  return node;
}

// As deep as Limits let a document be.
void AddContent(xmlDoc* document, xmlNode* node, const ElementItem& item) {
  for (const Item* inside = item.first; inside != nullptr; inside = inside->next) {
    if (!inside->is_element) {
      AddText(document, node, static_cast<const TextItem*>(inside)->text);
      continue;
    }
    const auto& child = *static_cast<const ElementItem*>(inside);
    AddContent(document, NewNode(document, node, child), child);
  }
}

}  // namespace

LibraryDocument ToLibrary(const Tree& tree) {
  LibraryDocument document(xmlNewDoc(reinterpret_cast<const xmlChar*>("1.0")), &xmlFreeDoc);
  PL_CHECK(document != nullptr && tree.root != nullptr);
  AddContent(document.get(), NewNode(document.get(), nullptr, *tree.root), *tree.root);
  return document;
}

}  // namespace porchlight::xml::internal
