#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <climits>
#include <memory>

#include "base/text.h"
#include "platform/xml/document.h"
#include "platform/xml/internal/library.h"
#include "platform/xml/internal/place.h"

namespace porchlight::xml {
namespace {

// What one run of the parser must keep; reached through the context's private pointer.
struct Run {
  const Limits* limits = nullptr;
  std::size_t nodes = 0;
  std::optional<ParseProblem> problem;   // The first one counts.
};

Run& RunOf(void* context) { return *static_cast<Run*>(static_cast<xmlParserCtxt*>(context)->_private); }

void Stop(void* context, Fault fault, Place place, std::string message) {
  Run& run = RunOf(context);
  if (!run.problem) run.problem = ParseProblem{fault, place, std::move(message)};
  xmlStopParser(static_cast<xmlParserCtxt*>(context));
}

Place Here(const xmlParserCtxt* context) {
  if (context->input == nullptr) return {};
  return {context->input->line, context->input->col};
}

// The parser stands behind the attributes. "<" cannot occur inside a tag, so the last one began it.
Place StartOfTag(const xmlParserCtxt* context) {
  const xmlParserInput* input = context->input;
  const xmlChar* at = input->cur;
  int newlines = 0;
  int characters = 0;
  while (at > input->base && *at != '<') {
    --at;
    newlines += *at == '\n' ? 1 : 0;
    characters += (*at & 0xC0U) != 0x80U ? 1 : 0;
  }
  if (*at != '<') return {input->line, 0};
  if (newlines == 0) return {input->line, input->col - characters};
  int column = 1;
  while (at > input->base && at[-1] != '\n') {
    --at;
    column += (*at & 0xC0U) != 0x80U ? 1 : 0;
  }
  return {input->line - newlines, column};
}

void OnStartDocument(void* context) {
  xmlSAX2StartDocument(context);
  const auto* parser = static_cast<xmlParserCtxt*>(context);
  const xmlChar* name = parser->input != nullptr && parser->input->encoding != nullptr ? parser->input->encoding : parser->encoding;
  if (name == nullptr) return;
  const std::string_view encoding(reinterpret_cast<const char*>(name));
  for (const std::string_view known : {"UTF-8", "UTF8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "US-ASCII", "ASCII"}) {
    if (EqualsIgnoringCase(encoding, known)) return;
  }
  Stop(context, Fault::kEncoding, Here(parser), "The declared encoding is not read here; send UTF-8.");
}

void OnDoctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  Stop(context, Fault::kDoctype, Here(static_cast<xmlParserCtxt*>(context)),
       "A document type declaration (DOCTYPE) is not accepted; leave it out.");
}

void OnStartElement(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri, int namespace_count,
                    const xmlChar** namespaces, int attribute_count, int defaulted_count, const xmlChar** attributes) {
  auto* parser = static_cast<xmlParserCtxt*>(context);
  Run& run = RunOf(context);
  const Place place = StartOfTag(parser);
  if (parser->nodeNr >= run.limits->depth_max) {
    return Stop(context, Fault::kTooDeep, place, "Elements are nested deeper than " + std::to_string(run.limits->depth_max) + " levels.");
  }
  run.nodes += 1 + static_cast<std::size_t>(attribute_count);
  if (run.nodes > run.limits->nodes_max) {
    return Stop(context, Fault::kTooManyNodes, place,
                "There are more than " + std::to_string(run.limits->nodes_max) + " elements and attributes.");
  }
  for (int index = 0; index < attribute_count; ++index) {
    const xmlChar* const* attribute = attributes + static_cast<std::ptrdiff_t>(index) * 5;
    if (static_cast<std::size_t>(attribute[4] - attribute[3]) > run.limits->attribute_bytes_max) {
      return Stop(context, Fault::kAttributeTooLong, place,
                  "An attribute is longer than " + std::to_string(run.limits->attribute_bytes_max) + " bytes.");
    }
  }
  xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count, namespaces, attribute_count, defaulted_count, attributes);
  if (parser->node != nullptr) parser->node->_private = PackPlace(place);
}

// Our own words: the parser's would repeat pieces of the document.
std::string SentenceFor(int code) {
  switch (code) {
    case XML_ERR_DOCUMENT_EMPTY: return "The document is empty or does not begin with an XML element.";
    case XML_ERR_DOCUMENT_END: return "There is something after the end of the document.";
    case XML_ERR_DOCUMENT_START: return "The document does not begin with an XML element.";
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_CHARREF: return "There is a character that XML does not allow.";
    case XML_ERR_NAME_REQUIRED:
    case XML_ERR_ENTITYREF_NO_NAME:
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
    case XML_ERR_ENTITYREF_AT_EOF: return "There is an '&' or '<' that begins nothing; in text write &amp; for '&' and &lt; for '<'.";
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY:
      return "An entity is used that XML does not predefine; in text write &amp; for '&'.";
    case XML_ERR_LT_IN_ATTRIBUTE: return "There is a '<' in an attribute; write &lt;.";
    case XML_ERR_ATTRIBUTE_NOT_STARTED:
    case XML_ERR_ATTRIBUTE_NOT_FINISHED: return "The value of an attribute lacks a quote.";
    case XML_ERR_ATTRIBUTE_WITHOUT_VALUE: return "An attribute has no value.";
    case XML_ERR_ATTRIBUTE_REDEFINED: return "An attribute is given twice.";
    case XML_ERR_SPACE_REQUIRED: return "White space is missing between attributes.";
    case XML_ERR_GT_REQUIRED: return "A tag is not closed with '>'.";
    case XML_ERR_TAG_NAME_MISMATCH: return "An end tag does not match the start tag that is open.";
    case XML_ERR_TAG_NOT_FINISHED: return "The document ends inside an element.";
    case XML_ERR_CDATA_NOT_FINISHED: return "A CDATA section does not end.";
    case XML_ERR_MISPLACED_CDATA_END: return "There is a ']]>' outside a CDATA section; write ]]&gt;.";
    case XML_ERR_COMMENT_NOT_FINISHED: return "A comment does not end.";
    case XML_ERR_HYPHEN_IN_COMMENT: return "There is a '--' inside a comment.";
    case XML_ERR_XMLDECL_NOT_STARTED:
    case XML_ERR_XMLDECL_NOT_FINISHED:
    case XML_ERR_RESERVED_XML_NAME: return "The XML declaration is broken or not at the very beginning.";
    case XML_NS_ERR_UNDEFINED_NAMESPACE: return "A prefix is used that no xmlns attribute declares.";
    default: return "The document is not well-formed XML (parser error " + std::to_string(code) + ").";
  }
}

bool IsEncodingError(int code, std::string_view message) {
  // The library has one code for characters that XML forbids and for bytes that are no characters.
  if (code == XML_ERR_INVALID_CHAR) return message.starts_with("Input is not proper UTF-8");
  return code == XML_ERR_INVALID_ENCODING || code == XML_ERR_UNKNOWN_ENCODING || code == XML_ERR_UNSUPPORTED_ENCODING ||
         code == XML_ERR_ENCODING_NAME || code == XML_I18N_CONV_FAILED || code == XML_I18N_NO_HANDLER;
}

void Note(void* context, const xmlError* error) {
  if (context == nullptr || error == nullptr || error->level < XML_ERR_ERROR || error->code == XML_ERR_USER_STOP) return;
  Run& run = RunOf(context);
  if (run.problem) return;
  const Place place{error->line, error->int2};
  if (IsEncodingError(error->code, error->message == nullptr ? "" : error->message)) {
    run.problem = ParseProblem{Fault::kEncoding, place,
                               "The bytes are not in the encoding that the document declares (UTF-8 if it declares none)."};
  } else {
    run.problem = ParseProblem{Fault::kNotWellFormed, place, SentenceFor(error->code)};
  }
}

#if LIBXML_VERSION >= 21200
void OnError(void* context, const xmlError* error) { Note(context, error); }
#else
void OnError(void* context, xmlErrorPtr error) { Note(context, error); }
#endif

bool LooksLikeUtf16(std::string_view bytes) {
  return bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE") || bytes.starts_with(std::string_view("\0<", 2)) ||
         bytes.starts_with(std::string_view("<\0", 2));
}

// The parser takes a NUL for the end of its input and would silently drop what follows, and it guesses encodings that
// nobody here should send; so both are looked at first.
std::optional<ParseProblem> CheckBytes(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.bytes_max || bytes.size() > static_cast<std::size_t>(INT_MAX)) {
    return ParseProblem{Fault::kTooManyBytes, {}, "The document is larger than " + std::to_string(limits.bytes_max) + " bytes."};
  }
  if (bytes.empty()) return ParseProblem{Fault::kNotWellFormed, {1, 1}, SentenceFor(XML_ERR_DOCUMENT_EMPTY)};
  const bool wide = LooksLikeUtf16(bytes);
  const bool four_bytes = bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4)) || bytes.starts_with(std::string_view("<\0\0\0", 4));
  if (four_bytes || bytes.starts_with("\x4C\x6F\xA7\x94")) {
    return ParseProblem{Fault::kEncoding, {1, 1}, "The encoding is not read here; send UTF-8."};
  }
  bool has_nul = false;
  if (wide) {
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) has_nul = has_nul || (bytes[at] == '\0' && bytes[at + 1] == '\0');
    if (bytes.size() % 2 != 0) return ParseProblem{Fault::kEncoding, {}, "The document ends in the middle of a character."};
  } else {
    has_nul = bytes.find('\0') != std::string_view::npos;
  }
  if (has_nul) return ParseProblem{Fault::kNotWellFormed, {}, "There is a NUL character, which XML does not allow."};
  return std::nullopt;
}

