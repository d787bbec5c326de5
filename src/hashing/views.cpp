#include "hashing/views.h"

#include <algorithm>
#include <map>

#include "hashing/look_rows.h"
#include "tipline/report_store.h"
#include "tipline/reported_pictures.h"

namespace porchlight::hashing {

namespace {

using tipline::ReportId;

constexpr int kPicturesMax = 100;
constexpr int kNearMax = 20;
constexpr int kLooksMax = 2'000;           // Of a group, to choose the nearest from.

struct NearLook {
  int distance = 0;
  LookId look;
  auto operator<=>(const NearLook&) const = default;
};

Result<std::vector<NearLook>> NearestLooks(store::ReadTransaction& transaction, GroupId group, const fingerprint::PdqHash& hash) {
  std::vector<NearLook> all;
  for (const GroupId part : PL_TRY(rows::PartsOf(transaction, group))) {
    const int room = kLooksMax - static_cast<int>(all.size());
    if (room <= 0) break;
    for (const rows::LookRow& look : PL_TRY(rows::LooksOf(transaction, part, room))) {
      all.push_back({fingerprint::Distance(hash, look.hash), look.id});
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

Result<void> AddNear(store::ReadTransaction& transaction, ReportId report, std::string_view sha256, LookId own, PictureView& view) {
  const Group group = PL_TRY(rows::GroupOf(transaction, own));
  view.alike_files = group.files - 1;
  if (group.files < 2) return {};
  const fingerprint::PdqHash hash = PL_TRY(rows::HashOf(transaction, own));
  std::map<ReportId, std::size_t> place;
  for (const NearLook& look : PL_TRY(NearestLooks(transaction, group.id, hash))) {
    for (const rows::FileRow& file : PL_TRY(rows::FilesWith(transaction, look.look, kNearMax * 2))) {
      const ReportId other = tipline::ReportOf(file.file);
      if (other == report) continue;
      const auto [found, fresh] = place.try_emplace(other, view.near.size());
      if (fresh && view.near.size() >= kNearMax) return {};
      if (fresh) view.near.push_back({other, look.distance, false});
      NearView& near = view.near[found->second];
      near.same_bytes = near.same_bytes || file.sha256 == sha256;
    }
  }
  return {};
}

Result<PictureView> PictureOf(store::ReadTransaction& transaction, ReportId report, const tipline::ReportedPicture& file) {
  PictureView view;
  view.file = file.file;
  if (!PL_TRY(rows::IsExamined(transaction, file.file))) return view;
  const std::optional<Content> content = PL_TRY(rows::FindContent(transaction, file.sha256));
  if (!content) return view;
  view.outcome = content->outcome;
  if (content->outcome != media::MediaOutcome::kHashed) return view;
  view.format = content->format;
  view.width = content->width;
  view.height = content->height;
  view.complete = content->complete;
  view.quality = content->quality;
  view.compared = content->look.has_value();
  if (content->look) PL_TRY(AddNear(transaction, report, file.sha256, *content->look, view));
  return view;
}

}  // namespace

Result<PicturesView> PicturesOf(store::ReadTransaction& transaction, ReportId report) {
  PL_TRY(tipline::FindReport(transaction, report));
  PicturesView view;
  view.report_id = report;
  const auto files = PL_TRY(
      tipline::ListPictures(transaction, tipline::FirstFile(report), tipline::EndOfFiles(report), kPicturesMax));
  for (const tipline::ReportedPicture& file : files) view.items.push_back(PL_TRY(PictureOf(transaction, report, file)));
  view.examined = std::all_of(view.items.begin(), view.items.end(), [](const PictureView& one) { return one.outcome.has_value(); });
  return view;
}

}  // namespace porchlight::hashing
