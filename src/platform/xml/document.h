#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// XML read safely: no document type, no entity but the five predefined ones, no network, no file, limits on everything.
namespace porchlight::xml {

namespace internal {
struct ElementItem;
struct Tree;
}  // namespace internal

struct Limits {
  std::size_t bytes_max = 4 * 1024 * 1024;        // Checked before the parser sees anything.
  int depth_max = 64;                             // The root is at depth 1.
  std::size_t attribute_bytes_max = 64 * 1024;    // Of one value, in UTF-8, as written.
  std::size_t nodes_max = 500'000;                // Elements and attributes.
  std::size_t attributes_max = 256;               // Of one element, declarations of namespaces included: the library compares each to all.
  std::size_t namespaces_max = 64;                // Declared in the whole document: the library looks through all of them.
};

// Counted from 1, in characters; 0 when not known.
struct Place {
  int line = 0;
  int column = 0;
};

enum class Fault {
  kTooManyBytes,
  kEncoding,          // Not UTF-8, UTF-16, ISO-8859-1 or ASCII, or not what its declaration says.
  kNotWellFormed,     // The rules of XML 1.0 or of its namespaces are broken.
  kDoctype,           // Has a document type declaration.
  kTooDeep,
  kTooManyNodes,       // Elements, attributes or namespaces; or there is no memory for them.
  kAttributeTooLong,
};

// Why a document was not read. The message is a sentence of ours and holds nothing from the document.
struct ParseProblem {
  Fault fault = Fault::kNotWellFormed;
  Place place;
  std::string message;
};

// One element; a view that may be absent. Valid while its Document lives. Text is handed out as UTF-8. An absent element
// has no text and no children; ask nothing else of it.
class Element {
 public:
  Element() = default;
  explicit Element(internal::ElementItem* item) : item_(item) {}
  explicit operator bool() const { return item_ != nullptr; }
  bool operator==(const Element&) const = default;

  std::string_view Name() const;                  // Local name.
  std::string_view Namespace() const;             // Empty if in none.
  Place Where() const;                            // Of the "<" of the start tag.
  // All text directly inside, CDATA sections included, comments left out.
  std::string Text() const;
  // Like Text(), copied into `scratch` only if it lies in several pieces.
  std::string_view TextView(std::string& scratch) const;
  bool HasText() const;                           // Directly inside, be it layout.
  bool HasWords() const;                          // Text directly inside that is not only XML's white space.
  Element FirstChild() const;                     // Elements only.
  Element Next() const;                           // The next sibling that is an element.
  Element Child(std::string_view name) const;     // The first child of that local name; absent if there is none.
  Element Parent() const;                         // Absent for the root.
  std::optional<std::string> Attribute(std::string_view name) const;  // Of no namespace.
  // The same without a copy; valid until the value is replaced.
  std::optional<std::string_view> AttributeView(std::string_view name) const;
  bool HasAttributes() const { return AttributeCount() > 0; }
  std::size_t AttributeCount() const;             // Of all namespaces.
  bool HasSchemaHint() const;                     // The attribute xsi:noNamespaceSchemaLocation.
  // Local name and value of all attributes, those of a namespace included.
  std::vector<std::pair<std::string, std::string>> Attributes() const;

  class Iterator;
  class Range;
  Range Children() const;

 private:
  friend class Document;
  internal::ElementItem* item_ = nullptr;
};

class Element::Iterator {
 public:
  explicit Iterator(Element at) : at_(at) {}
  Element operator*() const { return at_; }
  Iterator& operator++() {
    at_ = at_.Next();
    return *this;
  }
  bool operator!=(const Iterator& other) const { return !(at_ == other.at_); }

 private:
  Element at_;
};

class Element::Range {
 public:
  explicit Range(Element first) : first_(first) {}
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(Element()); }

 private:
  Element first_;
};

inline Element::Range Element::Children() const { return Range(FirstChild()); }

// A document in memory. Comments and processing instructions are dropped. Reading it from several threads is safe,
// changing it is not.
class Document {
 public:
  // The bytes may be UTF-8 or UTF-16 with or without a byte order mark, ISO-8859-1 or ASCII. Thread-safe; writes to no
  // stream.
  static std::variant<Document, ParseProblem> Parse(std::string_view bytes, const Limits& limits);

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  Element Root() const;
  // Replaces everything inside the element. `text` is UTF-8.
  void SetText(Element element, std::string_view text);
  // Replaces the value of an attribute that exists and is in no namespace.
  void SetAttribute(Element element, std::string_view name, std::string_view value);

 private:
  friend class Schema;
  explicit Document(std::unique_ptr<internal::Tree> tree);
  std::unique_ptr<internal::Tree> tree_;
};

}  // namespace porchlight::xml
