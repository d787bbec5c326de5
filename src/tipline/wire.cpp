#include "tipline/wire.h"

#include <array>
#include <utility>
#include <variant>

#include "platform/xml/document.h"
#include "platform/xml/schema.h"
#include "tipline/internal/facts.h"
#include "tipline/internal/field_rules.h"
#include "tipline/internal/notes.h"
#include "tipline/internal/schema_proof.h"
#include "tipline/internal/schema_table.h"
#include "tipline/internal/wire_types.h"

namespace porchlight::tipline::wire {
namespace {

std::string RuleOf(xml::Fault fault) {
  switch (fault) {
    case xml::Fault::kTooManyBytes: return "limit.bytes";
    case xml::Fault::kEncoding: return "xml.encoding";
    case xml::Fault::kNotWellFormed: return "xml.malformed";
    case xml::Fault::kDoctype: return "xml.doctype";
    case xml::Fault::kTooDeep: return "limit.depth";
    case xml::Fault::kTooManyNodes: return "limit.nodes";
    case xml::Fault::kAttributeTooLong: return "limit.attribute";
  }
  PL_CHECK(false);
}

Refusal Malformed(const xml::ParseProblem& problem) {
  return {Code::kMalformedXml, {{problem.place.line, problem.place.column, "", RuleOf(problem.fault), problem.message}}};
}

xml::Limits ParserLimits(const Limits& limits) {
  return {limits.document_bytes_max, limits.depth_max, limits.attribute_bytes_max, limits.nodes_max};
}

std::optional<Refusal> CheckRoot(xml::Element root, std::string_view wanted) {
  const xml::Place place = root.Where();
  std::string message;
  if (root.Name() != wanted) {
    message = "The document must be one '" + std::string(wanted) + "' element.";
  } else if (!root.Namespace().empty()) {
    message = "Element '" + std::string(wanted) + "' must be in no namespace; leave the xmlns attribute out.";
  }
  if (message.empty()) return std::nullopt;
  const std::string_view name = root.Name().size() <= 64 ? root.Name() : std::string_view();
  Problem problem{place.line, place.column, std::string(name), "schema.root", std::move(message)};
  return Refusal{Code::kValidationFailed, {std::move(problem)}};
}

std::vector<Problem> CheckSchema(const xml::Schema& schema, const xml::Document& document, std::size_t problems_max) {
  std::vector<Problem> problems;
  for (xml::SchemaProblem& problem : schema.Validate(document, problems_max)) {
    problems.push_back({problem.place.line, problem.place.column, std::move(problem.element), std::move(problem.rule),
                        std::move(problem.message)});
  }
  return problems;
}

Json TreeOfElement(xml::Element element) {
  Json tree;
  tree.Set("name", element.Name());
  Json attributes{Json::Object{}};
  for (auto& [name, value] : element.Attributes()) attributes.Set(name, std::move(value));
  tree.Set("attributes", std::move(attributes));
  Json::Array children;
  for (const xml::Element child : element.Children()) children.push_back(TreeOfElement(child));
  // Beside child elements there is only layout.
  tree.Set("text", children.empty() ? element.Text() : std::string());
  tree.Set("children", std::move(children));
  tree.Set("line", element.Where().line);
  return tree;
}

}  // namespace

std::string Refusal::Description() const {
  std::string text(LabelOf(code));
  for (const Problem& problem : problems) {
    text += "\n[" + std::to_string(problem.line) + "," + std::to_string(problem.column) + "] - " + problem.message;
  }
  return text;
}

struct Reader::Inner {
  xml::Schema schema;
  internal::WireTypes types;
  Limits limits;

  template <class Facts, class Gather>
  Reading<Facts> Read(std::string_view bytes, std::string_view root_name, Instant now, const Gather& gather) const {
    auto parsed = xml::Document::Parse(bytes, ParserLimits(limits));
    if (const auto* problem = std::get_if<xml::ParseProblem>(&parsed)) return {std::nullopt, Malformed(*problem)};
    auto& document = std::get<xml::Document>(parsed);
    const xml::Element root = document.Root();
    if (auto refusal = CheckRoot(root, root_name)) return {std::nullopt, std::move(refusal)};
    const internal::Declaration* declared = types.Global(root_name);
    PL_CHECK(declared != nullptr);
    const std::vector<internal::Visit> visits = internal::Normalise(document, *declared);
    std::vector<Problem> problems;
    if (!internal::IsCertainlyValid(root, *declared)) problems = CheckSchema(schema, document, limits.problems_max);
    // Rules and facts rely on a document that satisfies the schema.
    if (problems.empty()) problems = internal::CheckFields(visits, limits.problems_max);
    if (!problems.empty()) return {std::nullopt, Refusal{Code::kValidationFailed, std::move(problems)}};
    internal::Notes notes(*declared, limits.findings_max);
    Facts facts = gather(root, notes, problems);
    if (!problems.empty()) return {std::nullopt, Refusal{Code::kValidationFailed, std::move(problems)}};
    internal::NoteValues(visits, now, limits.future_tolerance, notes);
    facts.findings = notes.Take();
    return {std::move(facts), std::nullopt};
  }
};

Reader::Reader(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::Create(std::string_view xsd, const Limits& limits) {
  xml::Schema schema = PL_TRY(xml::Schema::Compile(xsd));
  const std::vector<internal::SchemaRow> rows = PL_TRY(internal::ReadSchemaTable(xsd));
  internal::WireTypes types = PL_TRY(internal::WireTypes::Create(rows));
  if (types.Global("report") == nullptr || types.Global("fileDetails") == nullptr) {
    return Error{ErrorCode::kInternal, "The schema cannot be used.", "it lacks report or fileDetails", {}, 0};
  }
  return Reader(std::make_unique<Inner>(Inner{std::move(schema), std::move(types), limits}));
}

Reading<ReportFacts> Reader::ReadReport(std::string_view bytes, Instant now) const {
  return inner_->Read<ReportFacts>(bytes, "report", now, [&](xml::Element root, internal::Notes& notes, std::vector<Problem>& problems) {
    return internal::GatherReport(root, now, inner_->limits, notes, problems);
  });
}

Reading<FileFacts> Reader::ReadFileDetails(std::string_view bytes, Instant now) const {
  return inner_->Read<FileFacts>(bytes, "fileDetails", now, [](xml::Element root, internal::Notes& notes, std::vector<Problem>& problems) {
    return internal::GatherFile(root, notes, problems);
  });
}

Result<Json> TreeOf(std::string_view bytes) {
  auto parsed = xml::Document::Parse(bytes, ParserLimits(Limits{}));
  if (const auto* problem = std::get_if<xml::ParseProblem>(&parsed)) {
    return Error{ErrorCode::kMalformed, problem->message, "line " + std::to_string(problem->place.line), {}, 0};
  }
  return TreeOfElement(std::get<xml::Document>(parsed).Root());
}

}  // namespace porchlight::tipline::wire
