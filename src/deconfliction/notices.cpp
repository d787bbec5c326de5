#include "deconfliction/notices.h"

#include "deconfliction/interest_rows.h"

namespace porchlight::deconfliction {

SideView Notices::Holder(const Interest& interest) const {
  return {interest.agency, agencies_.card(interest.agency).name, interest.reference, interest.contact_name, interest.contact_phone};
}

// Whoever has no interest is reached as the directory says.
Result<SideView> Notices::SideOf(store::ReadTransaction& transaction, std::string_view agency, InterestId interest) const {
  if (interest.value != 0) {
    const std::optional<Interest> found = PL_TRY(rows::FindInterest(transaction, interest));
    if (found) return Holder(*found);
  }
  const AgencyCard card = agencies_.card(agency);
  return SideView{card.code, card.name, {}, card.contact, card.phone};
}

Result<NoticeView> Notices::To(store::ReadTransaction& transaction, const Meeting& meeting, std::string_view agency) const {
  const bool holds = meeting.holder == agency;
  const InterestId mine = holds ? meeting.interest : meeting.other_interest;
  const SideView they =
      PL_TRY(holds ? SideOf(transaction, meeting.other, meeting.other_interest) : SideOf(transaction, meeting.holder, meeting.interest));
  NoticeView view;
  view.id = meeting.id;
  view.at = meeting.at;
  view.interest = mine;
  if (mine.value != 0) view.reference = PL_TRY(rows::FindInterest(transaction, mine)).value_or(Interest()).reference;
  if (meeting.report.value != 0) view.delivery = PL_TRY(agencies_.delivery_of(transaction, meeting.report, agency));
  view.agency_name = they.agency_name;
  view.contact_name = they.contact_name;
  view.contact_phone = they.contact_phone;
  view.state = meeting.state;
  view.outcome = meeting.outcome;
  return view;
}

Result<std::vector<NoticeView>> Notices::OnReport(store::ReadTransaction& transaction, tipline::ReportId report,
                                                  std::string_view agency) const {
  std::vector<NoticeView> views;
  for (const Meeting& meeting : PL_TRY(rows::MeetingsOf(transaction, report))) {
    const bool concerned = meeting.holder == agency || meeting.other == agency;
    if (concerned && meeting.state == MeetingState::kOpen) views.push_back(PL_TRY(To(transaction, meeting, agency)));
  }
  return views;
}

Result<MeetingView> Notices::ForCentre(store::ReadTransaction& transaction, const Meeting& meeting) const {
  MeetingView view;
  view.id = meeting.id;
  view.report_id = meeting.report;
  view.at = meeting.at;
  view.holder = PL_TRY(SideOf(transaction, meeting.holder, meeting.interest));
  view.other = PL_TRY(SideOf(transaction, meeting.other, meeting.other_interest));
  view.state = meeting.state;
  view.pauses = meeting.pauses;
  view.outcome = meeting.outcome;
  view.note = meeting.note;
  view.resolved_at = meeting.resolved_at;
  return view;
}

}  // namespace porchlight::deconfliction
