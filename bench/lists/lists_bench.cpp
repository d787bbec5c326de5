// How long the list of reports takes over a store of a given size: fills it, asks, removes it. Through the same code and
// the same prepared statements as the server, so what the engines make of them after some runs is part of the figures.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/clock.h"
#include "base/json.h"
#include "common/load_client.h"
#include "common/measurement.h"
#include "lists/filling.h"
#include "lists/place.h"
#include "lists/questions.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: porchlight_lists_bench --engine sqlite|postgres --rows N [--data DIR] [--statistics yes|no|both] [--runs 60]\n"
    "         [--only TEXT] [--keep yes] [--kept yes] [--json FILE]\n"
    "  --data: where SQLite's file goes. PORCHLIGHT_TEST_POSTGRES: conninfo; a database of our own is made there.\n"
    "  --statistics: whether ANALYZE has run on SQLite; PostgreSQL runs it by itself. --only: questions whose group or\n"
    "  name holds the text. --keep yes: the rows stay. --kept yes: those an earlier run left are asked.\n";

constexpr int kRunsMin = 30;
constexpr int kCountRunsMin = 5;
constexpr Duration kLongEnough = Duration::Seconds(20);   // For one question; fewer runs then, at least kRunsMin.

struct Request {
  std::string engine;
  std::string data;
  std::int64_t rows = 0;
  std::string statistics;
  int runs = 0;
  std::string only;
  bool keep = false;
  bool kept = false;
  std::string json;
};

struct Answered {
  std::string group;
  std::string name;
  double cold_ms = -1;                 // Below zero: could not be made cold.
  std::vector<double> warm_ms;
  std::int64_t items = 0;              // Of all warm runs.
  std::int64_t incomplete = 0;         // Warm runs that ended at the budget.

  double At(double share) const {
    if (warm_ms.empty()) return 0;
    std::vector<double> sorted = warm_ms;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
  }
};

template <class Work>
Result<double> MillisecondsOf(const Work& work) {
  const Duration begin = MonotonicNow();
  PL_TRY(work());
  return static_cast<double>(MonotonicNow().microseconds - begin.microseconds) / 1000;
}

Result<tipline::ReportPage> Ask(store::Database& database, const Asked& asked) {
  return database.Read([&](store::ReadTransaction& transaction) {
    return tipline::ListReports(transaction, asked.filter, asked.before, asked.count, tipline::ListBudget{});
  });
}

class Measuring {
 public:
  Measuring(const Place& place, const Filled& filled) : place_(place), filled_(filled) {}

  // The very first time on a new connection, nothing in the operating system's cache.
  Result<void> Cold(const Question& question, Answered& answered) {
    if (!place_.CanBeCold()) return {};
    const std::unique_ptr<store::Database> database = PL_TRY(place_.Open());
    PL_TRY(database->Ping());
    PL_TRY(place_.MakeCold());
    const Asked asked = question.make(dice_, filled_);
    answered.cold_ms = PL_TRY(MillisecondsOf([&] { return Ask(*database, asked); }));
    return {};
  }

  // A connection of its own for each question: PostgreSQL plans the first runs of a statement one by one, then for all.
  Result<void> Warm(const Question& question, Answered& answered) {
    const std::unique_ptr<store::Database> database = PL_TRY(place_.Open());
    Asked asked = question.make(dice_, filled_);
    PL_TRY(Ask(*database, asked));
    for (int page = 0; page < question.pages_before; ++page) {
      const tipline::ReportPage walked = PL_TRY(Ask(*database, asked));
      if (!walked.next_before) return {};  // The list is shorter than that.
      asked.before = walked.next_before;
    }
    const Duration end = {MonotonicNow().microseconds + kLongEnough.microseconds};
    for (int run = 0; run < question.runs && (run < kRunsMin || MonotonicNow() < end); ++run) {
      if (question.pages_before == 0) asked = question.make(dice_, filled_);
      const Duration begin = MonotonicNow();
      const tipline::ReportPage page = PL_TRY(Ask(*database, asked));
      answered.warm_ms.push_back(static_cast<double>(MonotonicNow().microseconds - begin.microseconds) / 1000);
      answered.items += static_cast<std::int64_t>(page.items.size());
      answered.incomplete += page.complete ? 0 : 1;
      if (question.pages_before != 0) {
        if (!page.next_before) return {};
        asked.before = page.next_before;
      }
    }
    return {};
  }

