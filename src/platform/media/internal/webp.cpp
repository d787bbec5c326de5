#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <vector>

#include "platform/media/internal/decode.h"

// WebP by libwebp: still pictures, and the first frame of moving ones on a black canvas.
namespace porchlight::media {
namespace {

MediaOutcome OutcomeOf(VP8StatusCode status) {
  if (status == VP8_STATUS_OUT_OF_MEMORY) return MediaOutcome::kTooLarge;
  if (status == VP8_STATUS_UNSUPPORTED_FEATURE) return MediaOutcome::kUnsupported;
  return MediaOutcome::kDamaged;
}

// Decodes a still picture to RGB at `out`, whose rows are `row_bytes` apart and which holds `out_bytes`.
VP8StatusCode DecodeStill(const std::uint8_t* data, std::size_t size, std::uint8_t* out, std::size_t out_bytes, std::size_t row_bytes) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) return VP8_STATUS_INVALID_PARAM;
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = out;
  config.output.u.RGBA.size = out_bytes;
  config.output.u.RGBA.stride = static_cast<int>(row_bytes);
  const VP8StatusCode status = WebPDecode(data, size, &config);
  WebPFreeDecBuffer(&config.output);
  return status;
}

struct Delete {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};

struct Frame {
  WebPIterator iterator{};
  ~Frame() { WebPDemuxReleaseIterator(&iterator); }
};

Decoded DecodeMoving(const std::uint8_t* data, std::size_t size, PictureTarget& target) {
  const WebPData whole{data, size};
  const std::unique_ptr<WebPDemuxer, Delete> demuxer(WebPDemux(&whole));
  if (demuxer == nullptr) return {};
  const std::uint32_t width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
  const std::uint32_t height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
  Frame frame;
  if (WebPDemuxGetFrame(demuxer.get(), 1, &frame.iterator) == 0) return {};
  const WebPIterator& first = frame.iterator;
  if (first.x_offset < 0 || first.y_offset < 0 || first.width <= 0 || first.height <= 0) return {};
  const auto left = static_cast<std::size_t>(first.x_offset);
  const auto top = static_cast<std::size_t>(first.y_offset);
  const auto frame_width = static_cast<std::size_t>(first.width);
  const auto frame_height = static_cast<std::size_t>(first.height);
  if (left + frame_width > width || top + frame_height > height) return {};
  WebPBitstreamFeatures inner{};
  if (WebPGetFeatures(first.fragment.bytes, first.fragment.size, &inner) != VP8_STATUS_OK) return {};
  if (inner.width != first.width || inner.height != first.height) return {};
  if (!target.Begin({width, height})) return {SizeRefusal(width, height), true};
  const std::size_t row_bytes = std::size_t{3} * width;
  std::vector<std::uint8_t> canvas(row_bytes * height);
  const std::size_t start = top * row_bytes + 3 * left;
  const VP8StatusCode status =
      DecodeStill(first.fragment.bytes, first.fragment.size, &canvas[start], canvas.size() - start, row_bytes);
  if (status != VP8_STATUS_OK) return {OutcomeOf(status), true};
  target.WholeRgb(canvas);
  return {MediaOutcome::kHashed, true};
}

}  // namespace

Decoded DecodeWebp(std::string_view bytes, PictureTarget& target) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features{};
  const VP8StatusCode looked = WebPGetFeatures(data, bytes.size(), &features);
  if (looked != VP8_STATUS_OK) return {OutcomeOf(looked), true};
  if (features.has_animation != 0) return DecodeMoving(data, bytes.size(), target);
  if (features.width <= 0 || features.height <= 0) return {};
  if (!target.Begin({static_cast<std::uint32_t>(features.width), static_cast<std::uint32_t>(features.height)})) {
    return {MediaOutcome::kTooLarge, true};
  }
  const std::size_t row_bytes = std::size_t{3} * target.size().width;
  std::vector<std::uint8_t> rgb(row_bytes * target.size().height);
  const VP8StatusCode status = DecodeStill(data, bytes.size(), rgb.data(), rgb.size(), row_bytes);
  if (status != VP8_STATUS_OK) return {OutcomeOf(status), true};
  target.WholeRgb(rgb);
  return {MediaOutcome::kHashed, true};
}

}  // namespace porchlight::media
