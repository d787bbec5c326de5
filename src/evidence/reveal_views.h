#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "evidence/revealing.h"

// What /api/v1 shows of reveals. The preview itself is the only content that this server ever sends to a browser: small, grey,
// and as blurred as asked.
namespace porchlight::evidence {

struct RevealRequest {
  std::string purpose;
  std::optional<media::PreviewBlur> blur;
  static constexpr std::string_view kRecordName = "RevealRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("purpose", &RevealRequest::purpose, Visibility::kPublic, "A code of the list audit_purposes."),
        Describe("blur", &RevealRequest::blur, Visibility::kPublic, "How blurred; absent: strong. `none` is counted apart."));
  }
};

struct ExposureView {
  std::int64_t reveals = 0;
  std::int64_t files = 0;
  std::int64_t unblurred = 0;
  std::int64_t seconds = 0;
  std::int64_t files_max = 0;
  std::int64_t seconds_max = 0;
  bool near = false;
  bool reached = false;
  static constexpr std::string_view kRecordName = "Exposure";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("reveals", &ExposureView::reveals, Visibility::kCentre, "Previews shown since midnight UTC; each step of blur is one."),
        Describe("files", &ExposureView::files, Visibility::kCentre, "Of how many different files."),
        Describe("unblurred", &ExposureView::unblurred, Visibility::kCentre, "Of the previews, those without any blur."),
        Describe("seconds", &ExposureView::seconds, Visibility::kCentre, "How long they were on the screen, at the most."),
        Describe("files_max", &ExposureView::files_max, Visibility::kCentre, "How many files there may be in a day."),
        Describe("seconds_max", &ExposureView::seconds_max, Visibility::kCentre, "How long they may be on the screen in a day."),
        Describe("near", &ExposureView::near, Visibility::kCentre, "Four fifths of either is used up."),
        Describe("reached", &ExposureView::reached, Visibility::kCentre, "No further file is revealed today."));
  }
};

struct RevealView {
  RevealId reveal;
  tipline::FileId file;
  media::PreviewBlur blur = media::PreviewBlur::kStrong;
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool complete = true;
  std::string png;
  std::int64_t hide_after_seconds = 0;
  std::int64_t file_reveals = 0;
  ExposureView exposure;
  static constexpr std::string_view kRecordName = "Reveal";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("reveal", &RevealView::reveal, Visibility::kCentre, "Number of this reveal; to be ended when it is closed."),
        Describe("file", &RevealView::file, Visibility::kCentre, "Our number of the file."),
        Describe("blur", &RevealView::blur, Visibility::kCentre, "As asked."),
        Describe("width", &RevealView::width, Visibility::kCentre, "Pixels of the preview, 480 at most."),
        Describe("height", &RevealView::height, Visibility::kCentre, "Likewise."),
        Describe("complete", &RevealView::complete, Visibility::kCentre, "False when the file is cut off or faulty."),
        Describe("png", &RevealView::png, Visibility::kRestricted, "The preview, grey, of the first frame: a PNG file in Base64."),
        Describe("hide_after_seconds", &RevealView::hide_after_seconds, Visibility::kCentre, "Take it off the screen after that."),
        Describe("file_reveals", &RevealView::file_reveals, Visibility::kCentre, "How often this file was revealed, by anybody."),
        Describe("exposure", &RevealView::exposure, Visibility::kCentre, "What the caller has been shown today."));
  }
};

struct ExposureDayView {
  std::string day;
  std::int64_t people = 0;
  std::optional<std::int64_t> reveals;
  std::optional<std::int64_t> files;
  std::optional<std::int64_t> unblurred;
  std::optional<std::int64_t> seconds;
  std::optional<std::int64_t> near;
  static constexpr std::string_view kRecordName = "ExposureDay";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("day", &ExposureDayView::day, Visibility::kPublic, "In UTC."),
        Describe("people", &ExposureDayView::people, Visibility::kPublic, "How many people were shown previews."),
        Describe("reveals", &ExposureDayView::reveals, Visibility::kPublic, "In all; null when of too few people."),
        Describe("files", &ExposureDayView::files, Visibility::kPublic, "Likewise; a file counts once for each person."),
        Describe("unblurred", &ExposureDayView::unblurred, Visibility::kPublic, "Likewise, without any blur."),
        Describe("seconds", &ExposureDayView::seconds, Visibility::kPublic, "Likewise, on the screen."),
        Describe("near", &ExposureDayView::near, Visibility::kPublic, "Likewise: people who came near their limit."));
  }
};

struct PersonExposureView {
  std::int64_t account = 0;
  std::string login;
  ExposureView exposure;
  static constexpr std::string_view kRecordName = "PersonExposure";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("account", &PersonExposureView::account, Visibility::kCentre, "Whose."),
                           Describe("login", &PersonExposureView::login, Visibility::kCentre, "Their login."),
                           Describe("exposure", &PersonExposureView::exposure, Visibility::kCentre, "Since midnight UTC."));
  }
};

struct ExposureOverview {
  std::vector<ExposureDayView> days;
  std::vector<PersonExposureView> people;
  static constexpr std::string_view kRecordName = "ExposureOverview";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("days", &ExposureOverview::days, Visibility::kPublic, "The last 14 that had any, newest first."),
        Describe("people", &ExposureOverview::people, Visibility::kCentre, "Today's, by person; the welfare lead does not see them."));
  }
};

ExposureView ViewOf(const Exposure& exposure, const ExposureLimits& limits);

}  // namespace porchlight::evidence
