#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/http/routing.h"
#include "platform/vault/vault.h"
#include "tipline/intake_store.h"
#include "tipline/wire.h"

// The reporting API for platforms (docs/formats/ispws.md): parse, act, answer in its XML dialect.
namespace porchlight::tipline {

struct IspwsOptions {
  std::size_t document_bytes_max = 4 * 1024 * 1024;
  std::int64_t upload_bytes_max = 8LL * 1024 * 1024 * 1024;   // Of one file.
};

// Everything it is given outlives it, and it outlives the router that holds its routes. Thread-safe.
class IspwsHttp {
 public:
  // `xsd`: the schema as served.
  IspwsHttp(IntakeStore& intake, const wire::Reader& reader, vault::Vault& vault, const Clock& clock, std::string xsd,
            const IspwsOptions& options)
      : intake_(intake), reader_(reader), vault_(vault), clock_(clock), xsd_(std::move(xsd)), options_(options) {}

  std::vector<http::Route> Routes();

 private:
  http::Response Status(const http::Request& request, const auth::Caller& caller) const;
  http::Response Submit(const http::Request& request, const auth::Caller& caller);
  http::Response FileInfo(const http::Request& request, const auth::Caller& caller);
  http::Response Finish(const http::Request& request, const auth::Caller& caller);
  http::Response AnswerToFinish(const auth::Caller& caller, ReportId id, const Result<IntakeStore::Finished>& finished);
  http::Response Retract(const http::Request& request, const auth::Caller& caller);

  IntakeStore& intake_;
  const wire::Reader& reader_;
  vault::Vault& vault_;
  const Clock& clock_;
  const std::string xsd_;
  const IspwsOptions options_;
};

}  // namespace porchlight::tipline
