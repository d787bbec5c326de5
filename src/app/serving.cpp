#include "app/serving.h"

#include <optional>

#include "app/background.h"
#include "app/console_http.h"
#include "app/media_pool.h"
#include "app/operations_http.h"
#include "app/serving_options.h"
#include "deconfliction/deconfliction_jobs.h"
#include "deconfliction/interests_http.h"
#include "deconfliction/meetings_http.h"
#include "directory/administration.h"
#include "directory/authenticator.h"
#include "directory/directory_http.h"
#include "evidence/evidence_http.h"
#include "evidence/evidence_jobs.h"
#include "evidence/gate_tables_http.h"
#include "evidence/hash_door.h"
#include "evidence/reveal_http.h"
#include "evidence/runner.h"
#include "hashing/examining.h"
#include "hashing/hashing_jobs.h"
#include "hashing/pictures_http.h"
#include "hashing/runner.h"
#include "platform/geo/geo.h"
#include "platform/http/server.h"
#include "platform/jobs/jobs.h"
#include "referrals/agency_source.h"
#include "referrals/bulk_http.h"
#include "referrals/deliveries_http.h"
#include "referrals/delivery_rows.h"
#include "referrals/feedback_sheet_http.h"
#include "referrals/quality_http.h"
#include "referrals/referrals_http.h"
#include "referrals/referrals_jobs.h"
#include "relations/scorecards_http.h"
#include "tipline/intake_store.h"
#include "tipline/ispws_http.h"
#include "tipline/public_http.h"
#include "tipline/tipline_http.h"
#include "tipline/tipline_jobs.h"
#include "triage/holds_http.h"
#include "triage/near_copies.h"
#include "triage/runner.h"
#include "triage/supervision.h"
#include "triage/throttles_http.h"
#include "triage/tip_actions.h"
#include "triage/triage_http.h"
#include "triage/triage_jobs.h"
#include "wire_schema_embedded.h"

