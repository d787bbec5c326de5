#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/media/media.h"

// What goes over the socket between the server and one worker: a request of fixed size, the file's bytes, an answer whose
// size the request bounds. Numbers have their low byte first. The worker trusts the request, never the bytes; the server trusts
// neither form nor content of the answer.
namespace porchlight::media {

enum class Task : std::uint8_t { kHash = 1, kPreview = 2 };

struct Request {
  fingerprint::PdqLoader loader = fingerprint::PdqLoader::kFullSize;
  std::uint64_t pixels_max = 0;
  std::uint64_t memory_bytes_max = 0;
  std::uint32_t cpu_seconds_max = 0;
  std::uint64_t bytes = 0;  // Of the file that follows.
  Task task = Task::kHash;
  PreviewBlur blur = PreviewBlur::kStrong;
  bool operator==(const Request&) const = default;
};
inline constexpr std::size_t kRequestBytes = 4 + 1 + 8 + 8 + 4 + 8 + 1 + 1;
std::string WriteRequest(const Request& request);
std::optional<Request> ReadRequest(std::string_view bytes);

struct Answer {
  MediaOutcome outcome = MediaOutcome::kCrashed;
  Picture picture;  // Counts when kHashed.
};
inline constexpr std::size_t kAnswerBytes = 4 + 4 + 4 + fingerprint::kPdqTurns * fingerprint::PdqHash::kBytes;
std::string WriteAnswer(const Answer& answer);
// Nothing when it is not an answer that an honest worker can give to a request with this limit.
std::optional<Answer> ReadAnswer(std::string_view bytes, std::uint64_t pixels_max);

// To Task::kPreview: a head of fixed size, then width x height samples.
struct PreviewAnswer {
  MediaOutcome outcome = MediaOutcome::kCrashed;
  bool complete = true;
  GreyPicture picture;  // Counts when kHashed: every row was read.
};
inline constexpr std::size_t kPreviewHeadBytes = 2 + 2 + 2;
std::string WritePreview(const PreviewAnswer& answer);
// How many samples follow the head. Nothing when it is none that an honest worker can give.
std::optional<std::size_t> SamplesAfter(std::string_view head);
// Head and samples. Nothing, likewise.
std::optional<PreviewAnswer> ReadPreview(std::string_view bytes);

// Exit statuses of the worker; after an answer it is 0.
inline constexpr int kExitNoRequest = 64;
inline constexpr int kExitNoSandbox = 71;

}  // namespace porchlight::media
