#pragma once

#include <gtest/gtest.h>

#include "app/centre.h"
#include "directory/administration.h"
#include "directory/authenticator.h"

// The platform that files reports in the tests of this folder.
namespace porchlight::tests {

inline constexpr const char* kPlatformLogin = "lanternchat";
inline constexpr const char* kPlatformPassword = "a long password for tests";

inline void MakePlatform(app::Centre& centre) {
  const std::unique_ptr<observe::Log> log = observe::SilentLog();
  directory::Authenticator authenticator(centre.database(), centre.profile(), centre.clock(), centre.random(), centre.sealer(), *log, {});
  directory::Administration administration(centre.database(), centre.profile(), centre.clock(), centre.random(), authenticator);
  const auth::Caller system = auth::SystemCaller("test");
  directory::NewOrganisation organisation;
  organisation.name = "Lanternchat (example)";
  organisation.kind = "esp";
  organisation.country = "US";
  const auto made = administration.CreateOrganisation(system, organisation, "test");
  ASSERT_TRUE(made.ok()) << made.error().public_text;
  directory::NewAccount account;
  account.login = kPlatformLogin;
  account.kind = auth::AccountKind::kPlatform;
  account.organisation = made->id.value;
  account.roles = {"esp_reporter"};
  account.password = Sensitive<std::string>(kPlatformPassword);
  const auto created = administration.CreateAccount(system, account, "test");
  ASSERT_TRUE(created.ok()) << created.error().public_text;
}

}  // namespace porchlight::tests