  Result<std::vector<Answered>> Counts(int runs) {
    const std::unique_ptr<store::Database> database = PL_TRY(place_.Open());
    const SystemClock clock;
    Answered first{"counts", "all sums anew", -1, {}, 0, 0};
    Answered again{"counts", "sums of old days kept", -1, {}, 0, 0};
    if (place_.CanBeCold()) {
      PL_TRY(place_.MakeCold());
      tipline::CountReader reader(*database, clock);
      first.cold_ms = PL_TRY(MillisecondsOf([&] { return reader.Read(); }));
      place_.MakeWarm();
    }
    const Duration end = {MonotonicNow().microseconds + kLongEnough.microseconds};
    for (int run = 0; run < runs && (run < kCountRunsMin || MonotonicNow() < end); ++run) {
      tipline::CountReader reader(*database, clock);
      first.warm_ms.push_back(PL_TRY(MillisecondsOf([&] { return reader.Read(); })));
      again.warm_ms.push_back(PL_TRY(MillisecondsOf([&] { return reader.Read(); })));
    }
    return std::vector<Answered>{std::move(first), std::move(again)};
  }

 private:
  const Place& place_;
  const Filled& filled_;
  synthetic::Dice dice_{7};
};

void Print(const Answered& one) {
  const double runs = one.warm_ms.empty() ? 1 : static_cast<double>(one.warm_ms.size());
  std::printf("%-16s %-50s %5zu %9.2f %9.2f %9.2f %9.2f %7.1f %6.0f%%\n", one.group.c_str(), one.name.c_str(), one.warm_ms.size(),
              one.cold_ms, one.At(0.5), one.At(0.99), one.At(1), static_cast<double>(one.items) / runs,
              100 * static_cast<double>(one.incomplete) / runs);
  std::fflush(stdout);
}

Result<std::vector<Answered>> MeasureAll(const Place& place, const Filled& filled, const Request& request) {
  Measuring measuring(place, filled);
  std::vector<Question> questions = AllQuestions(request.runs);
  std::erase_if(questions, [&](const Question& one) { return (one.group + ": " + one.name).find(request.only) == std::string::npos; });
  std::vector<Answered> all;
  for (const Question& question : questions) {
    all.push_back({question.group, question.name, -1, {}, 0, 0});
    PL_TRY(measuring.Cold(question, all.back()));
  }
  place.MakeWarm();
  std::printf("%-16s %-50s %5s %9s %9s %9s %9s %7s %7s\n", "group", "question", "runs", "cold ms", "p50 ms", "p99 ms", "max ms", "rows",
              "cut off");
  for (std::size_t index = 0; index < questions.size(); ++index) {
    PL_TRY(measuring.Warm(questions[index], all[index]));
    Print(all[index]);
  }
  for (Answered& one : PL_TRY(measuring.Counts(std::min(request.runs, 30)))) {
    Print(one);
    all.push_back(std::move(one));
  }
  return all;
}

struct Store {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  bool statistics = false;
};

Json ToJson(const std::vector<Answered>& all, const Request& request, const Store& store) {
  Json rows{Json::Array{}};
  for (const Answered& one : all) {
    Json row;
    row.Set("engine", request.engine).Set("statistics", store.statistics).Set("rows", store.rows).Set("bytes", store.bytes);
    row.Set("group", one.group).Set("name", one.name).Set("runs", static_cast<std::int64_t>(one.warm_ms.size()));
    row.Set("cold_ms", one.cold_ms).Set("p50_ms", one.At(0.5)).Set("p99_ms", one.At(0.99)).Set("max_ms", one.At(1));
    row.Set("items", one.items).Set("incomplete", one.incomplete);
    rows.Append(std::move(row));
  }
  return rows;
}