void InstallHandlers(xmlParserCtxt* parser) {
  xmlSAXHandler& handler = *parser->sax;
  handler.startDocument = &OnStartDocument;
  handler.internalSubset = &OnDoctype;
  handler.startElementNs = &OnStartElement;
  handler.comment = nullptr;                  // Dropped.
  handler.processingInstruction = nullptr;    // Dropped.
  handler.serror = &OnError;
}

constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_COMPACT;

}  // namespace

std::variant<Document, ParseProblem> Document::Parse(std::string_view bytes, const Limits& limits) {
  if (std::optional<ParseProblem> problem = CheckBytes(bytes, limits)) return *std::move(problem);
  PrepareLibrary();
  Run run;
  run.limits = &limits;
  const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(xmlNewParserCtxt(), &xmlFreeParserCtxt);
  if (parser == nullptr) return ParseProblem{Fault::kTooManyNodes, {}, "There is not enough memory for the document."};
  InstallHandlers(parser.get());
  parser->_private = &run;
  Document document(xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr, kOptions));
  if (run.problem) return *std::move(run.problem);
  const bool whole = document.document_ != nullptr && parser->wellFormed != 0 && parser->nsWellFormed != 0 && document.Root();
  if (!whole) return ParseProblem{Fault::kNotWellFormed, {}, "The document is not well-formed XML."};
  return document;
}

}  // namespace porchlight::xml
