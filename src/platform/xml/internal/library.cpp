#include "platform/xml/internal/library.h"

#include <libxml/catalog.h>
#include <libxml/globals.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <mutex>

namespace porchlight::xml {
namespace {

xmlParserInputPtr RefuseEntity(const char*, const char*, xmlParserCtxtPtr) { return nullptr; }

void DropMessage(void*, const char*, ...) {}
void DropError(void*, internal::ErrorPointer) {}

}  // namespace

void PrepareLibrary() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlSetExternalEntityLoader(&RefuseEntity);
    // An instruction of a document may name a catalog; a parser that is used again would keep each.
    xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
  });
  // The library keeps its error outputs per thread; the default is stderr.
  thread_local const bool quiet = [] {
    xmlSetGenericErrorFunc(nullptr, &DropMessage);
    xmlSetStructuredErrorFunc(nullptr, &DropError);
    return true;
  }();
  static_cast<void>(quiet);
}

}  // namespace porchlight::xml
