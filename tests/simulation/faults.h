#pragma once

#include <memory>

#include "base/random.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"

// Stand between a centre and its disk and let it fail at a seeded moment: before anything happened, or after it happened
// but before anybody was told. After a death nothing works any more until the centre is opened anew.
namespace porchlight::tests {

class Faults {
 public:
  explicit Faults(Random& random) : random_(random) {}

  void SetDiskFull(bool full) { disk_full_ = full; }
  bool disk_full() const { return disk_full_; }
  // One in `every` steps of the disk is the last; 0: none.
  void DieOnceIn(std::uint64_t every) { every_ = every; }
  void Revive() { dead_ = false; }
  bool dead() const { return dead_; }
  int deaths() const { return deaths_; }

  // Before a step: an error when the step must not happen.
  Result<void> Before();
  // After a step that happened: an error when nobody may learn of it.
  Result<void> After();
  Result<void> Alive() const;

 private:
  bool Strikes() { return every_ != 0 && random_.Below(every_) == 0; }
  Result<void> Die();

  Random& random_;
  bool disk_full_ = false;
  bool dead_ = false;
  std::uint64_t every_ = 0;
  int deaths_ = 0;
};

// `faults` outlives what is answered.
std::unique_ptr<store::Database> Between(Faults& faults, std::unique_ptr<store::Database> database);
std::unique_ptr<vault::Vault> Between(Faults& faults, std::unique_ptr<vault::Vault> vault);

}  // namespace porchlight::tests
