#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/centre.h"
#include "app/serving.h"
#include "base/json.h"
#include "base/text.h"
#include "directory/administration.h"
#include "directory/authenticator.h"
#include "platform/crypto/secret.h"

// A whole centre in one process without a socket: real store, real vault, real routes, a clock moved by hand.
namespace porchlight::tests {

inline constexpr const char* kPassword = "a long password for tests";

// What a client holds to prove who it is; empty: nothing.
struct Credentials {
  std::string authorization;
  std::string cookie;
  std::string csrf_token;
};

inline Credentials Basic(const std::string& login, const std::string& password = kPassword) {
  return {"Basic " + Base64Encode(login + ":" + password), {}, {}};
}

// The text between <name> and </name>, or "".
inline std::string Element(const std::string& xml, const std::string& name) {
  const std::string open = "<" + name + ">";
  const std::size_t begin = xml.find(open);
  const std::size_t end = begin == std::string::npos ? begin : xml.find("</" + name + ">", begin);
  return end == std::string::npos ? std::string() : xml.substr(begin + open.size(), end - begin - open.size());
}

class CentreRig {
 public:
  explicit CentreRig(std::string name, std::uint64_t seed = 1)
      : folder_(testing::TempDir() + "porchlight-" + std::move(name) + "-" + std::to_string(getpid())), random_(seed) {
    std::filesystem::remove_all(folder_);
    seams_.passwords.cost = crypto::PasswordCost::kFastForTests;
    config_.data_directory = folder_ + "/data";
  }
  ~CentreRig() {
    Close();
    std::filesystem::remove_all(folder_);
  }
  CentreRig(const CentreRig&) = delete;
  CentreRig& operator=(const CentreRig&) = delete;

  Result<void> TryOpen() {
    std::unique_ptr<app::Centre> centre = PL_TRY(app::Centre::Open(config_, app::Centre::Access::kCreate, clock_, random_, seams_));
    std::unique_ptr<app::Serving> serving = PL_TRY(app::Serving::Assemble(*centre, *log_));
    centre_ = std::move(centre);
    serving_ = std::move(serving);
    return {};
  }
  void Open() {
    const Result<void> opened = TryOpen();
    ASSERT_TRUE(opened.ok()) << opened.error().public_text << " " << opened.error().operator_text;
  }
  void Close() {
    serving_.reset();
    centre_.reset();
  }

  // As the command line does.
  auth::OrganisationId MakeOrganisation(const std::string& name) {
    Directory directory(*this);
    const auto made = directory.administration.CreateOrganisation(auth::SystemCaller("test"), {name, "esp", "US", {}, {}}, "test");
    EXPECT_TRUE(made.ok()) << made.error().public_text;
    return auth::OrganisationId{made->id.value};
  }
  // A machine's token is what MachineToken() answers until the next one.
  void MakeAccount(const std::string& login, auth::AccountKind kind, auth::OrganisationId organisation, const std::string& role,
                   bool test_traffic = false) {
    Directory directory(*this);
    directory::NewAccount wanted;
    wanted.login = login;
    wanted.kind = kind;
    wanted.organisation = organisation.value;
    wanted.roles = {role};
    wanted.test_traffic = test_traffic;
    if (kind != auth::AccountKind::kMachine) wanted.password = Sensitive<std::string>(kPassword);
    const auto made = directory.administration.CreateAccount(auth::SystemCaller("test"), wanted, "test");
    ASSERT_TRUE(made.ok()) << role << ": " << made.error().public_text;
    if (kind != auth::AccountKind::kMachine) return;
    const auto issued =
        directory.administration.IssueToken(auth::SystemCaller("test"), {login, made->account.id, {role}, {}}, "test");
    ASSERT_TRUE(issued.ok()) << issued.error().public_text;
    machine_token_ = issued->secret;
  }
  Credentials MachineToken() const { return {"Bearer " + machine_token_, {}, {}}; }

  http::Response Send(http::Method method, const std::string& target, const Credentials& who, std::string body = {},
                      const std::string& content_type = "application/json",
                      const std::vector<std::pair<std::string, std::string>>& headers = {}) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.body = std::move(body);
    request.peer_address = "192.0.2.9";
    request.request_id = "0123456789abcdef";
    if (method == http::Method::kPost) request.headers.Add("Content-Type", content_type);
    if (!who.authorization.empty()) request.headers.Add("Authorization", who.authorization);
    if (!who.cookie.empty()) request.headers.Add("Cookie", "porchlight_session=" + who.cookie);
    if (!who.csrf_token.empty()) request.headers.Add("X-CSRF-Token", who.csrf_token);
    for (const auto& [name, value] : headers) request.headers.Add(name, value);
    return serving_->Handle(std::move(request));
  }

  // Signs in over HTTP as a person does the first time, second factor and all.
  Credentials SignIn(const std::string& login) {
    clock_.Advance(Duration::Minutes(1));   // The limits on sign-in have tests of their own.
    Credentials session;
    Take(Send(http::Method::kPost, "/api/v1/sign-in", {}, Json().Set("login", login).Set("password", kPassword).Serialize()), session);
    if (session.cookie.empty()) return session;
    const http::Response offer = Send(http::Method::kPost, "/api/v1/second-factor", session, "{}");
    if (offer.status != 200) return session;   // A role without one.
    const std::string secret = crypto::Base32Decode(ParseJson(offer.body)->Text("secret")).value();
    const std::string code = crypto::TotpCode(secret, clock_.Now().microseconds / 30'000'000);
    Take(Send(http::Method::kPost, "/api/v1/second-factor/confirm", session, Json().Set("code", code).Serialize()), session);
    return session;
  }

  app::Centre& centre() { return *centre_; }
  app::Serving& serving() { return *serving_; }
  ManualClock& clock() { return clock_; }
  SeededRandom& random() { return random_; }
  app::Config& config() { return config_; }
  app::Seams& seams() { return seams_; }
  const std::string& folder() const { return folder_; }

 private:
  struct Directory {
    explicit Directory(CentreRig& rig)
        : authenticator(rig.centre_->database(), rig.centre_->profile(), rig.clock_, rig.random_, rig.centre_->sealer(), *rig.log_,
                        {rig.seams_.passwords, false}),
          administration(rig.centre_->database(), rig.centre_->profile(), rig.clock_, rig.random_, authenticator) {}
    directory::Authenticator authenticator;
    directory::Administration administration;
  };

  static void Take(const http::Response& response, Credentials& session) {
    const std::string cookie(response.headers.Find("Set-Cookie").value_or(""));
    const std::size_t equals = cookie.find('=');
    if (response.status != 200 || equals == std::string::npos) return;
    session.cookie = cookie.substr(equals + 1, cookie.find(';') - equals - 1);
    session.csrf_token = std::string(ParseJson(response.body)->Text("csrf_token"));
  }

  const std::string folder_;
  ManualClock clock_{ParseDateTime("2026-03-02T10:00:00Z")->instant};
  SeededRandom random_;
  app::Config config_;
  app::Seams seams_;
  std::unique_ptr<observe::Log> log_ = observe::SilentLog();
  std::unique_ptr<app::Centre> centre_;
  std::unique_ptr<app::Serving> serving_;
  std::string machine_token_;
};

}  // namespace porchlight::tests
