#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lists/filling.h"
#include "synthetic/dice.h"
#include "tipline/report_store.h"

// What an analyst asks of the list, each with parameters that differ from run to run.
namespace porchlight::bench {

struct Asked {
  tipline::ReportFilter filter;
  std::optional<std::int64_t> before;
  int count = 50;
};

struct Question {
  std::string group;                   // "first page", "anywhere", "nothing matches", "span of time", "deep page"
  std::string name;
  std::function<Asked(synthetic::Dice& dice, const Filled& filled)> make;
  int runs = 0;                        // Of the warm ones.
  int pages_before = 0;                // Walked by key first; each run is then the page after the one before it.
};

std::vector<Question> AllQuestions(int runs);

}  // namespace porchlight::bench
