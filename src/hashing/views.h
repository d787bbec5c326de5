#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "hashing/look.h"

// What /api/v1 shows of how reported pictures look. Numbers and codes; never a hash, with which a picture could be looked up elsewhere.
namespace porchlight::hashing {

struct NearView {
  tipline::ReportId report_id;
  std::optional<int> distance;
  bool same_bytes = false;
  static constexpr std::string_view kRecordName = "NearPicture";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &NearView::report_id, Visibility::kCentre, "A report with a picture of the group."),
        Describe("distance", &NearView::distance, Visibility::kCentre,
                 "Bits of 256 in which its nearest picture differs: up to 31 is alike, more is joined by others between."),
        Describe("same_bytes", &NearView::same_bytes, Visibility::kCentre, "It has the very same file."));
  }
};

struct PictureView {
  tipline::FileId file;
  std::optional<media::MediaOutcome> outcome;
  std::optional<media::MediaFormat> format;
  std::optional<std::int64_t> width;
  std::optional<std::int64_t> height;
  std::optional<bool> complete;
  std::optional<int> quality;
  bool compared = false;
  std::int64_t alike_files = 0;
  std::vector<NearView> near;
  static constexpr std::string_view kRecordName = "ReportedPicture";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("file", &PictureView::file, Visibility::kCentre, "Our number of the file."),
        Describe("outcome", &PictureView::outcome, Visibility::kCentre, "How computing its hash ended; null: not yet."),
        Describe("format", &PictureView::format, Visibility::kCentre, "By its bytes."),
        Describe("width", &PictureView::width, Visibility::kCentre, "Pixels, as stored."),
        Describe("height", &PictureView::height, Visibility::kCentre, "Pixels, as stored."),
        Describe("complete", &PictureView::complete, Visibility::kCentre, "False when the file is cut off or faulty."),
        Describe("quality", &PictureView::quality, Visibility::kCentre, "How much there is to compare, 0 to 100."),
        Describe("compared", &PictureView::compared, Visibility::kCentre, "False when there is no hash, or too little to compare."),
        Describe("alike_files", &PictureView::alike_files, Visibility::kCentre, "Other files that look alike or are joined to it."),
        Describe("near", &PictureView::near, Visibility::kCentre, "Other reports that have them, nearest first, the first 20."));
  }
};

struct PicturesView {
  tipline::ReportId report_id;
  bool examined = false;
  std::vector<PictureView> items;
  static constexpr std::string_view kRecordName = "ReportPictures";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &PicturesView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("examined", &PicturesView::examined, Visibility::kCentre, "All of `items` are."),
        Describe("items", &PicturesView::items, Visibility::kCentre, "Its pictures, in the order of upload, the first 100."));
  }
};

// Errors: kNotFound.
Result<PicturesView> PicturesOf(store::ReadTransaction& transaction, tipline::ReportId report);

}  // namespace porchlight::hashing
