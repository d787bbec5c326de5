#include "app/serving_options.h"

#include <string_view>

#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::app {

namespace {

std::vector<std::string> PathsIn(std::string_view list) {
  std::vector<std::string> paths;
  for (const std::string_view one : Split(list, ',')) {
    if (!Trim(one).empty()) paths.emplace_back(Trim(one));
  }
  return paths;
}

}  // namespace

Address AddressOf(const std::string& listen) {
  const auto colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, static_cast<std::uint16_t>(ParseInteger(listen.substr(colon + 1)).value())};
}

http::ServerOptions ServerOptionsOf(const Config& config) {
  http::ServerOptions options;
  const Address address = AddressOf(config.listen);
  options.address = address.host;
  options.port = address.port;
  options.certificate_file = config.tls_certificate;
  options.private_key_file = config.tls_key;
  options.socket_threads = static_cast<int>(config.socket_threads);
  options.handler_threads = static_cast<int>(config.handler_threads);
  options.connections_max = static_cast<int>(config.connections_max);
  options.downloads_max = static_cast<int>(config.downloads_max);
  options.trust_forwarded_for = config.behind_proxy;
  return options;
}

directory::AuthenticatorOptions AuthenticatorOptionsOf(const Centre& centre) {
  directory::AuthenticatorOptions options;
  options.passwords = centre.passwords();
  options.behind_tls_proxy = centre.config().behind_proxy;
  return options;
}

tipline::IspwsOptions IspwsOptionsOf(const Config& config) {
  tipline::IspwsOptions options;
  options.document_bytes_max = static_cast<std::size_t>(config.report_bytes_max);
  options.upload_bytes_max = config.upload_bytes_max;
  return options;
}

tipline::wire::Limits WireLimitsOf(const Config& config) {
  tipline::wire::Limits limits;
  limits.document_bytes_max = static_cast<std::size_t>(config.report_bytes_max);
  return limits;
}

tipline::PublicHttp::Options FormOptionsOf(const Centre& centre) {
  tipline::PublicHttp::Options options;
  options.limits.per_minute_max = static_cast<int>(centre.config().public_reports_per_minute);
  options.stamp_key = centre.DeriveKey("tipline.public_form");
  return options;
}

jobs::Worker::Options WorkerOptionsOf(const Config& config) {
  jobs::Worker::Options options;
  options.urgent_threads = config.worker_threads > 0 ? 1 : 0;
  options.normal_threads = static_cast<int>(config.worker_threads);
  options.outside_threads = config.worker_threads > 0 && !config.mail_server.empty() ? 1 : 0;
  return options;
}

Result<geo::Database> OpenGeo(const Config& config) {
  geo::Options options;
  options.overlays = PathsIn(config.geo_overlays);
  options.databases = PathsIn(config.geo_databases);
  options.sha256 = crypto::Sha256;
  return geo::Database::Open(options);
}

referrals::DeliveryClocks ClocksOf(const Centre& centre) { return referrals::DeliveryClocks::From(centre.profile()); }

referrals::Notifying::Settings NotifyingSettingsOf(const Centre& centre) {
  const std::string& url = centre.config().public_url;
  std::string console = url.empty() ? std::string() : url + (url.ends_with('/') ? "console" : "/console");
  return {std::move(console), centre.profile().centre_name, centre.config().contact, DutyOf(centre.config())};
}

referrals::Notifying::Send MailSenderOf(const Centre& centre) {
  if (centre.config().mail_server.empty()) return {};
  const auto mailer = std::make_shared<mail::Mailer>(MailServerOf(centre.config()));
  return [mailer, &clock = centre.clock()](const mail::Mail& mail) { return mailer->Send(mail, clock.Now()); };
}

std::vector<std::string> CodesOf(const Centre& centre, std::string_view list) {
  std::vector<std::string> codes;
  for (const profile::Code& one : centre.profile().List(list)) codes.push_back(one.code);
  return codes;
}

evidence::Previewer PreviewerOf(MediaPool& pool) {
  return {[&pool](std::string_view bytes, media::PreviewBlur blur) -> Result<media::Preview> {
    const media::MediaWorker* worker = PL_TRY(pool.Worker());
    return worker->MakePreview(bytes, blur);
  }};
}

hashing::Examiner ExaminerOf(MediaPool& pool, const Config& config) {
  const media::MediaOptions& options = pool.options();
  hashing::Examiner examiner{{}, options.loader, options.bytes_max};
  if (!config.hash_pictures) return examiner;
  examiner.examine = [&pool](std::string_view bytes) -> Result<media::Examination> {
    const media::MediaWorker* worker = PL_TRY(pool.Worker());
    return worker->Examine(bytes);
  };
  return examiner;
}

hashing::Runner::Examines ExaminesIn(const Config& config) {
  return config.hash_pictures ? hashing::Runner::Examines::kOn : hashing::Runner::Examines::kOff;
}

}  // namespace porchlight::app
