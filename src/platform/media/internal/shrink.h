#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "platform/media/media.h"

// What makes a preview of a decoded picture. Called in the worker process only; the fuzzer is the exception.
namespace porchlight::media {

// Takes a picture row by row from the top and keeps only the averages of what becomes one pixel of the preview, as grey.
class GreyShrinker {
 public:
  // The longer side becomes `side_max` at most; a smaller picture keeps its size. No side may be 0.
  GreyShrinker(fingerprint::PictureSize from, std::uint32_t side_max);
  void AddGreyRow(std::span<const std::uint8_t> grey);
  void AddRgbRow(std::span<const std::uint8_t> rgb);
  // After the last row; earlier it ends the process.
  GreyPicture Finish() const;

 private:
  template <class Grey>
  void AddRow(const Grey& grey_at);

  fingerprint::PictureSize from_;
  fingerprint::PictureSize to_;
  std::vector<std::uint64_t> sums_;
  std::uint32_t row_ = 0;     // Next of the picture.
  std::uint32_t target_ = 0;  // Row of the preview that it is part of.
};

// In place; nothing for kNone.
void Blur(GreyPicture& picture, PreviewBlur blur);

}  // namespace porchlight::media
