#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace porchlight::profile {

// Collects what is wrong, so that an author sees all of it at once (at most kShownMax are written out).
class Problems {
 public:
  static constexpr std::size_t kShownMax = 20;
  // `pointer` is a JSON pointer (RFC 6901).
  void Add(std::string_view file, std::string_view pointer, std::string_view what);
  bool empty() const { return count_ == 0; }
  // kInvalidArgument; `field` is the first pointer.
  Error AsError() const;

 private:
  std::vector<std::string> lines_;
  std::string first_pointer_;
  std::size_t count_ = 0;
};

// One value of one file with its pointer. Reads answer a default and add a problem when the value is not as asked.
class Place {
 public:
  Place(const Json& value, std::string_view file, std::string pointer, Problems& problems)
      : value_(value), file_(file), pointer_(std::move(pointer)), problems_(problems) {}

  const Json& value() const { return value_; }
  void Wrong(std::string_view what) const { problems_.Add(file_, pointer_, what); }

  // False (and a problem) unless this is an object with no other members than these.
  bool IsObjectOf(std::initializer_list<std::string_view> members) const;
  std::optional<Place> Member(std::string_view name) const;
  Place Inside(std::string_view name, const Json& value) const;
  std::vector<Place> Elements() const;                      // Problem unless an array.
  std::vector<std::pair<std::string, Place>> Members() const;  // Problem unless an object.

  std::string Text(std::size_t bytes_max) const;            // Not empty, UTF-8.
  std::string TextOf(std::string_view name, std::size_t bytes_max) const;  // Of a member that must be there.
  std::string OptionalTextOf(std::string_view name, std::size_t bytes_max) const;
  bool FlagOf(std::string_view name) const;                 // Absent is false.
  std::map<std::string, std::string, std::less<>> Texts(std::size_t bytes_max) const;  // An object of texts.

 private:
  const Json& value_;
  std::string_view file_;
  std::string pointer_;
  Problems& problems_;
};

// Letters, digits, underscore; 1 to 64 of them.
bool IsCode(std::string_view text);
// Lower-case words with underscores, joined by dots: "tipline.report.read".
bool IsPermission(std::string_view text);

}  // namespace porchlight::profile
