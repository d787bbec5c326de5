#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace porchlight::profile {

// The tables of one folder of a profile. A table has a `version` and a date `valid_from`; the newest that is valid at a
// moment holds then, before the first date the first one. Immutable once read.
template <class Table>
class DatedTables {
 public:
  const Table& At(Instant moment) const {
    const std::string day = FormatDate(moment);
    const Table* valid = &tables_.front();
    for (const Table& table : tables_) {
      if (table.valid_from <= day) valid = &table;
    }
    return *valid;
  }
  const Table* Find(std::string_view version) const {
    const auto found = std::find_if(tables_.begin(), tables_.end(), [&](const Table& one) { return one.version == version; });
    return found == tables_.end() ? nullptr : &*found;
  }
  std::vector<std::string> Versions() const {   // Oldest first.
    std::vector<std::string> versions;
    for (const Table& table : tables_) versions.push_back(table.version);
    return versions;
  }

 protected:
  // `what` names the tables for people: "triage rules". Errors: kInvalidArgument naming the file, or that there is none.
  template <class ReadOne>
  Result<void> ReadAll(const std::map<std::string, std::string, std::less<>>& files, ReadOne&& read_one, std::string_view what) {
    for (const auto& [name, text] : files) {
      Result<Table> table = read_one(text);
      if (!table.ok()) {
        Error error = std::move(table).error();
        error.public_text = name + ": " + error.public_text;
        return error;
      }
      if (Find(table->version) != nullptr) {
        return Error{ErrorCode::kInvalidArgument, name + ": another table has the version \"" + table->version + "\" too.", {}, {}, 0};
      }
      tables_.push_back(std::move(table).value());
    }
    if (tables_.empty()) {
      return Error{ErrorCode::kInvalidArgument, "The profile has no table of " + std::string(what) + ".", {}, {}, 0};
    }
    std::stable_sort(tables_.begin(), tables_.end(),
                     [](const Table& left, const Table& right) { return left.valid_from < right.valid_from; });
    return {};
  }

 private:
  std::vector<Table> tables_;
};

}  // namespace porchlight::profile
