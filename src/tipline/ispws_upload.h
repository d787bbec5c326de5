#pragma once

#include <memory>
#include <string>

#include "platform/http/form.h"
#include "platform/http/routing.h"
#include "platform/vault/vault.h"
#include "tipline/intake_store.h"
#include "tipline/wire.h"

namespace porchlight::tipline {

// One upload while it arrives: the form's parts in any order, the file's bytes straight into the vault. What makes the
// upload unacceptable is remembered and the rest of the body swallowed, so that every client reads the answer instead
// of a broken connection. One thread at a time.
class UploadReceiver final : public http::BodyReceiver {
 public:
  UploadReceiver(IntakeStore& intake, vault::Vault& vault, const auth::Caller& caller, std::string request_id, std::int64_t bytes_max)
      : intake_(intake), vault_(vault), caller_(caller), request_id_(std::move(request_id)), bytes_max_(bytes_max) {}

  // Reads the boundary. A head that is no form is remembered as what Complete answers.
  void Begin(const http::RequestHead& head);
  Result<void> Receive(std::string_view bytes) override;
  http::Response Complete() override;

 private:
  enum class Place { kNone, kId, kFile, kOther };
  Result<void> BeginPart(const http::MultipartReader::Part& part);
  Result<void> TakeData(std::string_view bytes);
  Result<void> BeginFile(const http::MultipartReader::Part& part);
  Result<void> TakeFile(std::string_view bytes);
  // Remembers the first reason for refusing.
  void Refuse(wire::Code code, std::string description, int status = 0);
  // For what may pass; says when to come again.
  void RefuseFor(const Error& error, wire::Code otherwise);
  std::optional<ReportId> Report() const;
  http::Response Answer() const;

  IntakeStore& intake_;
  vault::Vault& vault_;
  const auth::Caller caller_;
  const std::string request_id_;
  const std::int64_t bytes_max_;

  std::unique_ptr<http::MultipartReader> form_;
  Place place_ = Place::kNone;
  bool has_id_ = false;
  std::string id_;
  bool has_file_ = false;
  std::string name_;
  std::string declared_type_;
  std::string beginning_;
  std::int64_t bytes_ = 0;
  std::unique_ptr<vault::Writer> writer_;
  std::optional<wire::Reply> refusal_;
  int refusal_status_ = 0;                 // 0: as the code says.
  std::int64_t retry_after_seconds_ = 0;   // 0: none.
};

}  // namespace porchlight::tipline
