#include "lists/questions.h"

namespace porchlight::bench {
namespace {

using synthetic::Dice;
using tipline::IncidentType;
using tipline::ReportFilter;
using tipline::ReportSource;
using tipline::ReportState;

constexpr std::int64_t kNobody = 999;          // An organisation that never reported.
constexpr std::int64_t kNewestRows = 5'000;    // The top of the list moves while reports arrive.
constexpr int kPooledFactor = 3;

using Narrow = std::function<void(ReportFilter& filter, Dice& dice, const Filled& filled)>;

std::int64_t NearTheTop(Dice& dice, const Filled& filled) { return filled.rows + 1 - dice.Between(0, kNewestRows); }
std::int64_t Anywhere(Dice& dice, const Filled& filled) { return dice.Between(1, filled.rows + 1); }

ReportState AnyState(Dice& dice) { return static_cast<ReportState>(dice.Between(1, 14)); }
IncidentType AnyType(Dice& dice) { return static_cast<IncidentType>(dice.Between(1, 8)); }

struct NamedFilter {
  std::string name;
  Narrow narrow;
};

std::vector<NamedFilter> StatesAndTypes() {
  std::vector<NamedFilter> all;
  for (const auto& [state, name] : EnumNames<ReportState>::kAll) {
    all.push_back({"state " + std::string(name), [state = state](ReportFilter& filter, Dice&, const Filled&) { filter.state = state; }});
  }
  for (const auto& [type, name] : EnumNames<IncidentType>::kAll) {
    all.push_back({"type " + std::string(name),
                   [type = type](ReportFilter& filter, Dice&, const Filled&) { filter.incident_type = type; }});
  }
  return all;
}

std::vector<NamedFilter> SourcesAndOrganisations() {
  std::vector<NamedFilter> all;
  for (const auto& [source, name] : EnumNames<ReportSource>::kAll) {
    all.push_back({"source " + std::string(name),
                   [source = source](ReportFilter& filter, Dice&, const Filled&) { filter.source = source; }});
  }
  const auto organisation = [&](const std::string& name, std::int64_t low, std::int64_t high) {
    all.push_back({"organisation, " + name, [low, high](ReportFilter& filter, Dice& dice, const Filled&) {
                     filter.organisation = dice.Between(low, high);
                   }});
  };
  organisation("the largest", 1, 1);
  organisation("one of the middle", 20, 100);
  organisation("one of the smallest", 250, kOrganisations);
  organisation("one that never reported", kNobody, kNobody);
  return all;
}

std::vector<NamedFilter> Flags() {
  std::vector<NamedFilter> all;
  for (const bool yes : {true, false}) {
    const auto flag = [&](const std::string& name, std::optional<bool> ReportFilter::* member) {
      all.push_back({name + (yes ? " yes" : " no"),
                     [yes, member](ReportFilter& filter, Dice&, const Filled&) { filter.*member = yes; }});
    };
    flag("urgent", &ReportFilter::urgent);
    flag("test", &ReportFilter::test);
    flag("batched", &ReportFilter::batched);
    flag("findings", &ReportFilter::has_findings);
    flag("files", &ReportFilter::has_files);
  }
  return all;
}

void AddFirstPages(std::vector<Question>& all, int runs) {
  all.push_back({"first page", "no filter, from the newest", [](Dice&, const Filled&) { return Asked{}; }, runs, 0});
  all.push_back({"first page", "no filter, 200 rows", [](Dice& dice, const Filled& filled) {
                   return Asked{{}, NearTheTop(dice, filled), 200};
                 }, runs, 0});
  for (auto filters : {StatesAndTypes(), SourcesAndOrganisations(), Flags()}) {
    for (const NamedFilter& one : filters) {
      all.push_back({"first page", one.name, [narrow = one.narrow](Dice& dice, const Filled& filled) {
                       Asked asked{{}, NearTheTop(dice, filled), 50};
                       narrow(asked.filter, dice, filled);
                       return asked;
                     }, runs, 0});
    }
  }
}

void AddAt(std::vector<Question>& all, const std::string& group, const std::string& name, int runs, const Narrow& narrow) {
  all.push_back({group, name, [narrow](Dice& dice, const Filled& filled) {
                   Asked asked{{}, Anywhere(dice, filled), 50};
                   narrow(asked.filter, dice, filled);
                   return asked;
                 }, runs, 0});
}

void AddAnywhere(std::vector<Question>& all, int runs) {
  const int pooled = runs * kPooledFactor;
  AddAt(all, "anywhere", "no filter", pooled, [](ReportFilter&, Dice&, const Filled&) {});
  AddAt(all, "anywhere", "any state", pooled, [](ReportFilter& filter, Dice& dice, const Filled&) { filter.state = AnyState(dice); });
  AddAt(all, "anywhere", "any type", pooled, [](ReportFilter& filter, Dice& dice, const Filled&) { filter.incident_type = AnyType(dice); });
  AddAt(all, "anywhere", "any organisation", pooled,
        [](ReportFilter& filter, Dice& dice, const Filled&) { filter.organisation = dice.Between(0, kOrganisations); });
  AddAt(all, "anywhere", "any flag", pooled, [](ReportFilter& filter, Dice& dice, const Filled& filled) {
    const std::vector<NamedFilter> flags = Flags();
    dice.Pick(flags).narrow(filter, dice, filled);
  });
  AddAt(all, "anywhere", "any filters together", pooled, [](ReportFilter& filter, Dice& dice, const Filled& filled) {
    if (dice.Permille(250)) filter.state = AnyState(dice);
    if (dice.Permille(250)) filter.incident_type = AnyType(dice);
    if (dice.Permille(250)) filter.organisation = dice.Between(0, kOrganisations);
    if (dice.Permille(250)) filter.urgent = dice.Permille(500);
    if (dice.Permille(250)) filter.batched = dice.Permille(500);
    if (dice.Permille(250)) filter.has_findings = dice.Permille(500);
    if (dice.Permille(250)) filter.received_from = filled.At(Anywhere(dice, filled));
    if (dice.Permille(250)) filter.received_to = filled.At(Anywhere(dice, filled));
  });
}

// Each way through the rows to the end of its budget, because another filter lets nothing pass.
void AddNothingMatches(std::vector<Question>& all, int runs) {
  const auto add = [&](const std::string& name, const Narrow& narrow) { AddAt(all, "nothing matches", name, runs, narrow); };
  const auto without_files = [](ReportFilter& filter) {
    filter.has_files = false;
    filter.has_findings = true;
  };
  add("urgent, files no, findings yes", [=](ReportFilter& filter, Dice&, const Filled&) {
    filter.urgent = true;
    without_files(filter);
  });
  add("test, files no, findings yes", [=](ReportFilter& filter, Dice&, const Filled&) {
    filter.test = true;
    without_files(filter);
  });
  add("batched, files no, findings yes", [=](ReportFilter& filter, Dice&, const Filled&) {
    filter.batched = true;
    without_files(filter);
  });
  add("state expired_unfinished, files no, findings yes", [=](ReportFilter& filter, Dice&, const Filled&) {
    filter.state = ReportState::kExpiredUnfinished;
    without_files(filter);
  });
  add("type enticement, files no, findings yes", [=](ReportFilter& filter, Dice&, const Filled&) {
    filter.incident_type = IncidentType::kEnticement;
    without_files(filter);
  });
  add("source public, files yes", [](ReportFilter& filter, Dice&, const Filled&) {
    filter.source = ReportSource::kPublic;
    filter.has_files = true;
  });
  add("any organisation, source public", [](ReportFilter& filter, Dice& dice, const Filled&) {
    filter.organisation = dice.Between(1, kOrganisations);
    filter.source = ReportSource::kPublic;
  });
  add("files no, findings yes", [=](ReportFilter& filter, Dice&, const Filled&) { without_files(filter); });
  add("every common filter, files no, findings yes", [=](ReportFilter& filter, Dice&, const Filled&) {
    filter.state = ReportState::kFinished;
    filter.incident_type = IncidentType::kCsam;
    filter.source = ReportSource::kPlatform;
    filter.urgent = filter.test = filter.batched = false;
    without_files(filter);
  });
}

void AddSpans(std::vector<Question>& all, int runs) {
  const auto add = [&](const std::string& name, Duration length, const std::function<void(ReportFilter&)>& narrow) {
    all.push_back({"span of time", name, [length, narrow](Dice& dice, const Filled& filled) {
                     Asked asked;
                     const Instant from = filled.At(Anywhere(dice, filled));
                     asked.filter.received_from = from;
                     asked.filter.received_to = from + length;
                     narrow(asked.filter);
                     return asked;
                   }, runs, 0});
  };
  const auto nothing = [](ReportFilter&) {};
  add("a minute", Duration::Minutes(1), nothing);
  add("a day", Duration::Days(1), nothing);
  add("a week", Duration::Days(7), nothing);
  add("a day, urgent", Duration::Days(1), [](ReportFilter& filter) { filter.urgent = true; });
  add("a week, source public", Duration::Days(7), [](ReportFilter& filter) { filter.source = ReportSource::kPublic; });
  add("a week, the largest organisation", Duration::Days(7), [](ReportFilter& filter) { filter.organisation = 1; });
  add("a day, files no, findings yes", Duration::Days(1), [](ReportFilter& filter) {
    filter.has_files = false;
    filter.has_findings = true;
  });
  add("before the first report", {0}, [](ReportFilter& filter) {
    filter.received_from.reset();
    filter.received_to = Instant{1};
  });
}

void AddDeepPages(std::vector<Question>& all, int runs) {
  constexpr int kPages = 1'000;
  const auto add = [&](const std::string& name, const std::function<void(ReportFilter&)>& narrow) {
    all.push_back({"deep page", "after 1,000 pages: " + name, [narrow](Dice&, const Filled&) {
                     Asked asked;
                     narrow(asked.filter);
                     return asked;
                   }, runs, kPages});
  };
  add("no filter", [](ReportFilter&) {});
  add("the largest organisation", [](ReportFilter& filter) { filter.organisation = 1; });
  add("batched", [](ReportFilter& filter) { filter.batched = true; });
}

}  // namespace

std::vector<Question> AllQuestions(int runs) {
  std::vector<Question> all;
  AddFirstPages(all, runs);
  AddAnywhere(all, runs);
  AddNothingMatches(all, runs);
  AddSpans(all, runs);
  AddDeepPages(all, runs);
  return all;
}

}  // namespace porchlight::bench
