// The reader against arbitrary bytes: never a crash, always exactly one of facts and refusal, a reply that can be read, and
// nothing called certainly valid that the validator of the schema refuses. Seeds: wire_corpus/.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string_view>

#include "base/check.h"
#include "platform/xml/document.h"
#include "platform/xml/schema.h"
#include "tipline/internal/schema_proof.h"
#include "tipline/wire.h"

namespace porchlight::tipline::wire {
namespace {

std::string PublishedSchema() {
  std::ifstream file(PORCHLIGHT_SOURCE_DIR "/api/ispws.xsd", std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

const Reader& FuzzedReader() {
  static const Reader reader = Reader::Create(PublishedSchema(), Limits{}).value();
  return reader;
}

void CheckProof(std::string_view bytes, std::string_view root_name) {
  static const xml::Schema schema = xml::Schema::Compile(PublishedSchema()).value();
  static const auto types = internal::WireTypes::Create(internal::ReadSchemaTable(PublishedSchema()).value()).value();
  auto parsed = xml::Document::Parse(bytes, xml::Limits{});
  auto* document = std::get_if<xml::Document>(&parsed);
  if (document == nullptr || document->Root().Name() != root_name) return;
  const internal::Declaration& root = *types.Global(root_name);
  internal::Normalise(*document, root);
  PL_CHECK(!internal::IsCertainlyValid(document->Root(), root) || schema.Validate(*document, 1).empty());
}

template <class Facts>
void Check(const Reading<Facts>& reading) {
  PL_CHECK(reading.facts.has_value() != reading.refusal.has_value());
  if (!reading.refusal) return;
  PL_CHECK(!reading.refusal->problems.empty());
  const std::string reply = ReportResponse({reading.refusal->code, reading.refusal->Description(), std::nullopt, "", ""});
  PL_CHECK(std::holds_alternative<xml::Document>(xml::Document::Parse(reply, xml::Limits{})));
}

}  // namespace
}  // namespace porchlight::tipline::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace wire = porchlight::tipline::wire;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const porchlight::Instant now{1'795'435'200'000'000};
  const auto report = wire::FuzzedReader().ReadReport(bytes, now);
  const auto file = wire::FuzzedReader().ReadFileDetails(bytes, now);
  wire::Check(report);
  wire::Check(file);
  wire::CheckProof(bytes, "report");
  wire::CheckProof(bytes, "fileDetails");
  PL_CHECK(!(report.facts && file.facts));
  PL_CHECK(!(report.facts || file.facts) || wire::TreeOf(bytes).ok());
  return 0;
}
