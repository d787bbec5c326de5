// The files of a report and the documents about them; declared in report_writer.h.
#include <array>
#include <cstdio>

#include "base/text.h"
#include "platform/crypto/digest.h"
#include "synthetic/containers.h"
#include "synthetic/internal/cast.h"
#include "synthetic/internal/markup.h"
#include "synthetic/providers.h"
#include "synthetic/report_writer.h"

namespace porchlight::synthetic {
namespace {

using internal::Cast;
using internal::CastOf;
using internal::Markup;
using internal::Times;

constexpr std::uint64_t kViralPictures = 12;
constexpr std::uint64_t kCirculatingPictures = 500;

Dice DiceForFile(const Plan& plan, std::size_t index) { return Dice(SeedOf(plan.seed, 1000 + index)); }

// Viral pictures are few and come in three encodings; circulating ones come back now and then; the rest are new.
PictureOptions PictureFor(const Plan& plan, std::size_t index, Dice& dice) {
  PictureOptions options;
  options.width = static_cast<int>(dice.Between(20, 40)) * 8;
  options.height = static_cast<int>(dice.Between(18, 32)) * 8;
  options.seed = SeedOf(plan.seed, 2000 + index);
  if (plan.viral && index == 0) {
    static constexpr auto kWidths = std::to_array<int>({320, 320, 240});
    static constexpr auto kQualities = std::to_array<int>({82, 55, 82});
    const std::uint64_t variant = dice.Permille(800) ? 0 : dice.Below(kWidths.size());
    options.seed = SeedOf(plan.run_seed, 3'000'000 + dice.Below(kViralPictures));
    options.width = kWidths[variant];
    options.height = options.width * 3 / 4;
    options.quality = kQualities[variant];
    return options;
  }
  if (dice.Permille(100)) {
    options.seed = SeedOf(plan.run_seed, 4'000'000 + dice.Below(kCirculatingPictures));
    options.width = 320;
    options.height = 240;
  }
  if (dice.Permille(80)) {
    options.format = PictureFormat::kPng;
    options.width = 160;
    options.height = 120;
  }
  return options;
}

SyntheticFile MakeImage(const Plan& plan, std::size_t index, std::size_t bytes_target, Dice& dice) {
  PictureOptions options = PictureFor(plan, index, dice);
  options.bytes_target = bytes_target;
  const bool png = options.format == PictureFormat::kPng;
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "IMG_%04d.%s", static_cast<int>(dice.Between(0, 9999)), png ? "png" : "jpg");
  return {FileKind::kImage, name.data(), png ? "image/png" : "image/jpeg", MakePicture(options)};
}

SyntheticFile MakeOther(const Plan& plan, std::size_t index, Dice& dice) {
  const Cast cast = CastOf(plan);
  const std::uint64_t seed = SeedOf(plan.seed, 5000 + index);
  std::string log = SyntheticMark(seed) + "\n" + MakeChatLog(seed, cast.reported.handle, cast.child.handle, 40);
  if (dice.Permille(600)) return {FileKind::kOther, "conversation.txt", "text/plain", std::move(log)};
  PictureOptions picture;
  picture.seed = seed;
  picture.width = 96;
  picture.height = 96;
  std::string archive = MakeArchive({{"conversation.txt", std::move(log)}, {"picture.jpg", MakePicture(picture)}});
  return {FileKind::kOther, "export-" + std::to_string(dice.Between(1, 999)) + ".zip", "application/zip",
          std::move(archive)};
}

// Labels are words about the plan; the bytes are circles and boxes whatever they say.
void WriteFileAnnotations(Markup& markup, const Plan& plan, const SyntheticFile& file, bool viral, Dice& dice) {
  std::vector<std::string_view> flags;
  const auto maybe = [&](std::string_view flag, int permille) {
    if (dice.Permille(permille)) flags.push_back(flag);
  };
  maybe("animeDrawingVirtualHentai", 15);
  maybe("potentialMeme", viral ? 900 : 10);
  maybe("viral", viral ? 900 : 10);
  maybe("possibleSelfProduction", plan.sextortion ? 400 : 40);
  maybe("physicalHarm", 3);
  maybe("violenceGore", 3);
  maybe("bestiality", 2);
  maybe("liveStreaming", file.kind == FileKind::kVideo ? 15 : 0);
  maybe("infant", 8);
  maybe("generativeAi", 20);
  if (flags.empty()) {
    if (markup.habit().empty_blocks) markup.Empty("fileAnnotations");
    return;
  }
  markup.Open("fileAnnotations");
  for (const std::string_view flag : flags) markup.Flag(flag);
  markup.Close();
}

void WriteCameraFacts(Markup& markup, const Cast& cast, Dice& dice) {
  markup.Open("details", {{"type", "EXIF"}});
  const auto pair = [&](std::string_view name, std::string_view value) {
    markup.Open("nameValuePair");
    markup.Leaf("name", name);
    markup.Leaf("value", value);
    markup.Close();
  };
  pair("Make", "Synthetic Camera");
  pair("Model", "SC-" + std::to_string(dice.Between(1, 9)));
  if (!cast.reported.place->country.empty() && dice.Permille(400)) {
    std::array<char, 48> position{};
    std::snprintf(position.data(), position.size(), "%.1f, %.1f", cast.reported.place->latitude,
                  cast.reported.place->longitude);
    pair("GPSPosition", position.data());
  }
  markup.Close();
}

// What the provider says it did with the file; absent answers stay absent.
void WriteAnswers(Markup& markup, const Provider& provider, Dice& dice) {
  const bool viewed = dice.Permille(650);
  if (!dice.Permille(provider.careless.viewed_answer)) {
    markup.YesNo("fileViewedByEsp", viewed);
    if (dice.Permille(300)) markup.YesNo("exifViewedByEsp", viewed && dice.Permille(500));
  }
  if (!dice.Permille(300)) markup.YesNo("publiclyAvailable", dice.Permille(200));
}

void WriteOriginalHashes(Markup& markup, const SyntheticFile& file, Dice& dice) {
  markup.Leaf("originalFileHash", HexEncode(crypto::Md5(file.bytes)), {{"hashType", "MD5"}});
  if (dice.Permille(500)) {
    markup.Leaf("originalFileHash", HexEncode(crypto::Sha1(file.bytes)), {{"hashType", "SHA1"}});
  }
}

}  // namespace

