// Goal: a profile loads whole or is refused whole, and the refusal names the file, the place and the mistake.
// Method: the shipped profile, altered one place at a time.
#include "platform/profile/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace porchlight::profile {
namespace {

using Files = std::map<std::string, std::string, std::less<>>;
using ::testing::HasSubstr;

const std::string kShipped = std::string(PORCHLIGHT_SOURCE_DIR) + "/profiles/us";

Files ShippedFiles() {
  Files files;
  for (const char* name : {"profile.json", "code_lists.json", "roles.json", "wording/en.json", "wording/es.json"}) {
    std::ifstream stream(kShipped + "/" + name, std::ios::binary);
    files[name] = std::string(std::istreambuf_iterator<char>(stream), {});
  }
  return files;
}

void Replace(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

std::string RefusalOf(std::string_view file, std::string_view from, std::string_view to) {
  Files files = ShippedFiles();
  Replace(files.find(file)->second, from, to);
  const Result<Profile> profile = Load(files);
  if (profile.ok()) return "accepted";
  EXPECT_EQ(profile.error().code, ErrorCode::kInvalidArgument);
  return profile.error().public_text;
}

TEST(ProfileTest, TheShippedProfileLoadsFromItsDirectory) {
  const Result<Profile> profile = LoadFrom(kShipped);
  ASSERT_TRUE(profile.ok()) << profile.error().public_text;
  EXPECT_EQ(profile->name, "us");
  EXPECT_EQ(profile->country, "US");
  EXPECT_EQ(profile->languages, (std::vector<std::string>{"en", "es"}));
  EXPECT_EQ(profile->Clock("report_finish_from_open"), Duration::Hours(24));
  EXPECT_EQ(profile->Clock("report_finish_from_change"), Duration::Hours(1));
  EXPECT_EQ(profile->Number("preserve_years"), 1);
  EXPECT_EQ(profile->List("incident_types").size(), 8U);
  EXPECT_EQ(profile->List("countries").size(), 249U);
  EXPECT_EQ(profile->Label("report_states", "opened", "es"), "Abierto");
}

TEST(ProfileTest, EachIncidentTypeHasItsReportRow) {
  const Profile profile = LoadFrom(kShipped).value();
  int other = 0;
  for (const Code& code : profile.List("incident_types")) {
    ASSERT_TRUE(code.maps_to.contains("report_row")) << code.code;
    other += code.maps_to.find("report_row")->second == "Other" ? 1 : 0;
  }
  EXPECT_EQ(other, 4);
}

TEST(ProfileTest, AdministratorsAndAuditorsHoldNoCaseData) {
  const Profile profile = LoadFrom(kShipped).value();
  for (const char* name : {"sysadmin", "auditor", "monitoring_agent"}) {
    const Role& role = profile.roles.find(name)->second;
    for (const std::string& permission : role.permissions) EXPECT_FALSE(permission.starts_with("tipline.")) << name << " " << permission;
    for (int one = 1; one <= 6; ++one) EXPECT_FALSE(role.visibility.Holds(static_cast<Visibility>(one))) << name << " V" << one;
  }
  EXPECT_TRUE(profile.roles.find("auditor")->second.permissions.contains("audit.read"));
  EXPECT_FALSE(profile.roles.find("sysadmin")->second.permissions.contains("audit.read"));
}

TEST(ProfileTest, EveryStaffRoleOfThisSliceNeedsASecondFactorAndNoOutsideRoleReadsTheCentre) {
  const Profile profile = LoadFrom(kShipped).value();
  for (const auto& [name, role] : profile.roles) {
    if (role.outside) {
      EXPECT_FALSE(role.visibility.Holds(Visibility::kCentre)) << name;
      EXPECT_FALSE(role.visibility.Holds(Visibility::kRestricted)) << name;
      EXPECT_FALSE(role.visibility.Holds(Visibility::kSealed)) << name;
    } else if (name != "monitoring_agent") {
      EXPECT_TRUE(role.second_factor) << name;
    }
  }
  EXPECT_FALSE(profile.roles.find("esp_reporter")->second.second_factor);
}

TEST(ProfileTest, WordsFallBackToTheDefaultLanguageAndThenToTheKey) {
  Profile profile = LoadFrom(kShipped).value();
  EXPECT_EQ(profile.Word("es", "app.sign_in"), "Iniciar sesión");
  EXPECT_EQ(profile.Word("fr", "app.sign_in"), "Sign in");
  EXPECT_EQ(profile.Word("en", "app.nothing"), "app.nothing");
  EXPECT_EQ(profile.Label("countries", "FI", "es"), "Finland");
  EXPECT_EQ(profile.Label("countries", "ZZ", "es"), "ZZ");
  EXPECT_EQ(profile.Label("no_list", "x", "en"), "x");
}

TEST(ProfileTest, RefusalsNameTheFileThePlaceAndTheMistake) {
  EXPECT_THAT(RefusalOf("profile.json", "\"24 h\"", "\"24 hours\""), HasSubstr("profile.json at /clocks/report_finish_from_open: must be a number and a unit"));
  EXPECT_THAT(RefusalOf("profile.json", "\"24 h\"", "\"0 h\""), HasSubstr("above zero"));
  EXPECT_THAT(RefusalOf("profile.json", "\"365 d\"", "\"36501 d\""), HasSubstr("/clocks/token_life_max"));
  EXPECT_THAT(RefusalOf("profile.json", "\"session_idle\"", "\"session_idel\""), HasSubstr("profile.json at /clocks: lacks \"session_idle\""));
  EXPECT_THAT(RefusalOf("profile.json", "\"30 min\"", "\"13 h\""), HasSubstr("is shorter than session_idle"));
  EXPECT_THAT(RefusalOf("profile.json", "\"password_length_min\": 12", "\"password_length_min\": 7"), HasSubstr("/numbers/password_length_min: must be from 8 to 128"));
  EXPECT_THAT(RefusalOf("profile.json", "\"preserve_years\": 1", "\"preserve_years\": 1.5"), HasSubstr("/numbers/preserve_years: must be a whole number"));
  EXPECT_THAT(RefusalOf("profile.json", "\"country\": \"US\"", "\"country\": \"ZZ\""), HasSubstr("/country: \"ZZ\" is not in the code list"));
  EXPECT_THAT(RefusalOf("profile.json", "\"centre_name\"", "\"center_name\""), HasSubstr("/center_name: is not known here"));
  EXPECT_THAT(RefusalOf("profile.json", "\"format\": 1", "\"format\": 2"), HasSubstr("\"format\" must be 1"));
  EXPECT_THAT(RefusalOf("profile.json", "\"es\"", "\"en\""), HasSubstr("/languages/1: is listed twice"));
  EXPECT_THAT(RefusalOf("profile.json", "\"es\"", "\"e s\""), HasSubstr("/languages/1: must be a language tag"));
  EXPECT_THAT(RefusalOf("profile.json", "{", "["), HasSubstr("profile.json: is not JSON"));
}

TEST(ProfileTest, CodeListsAreCheckedCodeByCode) {
  EXPECT_THAT(RefusalOf("code_lists.json", "\"code\": \"trafficking\"", "\"code\": \"csam\""), HasSubstr("code_lists.json at /incident_types/1: the code \"csam\" is in the list twice"));
  EXPECT_THAT(RefusalOf("code_lists.json", "\"code\": \"trafficking\"", "\"code\": \"traf ficking\""), HasSubstr("/incident_types/1: \"code\" is made of"));
  EXPECT_THAT(RefusalOf("code_lists.json", "{\"en\": \"Opened\"", "{\"de\": \"Offen\""), HasSubstr("/report_states/0/labels: lacks the default language"));
  for (const std::string wrong : {"40.3", "40.3,-82.8", "91 0", "0 181", "40.3 -82.8 ", "north west"}) {
    EXPECT_THAT(RefusalOf("code_lists.json", "\"place\": \"40.3 -82.8\"", "\"place\": \"" + wrong + "\""), HasSubstr("latitude and longitude")) << wrong;
  }
  EXPECT_THAT(RefusalOf("code_lists.json", "\"findings\"", "\"findingz\""), HasSubstr("lacks the list \"findings\""));
  EXPECT_THAT(RefusalOf("code_lists.json", "{\"code\": \"csam\",", "{\"code\": \"csam\", \"valid_from\": \"2026-02-30\","), HasSubstr("\"valid_from\" must be a date"));
  EXPECT_THAT(RefusalOf("code_lists.json", "{\"code\": \"csam\",", "{\"code\": \"csam\", \"valid_from\": \"2026-02-02\", \"valid_to\": \"2026-02-01\","), HasSubstr("is before"));
  EXPECT_EQ(RefusalOf("code_lists.json", "{\"code\": \"csam\",", "{\"code\": \"csam\", \"valid_from\": \"2026-02-02\", \"valid_to\": \"2026-02-02\","), "accepted");
}

TEST(ProfileTest, RolesAreCheckedAgainstThePermissionListAndTheClasses) {
  EXPECT_THAT(RefusalOf("roles.json", "\"tipline.report.list\"", "\"tipline.report.lst\""), HasSubstr("roles.json at /0/permissions/0: \"tipline.report.lst\" is not in the code list"));
  EXPECT_THAT(RefusalOf("roles.json", "\"V2\"", "\"V7\""), HasSubstr("roles.json at /0/visibility/1: must be one of"));
  EXPECT_THAT(RefusalOf("roles.json", "\"outside\": false", "\"outside\": true"), HasSubstr("/0/visibility/2: is for the centre's staff"));
  EXPECT_THAT(RefusalOf("roles.json", "\"second_factor\": true", "\"second_factor\": \"yes\""), HasSubstr("/0/second_factor: must be true or false"));
  EXPECT_THAT(RefusalOf("roles.json", "\"name\": \"tip_senior_analyst\"", "\"name\": \"tip_intake_analyst\""), HasSubstr("/1: the role \"tip_intake_analyst\" is defined twice"));
  EXPECT_THAT(RefusalOf("roles.json", "\"permissions\"", "\"permission\""), HasSubstr("/0: lacks \"permissions\""));
}

TEST(ProfileTest, EveryLanguageHasEveryTextWithTheSamePlaceholders) {
  EXPECT_THAT(RefusalOf("wording/es.json", "\"app.sign_in\"", "\"app.sing_in\""), HasSubstr("wording/es.json: lacks \"app.sign_in\""));
  EXPECT_THAT(RefusalOf("wording/es.json", "{minutes}", "{minutos}"), HasSubstr("wording/es.json at /app.too_many_attempts: has other {placeholders}"));
  EXPECT_THAT(RefusalOf("wording/es.json", "\"Iniciar sesión\"", "\"\""), HasSubstr("/app.sign_in: must be a text that is not empty"));
}

TEST(ProfileTest, AMissingOrForeignFileIsRefused) {
  Files files = ShippedFiles();
  files.erase("roles.json");
  files["notes.json"] = "{}";
  const Result<Profile> profile = Load(files);
  ASSERT_FALSE(profile.ok());
  EXPECT_THAT(profile.error().public_text, HasSubstr("roles.json: is missing"));
  EXPECT_THAT(profile.error().public_text, HasSubstr("notes.json: is not part of a profile"));
}

TEST(ProfileTest, SeveralMistakesAreToldAtOnceButNotWithoutEnd) {
  Files files = ShippedFiles();
  for (int round = 0; round < 30; ++round) Replace(files["code_lists.json"], "\"en\":", "\"xx\":");
  const Result<Profile> profile = Load(files);
  ASSERT_FALSE(profile.ok());
  EXPECT_THAT(profile.error().public_text, HasSubstr("... and 40 more"));
  EXPECT_EQ(profile.error().field, "/incident_types/0/labels");
}

TEST(ProfileTest, NoDirectoryIsNotFound) {
  const Result<Profile> profile = LoadFrom(kShipped + "/nowhere");
  ASSERT_FALSE(profile.ok());
  EXPECT_EQ(profile.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace porchlight::profile
