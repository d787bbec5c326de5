#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/ids.h"
#include "base/instant.h"
#include "base/json.h"
#include "base/sensitive.h"
#include "base/visibility.h"

// One description of a record drives its JSON, its OpenAPI schema and who may see which field:
//
//   struct Receipt {
//     std::int64_t report_id = 0;
//     Instant received_at;
//     static constexpr std::string_view kRecordName = "Receipt";
//     static constexpr auto Fields() {
//       return std::make_tuple(
//           Describe("report_id", &Receipt::report_id, Visibility::kSubmitter, "Number of the report."),
//           Describe("received_at", &Receipt::received_at, Visibility::kSubmitter, "When the last byte arrived."));
//     }
//   };
//
// Fields may be bool, std::int64_t, int, double, std::string, Instant, Json, Id<>, Sensitive<>, an enum listed with
// EnumNames, another record, and std::optional or std::vector of these. WriteRecord leaves out every field whose
// class the viewer does not hold, so a handler cannot leak by forgetting.
namespace porchlight {

template <class Record, class Member>
struct FieldDescription {
  std::string_view name;
  Member Record::*member;
  Visibility visibility;
  std::string_view about;
};

template <class Record, class Member>
constexpr FieldDescription<Record, Member> Describe(std::string_view name, Member Record::*member, Visibility visibility,
                                                    std::string_view about) {
  return {name, member, visibility, about};
}

template <class T>
concept DescribedRecord = requires {
  T::Fields();
  T::kRecordName;
};

// Specialise for each stored enum: `static constexpr std::string_view kName` and
// `static constexpr std::array kAll = {std::pair{E::kOne, std::string_view("one")}, ...}`.
template <class E>
struct EnumNames;

template <class E>
constexpr std::string_view NameOf(E value) {
  for (const auto& [one, name] : EnumNames<E>::kAll) {
    if (one == value) return name;
  }
  return "unknown";
}

template <class E>
constexpr std::optional<E> FromName(std::string_view text) {
  for (const auto& [one, name] : EnumNames<E>::kAll) {
    if (name == text) return one;
  }
  return std::nullopt;
}

namespace record_internal {

template <class T> struct IsOptional : std::false_type {};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {};
template <class T> struct IsVector : std::false_type {};
template <class T> struct IsVector<std::vector<T>> : std::true_type {};
template <class T> struct IsSensitive : std::false_type {};
template <class T> struct IsSensitive<Sensitive<T>> : std::true_type {};
template <class T> struct IsId : std::false_type {};
template <class T> struct IsId<Id<T>> : std::true_type {};

}  // namespace record_internal

template <DescribedRecord Record>
Json ToJson(const Record& record, const VisibilitySet& viewer);

template <class T>
Json ValueToJson(const T& value, const VisibilitySet& viewer) {
  using namespace record_internal;
  if constexpr (DescribedRecord<T>) return ToJson(value, viewer);
  else if constexpr (IsOptional<T>::value) return value.has_value() ? ValueToJson(*value, viewer) : Json();
  else if constexpr (IsSensitive<T>::value) return ValueToJson(value.Reveal(), viewer);
  else if constexpr (IsId<T>::value) return Json(value.value);
  else if constexpr (std::is_same_v<T, Instant>) return Json(FormatInstant(value));
  else if constexpr (std::is_same_v<T, Json>) return value;
  else if constexpr (std::is_enum_v<T>) return Json(NameOf(value));
  else if constexpr (IsVector<T>::value) {
    Json::Array array;
    array.reserve(value.size());
    for (const auto& element : value) array.push_back(ValueToJson(element, viewer));
    return Json(std::move(array));
  } else {
    return Json(value);
  }
}

// The record as the viewer may see it. Absent optional values are written as null, hidden fields not at all.
template <DescribedRecord Record>
Json ToJson(const Record& record, const VisibilitySet& viewer) {
  Json::Object members;
  std::apply(
      [&](const auto&... field) {
        const auto add = [&](const auto& one) {
          if (viewer.Holds(one.visibility)) members.emplace_back(one.name, ValueToJson(record.*one.member, viewer));
        };
        (add(field), ...);
      },
      Record::Fields());
  return Json(std::move(members));
}

// JSON Schema (draft 2020-12) of a value; records and enums become references into components/schemas and are added
// to `components` when they are not there yet.
template <class T>
Json SchemaOf(Json& components) {
  using namespace record_internal;
  const auto reference = [](std::string_view name) {
    return Json().Set("$ref", "#/components/schemas/" + std::string(name));
  };
  if constexpr (DescribedRecord<T>) {
    if (components.Find(T::kRecordName) == nullptr) {
      components.Set(T::kRecordName, Json(Json::Object{}));  // Ends recursion of a record that contains itself.
      Json properties{Json::Object{}};
      std::apply(
          [&](const auto&... field) {
            const auto add = [&]<class R, class M>(const FieldDescription<R, M>& one) {
              Json schema = SchemaOf<M>(components);
              if (schema.Find("$ref") == nullptr) schema.Set("description", one.about);
              properties.Set(one.name, std::move(schema));
            };
            (add(field), ...);
          },
          T::Fields());
      components.Set(T::kRecordName, Json().Set("type", "object").Set("properties", std::move(properties)));
    }
    return reference(T::kRecordName);
  } else if constexpr (IsOptional<T>::value) {
    Json inner = SchemaOf<typename T::value_type>(components);
    return Json().Set("anyOf", Json().Append(std::move(inner)).Append(Json().Set("type", "null")));
  } else if constexpr (IsVector<T>::value) {
    return Json().Set("type", "array").Set("items", SchemaOf<typename T::value_type>(components));
  } else if constexpr (IsSensitive<T>::value) {
    return SchemaOf<std::remove_cvref_t<decltype(std::declval<T>().Reveal())>>(components);
  } else if constexpr (std::is_enum_v<T>) {
    if (components.Find(EnumNames<T>::kName) == nullptr) {
      Json names{Json::Array{}};
      for (const auto& one : EnumNames<T>::kAll) names.Append(Json(one.second));
      components.Set(EnumNames<T>::kName, Json().Set("type", "string").Set("enum", std::move(names)));
    }
    return reference(EnumNames<T>::kName);
  } else if constexpr (std::is_same_v<T, bool>) {
    return Json().Set("type", "boolean");
  } else if constexpr (std::is_same_v<T, double>) {
    return Json().Set("type", "number");
  } else if constexpr (std::is_integral_v<T> || IsId<T>::value) {
    return Json().Set("type", "integer");
  } else if constexpr (std::is_same_v<T, Instant>) {
    return Json().Set("type", "string").Set("format", "date-time");
  } else if constexpr (std::is_same_v<T, Json>) {
    return Json(Json::Object{});
  } else {
    static_assert(std::is_same_v<T, std::string>);
    return Json().Set("type", "string");
  }
}

template <DescribedRecord Record>
Result<Record> FromJson(const Json& json, const std::string& path = "");

inline Error WrongValue(const std::string& path, std::string_view wanted) {
  return Error{ErrorCode::kInvalidArgument, (path.empty() ? "The body" : path) + " must be " + std::string(wanted) + ".", {}, path, 0};
}

template <class T>
Result<T> ValueFromJson(const Json& json, const std::string& path) {
  using namespace record_internal;
  if constexpr (DescribedRecord<T>) {
    return FromJson<T>(json, path);
  } else if constexpr (IsOptional<T>::value) {
    if (json.IsNull()) return T();
    return T(PL_TRY(ValueFromJson<typename T::value_type>(json, path)));
  } else if constexpr (IsSensitive<T>::value) {
    using Inner = std::remove_cvref_t<decltype(std::declval<T>().Reveal())>;
    return T(PL_TRY(ValueFromJson<Inner>(json, path)));
  } else if constexpr (IsVector<T>::value) {
    if (json.AsArray() == nullptr) return WrongValue(path, "a list");
    T values;
    for (const Json& element : *json.AsArray()) {
      values.push_back(PL_TRY(ValueFromJson<typename T::value_type>(element, path + "/" + std::to_string(values.size()))));
    }
    return values;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (json.AsBool() == nullptr) return WrongValue(path, "true or false");
    return *json.AsBool();
  } else if constexpr (std::is_same_v<T, double>) {
    if (json.AsInteger() != nullptr) return static_cast<double>(*json.AsInteger());
    if (json.AsDouble() == nullptr) return WrongValue(path, "a number");
    return *json.AsDouble();
  } else if constexpr (std::is_integral_v<T>) {
    if (json.AsInteger() == nullptr || !std::in_range<T>(*json.AsInteger())) return WrongValue(path, "a whole number");
    return static_cast<T>(*json.AsInteger());
  } else if constexpr (IsId<T>::value) {
    if (json.AsInteger() == nullptr) return WrongValue(path, "a whole number");
    return T{*json.AsInteger()};
  } else if constexpr (std::is_same_v<T, Instant>) {
    if (json.AsString() == nullptr) return WrongValue(path, "a date and time");
    const Result<OffsetInstant> parsed = ParseDateTime(*json.AsString());
    if (!parsed.ok() || !parsed->offset_minutes) return WrongValue(path, "a date and time with a zone, like 2026-01-02T03:04:05Z");
    return parsed->instant;
  } else if constexpr (std::is_same_v<T, Json>) {
    return json;
  } else if constexpr (std::is_enum_v<T>) {
    const std::optional<T> value = json.AsString() == nullptr ? std::nullopt : FromName<T>(*json.AsString());
    if (!value) return WrongValue(path, "one of the listed words");
    return *value;
  } else {
    static_assert(std::is_same_v<T, std::string>);
    if (json.AsString() == nullptr) return WrongValue(path, "text");
    return *json.AsString();
  }
}

// Reads a record. A missing optional is absent, a missing list is empty, any other missing or any unknown member is
// refused by its path. Errors: kInvalidArgument with `field` set.
template <DescribedRecord Record>
Result<Record> FromJson(const Json& json, const std::string& path) {
  if (json.AsObject() == nullptr) return WrongValue(path, "an object");
  Record record;
  std::optional<Error> problem;
  std::vector<std::string_view> known;
  std::apply(
      [&](const auto&... field) {
        const auto read = [&]<class R, class M>(const FieldDescription<R, M>& one) {
          known.push_back(one.name);
          if (problem) return;
          const std::string here = path + "/" + std::string(one.name);
          const Json* member = json.Find(one.name);
          if (member == nullptr) {
            if constexpr (!record_internal::IsOptional<M>::value && !record_internal::IsVector<M>::value) {
              problem = Error{ErrorCode::kInvalidArgument, here + " is missing.", {}, here, 0};
            }
            return;
          }
          Result<M> value = ValueFromJson<M>(*member, here);
          if (value.ok()) record.*one.member = std::move(value).value();
          else problem = std::move(value).error();
        };
        (read(field), ...);
      },
      Record::Fields());
  for (const Json::Member& member : *json.AsObject()) {
    bool found = false;
    for (const std::string_view name : known) found = found || name == member.first;
    if (!found && !problem) {
      problem = Error{ErrorCode::kInvalidArgument, path + "/" + member.first + " is not known here.", {}, path + "/" + member.first, 0};
    }
  }
  if (problem) return *std::move(problem);
  return record;
}

}  // namespace porchlight
