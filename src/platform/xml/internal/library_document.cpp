#include "platform/xml/internal/library_document.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "base/check.h"

namespace porchlight::xml::internal {
namespace {

constexpr int kLineMax = 65535;   // The library keeps lines in 16 bits.

const xmlChar* Characters(std::string_view text) { return reinterpret_cast<const xmlChar*>(text.data()); }

// The library appends by walking to the end of its lists and looks for namespaces through all that are in scope; a document from
// outside could make either take minutes. So its nodes are put together here, and namespaces are found by prefix.
class Builder {
 public:
  explicit Builder(const Tree& tree) : document_(xmlNewDoc(reinterpret_cast<const xmlChar*>("1.0")), &xmlFreeDoc) {
    PL_CHECK(document_ != nullptr && tree.root != nullptr);
    // Names are the tree's own and are not copied.
    document_->dict = tree.names.get();
    xmlDictReference(document_->dict);
    xmlNode* root = NewNode(*tree.root);
    xmlDocSetRootElement(document_.get(), root);
    Fill(root, *tree.root);
  }

  LibraryDocument Take() { return std::move(document_); }

 private:
  xmlNode* NewNode(const ElementItem& item) {
    xmlNode* node = xmlNewDocNodeEatName(document_.get(), nullptr, const_cast<xmlChar*>(Characters(item.name)), nullptr);
    PL_CHECK(node != nullptr);
    node->_private = const_cast<ElementItem*>(&item);
    node->line = static_cast<unsigned short>(std::min(item.place.line, kLineMax));
    return node;
  }

  // As deep as Limits let a document be.
  void Fill(xmlNode* node, const ElementItem& item) {
    Declare(node, item);
    node->ns = Find(item.prefix, item.space);
    AddAttributes(node, item);
    for (const Item* inside = item.first; inside != nullptr; inside = inside->next) {
      if (!inside->is_element) {
        Append(node, NewText(static_cast<const TextItem*>(inside)->text));
        continue;
      }
      const auto& child_item = *static_cast<const ElementItem*>(inside);
      xmlNode* child = NewNode(child_item);
      Append(node, child);
      Fill(child, child_item);
    }
    for (const SpaceDeclaration& declared : item.declared) scope_[declared.prefix].pop_back();
  }

  void Declare(xmlNode* node, const ElementItem& item) {
    xmlNs** link = &node->nsDef;
    for (const SpaceDeclaration& declared : item.declared) {
      const xmlChar* prefix = declared.prefix.empty() ? nullptr : Characters(declared.prefix);
      xmlNs* made = xmlNewNs(nullptr, declared.space.empty() ? nullptr : Characters(declared.space), prefix);
      PL_CHECK(made != nullptr);
      *link = made;
      link = &made->next;
      scope_[declared.prefix].push_back(made);
    }
  }

  xmlNs* Find(std::string_view prefix, std::string_view space) {
    if (space.empty()) return nullptr;
    // Nobody declares this one; the library keeps it with the document.
    if (prefix == "xml") return xmlSearchNs(document_.get(), reinterpret_cast<xmlNode*>(document_.get()), Characters(prefix));
    const auto found = scope_.find(prefix);
    PL_CHECK(found != scope_.end() && !found->second.empty());   // Only documents whose prefixes are declared are kept.
    return found->second.back();
  }

  void AddAttributes(xmlNode* node, const ElementItem& item) {
    xmlAttr* last = nullptr;
    for (const AttributeEntry& entry : item.attributes) {
      xmlAttr* made = xmlNewNsPropEatName(nullptr, Find(entry.prefix, entry.space), const_cast<xmlChar*>(Characters(entry.name)), nullptr);
      PL_CHECK(made != nullptr);
      made->doc = document_.get();
      made->parent = node;
      made->prev = last;
      (last == nullptr ? node->properties : last->next) = made;
      last = made;
      // As text, not as written: the value may hold an ampersand that stands for itself.
      if (!entry.value.empty()) Append(reinterpret_cast<xmlNode*>(made), NewText(entry.value));
    }
  }

  xmlNode* NewText(std::string_view text) {
    xmlNode* made = xmlNewDocTextLen(document_.get(), Characters(text), static_cast<int>(text.size()));
    PL_CHECK(made != nullptr);
    return made;
  }

  // An attribute begins like a node, and the library treats it as the parent of its text.
  static void Append(xmlNode* parent, xmlNode* child) {
    child->parent = parent;
    child->prev = parent->last;
    (parent->last == nullptr ? parent->children : parent->last->next) = child;
    parent->last = child;
  }

  LibraryDocument document_;
  std::unordered_map<std::string_view, std::vector<xmlNs*>> scope_;   // By prefix, the innermost declaration last.
};

}  // namespace

LibraryDocument ToLibrary(const Tree& tree) { return Builder(tree).Take(); }

}  // namespace porchlight::xml::internal
