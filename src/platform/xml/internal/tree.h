#pragma once

#include <libxml/parser.h>

#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>

#include "platform/xml/document.h"

// A document in memory. The library's own tree is one allocation per element, text and attribute, each freed by hand; this one is
// a few blocks that go at once. Everything in it is trivial and lives as long as its Tree.
namespace porchlight::xml::internal {

// What stands inside an element, in document order: elements and texts. No two texts are neighbours.
struct Item {
  bool is_element = false;
  Item* next = nullptr;
};

struct TextItem : Item {
  std::string_view text;
};

// Names, prefixes and namespaces end with a NUL that is not counted.
struct AttributeEntry {
  std::string_view name;     // Local name.
  std::string_view prefix;
  std::string_view space;    // Namespace; empty if in none.
  std::string_view value;
};

struct SpaceDeclaration {
  std::string_view prefix;   // Empty for the default namespace.
  std::string_view space;
};

struct ElementItem : Item {
  std::string_view name;
  std::string_view prefix;
  std::string_view space;
  Place place;
  ElementItem* parent = nullptr;
  Item* first = nullptr;
  Item* last = nullptr;
  std::span<AttributeEntry> attributes;
  std::span<SpaceDeclaration> declared;
};

// The names of elements, attributes and namespaces belong to a table of the library's that several documents share.
using Names = std::unique_ptr<xmlDict, decltype(&xmlDictFree)>;

struct Tree {
  Names names;
  std::pmr::monotonic_buffer_resource memory;
  ElementItem* root = nullptr;

  Tree(Names shared, std::size_t first_block) : names(std::move(shared)), memory(first_block) {}

  template <class T>
  T* New() {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (memory.allocate(sizeof(T), alignof(T))) T();
  }

  template <class T>
  std::span<T> NewSpan(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    T* first = static_cast<T*>(memory.allocate(sizeof(T) * count, alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  std::string_view Keep(std::string_view text) {
    if (text.empty()) return {};
    char* copy = static_cast<char*>(memory.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }
};

}  // namespace porchlight::xml::internal