namespace porchlight::app {
namespace {

constexpr Duration kPumpPause = Duration::Milliseconds(200);
constexpr Duration kTriagePause = Duration::Milliseconds(100);
constexpr Duration kSealPause = Duration::Seconds(1);
constexpr Duration kHousekeepingPause = Duration::Minutes(1);

std::string WireSchema() { return std::string(embedded::wire_schema().at("ispws.xsd")); }

}  // namespace

std::vector<http::ApiOperation> AllOperations() {
  std::vector<http::ApiOperation> all = directory::Operations();
  for (std::vector<http::ApiOperation> some : {tipline::TiplineHttp::Operations(), evidence::EvidenceHttp::Operations(),
                                              evidence::GateTablesHttp::Operations(),
                                              evidence::RevealHttp::Operations(), hashing::PicturesHttp::Operations(),
                                              triage::TriageHttp::Operations(), triage::HoldsHttp::Operations(),
                                              triage::ThrottlesHttp::Operations(),
                                              deconfliction::InterestsHttp::Operations(), deconfliction::MeetingsHttp::Operations(),
                                              referrals::ReferralsHttp::Operations(),
                                              referrals::DeliveriesHttp::Operations(), referrals::BulkHttp::Operations(),
                                              referrals::FeedbackSheetHttp::Operations(),
                                              referrals::QualityHttp::Operations(),
                                              triage::SupervisionHttp::Operations(), relations::ScorecardsHttp::Operations(),
                                              OperationsDocument()}) {
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return all;
}

// In the order in which the parts depend on each other.
struct Serving::Parts {
  Parts(Centre& wired_centre, observe::Log& wired_log, tipline::wire::Reader wired_reader, geo::Database wired_geo)
      : centre(wired_centre), log(wired_log), metrics(observe::NewMetrics()),
        authenticator(centre.database(), centre.profile(), centre.clock(), centre.random(), centre.sealer(), log,
                      AuthenticatorOptionsOf(centre)),
        administration(centre.database(), centre.profile(), centre.clock(), centre.random(), authenticator),
        names(centre.database(), centre.clock()),
        reader(std::move(wired_reader)),
        intake(centre.database(), centre.sealer(), centre.clock(), centre.random(), tipline::IntakeRules::From(centre.profile())),
        ispws(intake, reader, centre.vault(), centre.clock(), WireSchema(), IspwsOptionsOf(centre.config())),
        reports(centre.database(), centre.sealer(), centre.profile(), centre.clock(),
                [this](std::int64_t id) { return names.Of(auth::OrganisationId{id}); }),
        form(intake, reader, centre.profile(), centre.clock(), centre.random(), FormOptionsOf(centre)),
        gatekeeper(centre.database(), centre.gate(), centre.clock()),
        gate(centre.database(), gatekeeper, centre.clock()),
        gate_tables(centre.database(), centre.gate(), centre.clock()),
        gate_tables_http(centre.database(), gate_tables, gatekeeper, centre.clock(), NamesForLists().account),
        actions(centre.database(), centre.judging(), centre.clock(), triage::ActionRules::From(centre.profile())),
        rejudging(centre.database(), centre.judging(), centre.sealer(), centre.clock()),
        tips(centre.database(), actions, centre.judging(), centre.sealer(), centre.clock(),
             NamesForLists()),
        holds(centre.database(), centre.clock(), CodesOf(centre, "hold_reasons")),
        holds_http(centre.database(), holds, centre.clock(), NamesForLists()),
        throttles(centre.database(), centre.clock()),
        throttles_http(centre.database(), throttles, NamesForLists()),
        agency_source(referrals::AgencySourceFrom(centre.agencies(), centre.clock())),
        notices(agency_source),
        interests(centre.database(), centre.judging(), centre.sealer(), centre.clock(), agency_source),
        interests_http(centre.database(), interests, notices, centre.clock()),
        resolving(centre.database(), centre.clock()),
        meetings(centre.database(), resolving, notices, centre.clock(), [this](std::int64_t id) { return LoginOf(id); }),
        geo(std::move(wired_geo)),
        place_names(centre.profile()),
        referring(centre.database(), centre.sealer(), {centre.routing(), centre.agencies(), geo, place_names}, centre.clock(),
                  ClocksOf(centre), referrals::FeedbackCodes::From(centre.profile()), CodesOf(centre, "routing_reasons")),
        door(centre.database(), centre.vault(), centre.gate(), centre.clock(), evidence::Door::PurposesOf(centre.profile())),
        media_pool(centre.clock(), log),
        revealing(centre.database(), door, PreviewerOf(media_pool), centre.clock(), evidence::ExposureLimits::From(centre.profile())),
        reveals(centre.database(), revealing, centre.clock(), [this](std::int64_t id) { return LoginOf(id); }),
        hash_door(centre.database(), centre.vault(), centre.clock()),
        examining(centre.database(), hash_door, ExaminerOf(media_pool, centre.config()), centre.clock()),
        pictures(centre.database()),
        delivery_reader(centre.sealer(), centre.gate(), centre.judging().rules(), centre.clock(),
                        [this](std::int64_t id) { return names.Of(auth::OrganisationId{id}); }),
        packaging(centre.database(), centre.vault(), door, delivery_reader, centre.agencies(), centre.package_key(), centre.clock(),
                  {centre.profile().centre_name, centre.config().contact}),
        reminding(centre.database(), referring, centre.clock(), ClocksOf(centre), referrals::FeedbackCodes::From(centre.profile())),
        notifying(centre.database(), centre.agencies(), centre.clock(), ClocksOf(centre), NotifyingSettingsOf(centre),
                  MailSenderOf(centre)),
        delivery_actions(centre.database(), referring, centre.clock(), ClocksOf(centre), referrals::FeedbackCodes::From(centre.profile())),
        routes_of_reports(centre.database(), referring, centre.clock(), [this](std::int64_t id) { return LoginOf(id); }),
        deliveries(centre.database(), delivery_actions, packaging, delivery_reader, notices,
                   [this](std::int64_t id) { return LoginOf(id); }, centre.clock(), ClocksOf(centre)),
        bulk(centre.database(), delivery_actions, packaging, delivery_reader, centre.clock()),
        sheets(centre.database(), delivery_actions, referrals::SheetWords::From(centre.profile()),
               [this](std::int64_t id) { return names.Of(auth::OrganisationId{id}); }),
        quality(centre.database(), referring, centre.judging().rules(), centre.clock(), ClocksOf(centre)),
        supervision(centre.database(), centre.clock(),
                    triage::UrgentClocks{centre.profile().Clock("urgent_claim"), centre.profile().Clock("urgent_refer")}, NamesForLists()),
        scorecards(centre.database(), centre.judging().rules(), centre.clock()),
        scorecards_http(centre.database(), scorecards, centre.clock(),
                        [this](std::int64_t id) { return names.Of(auth::OrganisationId{id}); }),
        operations{centre, hub, *metrics, media_pool, centre.clock().Now(), draining},
        dispatcher(router, authenticator),
        pump(centre.database(), hub, log),
        sealer(centre),
        evidence_runner(centre.database(), centre.clock()),
        hashing_runner(centre.database(), centre.clock(), ExaminesIn(centre.config())),
        triage_runner(centre.database(), centre.judging(), centre.clock(), {}),
        near_copies(centre.database(), centre.judging(), centre.clock()),
        referrals_runner(centre.database(), centre.clock()),
        worker(centre.database(), centre.clock(), centre.random(), WorkerOptionsOf(centre.config())) {
    AddRoutes();
    RegisterJobs();
  }

  void RegisterJobs() {
    tipline::RegisterJobs(worker, {centre.database(), intake, centre.vault(), centre.clock(), referrals::rows::HasPackageObject});
    referrals::RegisterJobs(worker, {centre.database(), referring, packaging, reminding, notifying, centre.clock()});
    deconfliction::RegisterJobs(worker, centre.database(), centre.clock());
    evidence::RegisterJobs(worker, {centre.database(), gatekeeper, centre.clock()});
    hashing::RegisterJobs(worker, centre.database(), examining, centre.clock());
    relations::RegisterJobs(worker, centre.database(), scorecards, centre.clock());
    triage::RegisterJobs(worker, {centre.database(), centre.judging(), actions, rejudging, throttles, centre.clock()});
  }

  triage::Names NamesForLists() {
    return {[this](std::int64_t id) { return names.Of(auth::OrganisationId{id}); }, [this](std::int64_t id) { return LoginOf(id); }};
  }

  // Few people claim reports, and lists are short.
  std::string LoginOf(std::int64_t account) {
    const auto found = centre.database().Read(
        [&](store::ReadTransaction& transaction) { return auth::FindAccount(transaction, auth::AccountId{account}); });
    return found.ok() ? found->login : std::string();
  }

  // Everything that waits to be judged.
  Result<int> JudgeAll() {
    int judged = 0;
    while (!draining) {
      const int some = PL_TRY(triage_runner.RunOnce());
      if (some == 0) break;
      judged += some;
    }
    return judged;
  }

  Result<int> JudgeAllNearCopies() {
    int read = 0;
    while (!draining) {
      const int some = PL_TRY(near_copies.RunOnce());
      if (some == 0) break;
      read += some;
    }
    return read;
  }

  void StartTickers() {
    using Pace = Ticker::Pace;
    const auto every = [this](Duration pause, const char* what, auto run, Pace pace = Pace::kOrdinary) {
      tickers.push_back(std::make_unique<Ticker>(pause, pace, [this, what, run] {
        const auto done = run();
        if (!done.ok()) log.Warning(what, {{"code", static_cast<std::int64_t>(done.error().code)}, {"why", done.error().operator_text}});
      }));
    };
    every(kPumpPause, "live.pump_failed", [this] { return pump.RunOnce(); });
    every(kTriagePause, "triage.judge_failed", [this] { return JudgeAll(); }, Pace::kStepsBack);
    every(kPumpPause, "evidence.read_failed", [this] { return evidence_runner.RunOnce(); }, Pace::kStepsBack);
    every(kPumpPause, "hashing.read_failed", [this] { return hashing_runner.RunOnce(); }, Pace::kStepsBack);
    every(kPumpPause, "triage.near_copies_failed", [this] { return JudgeAllNearCopies(); }, Pace::kStepsBack);
    every(kPumpPause, "referrals.read_failed", [this] { return referrals_runner.RunOnce(); }, Pace::kStepsBack);
    every(kSealPause, "audit.seal_failed", [this] { return sealer.RunOnce(); });
    every(kHousekeepingPause, "auth.sweep_failed", [this] { return authenticator.sign_in().Sweep(); });
  }

  void AddRoutes() {
    const auto add = [this](std::vector<http::Route> routes) {
      for (http::Route& route : routes) router.Add(std::move(route));
    };
    add(ispws.Routes());
    add(form.Routes());
    add(reports.Routes());
    add(gate.Routes());
    add(gate_tables_http.Routes());
    add(reveals.Routes());
    add(pictures.Routes());
    add(tips.Routes());
    add(holds_http.Routes());
    add(throttles_http.Routes());
    add(interests_http.Routes());
    add(meetings.Routes());
    add(routes_of_reports.Routes());
    add(deliveries.Routes());
    add(bulk.Routes());
    add(sheets.Routes());
    add(quality.Routes());
    add(supervision.Routes());
    add(scorecards_http.Routes());
    add(directory::Routes({centre.database(), centre.profile(), authenticator, administration}));
    add(OperationsRoutes(operations));
    add(ConsoleRoutes());
  }

  Centre& centre;
  observe::Log& log;
  std::unique_ptr<observe::Metrics> metrics;
  http::EventHub hub;
  std::atomic<bool> draining{false};
  directory::Authenticator authenticator;
  directory::Administration administration;
  directory::OrganisationNames names;
  tipline::wire::Reader reader;
  tipline::IntakeStore intake;
  tipline::IspwsHttp ispws;
  tipline::TiplineHttp reports;
  tipline::PublicHttp form;
  evidence::Gatekeeper gatekeeper;
  evidence::EvidenceHttp gate;
  evidence::GateTables gate_tables;
  evidence::GateTablesHttp gate_tables_http;
  triage::TipActions actions;
  triage::Rejudging rejudging;
  triage::TriageHttp tips;
  triage::LegalHolds holds;
  triage::HoldsHttp holds_http;
  triage::Throttles throttles;
  triage::ThrottlesHttp throttles_http;
  deconfliction::AgencySource agency_source;
  deconfliction::Notices notices;
  deconfliction::Interests interests;
  deconfliction::InterestsHttp interests_http;
  deconfliction::Resolving resolving;
  deconfliction::MeetingsHttp meetings;
  geo::Database geo;
  referrals::PlaceNames place_names;
  referrals::Referring referring;
  evidence::Door door;
  MediaPool media_pool;
  evidence::Revealing revealing;
  evidence::RevealHttp reveals;
  evidence::HashDoor hash_door;
  hashing::Examining examining;
  hashing::PicturesHttp pictures;
  referrals::DeliveryReader delivery_reader;
  referrals::Packaging packaging;
  referrals::Reminding reminding;
  referrals::Notifying notifying;
  referrals::DeliveryActions delivery_actions;
  referrals::ReferralsHttp routes_of_reports;
  referrals::DeliveriesHttp deliveries;
  referrals::BulkHttp bulk;
  referrals::FeedbackSheetHttp sheets;
  referrals::QualityHttp quality;
  triage::SupervisionHttp supervision;
  relations::Scorecards scorecards;
  relations::ScorecardsHttp scorecards_http;
  Operations operations;
  http::Router router;
  http::Dispatcher dispatcher;
  LivePump pump;
  SealRunner sealer;
  evidence::Runner evidence_runner;
  hashing::Runner hashing_runner;
  triage::Runner triage_runner;
  triage::NearCopies near_copies;
  referrals::Runner referrals_runner;
  jobs::Worker worker;
  std::unique_ptr<http::Server> server;
  std::vector<std::unique_ptr<Ticker>> tickers;
};

Serving::Serving(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Serving::~Serving() { Drain(); }

Result<std::unique_ptr<Serving>> Serving::Assemble(Centre& centre, observe::Log& log) {
  tipline::wire::Reader reader = PL_TRY(tipline::wire::Reader::Create(WireSchema(), WireLimitsOf(centre.config())));
  geo::Database geo = PL_TRY(OpenGeo(centre.config()));
  std::unique_ptr<Serving> serving(new Serving(std::make_unique<Parts>(centre, log, std::move(reader), std::move(geo))));
  PL_TRY(serving->parts_->intake.Begin());
  PL_TRY(tipline::ScheduleJobs(centre.database(), centre.clock()));
  PL_TRY(evidence::ScheduleJobs(centre.database(), centre.clock()));
  PL_TRY(triage::ScheduleJobs(centre.database(), centre.clock()));
  PL_TRY(relations::ScheduleJobs(centre.database(), centre.clock()));
  PL_TRY(referrals::ScheduleJobs(centre.database(), centre.clock(), serving->parts_->referring.agencies()));
  return serving;
}

Result<std::unique_ptr<Serving>> Serving::Start(Centre& centre, observe::Log& log) {
  std::unique_ptr<Serving> serving = PL_TRY(Assemble(centre, log));
  Parts& parts = *serving->parts_;
  PL_TRY(parts.pump.RunOnce());
  parts.server = PL_TRY(http::Server::Start(ServerOptionsOf(centre.config()), parts.router, parts.authenticator, centre.clock(),
                                            centre.random(), log, *parts.metrics));
  if (centre.config().worker_threads > 0) parts.worker.Start();
  parts.StartTickers();
  return serving;
}

std::uint16_t Serving::port() const { return parts_->server->port(); }

std::string Serving::url() const {
  const Config& config = parts_->centre.config();
  const Address address = AddressOf(config.listen);
  const std::string host = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
  return (config.tls_certificate.empty() ? "http://" : "https://") + host + ":" + std::to_string(port());
}

const http::Router& Serving::router() const { return parts_->router; }

http::Response Serving::Handle(http::Request request) { return parts_->dispatcher.Handle(std::move(request)); }

void Serving::Drain() {
  if (parts_->draining.exchange(true)) return;
  if (parts_->server) parts_->server->Drain();
  parts_->tickers.clear();
  parts_->worker.Stop();
  // What the last requests recorded is sealed before the process ends, so that a stopped centre has no open tail.
  const Result<bool> sealed = parts_->sealer.RunOnce();
  if (!sealed.ok()) parts_->log.Warning("audit.seal_failed", {{"code", static_cast<std::int64_t>(sealed.error().code)}});
}

referrals::Referring& Serving::referring() { return parts_->referring; }

Result<bool> Serving::RunBackgroundOnce() {
  const bool ran = PL_TRY(parts_->worker.RunOne());
  const int judged = PL_TRY(parts_->triage_runner.RunOnce());
  const int noted = PL_TRY(parts_->evidence_runner.RunOnce());
  const int hashed = PL_TRY(parts_->hashing_runner.RunOnce());
  const int compared = PL_TRY(parts_->near_copies.RunOnce());
  const int followed = PL_TRY(parts_->referrals_runner.RunOnce());
  const int published = PL_TRY(parts_->pump.RunOnce());
  const bool sealed = PL_TRY(parts_->sealer.RunOnce());
  return ran || judged > 0 || noted > 0 || hashed > 0 || compared > 0 || followed > 0 || published > 0 || sealed;
}

}  // namespace porchlight::app
