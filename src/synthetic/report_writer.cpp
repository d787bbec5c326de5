#include "synthetic/report_writer.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "synthetic/containers.h"
#include "synthetic/internal/cast.h"
#include "synthetic/internal/markup.h"
#include "synthetic/providers.h"

namespace porchlight::synthetic {
namespace {

using internal::AccountStory;
using internal::Cast;
using internal::CastOf;
using internal::Markup;
using internal::Role;
using internal::Times;

// The schema's own literals; ours is the enumeration.
std::string_view IncidentTypeOf(Category category) {
  switch (category) {
    case Category::kCsam: return "Child Pornography (possession, manufacture, and distribution)";
    case Category::kOnlineEnticement: return "Online Enticement of Children for Sexual Acts";
    case Category::kSexTrafficking: return "Child Sex Trafficking";
    case Category::kSexualMolestation: return "Child Sexual Molestation";
    case Category::kSexTourism: return "Child Sex Tourism";
    case Category::kMisleadingDomain: return "Misleading Domain Name";
    case Category::kMisleadingWords: return "Misleading Words or Digital Images on the Internet";
    case Category::kUnsolicitedMaterial: return "Unsolicited Obscene Material Sent to a Child";
  }
  return "";
}

std::string_view EscalationText(Category category, Dice& dice) {
  static constexpr auto kGeneral = std::to_array<std::string_view>(
      {"A child may be in danger now. Please review first.",
       "Reported account says it lives in one household with a child. Please review first.",
       "Reported account announced a journey to meet a child this week.",
       "The platform's safety team asks for urgent review; details by telephone on request."});
  if (category == Category::kOnlineEnticement && dice.Permille(500)) {
    return "The child told the support team that they feel unsafe and cannot go on; sextortion & threats reported.";
  }
  return dice.Pick(kGeneral);
}

std::string Conversation(const Plan& plan, const Cast& cast, Dice& dice) {
  return MakeChatLog(SeedOf(plan.seed, 3), cast.reported.handle, cast.child.handle,
                     static_cast<int>(dice.Between(4, 30)));
}

void WriteReportAnnotations(Markup& markup, const Plan& plan, Dice& dice) {
  const bool enticement = plan.category == Category::kOnlineEnticement;
  const bool solicitation = enticement && dice.Permille(200);
  const bool between_minors = enticement && dice.Permille(60);
  const bool spam = !plan.escalated && dice.Permille(8);
  const bool sadistic = plan.escalated && dice.Permille(80);
  if (!plan.sextortion && !solicitation && !between_minors && !spam && !sadistic) {
    if (markup.habit().empty_blocks) markup.Empty("reportAnnotations");
    return;
  }
  markup.Open("reportAnnotations");
  if (plan.sextortion) markup.Flag("sextortion");
  if (solicitation) markup.Flag("csamSolicitation");
  if (between_minors) markup.Flag("minorToMinorInteraction");
  if (spam) markup.Flag("spam");
  if (sadistic) markup.Flag("sadisticOnlineExploitation");
  markup.Close();
}

void WriteSummary(Markup& markup, const Plan& plan, const Times& times, Instant incident_at, Dice& dice) {
  markup.Open("incidentSummary");
  markup.Leaf("incidentType", IncidentTypeOf(plan.category));
  if (dice.Permille(700)) markup.Leaf("platform", Providers()[plan.provider].name);
  if (plan.escalated) markup.Leaf("escalateToHighPriority", EscalationText(plan.category, dice));
  WriteReportAnnotations(markup, plan, dice);
  if (dice.Permille(40)) {
    // Only the day is known: the hour is the first of the day, and the sender says so.
    markup.Leaf("incidentDateTime", times({incident_at.microseconds - incident_at.microseconds % 86'400'000'000}));
    markup.Leaf("incidentDateTimeDescription", "Only the day is known; the time is not exact.");
  } else {
    markup.Leaf("incidentDateTime", times(incident_at));
    if (dice.Permille(300)) markup.Leaf("incidentDateTimeDescription", "Time of the upload");
  }
  markup.Close();
}

void WriteChat(Markup& markup, const Plan& plan, const Cast& cast, Dice& dice) {
  const Provider& provider = Providers()[plan.provider];
  markup.Open("internetDetails");
  if (provider.service == Service::kGames) {
    markup.Open("onlineGamingIncident");
    markup.Leaf("gameName", "Pebble Quest");
    if (dice.Permille(500)) markup.Leaf("console", "Desktop");
    if (plan.chat) markup.Leaf("content", Conversation(plan, cast, dice));
  } else {
    markup.Open("chatImIncident");
    if (dice.Permille(800)) markup.Leaf("chatClient", provider.name);
    if (dice.Permille(300)) markup.Leaf("chatRoomName", "room-" + std::to_string(dice.Between(100, 140)));
    if (plan.chat) markup.Leaf("content", Conversation(plan, cast, dice));
    if (dice.Permille(300)) markup.Leaf("additionalInfo", "Reported account shared file in group room.");
  }
  markup.Close();
  markup.Close();
}

void WriteWebPage(Markup& markup, const Plan& plan, Dice& dice) {
  const Provider& provider = Providers()[plan.provider];
  const std::string base = "https://files." + std::string(provider.domain) + "/item/";
  markup.Open("internetDetails");
  if (dice.Permille(100)) {
    markup.Open("webPageIncident", {{"thirdPartyHostedContent", "true"}});
  } else {
    markup.Open("webPageIncident");
  }
  // Few items, so that one address is reported more than once.
  for (std::int64_t count = dice.Between(1, 3); count > 0; --count) {
    markup.Leaf("url", base + std::to_string(dice.Between(1, 90'000)) + "?view=full&lang=en");
  }
  if (dice.Permille(150)) markup.Leaf("additionalInfo", "Page removed by the platform.");
  markup.Close();
  markup.Close();
}

void WriteMail(Markup& markup, const Plan& plan, const Cast& cast, Dice& dice) {
  markup.Open("internetDetails");
  markup.Open("emailIncident");
  markup.Leaf("emailAddress", cast.reported.email);
  if (plan.chat) markup.Leaf("content", Conversation(plan, cast, dice));
  markup.Close();
  markup.Close();
}

void WriteSharing(Markup& markup, const Plan& plan, const Cast& cast, const Times& times, Instant at, Dice& dice) {
  markup.Open("internetDetails");
  markup.Open("peer2peerIncident");
  markup.Leaf("client", "Fernshare 4");
  internal::WriteNetworkEvent(markup, Providers()[plan.provider], times, {"Upload", cast.reported.addresses.front(), at},
                              dice);
  markup.Leaf("fileNames", "item-" + std::to_string(dice.Between(1, 9999)) + ".bin");
  markup.Close();
  markup.Close();
}

void WriteRareDetails(Markup& markup, const Plan& plan, const Cast& cast, Dice& dice) {
  if (dice.Permille(15)) {
    markup.Open("internetDetails");
    markup.Open("cellPhoneIncident");
    markup.Leaf("phoneNumber", cast.reported.phone, {{"type", "Mobile"}, {"countryCallingCode", "+1"}});
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), "%.1f", cast.reported.place->latitude);
    markup.Leaf("latitude", number.data());
    std::snprintf(number.data(), number.size(), "%.1f", cast.reported.place->longitude);
    markup.Leaf("longitude", number.data());
    markup.Close();
    markup.Close();
  }
  if (dice.Permille(4)) {
    markup.Open("internetDetails");
    markup.Open("newsgroupIncident");
    markup.Leaf("name", "alt.synthetic.example");
    markup.Leaf("emailAddress", cast.reported.email);
    markup.Close();
    markup.Close();
  }
  const bool in_person = plan.category == Category::kSexualMolestation || plan.category == Category::kSexTourism ||
                         plan.category == Category::kSexTrafficking;
  if (in_person && dice.Permille(400)) {
    markup.Open("internetDetails");
    markup.Open("nonInternetIncident");
    markup.Leaf("locationName", "Example Guest House");
    markup.Open("incidentAddress", {{"type", "Business"}});
    markup.LeafIfAny("city", cast.reported.place->city);
    markup.LeafIfAny("country", cast.reported.place->country);
    markup.Close();
    markup.Close();
    markup.Close();
  }
}

void WriteIncidentDetails(Markup& markup, const Plan& plan, const Cast& cast, const Times& times, Instant at,
                          Dice& dice) {
  switch (Providers()[plan.provider].service) {
    case Service::kChat:
    case Service::kGames: WriteChat(markup, plan, cast, dice); break;
    case Service::kPictures:
    case Service::kVideo:
    case Service::kHosting:
      WriteWebPage(markup, plan, dice);
      if (plan.chat) WriteChat(markup, plan, cast, dice);
      break;
    case Service::kMail: WriteMail(markup, plan, cast, dice); break;
    case Service::kSharing:
      WriteSharing(markup, plan, cast, times, at, dice);
      if (plan.chat) WriteChat(markup, plan, cast, dice);
      break;
  }
  WriteRareDetails(markup, plan, cast, dice);
}

void WriteLawEnforcement(Markup& markup, const Times& times, Instant at, Dice& dice) {
  markup.Open("lawEnforcement");
  markup.Leaf("agencyName", "Springfield Example Police");
  markup.Leaf("caseNumber", "EX-" + std::to_string(dice.Between(10'000, 99'999)));
  markup.Open("officerContact");
  markup.Leaf("firstName", GivenName(dice));
  markup.Leaf("lastName", FamilyName(dice));
  markup.Leaf("phone", PhoneNumber(dice), {{"type", "Work"}, {"verified", "true"}, {"verificationDate", times(at)}});
  markup.Leaf("email", "desk@police.example", {{"type", "Work"}});
  markup.Close();
  markup.YesNo("reportedToLe", true);
  if (dice.Permille(500)) {
    markup.YesNo("servedLegalProcessDomestic", true);
  } else {
    markup.Leaf("servedLegalProcessInternational", "true", {{"fleaCountry", "CA"}});
  }
  markup.Close();
}

void WriteReporter(Markup& markup, const Provider& provider, Dice& dice) {
  // The desk of a provider is always the same person's.
  Dice desk(SeedOf(provider.weight, provider.name.size()));
  const std::string domain(provider.domain);
  markup.Open("reporter");
  markup.Open("reportingPerson");
  markup.Leaf("firstName", GivenName(desk));
  markup.Leaf("lastName", FamilyName(desk));
  markup.Leaf("email", "safety@" + domain, {{"type", "Work"}});
  markup.Close();
  if (dice.Permille(600)) {
    markup.Open("contactPerson");
    markup.Leaf("phone", PhoneNumber(desk), {{"type", "Business"}, {"extension", "12"}});
    markup.Leaf("email", "legal@" + domain, {{"type", "Business"}});
    markup.Close();
  }
  if (dice.Permille(300)) markup.Leaf("companyTemplate", std::string(provider.name) + " sends reports after review.");
  if (dice.Permille(300)) markup.Leaf("termsOfService", "See https://" + domain + "/terms");
  if (dice.Permille(700)) markup.Leaf("legalURL", "https://" + domain + "/legal");
  markup.Close();
}

std::string_view DescribedEvent(Category category) {
  switch (category) {
    case Category::kCsam: return "Somebody showed me a page with files that should not be there.";
    case Category::kOnlineEnticement: return "A stranger keeps writing to my child and asks for a meeting.";
    case Category::kSexTrafficking: return "I saw an advertisement and think the person is under age.";
    case Category::kSexualMolestation: return "A child told me about something an adult did.";
    case Category::kSexTourism: return "Someone spoke about a journey in a way that worried me.";
    case Category::kMisleadingDomain: return "A web address that children would open leads elsewhere.";
    case Category::kMisleadingWords: return "Words meant for children lead to a page for adults.";
    case Category::kUnsolicitedMaterial: return "My child received something they did not ask for.";
  }
  return "";
}

}  // namespace

std::string WriteReport(const Plan& plan, const Moment& moment) {
  const Provider& provider = Providers()[plan.provider];
  const Cast cast = CastOf(plan);
  const Times times(provider, cast);
  const Instant incident_at = moment.now - cast.incident_age;
  Dice dice(SeedOf(plan.seed, 2));

  Markup markup(provider.habit, "report");
  if (plan.viral) markup.Empty("batchedReport", {{"reason", "VIRAL_POTENTIAL_MEME"}});
  WriteSummary(markup, plan, times, incident_at, dice);
  WriteIncidentDetails(markup, plan, cast, times, incident_at, dice);
  if (dice.Permille(15)) WriteLawEnforcement(markup, times, moment.now - Duration::Days(1), dice);
  WriteReporter(markup, provider, dice);
  AccountStory story{Role::kReported, incident_at, moment.now, {}};
  if (plan.repeated_account) story.earlier_reports = moment.earlier_reports;
  if (cast.names_account) WriteAccount(markup, provider, cast, story, dice);
  story.earlier_reports.clear();
  story.role = Role::kRecipient;
  if (cast.names_recipient) WriteAccount(markup, provider, cast, story, dice);
  story.role = Role::kChild;
  if (cast.names_child) WriteAccount(markup, provider, cast, story, dice);
  if (dice.Permille(200)) markup.Leaf("additionalInfo", "Report made by the platform after a user's complaint.");
  return markup.Finish();
}

PublicReport WritePublicReport(const Plan& plan) {
  const Cast cast = CastOf(plan);
  Dice dice(SeedOf(plan.seed, 4));
  const Provider& provider = Providers()[plan.provider];
  PublicReport report;
  report.category = plan.category;
  report.what_happened = DescribedEvent(plan.category);
  report.where = dice.Permille(500) ? "https://" + std::string(provider.domain) + "/item/" +
                                          std::to_string(dice.Between(1, 90'000))
                                    : std::string(provider.name);
  if (dice.Permille(700)) report.account = cast.reported.handle;
  report.country = std::string(plan.country);
  if (dice.Permille(550)) {
    report.reporter_name = GivenName(dice);
    report.reporter_name += " " + FamilyName(dice);
    report.reporter_email = cast.recipient.email;
  }
  report.child_in_danger = plan.escalated;
  return report;
}

}  // namespace porchlight::synthetic
