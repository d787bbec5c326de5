#include "synthetic/providers.h"

#include <array>
#include <cstdio>

namespace porchlight::synthetic {
namespace {

constexpr std::string_view kXmlUtf8 = "text/xml; charset=utf-8";

constexpr auto kProviders = std::to_array<Provider>({
    {"Lanternchat", "lanternchat.example", Service::kChat, 400,
     {Declaration::kNone, false, 0, false, FlagForm::kTrueText, false, TimeForm::kNanosecondsUtc, kXmlUtf8,
      FormEncoding::kUrlEncoded, PartName::kBaseName, false, true, false},
     {40, 120, 0, 60, 100, 0, 5}},
    {"Meadowpix", "meadowpix.example", Service::kPictures, 220,
     {Declaration::kDoubleQuoted, true, 0, false, FlagForm::kEmptyElement, true, TimeForm::kMillisecondsUtc,
      "text/plain;charset=UTF-8", FormEncoding::kMultipart, PartName::kQuoted, true, true, false},
     {60, 200, 0, 100, 150, 10, 10}},
    {"Cobaltmail", "cobaltmail.example", Service::kMail, 110,
     {Declaration::kSingleQuoted, false, 0, false, FlagForm::kEmptyElement, false, TimeForm::kSecondsLocalOffset,
      kXmlUtf8, FormEncoding::kUrlEncoded, PartName::kBaseName, true, true, false},
     {20, 80, 30, 20, 30, 0, 0}},
    {"Pebblegames", "pebblegames.example", Service::kGames, 70,
     {Declaration::kDoubleQuoted, true, 2, true, FlagForm::kTrueText, false, TimeForm::kSecondsLocalOffset, kXmlUtf8,
      FormEncoding::kUrlEncoded, PartName::kBaseName, true, true, false},
     {150, 400, 80, 250, 400, 50, 20}},
    {"Rowanstream", "rowanstream.example", Service::kVideo, 90,
     {Declaration::kNone, false, 0, false, FlagForm::kEmptyElement, true, TimeForm::kMillisecondsUtc, "text/xml",
      FormEncoding::kMultipart, PartName::kBlob, false, true, false},
     {30, 100, 0, 40, 60, 0, 0}},
    {"Harborbox", "harborbox.example", Service::kHosting, 60,
     {Declaration::kDoubleQuoted, true, 4, true, FlagForm::kEmptyElement, false, TimeForm::kNanosecondsUtc, kXmlUtf8,
      FormEncoding::kUrlEncoded, PartName::kBaseName, false, true, true},
     {250, 500, 0, 300, 200, 80, 100}},
    {"Quillforum", "quillforum.example", Service::kHosting, 30,
     {Declaration::kDoubleQuoted, true, 0, true, FlagForm::kEmptyElement, false, TimeForm::kSecondsZeroOffset, kXmlUtf8,
      FormEncoding::kMultipart, PartName::kTemporaryPath, false, false, true},
     {500, 700, 200, 600, 800, 0, 200}},
    {"Fernshare", "fernshare.example", Service::kSharing, 20,
     {Declaration::kStandalone, false, 4, false, FlagForm::kTrueText, false, TimeForm::kSecondsZeroOffset, "",
      FormEncoding::kMultipart, PartName::kBaseName, false, true, false},
     {300, 600, 300, 500, 300, 100, 50}},
});

std::string SecondsOf(Instant instant) {
  // Cut to whole seconds: FormatInstant then ends in "SSZ".
  std::string text = FormatInstant({instant.microseconds - ((instant.microseconds % 1'000'000) + 1'000'000) % 1'000'000});
  text.pop_back();
  return text;
}

std::string FractionOf(Instant instant, int digits) {
  const std::int64_t micros = ((instant.microseconds % 1'000'000) + 1'000'000) % 1'000'000;
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%06lld000", static_cast<long long>(micros));
  return {text.data(), static_cast<std::size_t>(digits)};
}

}  // namespace

std::span<const Provider> Providers() { return kProviders; }

std::string FormatTimeWithoutZone(Instant instant) { return SecondsOf(instant); }

std::string FormatTime(Instant instant, TimeForm form, int offset_minutes) {
  switch (form) {
    case TimeForm::kNanosecondsUtc: return SecondsOf(instant) + "." + FractionOf(instant, 9) + "Z";
    case TimeForm::kMillisecondsUtc: return SecondsOf(instant) + "." + FractionOf(instant, 3) + "Z";
    case TimeForm::kSecondsZeroOffset: return SecondsOf(instant) + "+00:00";
    case TimeForm::kSecondsLocalOffset: {
      const int size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
      std::array<char, 24> offset{};
      std::snprintf(offset.data(), offset.size(), "%c%02d:%02d", offset_minutes < 0 ? '-' : '+', size / 60, size % 60);
      return SecondsOf(instant + Duration::Minutes(offset_minutes)) + offset.data();
    }
  }
  PL_CHECK(false);
}

}  // namespace porchlight::synthetic
