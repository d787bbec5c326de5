#include "triage/signals.h"

namespace porchlight::triage {

Json ToJson(const Signals& signals) {
  Json json{Json::Object{}};
  for (const auto& [signal, places] : signals.all()) {
    Json list{Json::Array{}};
    for (const std::string& place : places) list.Append(place);
    json.Set(std::string(NameOf(signal)), std::move(list));
  }
  return json;
}

Result<Signals> SignalsFromJson(const Json& json) {
  Signals signals;
  if (json.AsObject() == nullptr) return Error{ErrorCode::kInvalidArgument, "Signals are an object.", {}, {}, 0};
  for (const auto& [name, places] : *json.AsObject()) {
    const std::optional<Signal> signal = FromName<Signal>(name);
    if (!signal || places.AsArray() == nullptr) {
      return Error{ErrorCode::kInvalidArgument, "There is no signal \"" + name + "\".", {}, name, 0};
    }
    signals.Add(*signal);
    for (const Json& place : *places.AsArray()) {
      if (place.AsString() != nullptr) signals.Add(*signal, *place.AsString());
    }
  }
  return signals;
}

}  // namespace porchlight::triage