Result<Place> MakePlace(const Request& request) {
  const Rows rows = request.kept ? Rows::kKept : Rows::kNew;
  if (request.engine == "sqlite") return Place::OnDisk(request.data, rows);
  const char* conninfo = std::getenv("PORCHLIGHT_TEST_POSTGRES");
  const char* data = std::getenv("PORCHLIGHT_TEST_POSTGRES_DATA");
  if (conninfo == nullptr) return Error{ErrorCode::kInvalidArgument, "PORCHLIGHT_TEST_POSTGRES is not set.", {}, {}, 0};
  return Place::OnServer(conninfo, data == nullptr ? "" : data, rows);
}

Result<Json> FillAndMeasure(const Place& place, const Request& request) {
  const Duration begin = MonotonicNow();
  const auto seconds = [&] { return static_cast<double>(MonotonicNow().microseconds - begin.microseconds) / 1e6; };
  const auto progress = [&](std::int64_t done) {
    if (done % 1'000'000 == 0) std::fprintf(stderr, "%lld rows, %.0f s\n", static_cast<long long>(done), seconds());
  };
  const Filled filled = PL_TRY(request.kept ? FindFilled(place) : Fill(place, request.rows, SystemClock().Now(), progress));
  Json all{Json::Array{}};
  for (const bool statistics : {false, true}) {
    const bool postgres = place.engine() == store::Engine::kPostgres;
    if (postgres && !statistics) continue;
    if (!postgres && request.statistics != "both" && request.statistics != (statistics ? "yes" : "no")) continue;
    if (statistics) PL_TRY(GatherStatistics(place));
    const Store store{filled.rows, place.Bytes(), statistics};
    std::printf("%s, %lld rows, %s, %lld MB, ready after %.0f s\n", request.engine.c_str(), static_cast<long long>(store.rows),
                statistics ? "analysed" : "never analysed", static_cast<long long>(store.bytes / 1'000'000), seconds());
    const Json measured = ToJson(PL_TRY(MeasureAll(place, filled, request)), request, store);
    for (const Json& row : *measured.AsArray()) all.Append(row);
  }
  return all;
}

Result<void> Run(const Request& request) {
  const Place place = PL_TRY(MakePlace(request));
  const Result<Json> measured = FillAndMeasure(place, request);
  if (!request.keep) PL_TRY(place.Remove());
  if (!measured.ok()) return measured.error();
  if (request.json.empty()) return {};
  std::ofstream file(request.json);
  file << measured->SerializePretty() << "\n";
  if (!file.good()) return Error{ErrorCode::kUnavailable, "Cannot write " + request.json, {}, {}, 0};
  return {};
}

int Main(int count, char** values) {
  Options options(count, values, kUsage);
  Request request;
  request.engine = options.Text("engine", "");
  request.data = options.Text("data", "");
  request.rows = static_cast<std::int64_t>(options.Number("rows", 1'000'000));
  request.statistics = options.Text("statistics", "no");
  request.runs = static_cast<int>(options.Number("runs", 60));
  request.only = options.Text("only", "");
  request.keep = options.Text("keep", "no") == "yes";
  request.kept = options.Text("kept", "no") == "yes";
  request.json = options.Text("json", "");
  options.RefuseOthers();
  const bool known = (request.engine == "sqlite" && !request.data.empty()) || request.engine == "postgres";
  if (!known || request.rows < 20'000 || request.rows > 200'000'000 || request.runs < 1) {
    std::fputs(kUsage.data(), stderr);
    return 64;
  }
  const Result<void> done = Run(request);
  if (!done.ok()) std::fprintf(stderr, "%s %s\n", done.error().public_text.c_str(), done.error().operator_text.c_str());
  return done.ok() ? 0 : 1;
}

}  // namespace
}  // namespace porchlight::bench

int main(int count, char** values) { return porchlight::bench::Main(count, values); }
