#pragma once

#include <string>
#include <vector>

#include "evidence/views.h"
#include "referrals/content_views.h"
#include "tipline/content.h"
#include "triage/tip.h"

// From stored rows to what agencies are given. Pure. Nothing of the reporting person of a public report is in it (V5).
namespace porchlight::referrals {

struct ContentSources {
  const tipline::FiledReport& filed;
  const triage::Tip& tip;
  const std::vector<std::string>& priority_rules;                 // In words.
  const std::vector<evidence::FileGateView>& gates;               // Of the report's files.
  const Decision& decision;                                       // The one that gave the agency the report.
  const std::string& platform_name;
};
ReportContentView ContentOf(const ContentSources& sources);

PlaceReasonView ViewOf(const PlaceEvidence& evidence);

// Name of the file's entry in a package: by its number and what its bytes are, never as it was sent.
std::string EntryNameOf(int number, std::string_view media_type);

// The same data as XML: members are elements, lists hold one element each time under the member's name.
std::string XmlOf(const Json& json, std::string_view root);

}  // namespace porchlight::referrals
