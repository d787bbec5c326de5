#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/hash_door.h"
#include "hashing/examining.h"
#include "hashing/hashing_jobs.h"
#include "hashing/pictures_http.h"
#include "hashing/runner.h"
#include "platform/jobs/jobs.h"
#include "tipline/testing/intake_rig.h"

// Hashing over either engine, with a stand-in for the process that decodes: files say in words what their hash is.
namespace porchlight::hashing::testing {

fingerprint::PdqHash AnyHash(std::uint64_t seed);
// Differs in exactly `bits` bits, which ones being a matter of the seed.
fingerprint::PdqHash Changed(fingerprint::PdqHash hash, int bits, std::uint64_t seed = 1);
// Begins as a JPEG file does; `more` makes other bytes of the same hash.
std::string PictureBytes(const fingerprint::PdqHash& hash, std::string_view more = "", int quality = 90);

// What hashing needs, over somebody's database and vault.
struct HashingParts {
  HashingParts(store::Database& database, vault::Vault& vault, const Clock& clock, Random& random);
  // Follows the outbox and runs every due job, until nothing is left; answers how many jobs ran.
  int Run();

  // May be set by a test; reads what PictureBytes wrote, and counts.
  std::function<Result<media::Examination>(std::string_view)> examine;
  int decoded = 0;
  evidence::HashDoor door;
  Examining examining;
  Runner runner;
  jobs::Worker worker;
};

struct HashingRig : tipline::testing::IntakeRig {
  explicit HashingRig(store::Engine engine);
  // Files a report with these as its pictures.
  tipline::ReportId File(const std::vector<std::string>& pictures, const std::string& login = "acme");
  static tipline::FileId FileOf(tipline::ReportId report, int place = 1) { return {report.value * tipline::kPlacesPerReport + place}; }
  // The group of its only picture, as it stands. Fails the test when it has none.
  Group GroupOf(tipline::ReportId report, int place = 1);
  bool HasLook(tipline::ReportId report, int place = 1);
  std::vector<tipline::FileId> Told();               // The files of all events kLooksAlike, in order.

  HashingParts parts;
  PicturesHttp pictures_http;
};

}  // namespace porchlight::hashing::testing
