#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "evidence/door.h"
#include "platform/crypto/secret.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "referrals/agencies.h"
#include "referrals/delivery_reading.h"

// Makes delivery packages: a ZIP with a page to print, the data as JSON and XML, the original submission, the files that the gate
// lets be opened, and a signed manifest; encrypted to the agency's certificates when the directory names some. Kept encrypted in the
// vault. Format: docs/formats/package.md. Thread-safe.
namespace porchlight::referrals {

class Packaging {
 public:
  struct Centre {
    std::string name;
    std::string contact;                          // How an agency reaches it; may be empty.
  };
  Packaging(store::Database& database, vault::Vault& vault, evidence::Door& door, const DeliveryReader& reader,
            const AgencyBook& agencies, const crypto::SigningKey& key, const Clock& clock, Centre centre)
      : database_(database), vault_(vault), door_(door), reader_(reader), agencies_(agencies), key_(key), clock_(clock),
        centre_(std::move(centre)) {}

  // The newest package, if it is made by what the gate says now, since the delivery was last granted, and for the certificates that
  // the directory names now; else a new one is made.
  // Two callers at once make one between them. A crash leaves at most an object that nothing refers to, which a sweep takes. A file
  // that is gone or damaged is left out, which the package says; whoever asks a day later or more has it tried again.
  // Errors: kNotFound; kUnavailable (the gate, the grant or the receivers changed while it was made; try again); those of the vault.
  Result<Package> EnsurePackage(DeliveryId delivery);

  // Whether it is encrypted to whom the directory names for that agency now; else the next asking makes another.
  bool IsForReceiversOf(const Package& package, const AgencyRow& agency) const;

  // Streams a package in order. Whoever calls has checked and recorded who asks.
  Result<void> Read(const Package& package, const std::function<Result<void>(std::string_view)>& sink);

 private:
  static constexpr Duration kUnreadableAgain = Duration::Days(1);

  class Builder;
  const std::vector<crypto::Receiver>& ReceiversOf(const AgencyRow& agency, Instant now) const;
  Result<vault::StoredObject> Pack(DeliveryContent& content, int number, Instant now);
  Result<Package> Build(DeliveryContent content, int number);

  store::Database& database_;
  vault::Vault& vault_;
  evidence::Door& door_;
  const DeliveryReader& reader_;
  const AgencyBook& agencies_;
  const crypto::SigningKey& key_;
  const Clock& clock_;
  const Centre centre_;
};

}  // namespace porchlight::referrals
