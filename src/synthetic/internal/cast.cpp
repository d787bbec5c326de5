#include "synthetic/internal/cast.h"

#include <array>
#include <cmath>

namespace porchlight::synthetic::internal {
namespace {

constexpr double kPeoplePerCountry = 4000;

// Few people appear often, many once.
std::uint64_t AnySlot(Dice& dice) { return static_cast<std::uint64_t>(std::pow(dice.Fraction(), 3) * kPeoplePerCountry); }

int ChildNamedPermille(Category category) {
  switch (category) {
    case Category::kOnlineEnticement: return 700;
    case Category::kSexTrafficking: return 700;
    case Category::kSexualMolestation: return 800;
    case Category::kUnsolicitedMaterial: return 600;
    case Category::kCsam: return 60;
    case Category::kSexTourism: return 200;
    case Category::kMisleadingDomain:
    case Category::kMisleadingWords: return 0;
  }
  return 0;
}

const Persona& PersonaOf(const Cast& cast, Role role) {
  switch (role) {
    case Role::kReported: return cast.reported;
    case Role::kRecipient: return cast.recipient;
    case Role::kChild: return cast.child;
  }
  return cast.reported;
}

std::string_view ElementOf(Role role) {
  switch (role) {
    case Role::kReported: return "personOrUserReported";
    case Role::kRecipient: return "intendedRecipient";
    case Role::kChild: return "victim";
  }
  return "";
}

std::string_view PersonElementOf(Role role) {
  switch (role) {
    case Role::kReported: return "personOrUserReportedPerson";
    case Role::kRecipient: return "intendedRecipientPerson";
    case Role::kChild: return "victimPerson";
  }
  return "";
}

void WriteHome(Markup& markup, const Persona& persona, Dice& dice) {
  markup.Open("address", {{"type", dice.Permille(700) ? "Home" : "Billing"}});
  markup.Leaf("address", std::to_string(dice.Between(1, 199)) + " Example Street");
  markup.LeafIfAny("city", persona.place->city);
  if (persona.place->country == "US") {
    markup.Leaf("zipCode", "00000");
    markup.Leaf("state", persona.place->region);
  }
  markup.LeafIfAny("country", persona.place->country);
  markup.Close();
}

void WritePerson(Markup& markup, const Persona& persona, const AccountStory& story, const Times& times, Dice& dice) {
  markup.Open(PersonElementOf(story.role));
  if (dice.Permille(450)) {
    markup.Leaf("firstName", persona.given_name);
    if (dice.Permille(700)) markup.Leaf("lastName", persona.family_name);
  }
  if (dice.Permille(400)) {
    markup.Leaf("phone", persona.phone, {{"type", "Mobile"}, {"verified", dice.Permille(600) ? "true" : "false"}});
  }
  if (dice.Permille(800)) {
    const std::string verified_at = times(story.incident_at - Duration::Days(dice.Between(30, 900)));
    if (dice.Permille(500)) {
      markup.Leaf("email", persona.email, {{"verified", "true"}, {"verificationDate", verified_at}});
    } else {
      markup.Leaf("email", persona.email, {{"type", "Home"}});
    }
    if (dice.Permille(150)) markup.Leaf("email", persona.recovery_email, {{"type", "Recovery"}});
  }
  if (dice.Permille(120)) WriteHome(markup, persona, dice);
  if (dice.Permille(350)) markup.Leaf("age", std::to_string(persona.age));
  if (dice.Permille(250)) {
    const Instant born = AddYears(story.written_at - Duration::Days(dice.Between(1, 360)), -persona.age);
    markup.Leaf("dateOfBirth", FormatDate(born));
  }
  markup.Close();
}

void WriteNames(Markup& markup, const Provider& provider, const Persona& persona, Dice& dice) {
  const std::string profile = "https://" + std::string(provider.domain) + "/users/" + persona.handle;
  markup.Leaf("espIdentifier", persona.account_number);
  if (dice.Permille(500)) markup.Leaf("espService", provider.name);
  if (dice.Permille(30)) markup.YesNo("compromisedAccount", true);
  if (dice.Permille(850)) {
    markup.Leaf("screenName", persona.handle);
  } else if (provider.habit.empty_blocks) {
    markup.Empty("screenName");
  }
  if (dice.Permille(600)) markup.Leaf("displayName", persona.display_name);
  if (dice.Permille(400)) markup.Leaf("profileUrl", profile);
  if (dice.Permille(80)) markup.Leaf("profileBio", "Here to talk about games & music.");
}

void WriteEvents(Markup& markup, const Provider& provider, const Persona& persona, const Times& times,
                 const AccountStory& story, Dice& dice) {
  const auto& addresses = persona.addresses;
  if (story.role == Role::kReported && !dice.Permille(provider.careless.upload_address)) {
    WriteNetworkEvent(markup, provider, times, {"Upload", addresses.front(), story.incident_at}, dice);
  }
  if (dice.Permille(700)) {
    const Instant login = story.incident_at - Duration::Minutes(dice.Between(1, 600));
    WriteNetworkEvent(markup, provider, times, {"Login", dice.Pick(addresses), login}, dice);
  }
  if (dice.Permille(250)) {
    const Instant registration = story.incident_at - Duration::Days(dice.Between(2, 1500));
    WriteNetworkEvent(markup, provider, times, {"Registration", addresses.back(), registration}, dice);
  }
  if (dice.Permille(60)) WriteNetworkEvent(markup, provider, times, {"", dice.Pick(addresses), story.incident_at}, dice);
  if (dice.Permille(300)) {
    markup.Open("deviceId");
    markup.Leaf("idType", dice.Permille(500) ? "IDFV" : "Android ID");
    markup.Leaf("idValue", persona.device_identifier);
    if (dice.Permille(500)) {
      markup.Leaf("eventName", "Login");
      markup.Leaf("dateTime", times(story.incident_at));
    }
    markup.Close();
  }
}

void WriteLinkedAccount(Markup& markup, const Persona& persona, const Times& times, Instant at, Dice& dice) {
  static constexpr auto kKinds = std::to_array<std::string_view>(
      {"Linked", "Linked", "Billing", "Business", "Creator", "Parent/Guardian", "Other"});
  markup.Open("associatedAccount", {{"type", dice.Pick(kKinds)}});
  markup.Leaf("platform", dice.Pick(Providers()).name, {{"thirdPartyUser", dice.Permille(700) ? "true" : "false"}});
  if (dice.Permille(300)) markup.Leaf("email", persona.email);
  markup.Leaf("espIdentifier", std::to_string(dice.Between(100'000, 999'999)));
  markup.Leaf("screenName", persona.other_handle);
  if (dice.Permille(400)) {
    markup.Open("ipCaptureEvent");
    markup.Leaf("ipAddress", dice.Pick(persona.addresses));
    markup.Leaf("eventName", "Registration");
    markup.Leaf("dateTime", times(at - Duration::Days(dice.Between(1, 400))));
    markup.Close();
  }
  markup.Close();
}

void WriteMeasures(Markup& markup, const Times& times, Instant at, Dice& dice) {
  if (dice.Permille(120)) {
    markup.Leaf("accountTemporarilyDisabled", "true", {{"disabledDate", times(at)}, {"userNotified", "false"}});
  }
  if (dice.Permille(550)) {
    markup.Leaf("accountPermanentlyDisabled", "true",
                {{"disabledDate", times(at)}, {"userNotified", "true"}, {"userNotifiedDate", times(at)}});
  }
}

void WriteEstimatedLocation(Markup& markup, const Persona& persona, const Times& times, Instant at, Dice& dice) {
  if (persona.place->country.empty()) return;
  markup.Open("estimatedLocation", {{"verified", dice.Permille(200) ? "true" : "false"}, {"timestamp", times(at)}});
  if (dice.Permille(700)) markup.Leaf("city", persona.place->city);
  if (!persona.place->region.empty()) markup.Leaf("region", persona.place->region);
  markup.Leaf("countryCode", persona.place->country);
  markup.Close();
}

void WriteEarlierReports(Markup& markup, const AccountStory& story) {
  for (const std::int64_t report : story.earlier_reports) markup.Leaf("priorCTReports", std::to_string(report));
}

}  // namespace

Cast CastOf(const Plan& plan) {
  const Provider& provider = Providers()[plan.provider];
  Dice dice(SeedOf(plan.seed, 1));
  Cast cast;
  cast.reported = MakePersona(plan.run_seed, plan.country, AnySlot(dice), Generation::kAdult);
  const auto elsewhere = [&] { return dice.Permille(500) ? plan.country : dice.Pick(Places()).country; };
  cast.child = MakePersona(plan.run_seed, elsewhere(), AnySlot(dice), Generation::kChild);
  cast.recipient = MakePersona(plan.run_seed, elsewhere(), AnySlot(dice), Generation::kAdult);
  cast.names_child = dice.Permille(ChildNamedPermille(plan.category));
  cast.names_account = cast.names_child || !dice.Permille(provider.careless.account_block);
  cast.names_recipient = plan.category == Category::kCsam ? dice.Permille(120) : dice.Permille(250);
  cast.zone_missing = dice.Permille(provider.careless.zone);
  // Most reports are written within a day; some months later.
  cast.incident_age = dice.Permille(800) ? Duration::Minutes(dice.Between(6, 24 * 60))
                                         : Duration::Minutes(dice.Between(24 * 60, 200 * 24 * 60));
  return cast;
}

void WriteNetworkEvent(Markup& markup, const Provider& provider, const Times& times, const NetworkEvent& event,
                       Dice& dice) {
  markup.Open("ipCaptureEvent");
  markup.Leaf("ipAddress", event.address);
  markup.LeafIfAny("eventName", event.name);
  if (!dice.Permille(30)) markup.Leaf("dateTime", times(event.at));
  if (dice.Permille(60)) markup.YesNo("possibleProxy", dice.Permille(500));
  if (!dice.Permille(provider.careless.port)) markup.Leaf("port", std::to_string(dice.Between(1024, 65535)));
  markup.Close();
}

void WriteAccount(Markup& markup, const Provider& provider, const Cast& cast, const AccountStory& story, Dice& dice) {
  const Persona& persona = PersonaOf(cast, story.role);
  const Times times(provider, cast);
  const bool reported = story.role == Role::kReported;
  markup.Open(ElementOf(story.role));
  WritePerson(markup, persona, story, times, dice);
  if (reported && dice.Permille(10)) markup.Leaf("vehicleDescription", "Blue estate car, older model");
  WriteNames(markup, provider, persona, dice);
  WriteEvents(markup, provider, persona, times, story, dice);
  if (reported && dice.Permille(40)) markup.YesNo("thirdPartyUserReported", true);
  if (story.role == Role::kChild && dice.Permille(60)) markup.Leaf("schoolName", "Example Secondary School");
  WriteEarlierReports(markup, story);
  if (story.role != Role::kChild && dice.Permille(50)) {
    markup.Leaf("groupIdentifier", "group-" + std::to_string(dice.Between(1000, 1100)));
  }
  if (reported) WriteMeasures(markup, times, story.written_at - Duration::Minutes(1), dice);
  if (dice.Permille(600)) WriteEstimatedLocation(markup, persona, times, story.incident_at, dice);
  if (dice.Permille(100)) markup.YesNo("allEmailsReported", true);
  if (story.role != Role::kRecipient && dice.Permille(100)) {
    WriteLinkedAccount(markup, persona, times, story.incident_at, dice);
  }
  if (dice.Permille(150)) markup.Leaf("additionalInfo", "Account known to the platform since its registration.");
  markup.Close();
}

}  // namespace porchlight::synthetic::internal
