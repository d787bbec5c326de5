#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "base/text.h"
#include "platform/profile/internal/reading.h"
#include "platform/profile/needs.h"
#include "platform/profile/profile.h"

namespace porchlight::profile {

namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kLabelBytesMax = 200;
constexpr std::size_t kWordingBytesMax = 4000;
constexpr std::size_t kCodesMax = 5000;
constexpr std::int64_t kClockDaysMax = 36'500;
constexpr std::string_view kMainFile = "profile.json";
constexpr std::string_view kListsFile = "code_lists.json";
constexpr std::string_view kRolesFile = "roles.json";
constexpr std::string_view kTablesFolder = "tables/";

using Files = std::map<std::string, std::string, std::less<>>;

class Loader {
 public:
  explicit Loader(const Files& files) : files_(files) {}

  Result<Profile> Run() {
    ReadMain();
    ReadLists();
    ReadRoles();
    ReadWording();
    CheckNeeds();
    CheckNoOtherFiles();
    if (!problems_.empty()) return problems_.AsError();
    return std::move(profile_);
  }

 private:
  // The parsed file, kept alive for the places that point into it.
  const Json* Parsed(const std::string& name) {
    seen_.insert(name);
    const auto file = files_.find(name);
    if (file == files_.end()) {
      problems_.Add(name, "", "is missing");
      return nullptr;
    }
    Result<Json> json = ParseJson(file->second, {.bytes_max = 4 << 20, .depth_max = 8});
    if (!json.ok()) {
      problems_.Add(name, "", "is not JSON: " + json.error().public_text);
      return nullptr;
    }
    return &(parsed_[name] = *std::move(json));
  }

  void ReadMain() {
    const Json* json = Parsed(std::string(kMainFile));
    if (json == nullptr) return;
    const Place top(*json, kMainFile, "", problems_);
    if (!top.IsObjectOf({"format", "name", "version", "country", "centre_name", "languages", "clocks", "numbers"})) return;
    const std::optional<Place> format = top.Member("format");
    if (!format || format->value().AsInteger() == nullptr || *format->value().AsInteger() != kFormat) {
      top.Wrong("\"format\" must be " + std::to_string(kFormat) + ", the only format this program reads");
    }
    profile_.name = top.TextOf("name", 64);
    profile_.version = top.TextOf("version", 64);
    profile_.country = top.TextOf("country", 2);
    profile_.centre_name = top.TextOf("centre_name", kLabelBytesMax);
    ReadLanguages(top);
    ReadClocks(top);
    ReadNumbers(top);
  }

  void ReadLanguages(const Place& top) {
    const std::optional<Place> languages = top.Member("languages");
    if (!languages) return top.Wrong("lacks \"languages\"");
    for (const Place& language : languages->Elements()) {
      const std::string tag = language.Text(35);
      const bool legal = !tag.empty() && std::all_of(tag.begin(), tag.end(), [](char c) {
        return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      });
      if (!legal) language.Wrong("must be a language tag such as \"en\" or \"es-MX\"");
      else if (std::count(profile_.languages.begin(), profile_.languages.end(), tag) > 0) language.Wrong("is listed twice");
      else profile_.languages.push_back(tag);
    }
    if (profile_.languages.empty()) languages->Wrong("must name at least one language");
  }

  void ReadClocks(const Place& top) {
    const std::optional<Place> clocks = top.Member("clocks");
    if (!clocks) return top.Wrong("lacks \"clocks\"");
    for (const auto& [name, place] : clocks->Members()) {
      if (const std::optional<Duration> span = ReadSpan(place.Text(32))) profile_.clocks.emplace(name, *span);
      else place.Wrong("must be a number and a unit: \"90 s\", \"30 min\", \"24 h\" or \"7 d\", above zero");
    }
  }

