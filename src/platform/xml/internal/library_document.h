#pragma once

#include <libxml/tree.h>

#include <memory>

#include "platform/xml/internal/tree.h"

namespace porchlight::xml::internal {

using LibraryDocument = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

// The same document as the library's own tree, for what only the library can do: compiling and applying schemas. Each node's
// private pointer is its ElementItem, so the tree must outlive what is done with it. Ends the process if there is no memory.
LibraryDocument ToLibrary(const Tree& tree);

}  // namespace porchlight::xml::internal
