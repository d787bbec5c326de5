#include "tests/simulation/faults.h"

namespace porchlight::tests {

namespace {

Error Gone() { return Error{ErrorCode::kUnavailable, "The service is not there.", "the simulated process is dead", {}, 1}; }

class FaultyDatabase final : public store::Database {
 public:
  FaultyDatabase(Faults& faults, std::unique_ptr<store::Database> inner) : faults_(faults), inner_(std::move(inner)) {}
  store::Engine engine() const override { return inner_->engine(); }
  Result<void> Migrate(const std::vector<store::Migration>& migrations) override { return inner_->Migrate(migrations); }
  Result<void> BackUpTo(const std::string& path) override { return inner_->BackUpTo(path); }
  Result<bool> HoldForThisProcess() override { return inner_->HoldForThisProcess(); }
  Result<void> Ping() override { return inner_->Ping(); }

 protected:
  Result<void> RunRead(const std::function<Result<void>(store::ReadTransaction&)>& work) override {
    PL_TRY(faults_.Alive());
    return inner_->Read(work);
  }
  Result<void> RunWrite(const std::function<Result<void>(store::WriteTransaction&)>& work) override {
    PL_TRY(faults_.Before());
    PL_TRY(inner_->Write(work));
    return faults_.After();
  }

 private:
  Faults& faults_;
  std::unique_ptr<store::Database> inner_;
};

class FaultyWriter final : public vault::Writer {
 public:
  FaultyWriter(Faults& faults, std::unique_ptr<vault::Writer> inner) : faults_(faults), inner_(std::move(inner)) {}
  Result<void> Append(std::string_view bytes) override {
    PL_TRY(faults_.Before());
    return inner_->Append(bytes);
  }
  Result<vault::StoredObject> Commit() override {
    PL_TRY(faults_.Before());
    vault::StoredObject object = PL_TRY(inner_->Commit());
    PL_TRY(faults_.After());
    return object;
  }

 private:
  Faults& faults_;
  std::unique_ptr<vault::Writer> inner_;
};

class FaultyVault final : public vault::Vault {
 public:
  FaultyVault(Faults& faults, std::unique_ptr<vault::Vault> inner) : faults_(faults), inner_(std::move(inner)) {}
  Result<std::unique_ptr<vault::Writer>> Begin() override {
    PL_TRY(faults_.Before());
    std::unique_ptr<vault::Writer> writer = PL_TRY(inner_->Begin());
    return std::unique_ptr<vault::Writer>(std::make_unique<FaultyWriter>(faults_, std::move(writer)));
  }
  Result<void> Read(const vault::ObjectReference& reference, const std::function<Result<void>(std::string_view)>& chunk) override {
    PL_TRY(faults_.Alive());
    return inner_->Read(reference, chunk);
  }
  Result<std::int64_t> Sweep(Instant before, const std::function<bool(const std::string& name)>& is_referred_to) override {
    PL_TRY(faults_.Before());
    return inner_->Sweep(before, is_referred_to);
  }
  Result<void> Verify(const vault::ObjectReference& reference) override { return inner_->Verify(reference); }
  std::int64_t BytesFree() const override { return inner_->BytesFree(); }

 private:
  Faults& faults_;
  std::unique_ptr<vault::Vault> inner_;
};

}  // namespace

Result<void> Faults::Alive() const {
  if (dead_) return Gone();
  return {};
}

Result<void> Faults::Die() {
  dead_ = true;
  ++deaths_;
  return Gone();
}

Result<void> Faults::Before() {
  PL_TRY(Alive());
  if (disk_full_) return Error{ErrorCode::kNoSpace, "The storage is full.", "the simulated disk is full", {}, 60};
  if (Strikes()) return Die();
  return {};
}

Result<void> Faults::After() {
  if (Strikes()) return Die();
  return {};
}

std::unique_ptr<store::Database> Between(Faults& faults, std::unique_ptr<store::Database> database) {
  return std::make_unique<FaultyDatabase>(faults, std::move(database));
}

std::unique_ptr<vault::Vault> Between(Faults& faults, std::unique_ptr<vault::Vault> vault) {
  return std::make_unique<FaultyVault>(faults, std::move(vault));
}

}  // namespace porchlight::tests
