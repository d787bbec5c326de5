#include "platform/profile/profile.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/check.h"

namespace porchlight::profile {

namespace {

constexpr std::uintmax_t kFileBytesMax = 4 << 20;

std::optional<std::string_view> TextIn(const std::map<std::string, std::string, std::less<>>& texts, std::string_view name) {
  const auto found = texts.find(name);
  if (found == texts.end()) return std::nullopt;
  return found->second;
}

Result<void> ReadFiles(const std::filesystem::path& directory, const std::string& prefix,
                       std::map<std::string, std::string, std::less<>>& files) {
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(directory, failure), end; !failure && entry != end; entry.increment(failure)) {
    if (entry->path().extension() != ".json") continue;
    const std::string name = prefix + entry->path().filename().string();
    std::error_code size_failure;
    if (entry->file_size(size_failure) > kFileBytesMax || size_failure) {
      return Error{ErrorCode::kInvalidArgument, name + ": is larger than 4 MiB or cannot be read.", {}, {}, 0};
    }
    std::ifstream stream(entry->path(), std::ios::binary);
    files[name] = std::string(std::istreambuf_iterator<char>(stream), {});
    if (!stream) return Error{ErrorCode::kInvalidArgument, name + ": cannot be read.", {}, {}, 0};
  }
  if (failure) {
    return Error{ErrorCode::kNotFound, "There is no profile here: " + directory.string() + ".", failure.message(), {}, 0};
  }
  return {};
}

}  // namespace

Duration Profile::Clock(std::string_view wanted) const {
  const auto found = clocks.find(wanted);
  PL_CHECK(found != clocks.end());
  return found->second;
}

int Profile::Number(std::string_view wanted) const {
  const auto found = numbers.find(wanted);
  PL_CHECK(found != numbers.end());
  return found->second;
}

std::map<std::string, std::string, std::less<>> Profile::Tables(std::string_view folder) const {
  std::map<std::string, std::string, std::less<>> found;
  const std::string prefix = std::string(folder) + "/";
  for (const auto& [path, text] : tables) {
    if (path.starts_with(prefix)) found.emplace(path.substr(prefix.size()), text);
  }
  return found;
}

const std::vector<Code>& Profile::List(std::string_view wanted) const {
  const auto found = code_lists.find(wanted);
  PL_CHECK(found != code_lists.end());
  return found->second;
}

std::string_view Profile::Word(std::string_view language, std::string_view key) const {
  for (const std::string_view one : {language, std::string_view(languages.front())}) {
    const auto texts = wording.find(one);
    if (texts == wording.end()) continue;
    if (const auto text = TextIn(texts->second, key)) return *text;
  }
  return key;
}

std::string_view Profile::Label(std::string_view list, std::string_view code, std::string_view language) const {
  const auto found = code_lists.find(list);
  if (found == code_lists.end()) return code;
  for (const Code& one : found->second) {
    if (one.code != code) continue;
    if (const auto text = TextIn(one.labels, language)) return *text;
    return TextIn(one.labels, languages.front()).value_or(code);
  }
  return code;
}

Result<Profile> LoadFrom(const std::string& directory) {
  std::map<std::string, std::string, std::less<>> files;
  PL_TRY(ReadFiles(directory, "", files));
  PL_TRY(ReadFiles(std::filesystem::path(directory) / "wording", "wording/", files));
  const std::filesystem::path tables = std::filesystem::path(directory) / "tables";
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(tables, failure), end; !failure && entry != end; entry.increment(failure)) {
    if (entry->is_directory()) PL_TRY(ReadFiles(entry->path(), "tables/" + entry->path().filename().string() + "/", files));
  }
  return Load(files);
}

}  // namespace porchlight::profile
