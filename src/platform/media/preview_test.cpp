// Goal: a preview is small, grey and as blurred as asked, of each format; a file that is none, or does harm, is a reason and
// never a picture; what a worker may have been taken over to say is held against the form. Method: pictures that the test
// draws, through the real worker; a worker that misbehaves on demand; the written PNG read back by another reader.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/random.h"
#include "platform/fingerprint/pdq.h"
#include "platform/media/grey_png.h"
#include "platform/media/internal/shrink.h"
#include "platform/media/internal/wire.h"
#include "platform/media/media.h"
#include "platform/media/testing/pictures.h"

namespace porchlight::media {
namespace {

const SystemClock kClock;

std::unique_ptr<MediaWorker> Worker(const std::string& program = PORCHLIGHT_MEDIA_WORKER, std::uint64_t pixels_max = 100'000'000) {
  MediaOptions options;
  options.worker_path = program;
  options.pixels_max = pixels_max;
  options.wall_time_max = {5'000'000};
  options.cpu_seconds_max = 1;
  auto worker = MediaWorker::Create(options, kClock);
  PL_CHECK(worker.ok());
  return std::move(*worker);
}

Preview PreviewOf(std::string_view bytes, PreviewBlur blur = PreviewBlur::kNone) {
  static const std::unique_ptr<MediaWorker> worker = Worker();
  Result<Preview> result = worker->MakePreview(bytes, blur);
  PL_CHECK(result.ok());
  return *std::move(result);
}

// How much neighbours differ: what blurring takes away.
double Roughness(const GreyPicture& picture) {
  double sum = 0;
  for (std::size_t place = 1; place < picture.samples.size(); ++place) {
    if (place % picture.size.width == 0) continue;
    const double step = static_cast<double>(picture.samples[place]) - picture.samples[place - 1];
    sum += step * step;
  }
  return sum / static_cast<double>(picture.samples.size());
}

double Mean(const GreyPicture& picture) {
  return std::accumulate(picture.samples.begin(), picture.samples.end(), 0.0) / static_cast<double>(picture.samples.size());
}

TEST(PreviewTest, EveryFormatIsShownSmallAndGrey) {
  const Drawing large = Draw({1'600, 900});
  const Drawing few = DrawFewColours({1'600, 900});
  for (const std::string& bytes : {WritePng(large), WriteJpeg(large), WriteWebp(large), WriteGif(few), WriteMovingWebp(large, 0, 0),
                                   WriteJpeg(large, {true, false, false}), WriteJpeg(large, {false, true, false}), WritePalettePng(few)}) {
    const Preview found = PreviewOf(bytes);
    ASSERT_TRUE(found.picture.has_value()) << found.operator_text;
    EXPECT_EQ(found.picture->size, (PictureSize{480, 270}));
    EXPECT_EQ(found.picture->samples.size(), 480U * 270U);
    EXPECT_FALSE(found.refusal.has_value());
    EXPECT_TRUE(found.complete);
  }
}

TEST(PreviewTest, SmallPicturesKeepTheirSizeAndTheirPixels) {
  const Drawing drawing = Draw({60, 40});
  const Preview found = PreviewOf(WritePng(drawing));
  ASSERT_TRUE(found.picture.has_value());
  EXPECT_EQ(found.picture->size, drawing.size);
  for (std::size_t place = 0; place < found.picture->samples.size(); ++place) {
    const std::uint8_t* rgb = &drawing.rgb[3 * place];
    ASSERT_EQ(found.picture->samples[place], (299U * rgb[0] + 587U * rgb[1] + 114U * rgb[2] + 500U) / 1000U) << place;
  }
  EXPECT_EQ(PreviewOf(WritePng(Draw({1, 1}))).picture->size, (PictureSize{1, 1}));
  EXPECT_EQ(PreviewOf(WritePng(Draw({5'000, 1}))).picture->size, (PictureSize{480, 1}));
  EXPECT_EQ(PreviewOf(WritePng(Draw({3, 5'000})), PreviewBlur::kStrong).picture->size, (PictureSize{1, 480}));
}

TEST(PreviewTest, ShrinkingKeepsTheMeanOfEachPart) {
  GreyShrinker shrinker({6, 4}, 3);
  for (std::uint8_t row = 0; row < 4; ++row) {
    const std::vector<std::uint8_t> line = {row, row, 100, 101, 200, 200};
    shrinker.AddGreyRow(line);
  }
  const GreyPicture picture = shrinker.Finish();
  EXPECT_EQ(picture.size, (PictureSize{3, 2}));
  EXPECT_EQ(picture.samples, (std::vector<std::uint8_t>{1, 101, 200, 3, 101, 200}));  // Halves are rounded up.
}

TEST(PreviewTest, EachStepOfBlurTakesMoreAwayAndTheStrongestLeavesNoDetail) {
  SeededRandom random(7);
  Drawing noise{{600, 600}, std::vector<std::uint8_t>(3 * 600 * 600)};
  for (std::uint8_t& sample : noise.rgb) sample = static_cast<std::uint8_t>(random.Below(256));
  for (const Drawing& drawing : {Draw({600, 600}), noise, Draw({40, 30}), Draw({9, 9})}) {
    const std::string bytes = WritePng(drawing);
    const GreyPicture none = *PreviewOf(bytes, PreviewBlur::kNone).picture;
    const GreyPicture light = *PreviewOf(bytes, PreviewBlur::kLight).picture;
    const GreyPicture strong = *PreviewOf(bytes, PreviewBlur::kStrong).picture;
    EXPECT_EQ(strong.size, none.size);
    EXPECT_LT(Roughness(light), Roughness(none));
    EXPECT_LT(Roughness(strong), Roughness(none) / 3);
    EXPECT_LE(Roughness(strong), Roughness(light));
    EXPECT_NEAR(Mean(strong), Mean(none), 16);
  }
  GreyPicture flat{{50, 20}, std::vector<std::uint8_t>(1'000, 77)};
  Blur(flat, PreviewBlur::kStrong);
  EXPECT_TRUE(std::ranges::all_of(flat.samples, [](std::uint8_t sample) { return sample == 77; }));
}

TEST(PreviewTest, WhatIsNoPictureIsAReason) {
  for (const std::string& bytes : {std::string(), std::string("no picture"), std::string("\0\0\0\x18" "ftypheic", 12),
                                   std::string("\0\0\0\x18" "ftypmp42", 12), std::string("%PDF-1.7")}) {
    const Preview found = PreviewOf(bytes);
    EXPECT_EQ(found.refusal, MediaOutcome::kUnsupported);
    EXPECT_FALSE(found.picture.has_value());
  }
  EXPECT_EQ(PreviewOf(WritePng(Draw({60, 40})).substr(0, 60)).refusal, MediaOutcome::kDamaged);
  EXPECT_EQ(PreviewOf(WritePngHeader({10'001, 10'000})).refusal, MediaOutcome::kTooLarge);
  const auto less = Worker(PORCHLIGHT_MEDIA_WORKER, 60 * 40 - 1);
  EXPECT_EQ(less->MakePreview(WritePng(Draw({60, 40})), PreviewBlur::kNone)->refusal, MediaOutcome::kTooLarge);
  MediaOptions options;
  options.worker_path = PORCHLIGHT_MEDIA_WORKER;
  options.bytes_max = 100;
  EXPECT_EQ((*MediaWorker::Create(options, kClock))->MakePreview(WritePng(Draw({60, 40})), PreviewBlur::kNone)->refusal,
            MediaOutcome::kTooLarge);
  const std::string cut = WriteJpeg(Draw({300, 300}));
  const Preview half = PreviewOf(cut.substr(0, cut.size() / 2));
  ASSERT_TRUE(half.picture.has_value());
  EXPECT_FALSE(half.complete);
}

TEST(PreviewTest, FlippedBitsNeverHurt) {
  SeededRandom random(2);
  const Drawing few = DrawFewColours({64, 48});
  int shown = 0;
  for (const std::string& whole : {WritePng(few), WriteJpeg(few), WriteGif(few), WriteWebp(few), WriteMovingWebp(few, 2, 2)}) {
    for (int round = 0; round < 60; ++round) {
      std::string bytes = whole;
      const std::size_t place = random.Below(random.Below(2) == 0 ? std::min<std::size_t>(bytes.size(), 80) : bytes.size());
      bytes[place] = static_cast<char>(bytes[place] ^ (1 << random.Below(8)));
      const Preview found = PreviewOf(bytes, PreviewBlur::kStrong);
      EXPECT_NE(found.picture.has_value(), found.refusal.has_value());
      EXPECT_NE(found.refusal, MediaOutcome::kCrashed) << found.operator_text;
      shown += found.picture.has_value() ? 1 : 0;
    }
  }
  EXPECT_GT(shown, 50);
}

TEST(PreviewTest, AWorkerThatDiesOrLiesShowsNothing) {
  const auto worker = Worker(PORCHLIGHT_MEDIA_TRIALS);
  EXPECT_EQ(worker->MakePreview("GIF89anothing", PreviewBlur::kNone)->picture->samples, (std::vector<std::uint8_t>{1, 2, 3, 4}));
  for (const std::string name : {"open", "socket", "fork", "trap", "abort", "leave", "half", "preview_short", "preview_huge", "preview_empty",
                                 "preview_refusal_with_picture", "preview_nothing"}) {
    const Result<Preview> found = worker->MakePreview("GIF89a" + name, PreviewBlur::kNone);
    ASSERT_TRUE(found.ok()) << name;
    EXPECT_EQ(found->refusal, MediaOutcome::kCrashed) << name;
    EXPECT_FALSE(found->picture.has_value()) << name;
    EXPECT_FALSE(found->operator_text.empty()) << name;
  }
  // What comes after the answer is not even read.
  EXPECT_EQ(worker->MakePreview("GIF89apreview_chatter", PreviewBlur::kNone)->picture->samples.size(), 4U);
  EXPECT_EQ(worker->MakePreview("GIF89aspin", PreviewBlur::kNone)->refusal, MediaOutcome::kTookTooLong);
  EXPECT_EQ(worker->MakePreview("GIF89ano_sandbox", PreviewBlur::kNone).error().code, ErrorCode::kUnavailable);
}

TEST(PreviewTest, TheWrittenPngIsReadBackByAnotherReader) {
  SeededRandom random(3);
  for (const PictureSize size : {PictureSize{1, 1}, PictureSize{480, 270}, PictureSize{3, 480}}) {
    GreyPicture picture{size, std::vector<std::uint8_t>(std::size_t{size.width} * size.height)};
    for (std::uint8_t& sample : picture.samples) sample = static_cast<std::uint8_t>(random.Below(256));
    const std::string png = WriteGreyPng(picture);
    EXPECT_EQ(SniffFormat(png), MediaFormat::kPng);
    const Preview again = PreviewOf(png, PreviewBlur::kNone);
    ASSERT_TRUE(again.picture.has_value());
    EXPECT_TRUE(again.complete);
    EXPECT_EQ(again.picture->size, size);
    EXPECT_EQ(again.picture->samples, picture.samples);
  }
}

TEST(PreviewWireTest, AnswersAreReadBackAndNothingElseIs) {
  const PreviewAnswer answer{MediaOutcome::kHashed, false, {{3, 2}, {1, 2, 3, 4, 5, 6}}};
  const std::string written = WritePreview(answer);
  EXPECT_EQ(SamplesAfter(written.substr(0, kPreviewHeadBytes)), 6U);
  ASSERT_TRUE(ReadPreview(written).has_value());
  EXPECT_EQ(WritePreview(*ReadPreview(written)), written);
  EXPECT_EQ(ReadPreview(WritePreview({MediaOutcome::kDamaged, true, {}}))->outcome, MediaOutcome::kDamaged);
  EXPECT_FALSE(ReadPreview(written + "x"));
  EXPECT_FALSE(ReadPreview(written.substr(0, written.size() - 1)));
  for (const auto& [place, value] : {std::pair{0, 0}, std::pair{0, 3}, std::pair{0, 7}, std::pair{1, 2}, std::pair{2, 0}, std::pair{3, 2}, std::pair{5, 9}}) {
    std::string wrong = written;
    wrong[static_cast<std::size_t>(place)] = static_cast<char>(value);
    EXPECT_FALSE(ReadPreview(wrong)) << place;
  }
  Request request;
  request.task = Task::kPreview;
  request.blur = PreviewBlur::kNone;
  EXPECT_EQ(ReadRequest(WriteRequest(request)), request);
  for (const std::size_t back : {1U, 2U}) {
    std::string wrong = WriteRequest(request);
    wrong[wrong.size() - back] = 9;
    EXPECT_FALSE(ReadRequest(wrong));
  }
}

}  // namespace
}  // namespace porchlight::media
