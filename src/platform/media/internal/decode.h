#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "platform/fingerprint/pdq.h"
#include "platform/media/internal/shrink.h"
#include "platform/media/media.h"

// Decoding, each library in its own file. Called in the worker process only; the fuzzer is the exception. May throw
// std::bad_alloc.
namespace porchlight::media {

// Where a decoder puts what it reads: into a hash, or into a preview. It is asked before anything of the picture's size is
// allocated.
class PictureTarget {
 public:
  static PictureTarget ForHash(std::uint64_t pixels_max, fingerprint::PdqLoader loader) { return {pixels_max, loader}; }
  static PictureTarget ForPreview(std::uint64_t pixels_max) { return {pixels_max, std::nullopt}; }

  // Once, before the rows. False when it is over the limit or empty: the decoder stops with SizeRefusal.
  bool Begin(fingerprint::PictureSize size);
  void GreyRow(std::span<const std::uint8_t> grey) { hasher_ ? hasher_->AddGreyRow(grey) : shrinker_->AddGreyRow(grey); }
  void RgbRow(std::span<const std::uint8_t> rgb) { hasher_ ? hasher_->AddRgbRow(rgb) : shrinker_->AddRgbRow(rgb); }
  // Rows without gaps, all of them.
  void WholeRgb(std::span<const std::uint8_t> rgb);

  fingerprint::PictureSize size() const { return size_; }
  fingerprint::Pdq Finish() { return hasher_->Finish(); }
  GreyPicture Shrunk() { return shrinker_->Finish(); }

 private:
  PictureTarget(std::uint64_t pixels_max, std::optional<fingerprint::PdqLoader> loader) : pixels_max_(pixels_max), loader_(loader) {}

  std::uint64_t pixels_max_;
  std::optional<fingerprint::PdqLoader> loader_;  // None: for a preview.
  fingerprint::PictureSize size_;
  std::optional<fingerprint::PdqHasher> hasher_;  // One of the two, once Begin has allowed it.
  std::optional<GreyShrinker> shrinker_;
};

// kDamaged for a picture without pixels, else kTooLarge.
MediaOutcome SizeRefusal(std::uint64_t width, std::uint64_t height);

struct Decoded {
  MediaOutcome outcome = MediaOutcome::kDamaged;  // kHashed: every row has been given.
  bool complete = true;
};

Decoded DecodeJpeg(std::string_view bytes, PictureTarget& target);
Decoded DecodePng(std::string_view bytes, PictureTarget& target);
Decoded DecodeGif(std::string_view bytes, PictureTarget& target);
Decoded DecodeWebp(std::string_view bytes, PictureTarget& target);

}  // namespace porchlight::media
