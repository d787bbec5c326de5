#include "platform/xml/schema.h"

#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>

#include <new>
#include <utility>

#include "platform/xml/internal/library.h"
#include "platform/xml/internal/library_document.h"

namespace porchlight::xml {
namespace {

constexpr std::size_t kNameBytesMax = 64;        // Names in a message come from outside.
constexpr std::size_t kExpectedBytesMax = 640;   // Lists of allowed words or elements.

std::string Shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0U) == 0x80U) --bytes_max;
  return std::string(text.substr(0, bytes_max)) + "...";
}

// What stands in the last pair of `open` and `close`, where the library lists what the schema wants. The value of the
// document comes before it in the message and must not be repeated.
std::string LastListed(std::string_view message, std::string_view open, char close) {
  const auto begin = message.rfind(open);
  const auto end = message.rfind(close);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + open.size()) return {};
  std::string_view listed = message.substr(begin + open.size(), end - begin - open.size());
  while (listed.starts_with(' ')) listed.remove_prefix(1);
  while (listed.ends_with(' ')) listed.remove_suffix(1);
  return Shortened(listed, kExpectedBytesMax);
}

struct Wording {
  std::string_view rule;
  std::string sentence;    // Goes on after "Element 'x': " or "Element 'x', attribute 'y': ".
};

Wording WordContent(std::string_view message) {
  const std::string expected = LastListed(message, "( ", ')');
  if (message.find("Missing child element") != std::string_view::npos) {
    return {"schema.missing", "a child element is missing" + (expected.empty() ? "." : "; next must come one of: " + expected + ".")};
  }
  return {"schema.order", "the element must not stand here" + (expected.empty() ? "." : "; expected is one of: " + expected + ".")};
}

Wording WordFor(int code, std::string_view message) {
  switch (code) {
    case XML_SCHEMAV_CVC_ELT_1: return {"schema.root", "no such document."};
    case XML_SCHEMAV_ELEMENT_CONTENT: return WordContent(message);
    case XML_SCHEMAV_CVC_ENUMERATION_VALID: {
      const std::string listed = LastListed(message, " is not an element of the set {", '}');
      return {"schema.enumeration", "the value is not one of the allowed words" + (listed.empty() ? "." : ": " + listed + ".")};
    }
    case XML_SCHEMAV_CVC_PATTERN_VALID: {
      const std::string listed = LastListed(message, " is not accepted by the pattern ", '.');
      return {"schema.pattern", "the value does not have the form " + listed + "."};
    }
    case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1:
    case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_2:
    case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3: {
      const std::string type = LastListed(message, " type '", '\'');
      return {"schema.type", "the value is not valid for its type" + (type.empty() ? "." : ", " + type + ".")};
    }
    case XML_SCHEMAV_CVC_ELT_5_2_2_1:
    case XML_SCHEMAV_CVC_ELT_5_2_2_2_1:
    case XML_SCHEMAV_CVC_ELT_5_2_2_2_2:
    case XML_SCHEMAV_CVC_AU:
      return {"schema.fixed", "the value can only be " + LastListed(message, "fixed value constraint '", '\'') + "."};
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4: return {"schema.attribute_missing", "the attribute is required."};
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2:
    case XML_SCHEMAV_CVC_TYPE_3_1_1: return {"schema.attribute_unknown", "the attribute does not belong here."};
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3:
      return {"schema.content", "there must be no text beside the child elements."};
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2:
    case XML_SCHEMAV_CVC_TYPE_3_1_2: return {"schema.content", "there must be no element inside."};
    default: return {"schema.other", "the schema does not allow this (rule " + std::to_string(code) + ")."};
  }
}

// The message begins with "Element 'x', attribute 'y':" or, if the attribute is missing, names it in a sentence. Names hold no
// quotes and stand before anything else from the document.
std::string AttributeIn(int code, std::string_view message) {
  const std::string_view open = code == XML_SCHEMAV_CVC_COMPLEX_TYPE_4 ? "The attribute '" : "', attribute '";
  const auto begin = message.find(open);
  const auto sentence = message.find(": ");
  if (begin == std::string_view::npos || (code != XML_SCHEMAV_CVC_COMPLEX_TYPE_4 && begin > sentence)) return {};
  std::string_view name = message.substr(begin + open.size());
  name = name.substr(0, name.find('\''));
  if (name.starts_with('{')) name = name.substr(name.find('}') + 1);
  return Shortened(name, kNameBytesMax);
}

struct Collector {
  std::size_t problems_max = 0;
  std::vector<SchemaProblem> problems;
  const xmlNode* last_element = nullptr;
  std::string last_attribute;
  bool lost_one = false;          // For want of memory.

