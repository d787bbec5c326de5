#include "validation/documents.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "synthetic/mix.h"
#include "synthetic/report_writer.h"

namespace porchlight::bench {
namespace {

constexpr std::uint64_t kFaithfulReports = 6'000;
constexpr std::uint64_t kShowcaseReports = 2'000;   // Chats and escalations make the large ones.
constexpr std::size_t kSetSize = 64;
constexpr std::size_t kUsualBytes = 5'000;
constexpr std::size_t kLargeBytes = 100'000;
constexpr std::size_t kLargeSetSize = 4;

std::size_t Distance(std::size_t one, std::size_t other) { return one < other ? other - one : one - other; }

// The documents whose size is nearest to `bytes`.
std::vector<std::string> Nearest(std::vector<std::string> all, std::size_t bytes) {
  const auto nearer = [&](const std::string& one, const std::string& other) {
    return Distance(one.size(), bytes) < Distance(other.size(), bytes);
  };
  std::partial_sort(all.begin(), all.begin() + kSetSize, all.end(), nearer);
  all.resize(kSetSize);
  return all;
}

// From the first start tag to the last end tag of that name; empty if there is none.
std::string_view Blocks(std::string_view document, std::string_view name) {
  const std::string end_tag = "</" + std::string(name) + ">";
  const std::size_t begin = document.find("<" + std::string(name) + ">");
  const std::size_t end = document.rfind(end_tag);
  if (begin == std::string_view::npos || end == std::string_view::npos) return {};
  return document.substr(begin, end + end_tag.size() - begin);
}

// No single report of the synthetic room is large, so the people and places of many are put into one.
std::string Large(const std::vector<std::string>& reports, std::size_t first) {
  static constexpr auto kNames = std::to_array<std::string_view>({"internetDetails", "personOrUserReported"});
  const auto whole = [&](const std::string& one) {
    return std::all_of(kNames.begin(), kNames.end(), [&](std::string_view name) { return !Blocks(one, name).empty(); });
  };
  while (!whole(reports[first])) ++first;
  std::string large = reports[first];
  for (std::size_t next = first + 1; large.size() < kLargeBytes && next < reports.size(); ++next) {
    for (const std::string_view name : kNames) {
      const std::string_view have = Blocks(large, name);
      const auto end = static_cast<std::size_t>(have.data() - large.data()) + have.size();
      large.insert(end, Blocks(reports[next], name));
    }
  }
  return large;
}

std::vector<std::string> First(std::vector<std::string> all) {
  all.resize(kSetSize);
  return all;
}

}  // namespace

std::size_t DocumentSet::BytesMean() const {
  const std::size_t total = std::accumulate(documents.begin(), documents.end(), std::size_t{0},
                                            [](std::size_t sum, const std::string& one) { return sum + one.size(); });
  return total / documents.size();
}

std::vector<DocumentSet> MakeDocumentSets(std::uint64_t seed, Instant now) {
  const synthetic::PlanMaker faithful(synthetic::Mix::kFaithful, seed);
  const synthetic::PlanMaker showcase(synthetic::Mix::kShowcase, seed);
  const synthetic::Moment moment{now, {1'000'017, 1'000'042}};
  std::vector<std::string> reports;
  std::vector<std::string> details;
  const auto write = [&](synthetic::Plan plan) {
    reports.push_back(synthetic::WriteReport(plan, moment));
    plan.files.assign(1, synthetic::FileKind::kImage);
    const synthetic::SyntheticFile file{synthetic::FileKind::kImage, "IMG_0001.jpg", "image/jpeg", "stand-in"};
    details.push_back(synthetic::WriteFileDetails(plan, {1'000'000, "f0123456789abcdef0123456789abcde", 0}, file, moment));
  };
  for (std::uint64_t number = 0; number < kFaithfulReports; ++number) write(faithful.ProviderPlanOf(number));
  std::vector<DocumentSet> sets;
  sets.push_back({"report, as they arrive", DocumentKind::kReport, First(reports)});
  sets.push_back({"file details, as they arrive", DocumentKind::kFileDetails, First(details)});
  for (std::uint64_t number = 0; number < kShowcaseReports; ++number) write(showcase.ProviderPlanOf(number));
  std::vector<std::string> large;
  for (std::size_t at = 0; at < kLargeSetSize; ++at) large.push_back(Large(reports, at * reports.size() / kLargeSetSize));
  sets.insert(sets.begin(), {{"report, smallest", DocumentKind::kReport, Nearest(reports, 0)},
                             {"report, about 5 KB", DocumentKind::kReport, Nearest(reports, kUsualBytes)},
                             {"report, 100 KB", DocumentKind::kReport, std::move(large)}});
  return sets;
}

}  // namespace porchlight::bench
