#include <algorithm>
#include <string>

#include "base/text.h"
#include "tipline/internal/facts.h"
#include "tipline/internal/field_rules.h"

namespace porchlight::tipline::internal {
namespace {

using xml::Element;

Answer AnswerOf(Element element) {
  if (!element) return Answer::kMissing;
  const std::string text = element.Text();
  const std::string_view value = TrimXml(text);
  return value == "true" || value == "1" ? Answer::kYes : Answer::kNo;
}

// xs:token: white space collapsed. Inside an id there is none to collapse.
std::string TokenOf(Element element) { return std::string(TrimXml(element.Text())); }

void CheckViewed(Element details, const wire::FileFacts& facts, std::vector<wire::Problem>& problems) {
  if (facts.exif_viewed_by_esp == Answer::kYes && facts.viewed_by_esp != Answer::kYes) {
    problems.push_back(ProblemAt(details.Child("exifViewedByEsp"), "file.exif_without_file",
                                 "true needs fileViewedByEsp to be true as well."));
  }
}

// Only a file that is the reason for the report can be classified or be a meme. Refused here and not at finish, where
// some clients do not look at the answer.
void CheckSupplemental(Element details, const wire::FileFacts& facts, std::vector<wire::Problem>& problems) {
  if (!facts.supplemental) return;
  constexpr std::string_view kSentence = "a 'Supplemental Reported' file may carry neither a meme mark nor an industryClassification.";
  if (const Element classification = details.Child("industryClassification")) {
    problems.push_back(ProblemAt(classification, "file.supplemental", kSentence));
  }
  const Element plain = details.Child("potentialMeme");
  const Element annotations = details.Child("fileAnnotations");
  const Element flag = annotations ? annotations.Child("potentialMeme") : Element();
  if (AnswerOf(plain) == Answer::kYes) problems.push_back(ProblemAt(plain, "file.supplemental", kSentence));
  if (flag) problems.push_back(ProblemAt(flag, "file.supplemental", kSentence));
}

// The digest's length must fit its algorithm; unknown algorithms are not judged.
bool DigestFits(std::string_view type, std::string_view digest) {
  std::string name;
  for (const char c : LowerAscii(type)) {
    if (c != '-' && c != '_' && c != ' ') name += c;
  }
  const std::size_t digits = name == "md5" ? 32 : name == "sha1" ? 40 : name == "sha256" ? 64 : name == "sha512" ? 128 : 0;
  if (digits == 0) return !digest.empty();
  return digest.size() == digits && std::all_of(digest.begin(), digest.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

void GatherAnnotations(Element details, wire::FileFacts& facts) {
  if (const Element annotations = details.Child("fileAnnotations")) {
    for (const Element flag : annotations.Children()) facts.annotations.emplace_back(flag.Name());
  }
  if (AnswerOf(details.Child("potentialMeme")) == Answer::kYes) facts.annotations.emplace_back("potentialMeme");
}

void NoteAbsences(Element details, const wire::FileFacts& facts, Notes& notes) {
  if (facts.viewed_by_esp == Answer::kMissing) notes.Add("no_file_viewed_flag", details);
  if (facts.publicly_available == Answer::kMissing) notes.Add("no_publicly_available_flag", details);
  if (!facts.has_original_hash) notes.Add("no_original_hash", details);
  if (!facts.has_ip) notes.Add("no_upload_ip", details);
  if (!facts.uploaded_at) notes.Add("no_upload_time", details);
  if (facts.original_name.Reveal().empty()) notes.Add("no_original_name", details);
  const bool judged = !facts.industry_classification.empty() || !facts.annotations.empty();
  if (!facts.supplemental && !judged) notes.Add("no_classification", details);
}

}  // namespace

wire::FileFacts GatherFile(Element details, Notes& notes, std::vector<wire::Problem>& problems) {
  wire::FileFacts facts;
  facts.report_id = ParseInteger(TokenOf(details.Child("reportId"))).value_or(0);
  facts.wire_file_id = TokenOf(details.Child("fileId"));
  const Element original_name = details.Child("originalFileName");
  if (original_name) facts.original_name = Sensitive<std::string>(original_name.Text());
  facts.viewed_by_esp = AnswerOf(details.Child("fileViewedByEsp"));
  facts.exif_viewed_by_esp = AnswerOf(details.Child("exifViewedByEsp"));
  facts.publicly_available = AnswerOf(details.Child("publiclyAvailable"));
  const Element relevance = details.Child("fileRelevance");
  facts.supplemental = relevance && relevance.Text() == "Supplemental Reported";
  const Element classification = details.Child("industryClassification");
  if (classification) facts.industry_classification = classification.Text();
  GatherAnnotations(details, facts);
  facts.has_ip = static_cast<bool>(details.Child("ipCaptureEvent"));
  for (const Element child : details.Children()) {
    if (child.Name() != "originalFileHash") continue;
    const std::string text = child.Text();
    facts.has_original_hash = facts.has_original_hash || !TrimXml(text).empty();
    if (!DigestFits(child.Attribute("hashType").value_or(""), TrimXml(text))) notes.Add("hash_invalid", child);
  }
  if (const Element uploaded = details.Child("uploadedToEspTimestamp")) {
    const Result<OffsetInstant> time = ParseDateTime(uploaded.Text());
    if (time.ok()) facts.uploaded_at = *time;
  }
  CheckViewed(details, facts, problems);
  CheckSupplemental(details, facts, problems);
  NoteAbsences(details, facts, notes);
  return facts;
}

}  // namespace porchlight::tipline::internal