SyntheticFile MakeFile(const Plan& plan, std::size_t index, std::size_t picture_bytes_target) {
  PL_CHECK(index < plan.files.size());
  Dice dice = DiceForFile(plan, index);
  switch (plan.files[index]) {
    case FileKind::kImage: return MakeImage(plan, index, picture_bytes_target, dice);
    case FileKind::kVideo:
      return {FileKind::kVideo, "VID_" + std::to_string(dice.Between(1000, 9999)) + ".avi", "video/x-msvideo",
              MakeVideo(SeedOf(plan.seed, 6000 + index), static_cast<int>(dice.Between(3, 12)))};
    case FileKind::kOther: return MakeOther(plan, index, dice);
  }
  PL_CHECK(false);
}

bool DescribesFile(const Plan& plan, std::size_t index) {
  const Provider& provider = Providers()[plan.provider];
  Dice dice(SeedOf(plan.seed, 7000 + index));
  return provider.habit.describes_files && !dice.Permille(provider.careless.file_description);
}

std::string WriteFileDetails(const Plan& plan, const FileReference& reference, const SyntheticFile& file,
                             const Moment& moment) {
  const Provider& provider = Providers()[plan.provider];
  const Cast cast = CastOf(plan);
  const Times times(provider, cast);
  const Instant incident_at = moment.now - cast.incident_age;
  Dice dice(SeedOf(plan.seed, 8000 + reference.index));
  const bool first = reference.index == 0;
  const bool supplemental = !first && (file.kind == FileKind::kOther || dice.Permille(150));

  Markup markup(provider.habit, "fileDetails");
  markup.Leaf("reportId", std::to_string(reference.report_id));
  markup.Leaf("fileId", reference.file_id);
  markup.Leaf("originalFileName", file.name);
  if (dice.Permille(600)) markup.Leaf("uploadedToEspTimestamp", times(incident_at));
  if (dice.Permille(300)) {
    markup.Leaf("locationOfFile", "https://cdn." + std::string(provider.domain) + "/" + reference.file_id);
  }
  WriteAnswers(markup, provider, dice);
  if (supplemental) {
    markup.Leaf("fileRelevance", "Supplemental Reported");
  } else {
    if (dice.Permille(500)) markup.Leaf("fileRelevance", "Reported");
    WriteFileAnnotations(markup, plan, file, plan.viral && first, dice);
    if (plan.category == Category::kCsam && file.kind != FileKind::kOther && dice.Permille(800)) {
      static constexpr auto kClasses = std::to_array<std::string_view>({"A1", "A2", "B1", "B2"});
      markup.Leaf("industryClassification", dice.Pick(kClasses));
    }
  }
  if (!dice.Permille(provider.careless.original_hash)) WriteOriginalHashes(markup, file, dice);
  if (!dice.Permille(provider.careless.upload_address)) {
    internal::WriteNetworkEvent(markup, provider, times, {"Upload", cast.reported.addresses.front(), incident_at}, dice);
  }
  if (dice.Permille(100)) {
    markup.Open("deviceId");
    markup.Leaf("idType", "IDFV");
    markup.Leaf("idValue", cast.reported.device_identifier);
    markup.Close();
  }
  if (file.kind == FileKind::kImage && dice.Permille(200)) WriteCameraFacts(markup, cast, dice);
  if (dice.Permille(100)) markup.Leaf("additionalInfo", "Found by comparison with a list of known files.");
  return markup.Finish();
}

}  // namespace porchlight::synthetic
