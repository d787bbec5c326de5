#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/http/routing.h"
#include "platform/profile/profile.h"
#include "tipline/intake_store.h"
#include "tipline/page_template.h"
#include "tipline/public_form.h"
#include "tipline/public_limits.h"
#include "tipline/wire.h"

// The form for everybody at /report: no account, no script needed, nothing kept on the device, help first where
// somebody is in danger. Every step is a POST to one address, so that the browser's history tells nothing.
namespace porchlight::tipline {

// Everything it is given outlives it, and it outlives the router that holds its routes. Thread-safe.
class PublicHttp {
 public:
  struct Options {
    PublicLimits::Options limits;
    std::string stamp_key;       // 32 bytes, the same in every process; vault::MasterKeys::Derive(1, "tipline.public_form").
  };
  PublicHttp(IntakeStore& intake, const wire::Reader& reader, const profile::Profile& profile, const Clock& clock, Random& random,
             const Options& options);

  std::vector<http::Route> Routes();

 private:
  http::Response Start(const http::Request& request);
  http::Response Step(const http::Request& request);
  http::Response File(const http::Request& request, const FormFields& fields, const std::string& language);
  void SetFieldProblems(PageValues& values, const std::vector<FormProblem>& problems, const std::string& language) const;
  http::Response ShowForm(const FormFields& fields, const std::string& language, const std::vector<FormProblem>& problems,
                          std::string_view notice, int status);
  http::Response ShowReceipt(ReportId report, const std::string& language, bool in_danger);
  http::Response ShowProblem(const std::string& language, std::string_view word, int status, std::int64_t retry_after_seconds);
  http::Response Render(int status, std::string_view file, const std::string& language, std::string_view title, PageValues values);
  http::Response Asset(std::string_view file, std::string_view content_type) const;
  // The language asked for by `lang`, else by the browser, else the profile's first.
  std::string LanguageOf(const http::Request& request, const FormFields& fields) const;
  std::vector<PageValues> Contacts(const std::string& language) const;
  std::string_view Word(const std::string& language, std::string_view key) const;

  IntakeStore& intake_;
  const wire::Reader& reader_;
  const profile::Profile& profile_;
  const Clock& clock_;
  PublicLimits limits_;
  FormStamps stamps_;
};

}  // namespace porchlight::tipline
