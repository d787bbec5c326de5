#include "platform/media/internal/wire.h"

namespace porchlight::media {
namespace {

constexpr std::string_view kMagic = "PLm2";

void Put(std::string& out, std::uint64_t value, int bytes) {
  for (int index = 0; index < bytes; ++index) out += static_cast<char>(value >> (8 * index) & 0xff);
}

std::uint64_t Take(std::string_view& in, int bytes) {
  std::uint64_t value = 0;
  for (int index = 0; index < bytes; ++index) {
    value |= std::uint64_t{static_cast<std::uint8_t>(in[static_cast<std::size_t>(index)])} << (8 * index);
  }
  in.remove_prefix(static_cast<std::size_t>(bytes));
  return value;
}

template <class E>
std::optional<E> Named(std::uint64_t number) {
  for (const auto& [value, name] : EnumNames<E>::kAll) {
    if (static_cast<std::uint64_t>(value) == number) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string WriteRequest(const Request& request) {
  std::string out(kMagic);
  Put(out, static_cast<std::uint64_t>(request.loader), 1);
  Put(out, request.pixels_max, 8);
  Put(out, request.memory_bytes_max, 8);
  Put(out, request.cpu_seconds_max, 4);
  Put(out, request.bytes, 8);
  Put(out, static_cast<std::uint64_t>(request.task), 1);
  Put(out, static_cast<std::uint64_t>(request.blur), 1);
  return out;
}

std::optional<Request> ReadRequest(std::string_view bytes) {
  if (bytes.size() != kRequestBytes || !bytes.starts_with(kMagic)) return std::nullopt;
  bytes.remove_prefix(kMagic.size());
  Request request;
  const std::uint64_t loader = Take(bytes, 1);
  if (loader != static_cast<std::uint64_t>(fingerprint::PdqLoader::kFullSize) &&
      loader != static_cast<std::uint64_t>(fingerprint::PdqLoader::kShrink512)) {
    return std::nullopt;
  }
  request.loader = static_cast<fingerprint::PdqLoader>(loader);
  request.pixels_max = Take(bytes, 8);
  request.memory_bytes_max = Take(bytes, 8);
  request.cpu_seconds_max = static_cast<std::uint32_t>(Take(bytes, 4));
  request.bytes = Take(bytes, 8);
  const std::uint64_t task = Take(bytes, 1);
  const std::optional<PreviewBlur> blur = Named<PreviewBlur>(Take(bytes, 1));
  if (!blur || (task != static_cast<std::uint64_t>(Task::kHash) && task != static_cast<std::uint64_t>(Task::kPreview))) return std::nullopt;
  request.task = static_cast<Task>(task);
  request.blur = *blur;
  return request;
}

std::string WriteAnswer(const Answer& answer) {
  std::string out;
  Put(out, static_cast<std::uint64_t>(answer.outcome), 1);
  Put(out, static_cast<std::uint64_t>(answer.picture.format), 1);
  Put(out, answer.picture.complete ? 1 : 0, 1);
  Put(out, static_cast<std::uint64_t>(answer.picture.pdq.quality), 1);
  Put(out, answer.picture.size.width, 4);
  Put(out, answer.picture.size.height, 4);
  for (const fingerprint::PdqHash& hash : answer.picture.pdq.turned) out += hash.Bytes();
  return out;
}

std::optional<Answer> ReadAnswer(std::string_view bytes, std::uint64_t pixels_max) {
  if (bytes.size() != kAnswerBytes) return std::nullopt;
  const std::optional<MediaOutcome> outcome = Named<MediaOutcome>(Take(bytes, 1));
  const std::optional<MediaFormat> format = Named<MediaFormat>(Take(bytes, 1));
  const std::uint64_t complete = Take(bytes, 1);
  const std::uint64_t quality = Take(bytes, 1);
  if (!outcome || !format || complete > 1 || quality > 100) return std::nullopt;
  Answer answer;
  answer.outcome = *outcome;
  answer.picture.format = *format;
  answer.picture.complete = complete == 1;
  answer.picture.pdq.quality = static_cast<int>(quality);
  answer.picture.size.width = static_cast<std::uint32_t>(Take(bytes, 4));
  answer.picture.size.height = static_cast<std::uint32_t>(Take(bytes, 4));
  for (fingerprint::PdqHash& hash : answer.picture.pdq.turned) {
    hash = fingerprint::PdqHash::FromBytes(bytes.substr(0, fingerprint::PdqHash::kBytes)).value();
    bytes.remove_prefix(fingerprint::PdqHash::kBytes);
  }
  const std::uint64_t pixels = std::uint64_t{answer.picture.size.width} * answer.picture.size.height;
  if (*outcome == MediaOutcome::kHashed && (pixels == 0 || pixels > pixels_max)) return std::nullopt;
  return answer;
}

std::string WritePreview(const PreviewAnswer& answer) {
  std::string out;
  Put(out, static_cast<std::uint64_t>(answer.outcome), 1);
  Put(out, answer.complete ? 1 : 0, 1);
  Put(out, answer.picture.size.width, 2);
  Put(out, answer.picture.size.height, 2);
  out.append(answer.picture.samples.begin(), answer.picture.samples.end());
  return out;
}

std::optional<std::size_t> SamplesAfter(std::string_view head) {
  if (head.size() != kPreviewHeadBytes) return std::nullopt;
  const std::optional<MediaOutcome> outcome = Named<MediaOutcome>(Take(head, 1));
  const std::uint64_t complete = Take(head, 1);
  const std::uint64_t width = Take(head, 2);
  const std::uint64_t height = Take(head, 2);
  if (!outcome || complete > 1 || width > kPreviewSideMax || height > kPreviewSideMax) return std::nullopt;
  const std::uint64_t samples = width * height;
  if ((*outcome == MediaOutcome::kHashed) != (samples > 0) || (samples == 0 && width + height > 0)) return std::nullopt;
  return static_cast<std::size_t>(samples);
}

std::optional<PreviewAnswer> ReadPreview(std::string_view bytes) {
  const std::optional<std::size_t> samples = SamplesAfter(bytes.substr(0, kPreviewHeadBytes));
  if (!samples || bytes.size() != kPreviewHeadBytes + *samples) return std::nullopt;
  PreviewAnswer answer;
  answer.outcome = *Named<MediaOutcome>(Take(bytes, 1));
  answer.complete = Take(bytes, 1) == 1;
  answer.picture.size.width = static_cast<std::uint32_t>(Take(bytes, 2));
  answer.picture.size.height = static_cast<std::uint32_t>(Take(bytes, 2));
  answer.picture.samples.assign(bytes.begin(), bytes.end());
  return answer;
}

}  // namespace porchlight::media
