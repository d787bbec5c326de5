// What disk, databases and loopback HTTP do at most on this machine: the floors the ingest figures are held against.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "common/load_client.h"
#include "common/measurement.h"
#include "floors/floors.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: porchlight_floors_bench [--data DIR] [--url http://127.0.0.1:8080/healthz/live] [--seconds 5]\n"
    "         [--connections 32] [--json FILE]\n"
    "  --data: fdatasync and SQLite in that folder. --url: bare GETs of a trivial route.\n"
    "  PORCHLIGHT_TEST_POSTGRES: conninfo of a PostgreSQL server, measured too when it is set.\n";

// The same GET again and again.
class EchoDriver final : public Driver {
 public:
  EchoDriver(const Address& address, double seconds)
      : request_("GET " + (address.path.empty() ? "/" : address.path) + " HTTP/1.1\r\nHost: " + address.host + "\r\n\r\n"),
        begin_(MonotonicNow()),
        end_{begin_.microseconds + static_cast<std::int64_t>(seconds * 1e6)},
        cpu_(OwnCpuSeconds()) {}

  bool Next(std::size_t, WireRequest& request) override {
    if (MonotonicNow() >= end_) return false;
    request.pieces = {request_};
    return true;
  }
  void Answered(std::size_t, int status, std::string_view, Duration took) override {
    if (status == 200) {
      latencies_.Add(took);
    } else {
      ++errors_[std::to_string(status)];
    }
  }
  void Failed(std::size_t, std::string_view why) override {
    ++errors_[std::string(why)];
    if (why == "connect" && ++connect_failures_ > 1000) end_ = MonotonicNow();
  }
  Measurement Outcome() const {
    Measurement measurement;
    measurement.name = "HTTP GET of a trivial route";
    measurement.count = latencies_.count();
    measurement.seconds = static_cast<double>(MonotonicNow().microseconds - begin_.microseconds) / 1e6;
    measurement.latencies = latencies_;
    measurement.errors = errors_;
    measurement.own_cpu_seconds = OwnCpuSeconds() - cpu_;
    return measurement;
  }

 private:
  std::string request_;
  Duration begin_;
  Duration end_;
  double cpu_;
  std::uint64_t connect_failures_ = 0;
  synthetic::Latencies latencies_;
  std::map<std::string, std::uint64_t> errors_;
};

Result<Measurement> MeasureEcho(const std::string& url, std::size_t connections, double seconds) {
  const Address address = PL_TRY(ParseAddress(url));
  LoadClient client = PL_TRY(LoadClient::Create(address, connections));
  EchoDriver driver(address, seconds);
  client.Run(driver);
  return driver.Outcome();
}

int Main(int count, char** values) {
  Options options(count, values, kUsage);
  const std::string data = options.Text("data", "");
  const std::string url = options.Text("url", "");
  const double seconds = options.Number("seconds", 5);
  const auto connections = static_cast<int>(options.Number("connections", 32));
  const std::string json = options.Text("json", "");
  options.RefuseOthers();
  const char* conninfo = std::getenv("PORCHLIGHT_TEST_POSTGRES");
  if (connections < 1 || connections > 150 || (data.empty() && url.empty() && conninfo == nullptr)) {
    std::fputs(kUsage.data(), stderr);
    return 64;
  }

  std::vector<Measurement> all;
  bool good = true;
  const auto keep = [&](Result<Measurement> measured) {
    if (measured.ok()) {
      all.push_back(*std::move(measured));
    } else {
      std::fprintf(stderr, "%s\n", measured.error().public_text.c_str());
      good = false;
    }
  };
  if (!data.empty()) {
    keep(MeasureSync(data, seconds));
    keep(MeasureSqliteGroups(data, seconds));
  }
  if (conninfo != nullptr) {
    keep(MeasurePostgresRows(conninfo, PostgresRows::kSent, connections, seconds));
    keep(MeasurePostgresRows(conninfo, PostgresRows::kMade, connections, seconds));
  }
  if (!url.empty()) keep(MeasureEcho(url, static_cast<std::size_t>(connections), seconds));
  return Publish(all, json) && good ? 0 : 1;
}

}  // namespace
}  // namespace porchlight::bench

int main(int count, char** values) { return porchlight::bench::Main(count, values); }
