#include "tipline/testing/wire_samples.h"

#include <fstream>
#include <iterator>
#include <map>

#include "base/check.h"

namespace porchlight::tipline::testing {
namespace {

using internal::SchemaRow;

// The tests ask for thousands of documents, so both look-ups are indexed.
const std::vector<SchemaRow>& RowsOf(const std::string& parent) {
  static const std::map<std::string, std::vector<SchemaRow>> by_parent = [] {
    std::map<std::string, std::vector<SchemaRow>> index;
    for (const SchemaRow& row : WireRows()) index[row.parent].push_back(row);
    return index;
  }();
  static const std::vector<SchemaRow> none;
  const auto found = by_parent.find(parent);
  return found == by_parent.end() ? none : found->second;
}

std::string LabelOf(const std::string& type) {
  if (type.starts_with("ref:")) return "element:" + type.substr(4);
  if (type.starts_with("anonymous:")) return type.substr(10);
  for (const std::string_view kind : {"complexType:", "simpleType:"}) {
    std::string label = std::string(kind) + type;
    if (!RowsOf(label).empty()) return label;
  }
  return type;
}

std::string SampleValue(const std::string& label) {
  if (label == "xs:string") return "sample";
  if (label == "xs:token") return "f0123456789abcdef0123456789abcde";
  if (label == "xs:dateTime") return "2026-01-02T03:04:05.678Z";
  if (label == "xs:date") return "2010-02-03";
  if (label == "xs:int" || label == "xs:long") return "17";
  if (label == "xs:boolean") return "true";
  if (label == "xs:double") return "-12.5";
  std::string base;
  for (const SchemaRow& row : RowsOf(label)) {
    if (row.kind == "enum" && !row.name.empty()) return row.name;
    if (row.kind == "pattern") return row.name.starts_with("\\+") ? "+44" : "123";
    if (row.kind == "extension") base = row.type;
  }
  return base.empty() ? "" : SampleValue(LabelOf(base));
}

class Sampler {
 public:
  Sampler(const Patch& patch, std::size_t alternative) : patch_(patch), alternative_(alternative) {}

  std::string Element(const SchemaRow& row) const {
    if (const auto replaced = patch_ ? patch_(row) : std::nullopt) return *replaced;
    const std::string label = LabelOf(row.type);
    const std::vector<SchemaRow>& inside = RowsOf(label);
    const bool choice = !inside.empty() && inside.front().kind == "group" && inside.front().type == "choice";
    if (!choice || row.most == "1") return Tagged(row, label, Content(label, alternative_));
    std::string all;
    for (std::size_t index = 0; index + 1 < inside.size(); ++index) all += Tagged(row, label, Content(label, index));
    return all;
  }

 private:
  std::string Tagged(const SchemaRow& row, const std::string& label, const std::string& content) const {
    std::string tag = "<" + row.name;
    for (const SchemaRow& attribute : RowsOf(label)) {
      if (attribute.kind != "attribute") continue;
      const auto replaced = patch_ ? patch_(attribute) : std::nullopt;
      tag += replaced ? *replaced : " " + attribute.name + "=\"" + SampleValue(LabelOf(attribute.type)) + "\"";
    }
    return tag + ">" + content + "</" + row.name + ">";
  }

  std::string Content(const std::string& label, std::size_t chosen) const {
    std::string content;
    std::string model;
    std::size_t index = 0;
    for (const SchemaRow& row : RowsOf(label)) {
      if (row.kind == "group" && row.name.empty()) model = row.type;
      if (row.kind == "group" && !row.name.empty()) content += Content(label + "/" + row.name, alternative_);
      if (row.kind != "element") continue;
      if (row.compositor != "choice" || index == chosen) content += Element(row);
      ++index;
    }
    return index == 0 && content.empty() && model.empty() ? SampleValue(label) : content;
  }

  const Patch& patch_;
  std::size_t alternative_;
};

}  // namespace

std::string ReadSourceFile(const std::string& path) {
  std::ifstream file(std::string(PORCHLIGHT_SOURCE_DIR) + "/" + path, std::ios::binary);
  PL_CHECK(file.good());
  return std::string(std::istreambuf_iterator<char>(file), {});
}

const std::vector<SchemaRow>& WireRows() {
  static const std::vector<SchemaRow> rows = internal::ReadSchemaTable(ReadSourceFile("api/ispws.xsd")).value();
  return rows;
}

const wire::Reader& WireReader() {
  static const wire::Reader reader = wire::Reader::Create(ReadSourceFile("api/ispws.xsd"), wire::Limits{}).value();
  return reader;
}

Instant SampleNow() { return ParseDateTime("2026-11-23T12:00:00Z")->instant; }

std::string FullDocument(const std::string& root, const Patch& patch, std::size_t alternative) {
  SchemaRow row;
  row.name = root;
  row.type = "ref:" + root;
  row.most = "1";
  return Sampler(patch, alternative).Element(row);
}

Patch WithValue(const std::string& parent, const std::string& name, const std::string& value) {
  return [=](const SchemaRow& row) -> std::optional<std::string> {
    if (row.parent != parent || row.name != name) return std::nullopt;
    if (row.kind == "attribute") return " " + name + "=\"" + value + "\"";
    return "<" + name + ">" + value + "</" + name + ">";
  };
}

std::string MinimalReport(const std::string& platform) {
  return "<report><incidentSummary><incidentType>Child Sex Trafficking</incidentType><platform>" + platform +
         "</platform><incidentDateTime>2026-01-02T03:04:05Z</incidentDateTime></incidentSummary>"
         "<reporter><reportingPerson><email>desk@reporter.example</email></reportingPerson></reporter></report>";
}

std::string MinimalFile(const std::string& after_file_id) {
  return "<fileDetails><reportId>4564654</reportId><fileId>b0754af766b426f2928a02c651ed4b99</fileId>" + after_file_id + "</fileDetails>";
}

}  // namespace porchlight::tipline::testing
