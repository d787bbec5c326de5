#include "referrals/content_of.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.h"

namespace porchlight::referrals {

namespace {

using tipline::NetworkEvent;
using tipline::Party;
using tipline::Passage;
using tipline::PlaceKind;

using Extension = std::pair<std::string_view, std::string_view>;
constexpr std::array kExtensions = {
    Extension{"image/jpeg", "jpg"}, Extension{"image/png", "png"},  Extension{"image/gif", "gif"},       Extension{"image/webp", "webp"},
    Extension{"video/mp4", "mp4"},  Extension{"video/webm", "webm"}, Extension{"text/plain", "txt"},
    Extension{"application/pdf", "pdf"}, Extension{"application/zip", "zip"}};

std::string EventName(NetworkEvent event) {
  constexpr std::array<std::string_view, 6> kNames = {"unknown", "login", "registration", "purchase", "upload", "other"};
  return std::string(kNames.at(static_cast<std::size_t>(event)));
}

std::string KindName(PlaceKind kind) {
  constexpr std::array<std::string_view, 7> kNames = {"", "estimated", "billing", "home", "other", "incident", "school"};
  return std::string(kNames.at(static_cast<std::size_t>(kind)));
}

std::string WhereName(Passage::Where where) {
  constexpr std::array<std::string_view, 5> kNames = {"escalation", "conversation", "note", "biography", "file_note"};
  return std::string(kNames.at(static_cast<std::size_t>(where)));
}

// The hour on the wall where it happened, and how far that was from UTC.
std::string AsGiven(const OffsetInstant& moment) {
  if (!moment.offset_minutes) return FormatInstant(moment.instant) + " (no zone given)";
  const int offset = *moment.offset_minutes;
  std::string text = FormatInstant(moment.instant + Duration::Minutes(offset));
  if (offset == 0) return text;
  const int minutes = offset < 0 ? -offset : offset;
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  text.pop_back();
  return text + (offset < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60);
}

bool IsVictims(Party party) { return party == Party::kVictim || party == Party::kRecipient; }

// Law: who reported is protected, also from most of the centre's own staff (domain 4.11, E6).
bool IsReporters(Party party) { return party == Party::kReporter; }

ContentNetworkView ViewOf(const tipline::NetworkUse& use) {
  ContentNetworkView view;
  view.address = use.address;
  view.port = use.port;
  view.event = EventName(use.event);
  if (use.at) {
    view.at = use.at->instant;
    view.at_as_given = AsGiven(*use.at);
  }
  view.party = use.party;
  view.possible_proxy = use.possible_proxy;
  view.file = use.file;
  return view;
}

ContentPlaceView ViewOf(const tipline::StatedPlace& place) {
  return {KindName(place.kind), place.party, place.city, place.region, place.country, place.school, place.verified};
}

ContentFileView ViewOf(const tipline::FiledFile& file, int number, const evidence::FileGateView* gate) {
  ContentFileView view;
  const tipline::FileView& facts = file.facts;
  view.number = number;
  view.open = gate != nullptr && gate->decision == evidence::Outcome::kOpen;
  if (view.open) view.entry = EntryNameOf(number, facts.sniffed_type);
  if (gate != nullptr) view.gate_rule = gate->rule;
  if (gate != nullptr) view.gate_label = gate->label;
  view.bytes = facts.bytes;
  view.kind = facts.kind;
  view.media_type = facts.sniffed_type;
  view.md5 = facts.md5;
  view.sha1 = facts.sha1;
  view.sha256 = facts.sha256;
  view.viewed_by_esp = facts.viewed_by_esp;
  view.publicly_available = facts.publicly_available;
  view.supplemental = facts.supplemental;
  view.industry_classification = facts.industry_classification;
  view.annotations = facts.annotations;
  for (const tipline::DeclaredHash& hash : file.content.hashes) view.hashes.push_back({hash.algorithm, hash.value});
  return view;
}

void AddNetwork(const tipline::NetworkUse& one, ReportContentView& view) {
  if (!IsReporters(one.party)) (IsVictims(one.party) ? view.victim_network : view.network).push_back(ViewOf(one));
}

// A text whose writer is not known may name anybody; it is what was reported, and stays on the page (docs/visibility.md).
void AddText(const Passage& one, ReportContentView& view) {
  if (IsReporters(one.party)) return;
  (IsVictims(one.party) ? view.victim_texts : view.texts).push_back({WhereName(one.where), one.party, one.text});
}

void AddPeople(const tipline::ReportContent& content, ReportContentView& view) {
  for (const tipline::Identifier& one : content.identifiers) {
    if (IsReporters(one.party)) continue;
    auto& list = IsVictims(one.party) ? view.victim_accounts : view.accounts;
    list.push_back({one.kind, one.party, one.value, one.scope, one.verified});
  }
  for (const tipline::StatedPlace& one : content.places) {
    if (IsReporters(one.party)) continue;
    (IsVictims(one.party) ? view.victim_places : view.places).push_back(ViewOf(one));
  }
  for (const tipline::NetworkUse& one : content.network) {
    AddNetwork(one, view);
  }
  for (const Passage& one : content.passages) AddText(one, view);
}

// XML 1.0 has no way to write them.
std::string WithoutControls(std::string_view text) {
  std::string out;
  for (const char one : text) {
    const bool control = static_cast<unsigned char>(one) < 0x20 && one != '\t' && one != '\n' && one != '\r';
    if (control) out += "\xef\xbf\xbd";
    else out.push_back(one);
  }
  return out;
}

void AppendXml(std::string& out, std::string_view name, const Json& value, int depth) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  const std::string tag(name);
  if (value.AsArray() != nullptr) {
    for (const Json& one : *value.AsArray()) AppendXml(out, name, one, depth);
    return;
  }
  if (value.IsNull()) return;
  out += indent + "<" + tag + ">";
  if (value.AsObject() != nullptr) {
    out += "\n";
    for (const auto& [member, inner] : *value.AsObject()) AppendXml(out, member, inner, depth + 1);
    out += indent;
  } else if (value.AsString() != nullptr) {
    out += EscapeMarkup(WithoutControls(*value.AsString()));
  } else {
    out += value.Serialize();
  }
  out += "</" + tag + ">\n";
}

}  // namespace