  static std::optional<Duration> ReadSpan(std::string_view text) {
    const std::vector<std::string_view> parts = Split(text, ' ');
    if (parts.size() != 2) return std::nullopt;
    const std::optional<std::int64_t> count = ParseInteger(parts[0]);
    if (!count || *count <= 0 || *count > kClockDaysMax * 86'400) return std::nullopt;
    const std::array<std::pair<std::string_view, Duration>, 4> units = {{{"s", Duration::Seconds(1)},
                                                                         {"min", Duration::Minutes(1)},
                                                                         {"h", Duration::Hours(1)},
                                                                         {"d", Duration::Days(1)}}};
    for (const auto& [unit, span] : units) {
      if (unit != parts[1]) continue;
      if (*count > Duration::Days(kClockDaysMax).microseconds / span.microseconds) return std::nullopt;
      return Duration{*count * span.microseconds};
    }
    return std::nullopt;
  }

  void ReadNumbers(const Place& top) {
    const std::optional<Place> numbers = top.Member("numbers");
    if (!numbers) return top.Wrong("lacks \"numbers\"");
    for (const auto& [name, place] : numbers->Members()) {
      const std::int64_t* number = place.value().AsInteger();
      if (number == nullptr || *number < 0 || *number > 1'000'000'000) place.Wrong("must be a whole number from 0 to 1000000000");
      else profile_.numbers.emplace(name, static_cast<int>(*number));
    }
  }

  // A label in the default language is a must; in the others it is a courtesy.
  std::map<std::string, std::string, std::less<>> ReadLabels(const Place& owner) {
    const std::optional<Place> labels = owner.Member("labels");
    if (!labels) {
      owner.Wrong("lacks \"labels\"");
      return {};
    }
    auto texts = labels->Texts(kLabelBytesMax);
    for (const auto& [language, text] : texts) {
      if (std::count(profile_.languages.begin(), profile_.languages.end(), language) == 0) {
        labels->Wrong("\"" + language + "\" is not a language of this profile");
      }
    }
    if (!profile_.languages.empty() && !texts.contains(profile_.languages.front())) {
      labels->Wrong("lacks the default language \"" + profile_.languages.front() + "\"");
    }
    return texts;
  }

  static std::string ReadDate(const Place& owner, std::string_view name) {
    std::string date = owner.OptionalTextOf(name, 10);
    if (!date.empty() && !IsDate(date)) {
      owner.Wrong("\"" + std::string(name) + "\" must be a date such as \"2026-01-31\"");
    }
    return date;
  }

  void ReadLists() {
    const Json* json = Parsed(std::string(kListsFile));
    if (json == nullptr) return;
    for (const auto& [name, place] : Place(*json, kListsFile, "", problems_).Members()) {
      if (!IsCode(name)) place.Wrong("the name of a list is made of letters, digits and underscores");
      const std::vector<Place> elements = place.Elements();
      if (elements.empty() || elements.size() > kCodesMax) place.Wrong("must hold 1 to " + std::to_string(kCodesMax) + " codes");
      std::vector<Code>& list = profile_.code_lists[name];
      std::set<std::string> codes;
      for (const Place& element : elements) {
        list.push_back(ReadCode(element, name == "permissions"));
        if (!codes.insert(list.back().code).second) element.Wrong("the code \"" + list.back().code + "\" is in the list twice");
      }
    }
  }

  Code ReadCode(const Place& place, bool dotted) {
    Code code;
    if (!place.IsObjectOf({"code", "labels", "valid_from", "valid_to", "maps_to"})) return code;
    code.code = place.TextOf("code", 64);
    if (!code.code.empty() && !(dotted ? IsPermission(code.code) : IsCode(code.code))) {
      place.Wrong(dotted ? "\"code\" must be lower-case words joined by dots, such as \"tipline.report.read\""
                         : "\"code\" is made of letters, digits and underscores");
    }
    code.labels = ReadLabels(place);
    code.valid_from = ReadDate(place, "valid_from");
    code.valid_to = ReadDate(place, "valid_to");
    if (!code.valid_from.empty() && !code.valid_to.empty() && code.valid_to < code.valid_from) {
      place.Wrong("\"valid_to\" is before \"valid_from\"");
    }
    if (const std::optional<Place> maps = place.Member("maps_to")) code.maps_to = maps->Texts(kLabelBytesMax);
    const auto on_map = code.maps_to.find("place");
    if (on_map != code.maps_to.end() && !IsOnMap(on_map->second)) {
      place.Wrong("\"maps_to\" \"place\" must be latitude and longitude in degrees, such as \"40.3 -82.8\"");
    }
    return code;
  }

  static bool IsOnMap(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return false;
    const auto within = [](std::string_view part, double most) {
      double degrees = 0;
      const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), degrees);
      return failure == std::errc() && end == part.data() + part.size() && degrees >= -most && degrees <= most;
    };
    return within(text.substr(0, space), 90) && within(text.substr(space + 1), 180);
  }

