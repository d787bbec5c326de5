#pragma once

#include <libpq-fe.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "platform/store/value.h"

// Values to and from PostgreSQL's wire.
namespace porchlight::store::internal {

// The type a value asks for, 0 for NULL (the server infers it).
Oid TypeOf(const Value& value);
// Whether a parameter prepared as `type` takes the value.
bool Fits(Oid type, const Value& value);

// Parameters as libpq wants them; points into the values, which must outlive it.
class WireParameters {
 public:
  WireParameters(const std::vector<Value>& values, const std::vector<Oid>& types);
  int count() const { return static_cast<int>(pointers_.size()); }
  const char* const* pointers() const { return pointers_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

// One row of a result in binary format. Errors: kInternal for a type the store does not speak.
Result<Row> ReadWireRow(const PGresult* result, int row, const Statement& statement);

// The highest n of the $n in the text, outside of quotes.
int HighestPlaceholder(const char* sql);

}  // namespace porchlight::store::internal
