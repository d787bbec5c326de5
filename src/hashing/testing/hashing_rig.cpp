#include "hashing/testing/hashing_rig.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/random.h"
#include "base/text.h"
#include "hashing/events.h"
#include "hashing/look_rows.h"
#include "hashing/migrations.h"
#include "platform/jobs/outbox.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::hashing::testing {

using fingerprint::PdqHash;
using tipline::testing::Element;

namespace {

const std::string kMagic("\xFF\xD8\xFF\xE0", 4);
constexpr std::size_t kDigits = 64;

Result<media::Examination> ReadHash(std::string_view bytes) {
  media::Examination found;
  if (!bytes.starts_with(kMagic)) {
    found.outcome = media::MediaOutcome::kUnsupported;
    return found;
  }
  const std::string_view rest = bytes.substr(kMagic.size());
  const Result<PdqHash> hash = PdqHash::Parse(rest.substr(0, kDigits));
  if (!hash.ok()) {
    found.outcome = media::MediaOutcome::kDamaged;
    return found;
  }
  found.outcome = media::MediaOutcome::kHashed;
  media::Picture& picture = found.picture.emplace();
  picture.size = {640, 480};
  picture.pdq.turned[0] = *hash;
  picture.pdq.quality = static_cast<int>(ParseInteger(rest.substr(kDigits, 3)).value_or(0));
  return found;
}

}  // namespace

PdqHash AnyHash(std::uint64_t seed) {
  SeededRandom random(seed);
  PdqHash hash;
  for (std::size_t bit = 0; bit < PdqHash::kBits; ++bit) hash.SetBit(bit, random.Below(2) == 1);
  return hash;
}

PdqHash Changed(PdqHash hash, int bits, std::uint64_t seed) {
  SeededRandom random(seed);
  const PdqHash from = hash;
  while (fingerprint::Distance(from, hash) < bits) {
    const std::size_t bit = static_cast<std::size_t>(random.Below(PdqHash::kBits));
    hash.SetBit(bit, !from.Bit(bit));
  }
  return hash;
}

std::string PictureBytes(const PdqHash& hash, std::string_view more, int quality) {
  const std::string digits = std::to_string(quality);
  return kMagic + hash.Text() + std::string(3 - digits.size(), '0') + digits + "a harmless picture " + std::string(more);
}

HashingParts::HashingParts(store::Database& database, vault::Vault& vault, const Clock& clock, Random& random)
    : examine(ReadHash), door(database, vault, clock),
      examining(database, door,
                {[this](std::string_view bytes) {
                   ++decoded;
                   return examine(bytes);
                 },
                 fingerprint::PdqLoader::kFullSize, 6'000},
                clock),
      runner(database, clock), worker(database, clock, random, jobs::Worker::Options{}) {
  RegisterJobs(worker, database, examining, clock);
}

int HashingParts::Run() {
  int all = 0;
  for (;;) {
    const Result<int> followed = runner.RunOnce();
    EXPECT_TRUE(followed.ok()) << (followed.ok() ? "" : followed.error().operator_text);
    const Result<bool> ran = worker.RunOne();
    EXPECT_TRUE(ran.ok()) << (ran.ok() ? "" : ran.error().operator_text);
    if (!followed.ok() || !ran.ok() || (*followed == 0 && !*ran)) return all;
    all += *ran ? 1 : 0;
  }
}

HashingRig::HashingRig(store::Engine engine) : IntakeRig(engine), parts(*database, *vault, clock, random), pictures_http(*database) {
  std::vector<store::Migration> all = tipline::testing::RigMigrations();
  for (const store::Migration& one : Migrations()) all.push_back(one);
  const Result<void> migrated = database->Migrate(all);
  EXPECT_TRUE(migrated.ok()) << (migrated.ok() ? "" : migrated.error().operator_text);
  for (http::Route& route : pictures_http.Routes()) router.Add(std::move(route));
  auth::Caller reader = tipline::testing::Analyst();
  reader.login = "reader";
  reader.permissions.insert("evidence.gate.read");
  callers.Add(reader);
}

tipline::ReportId HashingRig::File(const std::vector<std::string>& pictures, const std::string& login) {
  const http::Response opened = Send(http::Method::kPost, "/ispws/submit", login, "text/xml", tipline::testing::MinimalReport());
  EXPECT_EQ(opened.status, 200) << opened.body;
  const std::string id = Element(opened.body, "reportId");
  for (const std::string& bytes : pictures) {
    const http::Response sent = Send(http::Method::kPost, "/ispws/upload", login, "multipart/form-data; boundary=b",
                                     tipline::testing::UploadBody("b", id, "a.jpg", "image/jpeg", bytes));
    EXPECT_EQ(sent.status, 200) << sent.body;
  }
  const http::Response finished =
      Send(http::Method::kPost, "/ispws/finish", login, "multipart/form-data; boundary=b",
           "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + id + "\r\n--b--\r\n");
  EXPECT_EQ(finished.status, 200) << finished.body;
  return {ParseInteger(id).value_or(0)};
}

namespace {

Result<std::optional<Group>> FindGroupOf(store::ReadTransaction& transaction, tipline::FileId file) {
  const auto files = PL_TRY(rows::FilesBetween(transaction, file, {file.value + 1}, 1));
  if (files.empty() || !files.front().look) return std::optional<Group>();
  return std::optional(PL_TRY(rows::GroupOf(transaction, *files.front().look)));
}

}  // namespace

Group HashingRig::GroupOf(tipline::ReportId report, int place) {
  const auto group = database->Read([&](store::ReadTransaction& transaction) { return FindGroupOf(transaction, FileOf(report, place)); });
  EXPECT_TRUE(group.ok() && group->has_value()) << "report " << report.value << " has no look";
  return group.ok() && group->has_value() ? **group : Group();
}

bool HashingRig::HasLook(tipline::ReportId report, int place) {
  const auto group = database->Read([&](store::ReadTransaction& transaction) { return FindGroupOf(transaction, FileOf(report, place)); });
  return group.ok() && group->has_value();
}

std::vector<tipline::FileId> HashingRig::Told() {
  const auto events = database->Read([](store::ReadTransaction& transaction) { return jobs::ReadAfter(transaction, 0, 10'000); });
  std::vector<tipline::FileId> files;
  for (const jobs::Event& event : events.value()) {
    if (event.kind != events::kLooksAlike) continue;
    const Json detail = ParseJson(event.detail).value();
    const tipline::FileId file{*detail.Find("file")->AsInteger()};
    EXPECT_EQ(tipline::ReportOf(file).value, event.subject);
    files.push_back(file);
  }
  return files;
}

}  // namespace porchlight::hashing::testing
