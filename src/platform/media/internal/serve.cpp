#include "platform/media/internal/serve.h"

#include <unistd.h>

#include <cerrno>
#include <new>

#include "platform/media/internal/decode.h"
#include "platform/media/internal/sandbox.h"

namespace porchlight::media {
namespace {

constexpr int kSocket = 0;

bool ReadAll(std::string& out) {
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t count = read(kSocket, &out[done], out.size() - done);
    if (count == 0 || (count < 0 && errno != EINTR)) return false;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  return true;
}

bool WriteAll(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(kSocket, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Decoded Decode(MediaFormat format, std::string_view bytes, PictureTarget& target) {
  switch (format) {
    case MediaFormat::kJpeg: return DecodeJpeg(bytes, target);
    case MediaFormat::kPng: return DecodePng(bytes, target);
    case MediaFormat::kGif: return DecodeGif(bytes, target);
    case MediaFormat::kWebp: return DecodeWebp(bytes, target);
  }
  return {MediaOutcome::kUnsupported, true};
}

// What came out, as it goes over the socket. Memory that is not to be had is an answer too.
std::string Do(const Skills& skills, const Request& request) {
  const bool preview = request.task == Task::kPreview;
  try {
    std::string bytes(request.bytes, '\0');
    if (!ReadAll(bytes)) _exit(kExitNoRequest);
    return preview ? WritePreview(skills.preview(request, bytes)) : WriteAnswer(skills.hash(request, bytes));
  } catch (const std::bad_alloc&) {
    return preview ? WritePreview({MediaOutcome::kTooLarge, true, {}}) : WriteAnswer({MediaOutcome::kTooLarge, {}});
  }
}

Decoded DecodeInto(PictureTarget& target, std::string_view bytes) {
  const std::optional<MediaFormat> format = SniffFormat(bytes);
  return format ? Decode(*format, bytes, target) : Decoded{MediaOutcome::kUnsupported, true};
}

}  // namespace

Answer ExaminePicture(const Request& request, std::string_view bytes) {
  PictureTarget target = PictureTarget::ForHash(request.pixels_max, request.loader);
  const Decoded decoded = DecodeInto(target, bytes);
  if (decoded.outcome != MediaOutcome::kHashed) return {decoded.outcome, {}};
  return {MediaOutcome::kHashed, {SniffFormat(bytes).value(), target.size(), target.Finish(), decoded.complete}};
}

PreviewAnswer PreviewPicture(const Request& request, std::string_view bytes) {
  PictureTarget target = PictureTarget::ForPreview(request.pixels_max);
  const Decoded decoded = DecodeInto(target, bytes);
  if (decoded.outcome != MediaOutcome::kHashed) return {decoded.outcome, true, {}};
  PreviewAnswer answer{MediaOutcome::kHashed, decoded.complete, target.Shrunk()};
  Blur(answer.picture, request.blur);
  return answer;
}

void ServeOne(const Skills& skills) {
  std::string header(kRequestBytes, '\0');
  const std::optional<Request> request = ReadAll(header) ? ReadRequest(header) : std::nullopt;
  if (!request) _exit(kExitNoRequest);
  if (!EnterSandbox({request->memory_bytes_max, request->cpu_seconds_max})) _exit(kExitNoSandbox);
  WriteAll(Do(skills, *request));
  _exit(0);
}

}  // namespace porchlight::media
