#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "tipline/report.h"

namespace porchlight::evidence {

// Gives the bytes of a reported file to a program that computes hashes of them, and to nobody who could look. The gate does not
// ask: it is about people (domain rule 2.6), and a hash is metadata. Each reading stands in the report's trail before the first byte,
// so that the chain of custody is whole. Thread-safe; both outlive this.
class HashDoor {
 public:
  HashDoor(store::Database& database, vault::Vault& vault, const Clock& clock) : database_(database), vault_(vault), clock_(clock) {}

  // The whole content, in memory. Errors: kNotFound for a file that does not exist or whose report is not filed, alike; kTooLarge
  // over `bytes_max`, without reading any; what the vault answers.
  Result<std::string> Read(tipline::FileId file, std::uint64_t bytes_max) const;

 private:
  store::Database& database_;
  vault::Vault& vault_;
  const Clock& clock_;
};

}  // namespace porchlight::evidence
