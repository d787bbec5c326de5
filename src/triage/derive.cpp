#include "triage/derive.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "platform/geo/geo.h"
#include "triage/normal_forms.h"

namespace porchlight::triage {

namespace {

using tipline::FiledFile;
using tipline::FiledReport;
using tipline::IncidentType;
using tipline::Party;
using tipline::Passage;
using tipline::ReportContent;

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::size_t kLinkTextsMax = 100;
constexpr std::size_t kItemsMax = 100;
constexpr std::size_t kPdqDigits = 64;
constexpr std::size_t kTemplateWordsMin = 12;
constexpr std::int64_t kLiveFor = 2 * kDay;

std::string_view NameOf(Passage::Where where) {
  switch (where) {
    case Passage::Where::kEscalation: return "escalation";
    case Passage::Where::kConversation: return "conversation";
    case Passage::Where::kNote: return "note";
    case Passage::Where::kBiography: return "biography";
    case Passage::Where::kFileNote: return "file_note";
  }
  PL_CHECK(false);
}

// A template of the platform stands in every report of it and says nothing of this one. A biography is no event: of its
// words only those of access count.
bool MayFind(Signal signal, const Passage& passage) {
  if (passage.party == Party::kReporter) return false;
  return passage.where != Passage::Where::kBiography || signal == Signal::kAccessWords;
}

bool MayBeTemplate(const Passage& passage, const std::vector<std::string>& words, bool of_platform) {
  const bool note = passage.where == Passage::Where::kNote || passage.where == Passage::Where::kFileNote;
  return of_platform && note && passage.party == Party::kNobody && words.size() >= kTemplateWordsMin;
}

void FindPhrases(const std::vector<Passage>& passages, const RuleTable& table, bool of_platform, Derived& derived) {
  for (const Passage& passage : passages) {
    if (passage.party == Party::kReporter) continue;
    const std::vector<std::string> words = WordsOf(passage.text);
    const std::uint64_t found = table.phrases.Find(words);
    SpokenSignals one;
    one.place = NameOf(passage.where);
    for (std::size_t list = 0; list < table.phrase_signals.size(); ++list) {
      const Signal signal = table.phrase_signals[list];
      if ((found >> list & 1U) != 0 && MayFind(signal, passage)) one.signals.Add(signal, one.place);
    }
    if (one.signals.all().empty()) continue;
    if (!MayBeTemplate(passage, words, of_platform)) {
      derived.content.Join(one.signals);
      continue;
    }
    for (const std::string& word : words) one.text += word + " ";
    derived.spoken.push_back(std::move(one));
  }
}

void AddAnnotations(const ReportContent& content, Signals& signals) {
  for (const std::string& annotation : content.annotations) {
    if (annotation == "sextortion") signals.Add(Signal::kSextortion, "annotation");
    else if (annotation == "csamSolicitation") signals.Add(Signal::kSolicitation, "annotation");
    else if (annotation == "minorToMinorInteraction") signals.Add(Signal::kMinorToMinor, "annotation");
    else if (annotation == "spam") signals.Add(Signal::kSpam, "annotation");
    else if (annotation == "sadisticOnlineExploitation") signals.Add(Signal::kSadisticGroup, "annotation");
  }
}

bool IsLabelledViral(const FiledFile& file) {
  const auto& flags = file.facts.annotations;
  return std::any_of(flags.begin(), flags.end(), [](const std::string& one) { return one == "potentialMeme" || one == "viral"; });
}

void AddFileAnnotations(const FiledFile& file, const std::string& place, bool fresh, Signals& signals) {
  for (const std::string& annotation : file.facts.annotations) {
    // A recording that goes round is no abuse as it happens.
    if (annotation == "liveStreaming" && fresh && !IsLabelledViral(file)) signals.Add(Signal::kLiveAbuse, place);
    else if (annotation == "infant") signals.Add(Signal::kYoungChild, place);
    else if (annotation == "physicalHarm" || annotation == "violenceGore") signals.Add(Signal::kPhysicalHarm, place);
    else if (annotation == "possibleSelfProduction") signals.Add(Signal::kSelfProduced, place);
    else if (annotation == "generativeAi") signals.Add(Signal::kGeneratedLabel, place);
  }
}

void AddFiles(const FiledReport& filed, Signals& signals) {
  const bool fresh = filed.report.received_at.microseconds - filed.content.incident_at.instant.microseconds <= kLiveFor;
  for (std::size_t index = 0; index < filed.files.size(); ++index) {
    const FiledFile& file = filed.files[index];
    const std::string place = "file " + std::to_string(index + 1);
    AddFileAnnotations(file, place, fresh, signals);
    if (!file.facts.supplemental) signals.Add(Signal::kReportedFile, place);
    if (!file.facts.industry_classification.empty()) signals.Add(Signal::kCsamFile, place);
    if (file.facts.industry_classification.starts_with('A')) signals.Add(Signal::kYoungChild, place);
    if (IsLabelledViral(file)) signals.Add(Signal::kViralLabel, place);
  }
}

void AddPeople(const FiledReport& filed, const RuleTable& table, Signals& signals) {
  const ReportContent& content = filed.content;
  if (content.victims > 0) signals.Add(Signal::kChildNamed, "victim");
  if (content.victims > 1) signals.Add(Signal::kSeveralVictims, "victim");
  const int young = table.Number("young_age_below");
  if (std::any_of(content.victim_ages.begin(), content.victim_ages.end(), [&](int age) { return age < young; })) {
    signals.Add(Signal::kYoungChild, "victim");
  }
}

bool NamesAccount(const ReportContent& content) {
  return std::any_of(content.identifiers.begin(), content.identifiers.end(),
                     [](const tipline::Identifier& one) { return one.party == Party::kReported; });
}

Signals ContentSignals(const FiledReport& filed, const RuleTable& table, Instant now) {
  Signals signals;
  const ReportContent& content = filed.content;
  SetTypeSignals(signals, content.incident_type);
  if (content.escalated) signals.Add(Signal::kEscalated, "escalation");
  if (content.batched) signals.Add(Signal::kViralLabel, "batched");
  AddAnnotations(content, signals);
  if (!content.urls.empty()) signals.Add(Signal::kReportedFile, "page");
  AddFiles(filed, signals);
  AddPeople(filed, table, signals);
  const bool talked = std::any_of(content.passages.begin(), content.passages.end(),
                                  [](const Passage& one) { return one.where == Passage::Where::kConversation; });
  if (talked) signals.Add(Signal::kConversation);
  const Instant then = content.incident_at.instant;
  if (now.microseconds - then.microseconds > table.Number("old_incident_days") * kDay) signals.Add(Signal::kOldIncident);
  if (filed.report.source == tipline::ReportSource::kPublic) signals.Add(Signal::kPublicReport);
  if (!NamesAccount(content)) signals.Add(Signal::kNoAccount);
  return signals;
}

// Addresses of documentation stand for public ones: all of a demonstration's are.
std::optional<geo::Address> ReachableAddress(const tipline::NetworkUse& use) {
  const Result<geo::Address> address = geo::Address::Parse(use.address);
  if (!address.ok()) return std::nullopt;
  const geo::AddressClass kind = geo::ClassOf(*address);
  if (kind != geo::AddressClass::kPublic && kind != geo::AddressClass::kDocumentation) return std::nullopt;
  return *address;
}

// An address leads to a subscriber only with a moment whose zone is known and, where many share it, with a port.
bool LeadsToSubscriber(const tipline::NetworkUse& use) {
  const std::optional<geo::Address> address = ReachableAddress(use);
  return address && use.at && use.at->offset_minutes && (!address->IsIpv4() || use.port > 0);
}

bool HasUploadAddress(const FiledReport& filed) {
  const auto uploads = [](const tipline::NetworkUse& use) {
    return use.event == tipline::NetworkEvent::kUpload && LeadsToSubscriber(use);
  };
  const auto& network = filed.content.network;
  if (std::any_of(network.begin(), network.end(), uploads)) return true;
  // An event at a file is that file's upload unless it says otherwise.
  return std::any_of(filed.files.begin(), filed.files.end(), [](const FiledFile& file) {
    return std::any_of(file.content.network.begin(), file.content.network.end(), LeadsToSubscriber);
  });
}

bool HasOtherAddress(const FiledReport& filed) {
  return std::any_of(filed.content.network.begin(), filed.content.network.end(), [](const tipline::NetworkUse& use) {
    return use.event != tipline::NetworkEvent::kUpload && ReachableAddress(use) && use.at.has_value();
  });
}

struct Asking {
  Completeness completeness;
  void Ask(Item item, bool present) {
    completeness.asked.insert(item);
    if (present) completeness.present.insert(item);
  }
};

void AskOfFiles(const FiledReport& filed, Asking& asking) {
  std::vector<const FiledFile*> reported;
  for (const FiledFile& file : filed.files) {
    if (!file.facts.supplemental) reported.push_back(&file);
  }
  if (reported.empty()) return;
  const auto all = [&](auto test) { return std::all_of(reported.begin(), reported.end(), test); };
  asking.Ask(Item::kFileViewed, all([](const FiledFile* file) { return file->facts.viewed_by_esp != tipline::Answer::kMissing; }));
  asking.Ask(Item::kClassification, all([](const FiledFile* file) {
               return !file->facts.industry_classification.empty() || !file->facts.annotations.empty();
             }));
  asking.Ask(Item::kOriginalHash, all([](const FiledFile* file) { return file->has_original_hash; }));
}

bool HasPlace(const ReportContent& content) {
  return std::any_of(content.places.begin(), content.places.end(), [](const tipline::StatedPlace& place) {
    return place.party == Party::kReported || place.party == Party::kVictim || place.kind == tipline::PlaceKind::kIncident;
  });
}

Completeness CompletenessOf(const FiledReport& filed, const Signals& signals) {
  Asking asking;
  const ReportContent& content = filed.content;
  const bool platform = filed.report.source == tipline::ReportSource::kPlatform;
  asking.Ask(Item::kAccount, NamesAccount(content));
  asking.Ask(Item::kFile, !filed.files.empty() || signals.Has(Signal::kConversation) || !content.urls.empty());
  asking.Ask(Item::kPlace, HasPlace(content));
  if (platform) {
    const bool by_upload = content.incident_type == IncidentType::kCsam || content.incident_type == IncidentType::kUnsolicitedObscene;
    if (by_upload) asking.Ask(Item::kUploadAddress, HasUploadAddress(filed));
    asking.Ask(Item::kOtherAddress, HasOtherAddress(filed));
    asking.Ask(Item::kContact, content.legal_process_named);
  }
  AskOfFiles(filed, asking);
  const bool of_child = signals.Has(Signal::kEnticement) || signals.Has(Signal::kTrafficking) || signals.Has(Signal::kMolestation);
  if (signals.Has(Signal::kEnticement)) asking.Ask(Item::kConversation, signals.Has(Signal::kConversation));
  if (of_child) asking.Ask(Item::kVictim, signals.Has(Signal::kChildNamed));
  return asking.completeness;
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

SharedItem ItemOf(const FiledFile& file, bool batched) {
  SharedItem item;
  item.keys.push_back("sha256:" + file.facts.sha256);
  for (const tipline::DeclaredHash& hash : file.content.hashes) {
    const std::string value = LowerAscii(hash.value);
    const bool fits = LowerAscii(hash.algorithm) == "pdq" && value.size() == kPdqDigits && IsHex(value);
    if (fits && item.keys.size() == 1) item.keys.push_back("pdq:" + value);
  }
  item.labelled_viral = batched || IsLabelledViral(file);
  item.classified_media = !file.facts.industry_classification.empty() && file.facts.kind != tipline::FileKind::kOther;
  return item;
}

// What cannot be an item, or is one too many, stands for itself: with it, a report is never all viral.
SharedItem OwnItem(const FiledReport& filed) { return {{"own:" + std::to_string(filed.report.id.value)}, false, false}; }

std::vector<SharedItem> ItemsOf(const FiledReport& filed) {
  std::vector<SharedItem> items;
  bool own = false;
  for (const FiledFile& file : filed.files) {
    if (file.facts.supplemental) continue;
    if (items.size() < kItemsMax) items.push_back(ItemOf(file, filed.content.batched));
    else own = true;
  }
  for (const std::string& url : filed.content.urls) {
    const std::string normal = NormalUrl(url);
    // A whole site is no item.
    if (normal.find('/') == std::string::npos || items.size() >= kItemsMax) own = true;
    else items.push_back({{"page:" + normal}, filed.content.batched, false});
  }
  if (own || filed.content.cut) items.push_back(OwnItem(filed));
  return items;
}

// A platform's own number counts within its service alone; where the platform names none, within the platform.
std::string LinkTextOf(const FiledReport& filed, tipline::Identifier identifier) {
  const bool unnamed = identifier.kind == tipline::IdentifierKind::kUserId && Trim(identifier.scope).empty();
  if (unnamed) identifier.scope = "platform " + std::to_string(filed.report.organisation);
  return LinkText(identifier);
}

// The first there is of what belongs to one person longest.
std::string PersonOf(const FiledReport& filed) {
  using Kind = tipline::IdentifierKind;
  for (const Kind kind : {Kind::kUserId, Kind::kEmail, Kind::kPhone, Kind::kScreenName, Kind::kProfileUrl}) {
    for (const tipline::Identifier& identifier : filed.content.identifiers) {
      if (identifier.party == Party::kReported && identifier.kind == kind) return LinkTextOf(filed, identifier);
    }
  }
  return {};
}

std::vector<std::string> LinksOf(const FiledReport& filed) {
  std::set<std::string> texts;
  for (const tipline::Identifier& identifier : filed.content.identifiers) {
    if (identifier.party != Party::kReported && identifier.party != Party::kAssociated) continue;
    std::string text = LinkTextOf(filed, identifier);
    if (!text.empty() && texts.size() < kLinkTextsMax) texts.insert(std::move(text));
  }
  for (const tipline::NetworkUse& use : filed.content.network) {
    // One address belongs to many people over the years, but on one day seldom.
    const std::optional<geo::Address> address = ReachableAddress(use);
    if (use.party != Party::kReported || !use.at || !address || use.possible_proxy == tipline::Answer::kYes) continue;
    if (texts.size() < kLinkTextsMax) texts.insert("ip:" + address->Text() + "/" + FormatInstant(use.at->instant).substr(0, 10));
  }
  return {texts.begin(), texts.end()};
}

}  // namespace

void SetTypeSignals(Signals& signals, IncidentType type) {
  for (const Signal one : {Signal::kEnticement, Signal::kTrafficking, Signal::kMolestation, Signal::kUnsolicited}) signals.Remove(one);
  if (type == IncidentType::kUnsolicitedObscene) signals.Add(Signal::kUnsolicited);
  if (type == IncidentType::kEnticement) signals.Add(Signal::kEnticement);
  if (type == IncidentType::kTrafficking || type == IncidentType::kSexTourism) signals.Add(Signal::kTrafficking);
  if (type == IncidentType::kMolestation) signals.Add(Signal::kMolestation);
}

Derived Derive(const FiledReport& filed, const RuleTable& table, Instant now) {
  Derived derived;
  derived.content = ContentSignals(filed, table, now);
  const bool of_platform = filed.report.source == tipline::ReportSource::kPlatform;
  FindPhrases(filed.content.passages, table, of_platform, derived);
  for (const FiledFile& file : filed.files) FindPhrases(file.content.passages, table, of_platform, derived);
  derived.completeness = CompletenessOf(filed, derived.content);
  derived.items = ItemsOf(filed);
  derived.person_text = PersonOf(filed);
  derived.link_texts = LinksOf(filed);
  derived.incidents = std::max(1, filed.content.people_reported);
  return derived;
}

}  // namespace porchlight::triage
