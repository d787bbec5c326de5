#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/centre.h"
#include "app/media_pool.h"
#include "directory/authenticator.h"
#include "evidence/revealing.h"
#include "hashing/examining.h"
#include "hashing/runner.h"
#include "platform/geo/geo.h"
#include "platform/http/server.h"
#include "platform/jobs/jobs.h"
#include "referrals/delivery_actions.h"
#include "referrals/notifying.h"
#include "tipline/ispws_http.h"
#include "tipline/public_http.h"
#include "tipline/wire.h"

// What the parts of a serving process are told, out of the configuration and the profile.
namespace porchlight::app {

struct Address {
  std::string host;
  std::uint16_t port = 0;
};
// The setting was checked when it was read.
Address AddressOf(const std::string& listen);

http::ServerOptions ServerOptionsOf(const Config& config);
directory::AuthenticatorOptions AuthenticatorOptionsOf(const Centre& centre);
tipline::IspwsOptions IspwsOptionsOf(const Config& config);
tipline::wire::Limits WireLimitsOf(const Config& config);
tipline::PublicHttp::Options FormOptionsOf(const Centre& centre);
jobs::Worker::Options WorkerOptionsOf(const Config& config);
Result<geo::Database> OpenGeo(const Config& config);
referrals::DeliveryClocks ClocksOf(const Centre& centre);
referrals::Notifying::Settings NotifyingSettingsOf(const Centre& centre);
// Empty without a mail server.
referrals::Notifying::Send MailSenderOf(const Centre& centre);
std::vector<std::string> CodesOf(const Centre& centre, std::string_view list);
evidence::Previewer PreviewerOf(MediaPool& pool);
hashing::Examiner ExaminerOf(MediaPool& pool, const Config& config);
hashing::Runner::Examines ExaminesIn(const Config& config);

}  // namespace porchlight::app
