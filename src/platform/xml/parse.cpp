#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <memory>
#include <new>

#include "base/text.h"
#include "platform/xml/document.h"
#include "platform/xml/internal/check_bytes.h"
#include "platform/xml/internal/library.h"
#include "platform/xml/internal/tree.h"

namespace porchlight::xml {
namespace {

using internal::AttributeEntry;
using internal::ElementItem;
using internal::Item;
using internal::SpaceDeclaration;
using internal::TextItem;
using internal::Tree;

// What one run of the parser must keep; reached through the context's private pointer.
struct Run {
  const Limits* limits = nullptr;
  Tree* tree = nullptr;
  ElementItem* open = nullptr;           // The innermost element that is open.
  int depth = 0;                         // Of that element; 0 outside the root.
  TextItem* text = nullptr;              // That goes on, unless a tag comes next.
  std::string joined;                    // All of that text, once it came in more than one piece.
  std::size_t nodes = 0;
  std::size_t namespaces = 0;
  bool is_wide = false;                  // Two bytes to a character.
  bool out_of_memory = false;
  std::optional<ParseProblem> problem;   // The first one counts.

  void Append(Item* item) {
    Item** link = open->last == nullptr ? &open->first : &open->last->next;
    *link = item;
    open->last = item;
  }

  void EndText() {
    if (!joined.empty()) text->text = tree->Keep(joined);
    joined.clear();
    text = nullptr;
  }
};

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

std::string_view View(const xmlChar* begin, const xmlChar* end) {
  return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
}

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

// No exception may pass through the library, which is written in C.
template <class Work>
void Guarded(void* context, const Work& work) {
  Run& run = RunOf(context);
  try {
    // After an error the library would go on, and nothing that it does then is of any use or within any limit.
    if (run.problem || run.out_of_memory) return xmlStopParser(static_cast<xmlParserCtxt*>(context));
    work(run);
  } catch (const std::bad_alloc&) {
    run.out_of_memory = true;
    xmlStopParser(static_cast<xmlParserCtxt*>(context));
  }
}

// What is two bytes to a character was looked at as that (check_bytes.h) and must be read as that; the library believes a
// declaration that says otherwise.
bool MayDeclare(std::string_view encoding, bool is_wide) {
  for (const std::string_view known : {"UTF-8", "UTF8", "UTF-16"}) {
    if (EqualsIgnoringCase(encoding, known)) return true;
  }
  for (const std::string_view known : {"UTF-16LE", "UTF-16BE", "ISO-8859-1", "US-ASCII", "ASCII"}) {
    if (EqualsIgnoringCase(encoding, known)) return !is_wide;
  }
  return false;
}

void OnStartDocument(void* context) {
  Guarded(context, [&](Run& run) {
    const auto* parser = static_cast<xmlParserCtxt*>(context);
    const xmlChar* name = parser->input != nullptr && parser->input->encoding != nullptr ? parser->input->encoding : parser->encoding;
    if (name == nullptr || MayDeclare(View(name), run.is_wide)) return;
    Stop(context, Fault::kEncoding, Here(parser), "The declared encoding is not read here; send UTF-8.");
  });
}

void OnDoctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  Guarded(context, [&](Run&) {
    Stop(context, Fault::kDoctype, Here(static_cast<xmlParserCtxt*>(context)),
         "A document type declaration (DOCTYPE) is not accepted; leave it out.");
  });
}

// The parser hands over an ampersand in an attribute, however it was written, as "&#38;", and no other reference.
std::string_view KeepValue(Tree& tree, std::string_view value) {
  constexpr std::string_view kAmpersand = "&#38;";
  if (value.find('&') == std::string_view::npos) return tree.Keep(value);
  std::string plain;
  plain.reserve(value.size());
  for (std::size_t at = 0; at < value.size();) {
    plain += value[at];
    at += value.substr(at).starts_with(kAmpersand) ? kAmpersand.size() : 1;
  }
  return tree.Keep(plain);
}

// Five pointers each: local name, prefix, namespace, begin and end of the value.
constexpr std::ptrdiff_t kAttributeStep = 5;

ElementItem* NewElement(Tree& tree, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri, int namespace_count,
                        const xmlChar** namespaces, int attribute_count, const xmlChar** attributes) {
  auto* element = tree.New<ElementItem>();
  element->is_element = true;
  element->name = View(name);
  element->prefix = View(prefix);
  element->space = View(uri);
  element->declared = tree.NewSpan<SpaceDeclaration>(static_cast<std::size_t>(namespace_count));
  for (SpaceDeclaration& declared : element->declared) {
    declared = {View(namespaces[0]), View(namespaces[1])};
    namespaces += 2;
  }
  element->attributes = tree.NewSpan<AttributeEntry>(static_cast<std::size_t>(attribute_count));
  for (AttributeEntry& attribute : element->attributes) {
    attribute = {View(attributes[0]), View(attributes[1]), View(attributes[2]), KeepValue(tree, View(attributes[3], attributes[4]))};
    attributes += kAttributeStep;
  }
  return element;
}

std::optional<ParseProblem> OverLimits(const Run& run, Place place, int declared_count, int attribute_count,
                                       const xmlChar* const* attributes) {
  const Limits& limits = *run.limits;
  const auto over = [&](Fault fault, std::string message) { return ParseProblem{fault, place, std::move(message)}; };
  if (static_cast<std::size_t>(declared_count) + static_cast<std::size_t>(attribute_count) > limits.attributes_max) {
    return over(Fault::kTooManyNodes, "The element has more than " + std::to_string(limits.attributes_max) + " attributes.");
  }
  if (run.depth >= limits.depth_max) {
    return over(Fault::kTooDeep, "Elements are nested deeper than " + std::to_string(limits.depth_max) + " levels.");
  }
  if (run.nodes > limits.nodes_max) {
    return over(Fault::kTooManyNodes, "There are more than " + std::to_string(limits.nodes_max) + " elements and attributes.");
  }
  if (run.namespaces > limits.namespaces_max) {
    return over(Fault::kTooManyNodes, "More than " + std::to_string(limits.namespaces_max) + " namespaces are declared.");
  }
  for (int index = 0; index < attribute_count; ++index) {
    const xmlChar* const* attribute = attributes + index * kAttributeStep;
    if (static_cast<std::size_t>(attribute[4] - attribute[3]) > limits.attribute_bytes_max) {
      return over(Fault::kAttributeTooLong, "An attribute is longer than " + std::to_string(limits.attribute_bytes_max) + " bytes.");
    }
  }
  return std::nullopt;
}

void OnStartElement(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri, int namespace_count,
                    const xmlChar** namespaces, int attribute_count, int, const xmlChar** attributes) {
  Guarded(context, [&](Run& run) {
    const Place place = StartOfTag(static_cast<xmlParserCtxt*>(context));
    run.nodes += 1 + static_cast<std::size_t>(attribute_count);
    run.namespaces += static_cast<std::size_t>(namespace_count);
    if (std::optional<ParseProblem> over = OverLimits(run, place, namespace_count, attribute_count, attributes)) {
      return Stop(context, over->fault, over->place, std::move(over->message));
    }
    run.EndText();
    ElementItem* element = NewElement(*run.tree, name, prefix, uri, namespace_count, namespaces, attribute_count, attributes);
    element->place = place;
    element->parent = run.open;
    if (run.open != nullptr) run.Append(element);
    else run.tree->root = element;
    run.open = element;
    ++run.depth;
  });
}

void OnEndElement(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  Guarded(context, [](Run& run) {
    run.EndText();
    run.open = run.open->parent;
    --run.depth;
  });
}

void OnCharacters(void* context, const xmlChar* characters, int length) {
  Guarded(context, [&](Run& run) {
    if (run.open == nullptr || length <= 0) return;
    const std::string_view piece = View(characters, characters + length);
    if (run.text == nullptr) {
      run.text = run.tree->New<TextItem>();
      run.text->text = run.tree->Keep(piece);
      run.Append(run.text);
      return;
    }
    if (run.joined.empty()) run.joined = run.text->text;
    run.joined += piece;
  });
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

ParseProblem NotItsEncoding(Place place) {
  return {Fault::kEncoding, place, "The bytes are not in the encoding that the document declares (UTF-8 if it declares none)."};
}

void Note(void* context, const xmlError* error) {
  if (context == nullptr || error == nullptr || error->level < XML_ERR_ERROR || error->code == XML_ERR_USER_STOP) return;
  Run& run = RunOf(context);
  if (run.problem) return;
  if (error->code == XML_ERR_NO_MEMORY) {
    run.out_of_memory = true;
    return;
  }
  const Place place{error->line, error->int2};
  if (IsEncodingError(error->code, error->message == nullptr ? "" : error->message)) {
    run.problem = NotItsEncoding(place);
  } else {
    run.problem = ParseProblem{Fault::kNotWellFormed, place, SentenceFor(error->code)};
  }
}

void OnError(void* context, internal::ErrorPointer error) {
  try {
    Note(context, error);
  } catch (const std::bad_alloc&) {
    if (context != nullptr) RunOf(context).out_of_memory = true;
  }
}

void InstallHandlers(xmlParserCtxt* parser) {
  xmlSAXHandler& handler = *parser->sax;
  handler.startDocument = &OnStartDocument;
  handler.endDocument = nullptr;
  handler.setDocumentLocator = nullptr;
  handler.internalSubset = &OnDoctype;
  handler.startElementNs = &OnStartElement;
  handler.endElementNs = &OnEndElement;
  handler.characters = &OnCharacters;
  handler.ignorableWhitespace = &OnCharacters;
  handler.cdataBlock = nullptr;               // Handed over as characters.
  handler.reference = nullptr;
  handler.comment = nullptr;                  // Dropped.
  handler.processingInstruction = nullptr;    // Dropped.
  handler.serror = &OnError;
}

// Recovering is not for the broken document, which is refused: only so are the handlers called after an error, and can stop the
// parser. In the error's own handler that is not safe, since it frees what the parser is reading.
constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_RECOVER;

using Parser = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;

// A thread's parser is used again, with the names that it knows, as long as it reads good documents: making one costs as much as
// reading a small document. Names come from outside, so one that knows too many of them is not kept.
constexpr std::size_t kNamesBytesMax = 128UL * 1024;
constexpr int kNamesMax = 4096;

Parser& OwnParser() {
  thread_local Parser parser(nullptr, &xmlFreeParserCtxt);
  return parser;
}

Parser TakeParser() {
  Parser parser = std::move(OwnParser());
  if (parser != nullptr) return parser;
  parser.reset(xmlNewParserCtxt());
  if (parser != nullptr) InstallHandlers(parser.get());
  return parser;
}

void GiveBack(Parser parser) {
  if (xmlDictGetUsage(parser->dict) > kNamesBytesMax || xmlDictSize(parser->dict) > kNamesMax) return;
  xmlCtxtReset(parser.get());                 // It still holds the document.
  parser->_private = nullptr;
  OwnParser() = std::move(parser);
}

internal::Names NamesOf(const xmlParserCtxt& parser) {
  xmlDictReference(parser.dict);
  return internal::Names(parser.dict, &xmlDictFree);
}

ParseProblem NoMemory() { return {Fault::kTooManyNodes, {}, "There is not enough memory for the document."}; }

// Bytes after the root that are no characters of the encoding are told to nobody; they lie where they were to be converted.
bool HasReadAll(const xmlParserCtxt& parser) {
  const xmlParserInputBuffer* buffer = parser.input == nullptr ? nullptr : parser.input->buf;
  return buffer == nullptr || (buffer->error == 0 && (buffer->raw == nullptr || xmlBufUse(buffer->raw) == 0));
}

// Elements take some five times the room of their tags, and most of a document is tags.
std::size_t FirstBlock(std::size_t bytes) { return std::clamp<std::size_t>(bytes * 5, 4UL * 1024, 256UL * 1024); }

}  // namespace

std::variant<Document, ParseProblem> Document::Parse(std::string_view bytes, const Limits& limits) {
  if (std::optional<ParseProblem> problem = internal::CheckBytes(bytes, limits)) return *std::move(problem);
  PrepareLibrary();
  Parser parser = TakeParser();
  if (parser == nullptr) return NoMemory();
  auto tree = std::make_unique<Tree>(NamesOf(*parser), FirstBlock(bytes.size()));
  Run run;
  run.limits = &limits;
  run.tree = tree.get();
  run.is_wide = internal::LooksLikeUtf16(bytes);
  parser->_private = &run;
  // There is no tree of the library's to be answered; what it made of one is freed here.
  xmlFreeDoc(xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr, kOptions));
  if (run.out_of_memory) return NoMemory();
  if (run.problem) return *std::move(run.problem);
  if (!HasReadAll(*parser)) return NotItsEncoding({});
  const bool whole = parser->wellFormed != 0 && parser->nsWellFormed != 0 && run.open == nullptr && tree->root != nullptr;
  if (!whole) return ParseProblem{Fault::kNotWellFormed, {}, "The document is not well-formed XML."};
  GiveBack(std::move(parser));
  return Document(std::move(tree));
}

}  // namespace porchlight::xml
