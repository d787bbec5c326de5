#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "synthetic/mix.h"
#include "synthetic/pictures.h"

// Turns a plan into what a provider sends: the report document, its files, and a document about each file. Pure: the
// same plan and moment give the same bytes.
namespace porchlight::synthetic {

struct Moment {
  Instant now;                                   // Every time in the documents lies before it.
  std::vector<std::int64_t> earlier_reports;     // Numbers of finished reports, for repeated accounts; may be empty.
};

// Valid against the published schema, root `report`.
std::string WriteReport(const Plan& plan, const Moment& moment);

struct SyntheticFile {
  FileKind kind = FileKind::kImage;
  std::string name;                              // "IMG_0412.jpg"
  std::string media_type;
  std::string bytes;
};
// `index` is below plan.files.size(). `picture_bytes_target` as in PictureOptions.
SyntheticFile MakeFile(const Plan& plan, std::size_t index, std::size_t picture_bytes_target = 0);

// Whether this provider would describe this file at all.
bool DescribesFile(const Plan& plan, std::size_t index);

struct FileReference {
  std::int64_t report_id = 0;
  std::string file_id;                           // As the server gave it.
  std::size_t index = 0;
};
// Valid against the published schema, root `fileDetails`.
std::string WriteFileDetails(const Plan& plan, const FileReference& reference, const SyntheticFile& file,
                             const Moment& moment);

// A report from the public, as its form asks; nothing but words. Empty texts were left blank.
struct PublicReport {
  Category category = Category::kCsam;
  std::string what_happened;
  std::string where;                             // A web address or the name of a platform.
  std::string account;                           // Handle of whoever is reported.
  std::string country;
  std::string reporter_name;                     // Empty: anonymous.
  std::string reporter_email;
  bool child_in_danger = false;
};
PublicReport WritePublicReport(const Plan& plan);

}  // namespace porchlight::synthetic
