#include "app/backup.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

#include "app/facts.h"
#include "app/files.h"
#include "app/progress.h"
#include "base/json.h"
#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::app {
namespace {

namespace fs = std::filesystem;
constexpr const char* kManifest = "manifest.json";
constexpr const char* kDigests = "SHA256SUMS";
constexpr const char* kFormat = "porchlight-backup-1";

Error Failed(ErrorCode code, std::string text) { return Error{code, std::move(text), {}, {}, 0}; }

Error CopyFailed(const fs::path& path, const std::error_code& problem) {
  const bool full = problem == std::errc::no_space_on_device || problem == std::errc::read_only_file_system;
  return Failed(full ? ErrorCode::kNoSpace : ErrorCode::kInternal, path.string() + " cannot be copied: " + problem.message() + ".");
}

// The plain SHA-256 of a file of any size, read in pieces.
Result<std::string> DigestOf(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return Failed(ErrorCode::kNotFound, path.string() + " cannot be read.");
  crypto::FileHasher hasher;
  std::vector<char> piece(1 << 20);
  while (stream) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    hasher.Update(std::string_view(piece.data(), static_cast<std::size_t>(stream.gcount())));
  }
  return HexEncode(hasher.Finish().sha256);
}

// Every regular file below `root`, relative to it, without what is on its way (tmp).
std::vector<std::string> FilesBelow(const fs::path& root) {
  std::vector<std::string> files;
  std::error_code problem;
  for (auto entry = fs::recursive_directory_iterator(root, problem); !problem && entry != fs::recursive_directory_iterator();
       entry.increment(problem)) {
    if (entry->is_directory() && entry->path().filename() == "tmp") entry.disable_recursion_pending();
    else if (entry->is_regular_file()) files.push_back(fs::relative(entry->path(), root).string());
  }
  return files;
}

Result<void> CopyTree(const fs::path& from, const fs::path& to, std::string_view what, BackupSummary& summary) {
  const std::vector<std::string> files = FilesBelow(from);
  Progress progress(what);
  std::int64_t done = 0;
  for (const std::string& file : files) {
    std::error_code problem;
    fs::create_directories((to / file).parent_path(), problem);
    // An unfinished report may expire, and its object go, while we copy: nothing refers to it any more.
    if (!fs::copy_file(from / file, to / file, fs::copy_options::none, problem) && fs::exists(from / file))
      return CopyFailed(from / file, problem);
    std::error_code no_size;
    const auto bytes = fs::file_size(to / file, no_size);
    summary.bytes += no_size ? 0 : static_cast<std::int64_t>(bytes);
    summary.objects += no_size ? 0 : 1;
    progress.Show(++done, static_cast<std::int64_t>(files.size()));
  }
  return {};
}

// "digest  path" lines, as sha256sum -c reads them.
Result<std::string> DigestLines(const fs::path& folder) {
  std::string lines;
  const std::vector<std::string> files = FilesBelow(folder);
  Progress progress("Taking digests");
  std::int64_t done = 0;
  for (const std::string& file : files) {
    if (file != kDigests) lines += PL_TRY(DigestOf(folder / file)) + "  " + file + "\n";
    progress.Show(++done, static_cast<std::int64_t>(files.size()));
  }
  return lines;
}

Result<void> CheckDigests(const fs::path& folder) {
  const std::string text = PL_TRY(ReadSmallFile((folder / kDigests).string()));
  const std::vector<std::string_view> lines = Split(text, '\n');
  Progress progress("Checking digests");
  std::int64_t done = 0;
  for (const std::string_view line : lines) {
    if (line.size() < 67) continue;
    const std::string file(line.substr(66));
    if (file.find("..") != std::string::npos || file.starts_with('/'))
      return Failed(ErrorCode::kCorrupt, "SHA256SUMS names a file outside the backup.");
    if (PL_TRY(DigestOf(folder / file)) != line.substr(0, 64)) return Failed(ErrorCode::kCorrupt, file + " is not what was backed up.");
    progress.Show(++done, static_cast<std::int64_t>(lines.size()) - 1);
  }
  return {};
}

