#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "synthetic/dice.h"

// What kinds of report arrive, how often. The published figures are those of the centre's report for 2022; what it
// does not print (files per single report, countries, escalations) is a stated judgement of ours.
namespace porchlight::synthetic {

enum class Mix : std::uint8_t {
  kFaithful = 1,   // The proportions of 2022: 99.5 % of one category, three sex-tourism reports in 100,000.
  kShowcase = 2,   // Rare categories, escalations, chats and domestic reports raised until a short demo shows them.
};

enum class Category : std::uint8_t {
  kCsam = 1,
  kOnlineEnticement = 2,
  kSexTrafficking = 3,
  kSexualMolestation = 4,
  kSexTourism = 5,
  kMisleadingDomain = 6,
  kMisleadingWords = 7,
  kUnsolicitedMaterial = 8,
};
inline constexpr std::size_t kCategoryCount = 8;

enum class Source : std::uint8_t { kProvider = 1, kPublic = 2 };
enum class FileKind : std::uint8_t { kImage = 1, kVideo = 2, kOther = 3 };

// How the sender treats the report after opening it.
enum class Ending : std::uint8_t { kFinished = 1, kRetracted = 2, kLeftOpen = 3 };

// Everything decided about one report before any text is written.
struct Plan {
  std::uint64_t number = 0;          // Of the report in its run.
  std::uint64_t seed = 0;            // Of all further choices for this report.
  std::uint64_t run_seed = 0;        // Of the people and viral pictures shared by the run's reports.
  Category category = Category::kCsam;
  Source source = Source::kProvider;
  std::size_t provider = 0;          // Index into Providers().
  std::string_view country;          // Of the reported account; empty: not resolvable.
  std::vector<FileKind> files;
  Ending ending = Ending::kFinished;
  bool escalated = false;
  bool chat = false;                 // With the text of a conversation.
  bool viral = false;                // Batched, and its first file is one of a few that everybody reports.
  bool sextortion = false;
  bool repeated_account = false;     // With numbers of earlier reports.
  bool submitted_twice = false;      // The sender repeats the whole submit, leaving the first report unfinished.
};

// Makes plans. Report `number` of a seed is always the same. Immutable, safe to share between threads.
class PlanMaker {
 public:
  PlanMaker(Mix mix, std::uint64_t seed);

  Plan PlanOf(std::uint64_t number) const;
  // The same report as if a provider had sent it: for those who send over the reporting API only.
  Plan ProviderPlanOf(std::uint64_t number) const;

 private:
  Mix mix_;
  std::uint64_t seed_;
  WeightedTable categories_;
  WeightedTable sources_;
  WeightedTable file_counts_;
  WeightedTable file_kinds_;
  WeightedTable places_;
  WeightedTable providers_;
};

// Files in one report on average: 88,377,207 files in 32,059,029 reports (2022).
inline constexpr double kFilesPerReport = 2.757;

}  // namespace porchlight::synthetic