std::string EntryNameOf(int number, std::string_view media_type) {
  const auto known = std::find_if(kExtensions.begin(), kExtensions.end(), [&](const auto& one) { return one.first == media_type; });
  const std::string_view extension = known == kExtensions.end() ? std::string_view("bin") : known->second;
  return "files/" + std::to_string(number) + "." + std::string(extension);
}

PlaceReasonView ViewOf(const PlaceEvidence& one) {
  return {one.kind, one.whose, one.place.country, one.place.region, one.weight, one.at, one.notes, one.where, one.layer};
}

ReportContentView ContentOf(const ContentSources& sources) {
  const tipline::ReportContent& content = sources.filed.content;
  ReportContentView view;
  view.report_id = sources.filed.report.id;
  view.preserve_until = sources.filed.preserve_until;
  view.urgent = sources.tip.urgent;
  view.priority = sources.tip.level;
  view.priority_rules = sources.priority_rules;
  view.incident_type = sources.tip.incident_type;
  view.incident_type_reported = content.incident_type;
  view.incident_at = content.incident_at.instant;
  view.incident_at_as_given = AsGiven(content.incident_at);
  view.received_at = sources.filed.report.received_at;
  view.source = sources.filed.report.source;
  view.reported_by = sources.platform_name;
  view.service = content.platform;
  view.annotations = content.annotations;
  for (const PlaceEvidence& one : sources.decision.evidence) view.place_evidence.push_back(ViewOf(one));
  view.place_evidence_left_out = sources.decision.evidence_left_out;
  AddPeople(content, view);
  view.victim_ages = content.victim_ages;
  view.urls = content.urls;
  std::map<tipline::FileId, const evidence::FileGateView*> gates;
  for (const evidence::FileGateView& gate : sources.gates) gates[gate.file] = &gate;
  for (const tipline::FiledFile& file : sources.filed.files) {
    const auto gate = gates.find(file.facts.id);
    view.files.push_back(ViewOf(file, static_cast<int>(view.files.size()) + 1, gate == gates.end() ? nullptr : gate->second));
    for (const tipline::NetworkUse& use : file.content.network) AddNetwork(use, view);
    for (const Passage& one : file.content.passages) AddText(one, view);
  }
  view.earlier_reports = content.prior_reports;
  view.cut = content.cut;
  return view;
}

std::string XmlOf(const Json& json, std::string_view root) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  AppendXml(out, root, json, 0);
  return out;
}

}  // namespace porchlight::referrals
