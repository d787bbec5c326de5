#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "base/visibility.h"

// What differs between countries, as data (profiles/us/): code lists, clocks, roles, languages, wording. Validated
// whole at start; immutable afterwards. Rows refer to codes and to the profile's version. Format: docs/formats/profile.md.
namespace porchlight::profile {

struct Code {
  std::string code;
  std::map<std::string, std::string, std::less<>> labels;   // By language.
  std::string valid_from;                                    // Date, or empty.
  std::string valid_to;
  std::map<std::string, std::string, std::less<>> maps_to;   // Scheme -> value, such as {"report_row": "Other"}.
};

struct Role {
  std::string name;
  std::map<std::string, std::string, std::less<>> labels;
  std::set<std::string, std::less<>> permissions;
  VisibilitySet visibility;
  bool outside = false;                                      // Belongs to another organisation, never to the centre's staff.
  bool second_factor = false;                                // Sign-in needs a second factor.
};

struct Profile {
  std::string name;                                          // "us"
  std::string version;                                       // "2026-11"
  std::string country;                                       // ISO 3166-1 alpha-2.
  std::string centre_name;
  std::vector<std::string> languages;                        // BCP 47, the first is the default.
  std::map<std::string, std::vector<Code>, std::less<>> code_lists;   // "incident_types", "report_states", "findings", ...
  std::map<std::string, Duration, std::less<>> clocks;       // "report_finish_from_open", "report_finish_from_change", "session_idle", ...
  std::map<std::string, int, std::less<>> numbers;           // "preserve_years", "password_length_min", ...
  std::map<std::string, Role, std::less<>> roles;
  // Dated tables of the rooms above ("triage/us-2026-11.json"), as text: each is read and checked by the room it is for.
  std::map<std::string, std::string, std::less<>> tables;
  // Wording: language -> key -> text.
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> wording;

  // A missing clock, number or list is a mistake in the profile that Load refuses, so these end the process instead.
  Duration Clock(std::string_view name) const;
  int Number(std::string_view name) const;
  // The tables of one folder, by name within it.
  std::map<std::string, std::string, std::less<>> Tables(std::string_view folder) const;
  const std::vector<Code>& List(std::string_view name) const;
  // The text in `language`, else in the default language, else the key itself.
  std::string_view Word(std::string_view language, std::string_view key) const;
  std::string_view Label(std::string_view list, std::string_view code, std::string_view language) const;
};

// The files of a profile by name ("profile.json", "roles.json", "wording/en.json", ...). Errors: kInvalidArgument
// naming the file, the place in it, and what is wrong.
Result<Profile> Load(const std::map<std::string, std::string, std::less<>>& files);
// From a directory on disk. Errors: also kNotFound.
Result<Profile> LoadFrom(const std::string& directory);

}  // namespace porchlight::profile