Result<void> CopyKeys(const fs::path& from, const fs::path& to) {
  PL_TRY(MakeFolder(to.string()));
  for (const char* name : {"master.key", "audit.key", "package.key"}) {
    if (std::string_view(name) == "package.key" && !fs::exists(from / name)) continue;   // Of a backup made before there was one.
    const std::string key = PL_TRY(ReadSmallFile((from / name).string()));
    PL_TRY(WriteSmallFile((to / name).string(), key));
  }
  return {};
}

Result<void> WriteManifest(const Centre& centre, const std::string& target, const BackupSummary& summary, bool with_keys) {
  Json manifest;
  manifest.Set("format", kFormat).Set("version", PORCHLIGHT_VERSION).Set("made_at", FormatInstant(centre.clock().Now()));
  manifest.Set("engine", centre.config().engine).Set("database", summary.database).Set("keys", with_keys);
  manifest.Set("objects", summary.objects).Set("bytes", summary.bytes);
  return WriteSmallFile(target + "/" + kManifest, manifest.SerializePretty());
}

}  // namespace

Result<BackupSummary> BackUp(Centre& centre, const std::string& target, bool with_keys) {
  if (fs::exists(target)) return Failed(ErrorCode::kConflict, target + " is there already; name a new folder.");
  PL_TRY(MakeFolder(target));
  BackupSummary summary;
  // Database first: every object it refers to is in the vault by then, and stays.
  if (centre.database().engine() == store::Engine::kSqlite) {
    PL_TRY(centre.database().BackUpTo(target + "/porchlight.db"));
    summary.database = true;
  }
  if (centre.config().vault == "folder") {
    PL_TRY(CopyTree(VaultPath(centre.config()), target + "/vault", "Copying evidence", summary));
  }
  if (fs::exists(centre.witness_file())) {
    PL_TRY(MakeFolder(target + "/audit"));
    const std::string heads = PL_TRY(ReadSmallFile(centre.witness_file()));
    PL_TRY(WriteSmallFile(target + "/audit/heads.log", heads));
  }
  if (with_keys) PL_TRY(CopyKeys(fs::path(MasterKeyPath(centre.config())).parent_path(), target + "/keys"));
  PL_TRY(WriteManifest(centre, target, summary, with_keys));
  const std::string lines = PL_TRY(DigestLines(target));
  PL_TRY(WriteSmallFile(target + "/" + kDigests, lines));
  PL_TRY(CheckDigests(target));
  const Instant now = centre.clock().Now();
  PL_TRY(centre.database().Write([&](store::WriteTransaction& transaction) { return SaveFact(transaction, kLastBackup, target, now); }));
  return summary;
}

Result<BackupSummary> Restore(const std::string& source, const std::string& data, const std::string& keys) {
  const std::string manifest_text = PL_TRY(ReadSmallFile(source + "/" + kManifest));
  const Json manifest = PL_TRY(ParseJson(manifest_text));
  if (manifest.Text("format") != kFormat) return Failed(ErrorCode::kCorrupt, source + " is not a Porchlight backup.");
  if (fs::exists(data) && !fs::is_empty(data)) return Failed(ErrorCode::kConflict, data + " is not empty; restore into a new folder.");
  PL_TRY(CheckDigests(source));
  const std::string keys_from = keys.empty() ? source + "/keys" : keys;
  if (!fs::exists(keys_from + "/master.key")) {
    return Failed(ErrorCode::kNotFound,
                  "The keys are not in this backup: give the folder that holds master.key, audit.key and package.key with --keys.");
  }
  PL_TRY(MakeFolder(data));
  PL_TRY(CopyKeys(keys_from, data + "/keys"));
  BackupSummary summary;
  if (fs::exists(source + "/vault")) PL_TRY(CopyTree(source + "/vault", data + "/vault", "Restoring evidence", summary));
  if (fs::exists(source + "/audit")) {
    BackupSummary heads;
    PL_TRY(CopyTree(source + "/audit", data + "/audit", "Restoring tree heads", heads));
  }
  if (fs::exists(source + "/porchlight.db")) {
    std::error_code problem;
    if (!fs::copy_file(source + "/porchlight.db", data + "/porchlight.db", problem)) return CopyFailed(source + "/porchlight.db", problem);
    fs::permissions(data + "/porchlight.db", fs::perms::owner_read | fs::perms::owner_write, problem);
    summary.database = true;
  }
  return summary;
}

}  // namespace porchlight::app