  void Add(const xmlError& error) {
    if (problems.size() >= problems_max || error.level < XML_ERR_ERROR) return;
    const auto* node = static_cast<const xmlNode*>(error.node);
    const std::string_view message = error.message == nullptr ? std::string_view() : std::string_view(error.message);
    SchemaProblem problem;
    problem.attribute = AttributeIn(error.code, message);
    if (node != nullptr && node->type == XML_ATTRIBUTE_NODE) node = node->parent;
    if (node == nullptr || node->type != XML_ELEMENT_NODE) return;
    // After a broken facet the library repeats that the value is not valid; one sentence is enough.
    const bool repeated = error.code == XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1 && node == last_element && problem.attribute == last_attribute;
    if (repeated) return;
    last_element = node;
    last_attribute = problem.attribute;
    problem.element = Shortened(reinterpret_cast<const char*>(node->name), kNameBytesMax);
    problem.place = static_cast<const internal::ElementItem*>(node->_private)->place;
    const Wording wording = WordFor(error.code, message);
    problem.rule = wording.rule;
    problem.message = "Element '" + problem.element + "'" +
                      (problem.attribute.empty() ? "" : ", attribute '" + problem.attribute + "'") + ": " + wording.sentence;
    problems.push_back(std::move(problem));
  }
};

void OnProblem(void* collector, internal::ErrorPointer error) {
  // No exception may pass through the library, which is written in C.
  try {
    static_cast<Collector*>(collector)->Add(*error);
  } catch (const std::bad_alloc&) {
    static_cast<Collector*>(collector)->lost_one = true;
  }
}

void OnCompileError(void* words, internal::ErrorPointer error) {
  auto& text = *static_cast<std::string*>(words);
  try {
    if (text.size() < 4096 && error->message != nullptr) text += "line " + std::to_string(error->line) + ": " + error->message;
  } catch (const std::bad_alloc&) {
    text.clear();
  }
}

Error NotASchema(std::string words) {
  return Error{ErrorCode::kInternal, "The schema cannot be used.", std::move(words), {}, 0};
}

}  // namespace

struct Schema::Inner {
  Document read;
  internal::LibraryDocument source;         // Points into `read`; the compiled schema points into it.
  xmlSchema* compiled = nullptr;
  Inner(Document document, internal::LibraryDocument same, xmlSchema* schema)
      : read(std::move(document)), source(std::move(same)), compiled(schema) {}
  Inner(const Inner&) = delete;
  Inner& operator=(const Inner&) = delete;
  ~Inner() { xmlSchemaFree(compiled); }
};

Schema::Schema(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema> Schema::Compile(std::string_view xsd) {
  auto parsed = Document::Parse(xsd, Limits{});
  if (const auto* problem = std::get_if<ParseProblem>(&parsed)) {
    return NotASchema("line " + std::to_string(problem->place.line) + ": " + problem->message);
  }
  Document read = std::get<Document>(std::move(parsed));
  internal::LibraryDocument source = internal::ToLibrary(*read.tree_);
  std::string words;
  xmlSchemaParserCtxt* parser = xmlSchemaNewDocParserCtxt(source.get());
  if (parser == nullptr) return NotASchema("no memory");
  xmlSchemaSetParserStructuredErrors(parser, &OnCompileError, &words);
  xmlSchema* compiled = xmlSchemaParse(parser);
  xmlSchemaFreeParserCtxt(parser);
  if (compiled == nullptr) return NotASchema(std::move(words));
  return Schema(std::make_unique<Inner>(std::move(read), std::move(source), compiled));
}

std::vector<SchemaProblem> Schema::Validate(const Document& document, std::size_t problems_max) const {
  PrepareLibrary();
  Collector collector;
  collector.problems_max = problems_max;
  const internal::LibraryDocument validated = internal::ToLibrary(*document.tree_);
  const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> context(xmlSchemaNewValidCtxt(inner_->compiled),
                                                                                       &xmlSchemaFreeValidCtxt);
  PL_CHECK(context != nullptr);
  xmlSchemaSetValidStructuredErrors(context.get(), &OnProblem, &collector);
  const int verdict = xmlSchemaValidateDoc(context.get(), validated.get());
  // Fail closed: a verdict without a problem that could be told must not pass as valid.
  if ((verdict != 0 || collector.lost_one) && collector.problems.empty()) {
    const Element root = document.Root();
    collector.problems.push_back({root.Where(), std::string(root.Name()), "", "schema.other", "The document does not satisfy the schema."});
  }
  return std::move(collector.problems);
}

}  // namespace porchlight::xml
