#pragma once

#include "tipline/internal/wire_types.h"

// The common case of the schema's validation. The library that validates (platform/xml/schema.h) takes several times as long for it,
// and only it can say what is wrong.
namespace porchlight::tipline::internal {

// True only if the element, with all that is in it, is what api/ispws.xsd asks of `declared`. False proves nothing: the document
// may be wrong, or right in a way that is not looked for here (times before year 1, white space around a boolean, attributes of
// most other namespaces, ...); the validator decides. Values are as Normalise leaves them. Thread-safe.
bool IsCertainlyValid(xml::Element element, const Declaration& declared);

}  // namespace porchlight::tipline::internal
