// What checking one document costs, held against the bare parse of the same bytes by the same library in the same run.
#include <libxml/parser.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <latch>
#include <sstream>
#include <thread>

#include "base/clock.h"
#include "base/json.h"
#include "common/load_client.h"
#include "common/measurement.h"
#include "platform/xml/document.h"
#include "platform/xml/schema.h"
#include "tipline/wire.h"
#include "validation/documents.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: porchlight_validation_bench --xsd api/ispws.xsd [--repeats 15] [--milliseconds 40] [--json FILE]\n"
    "  Each figure is the median over that many repeats; in each repeat every way has its turn for that long.\n";

// What platform/xml asks of the library too.
constexpr int kBareOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_COMPACT;

// One way to look at a document; false: it was not accepted, which no document here deserves.
struct Way {
  std::string name;
  std::function<bool(std::size_t document)> look;
};

// Of one document on one thread, in microseconds. What else runs on the machine lengthens the first alone.
struct Cost {
  double wall = 0;
  double processor = 0;
};

struct Timing {
  std::string set;
  std::string way;
  int threads = 0;
  std::size_t bytes = 0;
  std::vector<Cost> costs;             // By repeat.
  bool accepted = true;

  double Median(double Cost::* member) const {
    std::vector<double> sorted;
    for (const Cost& one : costs) sorted.push_back(one.*member);
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
};

bool ParseBare(const std::string& bytes) {
  xmlDoc* document = xmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr, kBareOptions);
  const bool good = document != nullptr;
  xmlFreeDoc(document);
  return good;
}

bool Check(const tipline::wire::Reader& reader, DocumentKind kind, const std::string& bytes, Instant now) {
  if (kind == DocumentKind::kReport) return reader.ReadReport(bytes, now).facts.has_value();
  return reader.ReadFileDetails(bytes, now).facts.has_value();
}

struct Checkers {
  xml::Schema schema;
  tipline::wire::Reader reader;
  Instant now;
};

std::vector<Way> WaysFor(const DocumentSet& set, const std::vector<xml::Document>& parsed, const Checkers& checkers) {
  return {
      {"bare libxml2 parse", [&](std::size_t at) { return ParseBare(set.documents[at]); }},
      {"safe parse (platform/xml)",
       [&](std::size_t at) { return std::holds_alternative<xml::Document>(xml::Document::Parse(set.documents[at], {})); }},
      {"XSD validation alone", [&](std::size_t at) { return checkers.schema.Validate(parsed[at], 20).empty(); }},
      {"all checks (wire::Reader)",
       [&](std::size_t at) { return Check(checkers.reader, set.kind, set.documents[at], checkers.now); }},
  };
}

double ThreadMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// Whole rounds over the set until the time is over.
Cost TimeOne(const Way& way, std::size_t documents, Duration length, bool& accepted) {
  const double processor_begin = ThreadMicroseconds();
  const Duration begin = MonotonicNow();
  Duration end = begin;
  std::size_t looked = 0;
  do {
    for (std::size_t at = 0; at < documents; ++at) accepted = way.look(at) && accepted;
    looked += documents;
    end = MonotonicNow();
  } while (end.microseconds - begin.microseconds < length.microseconds);
  const auto count = static_cast<double>(looked);
  return {static_cast<double>(end.microseconds - begin.microseconds) / count, (ThreadMicroseconds() - processor_begin) / count};
}

