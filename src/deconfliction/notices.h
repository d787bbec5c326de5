#pragma once

#include <string_view>
#include <vector>

#include "deconfliction/views.h"
#include "platform/store/database.h"

// From rows to what the two sides of a meeting, and the centre, are shown. `agencies` outlives it. Thread-safe.
namespace porchlight::deconfliction {

class Notices {
 public:
  explicit Notices(const AgencySource& agencies) : agencies_(agencies) {}

  // To the one of the two whose code is `agency`.
  Result<NoticeView> To(store::ReadTransaction& transaction, const Meeting& meeting, std::string_view agency) const;
  // All that the agency is to know before it acts on a report that it has; not what is settled.
  Result<std::vector<NoticeView>> OnReport(store::ReadTransaction& transaction, tipline::ReportId report, std::string_view agency) const;

  SideView Holder(const Interest& interest) const;
  // For the centre; names of accounts are the caller's to fill in.
  Result<MeetingView> ForCentre(store::ReadTransaction& transaction, const Meeting& meeting) const;

 private:
  Result<SideView> SideOf(store::ReadTransaction& transaction, std::string_view agency, InterestId interest) const;

  const AgencySource& agencies_;
};

}  // namespace porchlight::deconfliction