  void ReadRoles() {
    const Json* json = Parsed(std::string(kRolesFile));
    if (json == nullptr) return;
    const Place top(*json, kRolesFile, "", problems_);
    for (const Place& place : top.Elements()) {
      Role role = ReadRole(place);
      if (role.name.empty()) continue;
      if (profile_.roles.contains(role.name)) place.Wrong("the role \"" + role.name + "\" is defined twice");
      const std::string name = role.name;
      profile_.roles.emplace(name, std::move(role));
    }
    if (profile_.roles.empty()) top.Wrong("must define at least one role");
  }

  Role ReadRole(const Place& place) {
    Role role;
    if (!place.IsObjectOf({"name", "labels", "permissions", "visibility", "outside", "second_factor"})) return role;
    role.name = place.TextOf("name", 64);
    if (!role.name.empty() && !IsCode(role.name)) place.Wrong("\"name\" is made of letters, digits and underscores");
    role.labels = ReadLabels(place);
    role.outside = place.FlagOf("outside");
    role.second_factor = place.FlagOf("second_factor");
    if (const std::optional<Place> permissions = place.Member("permissions")) {
      for (const Place& element : permissions->Elements()) ReadPermission(element, role);
    } else {
      place.Wrong("lacks \"permissions\" (an empty array is allowed)");
    }
    if (const std::optional<Place> classes = place.Member("visibility")) {
      for (const Place& element : classes->Elements()) ReadVisibility(element, role);
    } else {
      place.Wrong("lacks \"visibility\"");
    }
    return role;
  }

  void ReadPermission(const Place& place, Role& role) {
    const std::string permission = place.Text(64);
    if (permission.empty()) return;
    const auto list = profile_.code_lists.find("permissions");
    const bool known = list != profile_.code_lists.end() &&
                       std::any_of(list->second.begin(), list->second.end(), [&](const Code& one) { return one.code == permission; });
    if (!known) place.Wrong("\"" + permission + "\" is not in the code list \"permissions\"");
    else if (!role.permissions.insert(permission).second) place.Wrong("\"" + permission + "\" is listed twice");
  }

  // An outside role never holds a class of the centre's own: domain rule 2.1, V3, V5 and V6.
  static void ReadVisibility(const Place& place, Role& role) {
    const std::string name = place.Text(2);
    if (name.size() != 2 || name[0] != 'V' || name[1] < '0' || name[1] > '6') return place.Wrong("must be one of \"V0\" to \"V6\"");
    const auto one = static_cast<Visibility>(name[1] - '0');
    const bool of_the_centre = one == Visibility::kCentre || one == Visibility::kRestricted || one == Visibility::kSealed;
    if (role.outside && of_the_centre) return place.Wrong("is for the centre's staff; an outside role may hold V0, V1, V2 and V4");
    role.visibility.Add(one);
  }