// All threads look at the same time; the mean over them is the cost of one document on one thread.
void TimeTogether(const Way& way, std::size_t documents, Duration length, Timing& timing) {
  const auto count = static_cast<std::size_t>(timing.threads);
  std::vector<Cost> each(count);
  std::vector<char> accepted(count, 1);
  std::latch together(timing.threads);
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < count; ++index) {
    threads.emplace_back([&, index] {
      bool good = true;
      way.look(0);  // The library's state of this thread.
      together.arrive_and_wait();
      each[index] = TimeOne(way, documents, length, good);
      accepted[index] = good ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  Cost mean;
  for (std::size_t index = 0; index < count; ++index) {
    mean.wall += each[index].wall / static_cast<double>(count);
    mean.processor += each[index].processor / static_cast<double>(count);
    timing.accepted = timing.accepted && accepted[index] != 0;
  }
  timing.costs.push_back(mean);
}

Result<std::vector<Timing>> MeasureSet(const DocumentSet& set, const Checkers& checkers, int repeats, Duration length) {
  std::vector<xml::Document> parsed;
  for (const std::string& document : set.documents) {
    auto one = xml::Document::Parse(document, {});
    if (!std::holds_alternative<xml::Document>(one)) return Error{ErrorCode::kInternal, "Not well-formed: " + set.name, {}, {}, 0};
    parsed.push_back(std::get<xml::Document>(std::move(one)));
  }
  const std::vector<Way> ways = WaysFor(set, parsed, checkers);
  std::vector<Timing> timings;
  for (const int threads : {1, 2}) {
    for (const Way& way : ways) timings.push_back({set.name, way.name, threads, set.BytesMean(), {}, true});
  }
  // The ways take turns, so that what else runs on the machine meets them alike.
  for (int repeat = 0; repeat < repeats; ++repeat) {
    for (std::size_t index = 0; index < timings.size(); ++index) {
      TimeTogether(ways[index % ways.size()], set.documents.size(), length, timings[index]);
    }
  }
  return timings;
}

// The bare parse of the same documents by as many threads.
const Timing& BareOf(const std::vector<Timing>& timings, const Timing& one) {
  return *std::find_if(timings.begin(), timings.end(),
                       [&](const Timing& other) { return other.set == one.set && other.threads == one.threads; });
}

void Print(const std::vector<Timing>& timings) {
  std::printf("%-30s %-27s %7s %8s %12s %12s %10s %8s\n", "documents", "way", "threads", "bytes", "CPU us", "wall us", "a second",
              "of bare");
  for (const Timing& one : timings) {
    const double processor = one.Median(&Cost::processor);
    std::printf("%-30s %-27s %7d %8zu %12.2f %12.2f %10.0f %8.2f%s\n", one.set.c_str(), one.way.c_str(), one.threads, one.bytes,
                processor, one.Median(&Cost::wall), one.threads * 1e6 / one.Median(&Cost::wall),
                processor / BareOf(timings, one).Median(&Cost::processor), one.accepted ? "" : "  NOT ALL ACCEPTED");
  }
}

bool WriteJson(const std::vector<Timing>& timings, const std::string& path) {
  if (path.empty()) return true;
  Json all{Json::Array{}};
  for (const Timing& one : timings) {
    Json row;
    row.Set("set", one.set).Set("way", one.way).Set("threads", one.threads).Set("bytes", static_cast<std::int64_t>(one.bytes));
    row.Set("processor_us", one.Median(&Cost::processor)).Set("wall_us", one.Median(&Cost::wall));
    row.Set("of_bare", one.Median(&Cost::processor) / BareOf(timings, one).Median(&Cost::processor));
    all.Append(std::move(row));
  }
  std::ofstream file(path);
  file << all.SerializePretty() << "\n";
  return file.good();
}

Result<Checkers> MakeCheckers(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return Error{ErrorCode::kUnavailable, "Cannot read " + path, {}, {}, 0};
  xml::Schema schema = PL_TRY(xml::Schema::Compile(text.str()));
  tipline::wire::Reader reader = PL_TRY(tipline::wire::Reader::Create(text.str(), {}));
  return Checkers{std::move(schema), std::move(reader), SystemClock().Now()};
}

Result<bool> Measure(const std::string& xsd, int repeats, Duration length, const std::string& json) {
  const Checkers checkers = PL_TRY(MakeCheckers(xsd));
  std::vector<Timing> all;
  for (const DocumentSet& set : MakeDocumentSets(20220101, checkers.now)) {
    for (Timing& one : PL_TRY(MeasureSet(set, checkers, repeats, length))) all.push_back(std::move(one));
  }
  Print(all);
  const bool accepted = std::all_of(all.begin(), all.end(), [](const Timing& one) { return one.accepted; });
  return WriteJson(all, json) && accepted;
}

int Main(int count, char** values) {
  Options options(count, values, kUsage);
  const std::string xsd = options.Text("xsd", "api/ispws.xsd");
  const auto repeats = static_cast<int>(options.Number("repeats", 15));
  const Duration length = Duration::Milliseconds(static_cast<std::int64_t>(options.Number("milliseconds", 40)));
  const std::string json = options.Text("json", "");
  options.RefuseOthers();
  if (repeats < 1 || repeats > 1000) {
    std::fputs(kUsage.data(), stderr);
    return 64;
  }
  const Result<bool> done = Measure(xsd, repeats, length, json);
  if (!done.ok()) std::fprintf(stderr, "%s %s\n", done.error().public_text.c_str(), done.error().operator_text.c_str());
  return done.ok() && *done ? 0 : 1;
}

}  // namespace
}  // namespace porchlight::bench

int main(int count, char** values) { return porchlight::bench::Main(count, values); }
