// Goal: no bytes make a decoder write or read where it must not, what is hashed has the form of a hash, and a preview is
// within its size. Here the
// decoders run in this process, without the sandbox, so that sanitizers see them. Requests and answers of the wire are
// read, and what is accepted is written back the same.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "platform/media/grey_png.h"
#include "platform/media/internal/serve.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace porchlight::media;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Request request;
  request.pixels_max = 1 << 18;
  const Answer answer = ExaminePicture(request, bytes);
  const std::string written = WriteAnswer(answer);
  const std::optional<Answer> read = ReadAnswer(written, request.pixels_max);
  PL_CHECK(read.has_value() && WriteAnswer(*read) == written);
  if (answer.outcome == MediaOutcome::kHashed) PL_CHECK(answer.picture.format == SniffFormat(bytes));

  request.blur = size % 2 == 0 ? PreviewBlur::kStrong : PreviewBlur::kNone;
  const std::string shown = WritePreview(PreviewPicture(request, bytes));
  const std::optional<PreviewAnswer> preview = ReadPreview(shown);
  PL_CHECK(preview.has_value() && WritePreview(*preview) == shown && preview->outcome == answer.outcome);
  if (preview->outcome == MediaOutcome::kHashed) PL_CHECK(!WriteGreyPng(preview->picture).empty());

  const std::optional<Request> asked = ReadRequest(bytes.substr(0, kRequestBytes));
  if (asked) PL_CHECK(WriteRequest(*asked) == bytes.substr(0, kRequestBytes));
  const std::optional<Answer> answered = ReadAnswer(bytes.substr(0, kAnswerBytes), request.pixels_max);
  if (answered) PL_CHECK(WriteAnswer(*answered) == bytes.substr(0, kAnswerBytes));
  const std::optional<PreviewAnswer> seen = ReadPreview(bytes);
  if (seen) PL_CHECK(WritePreview(*seen) == bytes);
  return 0;
}