  void ReadWording() {
    for (const std::string& language : profile_.languages) {
      const std::string name = "wording/" + language + ".json";
      const Json* json = Parsed(name);
      if (json == nullptr) continue;
      profile_.wording[language] = Place(*json, *seen_.find(name), "", problems_).Texts(kWordingBytesMax);
    }
    if (profile_.languages.empty()) return;
    const auto& main = profile_.wording[profile_.languages.front()];
    for (const std::string& language : profile_.languages) {
      if (parsed_.contains("wording/" + language + ".json")) CompareWording(main, profile_.wording[language], language);
    }
  }

  // A reader in need must not meet a half-translated page: every language has every text, with the same placeholders.
  void CompareWording(const Files& main, const Files& other, const std::string& language) {
    const std::string file = "wording/" + language + ".json";
    for (const auto& [key, text] : main) {
      const auto found = other.find(key);
      if (found == other.end()) {
        problems_.Add(file, "", "lacks \"" + key + "\"");
      } else if (Placeholders(text) != Placeholders(found->second)) {
        problems_.Add(file, "/" + key, "has other {placeholders} than the default language");
      }
    }
    for (const auto& [key, text] : other) {
      if (!main.contains(key)) problems_.Add(file, "/" + key, "is not in the default language's file");
    }
  }

  static std::set<std::string> Placeholders(std::string_view text) {
    std::set<std::string> names;
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
      const std::size_t close = text.find('}', open);
      if (close == std::string_view::npos) break;
      names.emplace(text.substr(open + 1, close - open - 1));
    }
    return names;
  }

  void CheckNeeds() {
    if (parsed_.contains(kMainFile)) CheckMainNeeds();
    if (!parsed_.contains(kListsFile)) return;
    for (const std::string_view name : ListsNeeded()) {
      if (!profile_.code_lists.contains(name)) problems_.Add(kListsFile, "", "lacks the list \"" + std::string(name) + "\"");
    }
    const auto countries = profile_.code_lists.find("countries");
    if (countries == profile_.code_lists.end() || profile_.country.empty()) return;
    const bool known = std::any_of(countries->second.begin(), countries->second.end(),
                                   [&](const Code& one) { return one.code == profile_.country; });
    if (!known) problems_.Add(kMainFile, "/country", "\"" + profile_.country + "\" is not in the code list \"countries\"");
  }

  void CheckMainNeeds() {
    for (const std::string_view name : ClocksNeeded()) {
      if (!profile_.clocks.contains(name)) problems_.Add(kMainFile, "/clocks", "lacks \"" + std::string(name) + "\"");
    }
    for (const NumberNeed& need : NumbersNeeded()) {
      const std::string pointer = "/numbers/" + std::string(need.name);
      const auto number = profile_.numbers.find(need.name);
      if (number == profile_.numbers.end()) {
        problems_.Add(kMainFile, "/numbers", "lacks \"" + std::string(need.name) + "\"");
      } else if (number->second < need.least || number->second > need.most) {
        problems_.Add(kMainFile, pointer, "must be from " + std::to_string(need.least) + " to " + std::to_string(need.most));
      }
    }
    const auto idle = profile_.clocks.find("session_idle");
    const auto absolute = profile_.clocks.find("session_absolute");
    if (idle != profile_.clocks.end() && absolute != profile_.clocks.end() && absolute->second < idle->second) {
      problems_.Add(kMainFile, "/clocks/session_absolute", "is shorter than session_idle");
    }
  }

  void CheckNoOtherFiles() {
    for (const auto& [name, content] : files_) {
      if (name.starts_with(kTablesFolder)) profile_.tables.emplace(name.substr(kTablesFolder.size()), content);
      else if (!seen_.contains(name)) problems_.Add(name, "", "is not part of a profile, or of a language that is not listed");
    }
  }

  const Files& files_;
  Problems problems_;
  Profile profile_;
  std::map<std::string, Json, std::less<>> parsed_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace

Result<Profile> Load(const std::map<std::string, std::string, std::less<>>& files) { return Loader(files).Run(); }

}  // namespace porchlight::profile
