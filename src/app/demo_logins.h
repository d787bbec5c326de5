#pragma once

#include <string>
#include <vector>

#include "app/centre.h"
#include "base/json.h"
#include "platform/observe/log.h"

namespace porchlight::app {

struct DemoLogin {
  std::string login;
  std::string password;
  std::string role;
  std::string second_factor;        // Raw secret; empty for the platform.
};

// The logins of a demonstration centre, kept in its folder (demo.json, mode 0600) so that the next start finds them.
struct DemoLogins {
  std::vector<DemoLogin> people;
  DemoLogin platform;

  // Makes the accounts at the first start, through the same doors as anybody; reads them afterwards. Errors: kConflict
  // when the folder holds a centre that is no demonstration.
  static Result<DemoLogins> Prepare(Centre& centre, observe::Log& log);
  static Result<DemoLogins> Read(const std::string& data_directory);
  Json ToJson() const;
};

// The six digits of this half minute.
std::string CurrentCode(const DemoLogin& login, Instant now);

}  // namespace porchlight::app
