#include "referrals/bulk_export.h"

#include <array>
#include <string_view>
#include <vector>

#include "base/csv.h"

namespace porchlight::referrals {

namespace {

// What one kind of datum says in the columns after "datum"; an empty name leaves its column empty.
struct Datum {
  std::string_view list;                          // Member of the report.
  std::string_view name;                          // In the column "datum".
  std::string_view kind, party, value;
  std::vector<std::string_view> more;             // Joined by a space.
  std::string_view at, port;
};
const std::vector<Datum>& Data() {
  static const std::vector<Datum> data = {
      {"accounts", "account", "kind", "party", "value", {"scope"}, "", ""},
      {"victim_accounts", "victim_account", "kind", "party", "value", {"scope"}, "", ""},
      {"network", "network", "event", "party", "address", {"possible_proxy"}, "at", "port"},
      {"victim_network", "victim_network", "event", "party", "address", {"possible_proxy"}, "at", "port"},
      {"places", "place", "kind", "party", "city", {"region", "country", "school"}, "", ""},
      {"victim_places", "victim_place", "kind", "party", "city", {"region", "country", "school"}, "", ""},
      {"files", "file", "media_type", "", "sha256", {"sha1", "md5", "industry_classification"}, "", ""},
  };
  return data;
}

std::string TextOf(const Json& value) {
  if (value.AsString() != nullptr) return *value.AsString();
  return value.IsNull() ? std::string() : value.Serialize();
}

std::string Member(const Json& json, std::string_view name) {
  const Json* value = name.empty() ? nullptr : json.Find(name);
  return value == nullptr ? std::string() : TextOf(*value);
}

std::string Line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + CsvCellForPeople(cell);
  return line + "\r\n";
}

std::string RowOf(const std::vector<std::string>& head, const Datum& datum, const Json& one) {
  std::vector<std::string> cells = head;
  std::string more;
  for (const std::string_view name : datum.more) {
    const std::string text = Member(one, name);
    if (!text.empty()) more += (more.empty() ? "" : " ") + text;
  }
  const std::string port = Member(one, datum.port);
  for (std::string cell : {std::string(datum.name), Member(one, datum.kind), Member(one, datum.party), Member(one, datum.value), more,
                           Member(one, datum.at), port == "0" ? std::string() : port}) {
    cells.push_back(std::move(cell));
  }
  return Line(cells);
}

}  // namespace

std::string ExportHead() {
  return "\xEF\xBB\xBF" + Line({"report", "reported_by", "received_at", "preserve_until", "urgent", "incident_type", "incident_at", "datum",
                                "kind", "party", "value", "more", "at", "port"});
}

std::string ExportHeld(std::int64_t report) {
  return RowOf({std::to_string(report), "", "", "", "", "", ""}, {"", "held", "", "", "why", {}, "", ""},
               Json().Set("why", "a legal hold stands"));
}

std::string ExportRows(const Json& report) {
  std::vector<std::string> head;
  for (const std::string_view name :
       {"report_id", "reported_by", "received_at", "preserve_until", "urgent", "incident_type", "incident_at"}) {
    head.push_back(Member(report, name));
  }
  std::string rows;
  for (const Datum& datum : Data()) {
    const Json* list = report.Find(datum.list);
    if (list == nullptr || list->AsArray() == nullptr) continue;
    for (const Json& one : *list->AsArray()) rows += RowOf(head, datum, one);
  }
  const Json* urls = report.Find("urls");
  if (urls != nullptr && urls->AsArray() != nullptr) {
    for (const Json& url : *urls->AsArray()) rows += RowOf(head, {"", "url", "", "", "url", {}, "", ""}, Json().Set("url", TextOf(url)));
  }
  return rows.empty() ? RowOf(head, {"", "", "", "", "", {}, "", ""}, Json()) : rows;
}

}  // namespace porchlight::referrals
