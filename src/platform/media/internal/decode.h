#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "platform/fingerprint/pdq.h"
#include "platform/media/media.h"

// Decoding, each library in its own file. Called in the worker process only; the fuzzer is the exception. May throw
// std::bad_alloc.
namespace porchlight::media {

// Where a decoder puts what it reads. It is asked before anything of the picture's size is allocated.
class PictureTarget {
 public:
  PictureTarget(std::uint64_t pixels_max, fingerprint::PdqLoader loader) : pixels_max_(pixels_max), loader_(loader) {}

  // Once, before the rows. False when it is over the limit or empty: the decoder stops with SizeRefusal.
  bool Begin(fingerprint::PictureSize size);
  void GreyRow(std::span<const std::uint8_t> grey) { hasher_->AddGreyRow(grey); }
  void RgbRow(std::span<const std::uint8_t> rgb) { hasher_->AddRgbRow(rgb); }
  // Rows without gaps, all of them.
  void WholeRgb(std::span<const std::uint8_t> rgb);

  fingerprint::PictureSize size() const { return size_; }
  fingerprint::Pdq Finish() { return hasher_->Finish(); }

 private:
  std::uint64_t pixels_max_;
  fingerprint::PdqLoader loader_;
  fingerprint::PictureSize size_;
  std::optional<fingerprint::PdqHasher> hasher_;
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
