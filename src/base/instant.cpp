#include "base/instant.h"

#include <array>
#include <charconv>

namespace porchlight {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

struct Civil {
  std::int64_t year = 0;
  int month = 0;
  int day = 0;
};

// Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
constexpr std::int64_t DaysFromCivil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

constexpr Civil CivilFromDays(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

constexpr bool IsLeap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

constexpr int DaysInMonth(std::int64_t year, int month) {
  constexpr std::array<int, 13> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays.at(static_cast<std::size_t>(month));
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

Error NotADateTime(std::string_view why) {
  return Error{ErrorCode::kInvalidArgument, "Not a date and time: " + std::string(why) + ".", {}, {}, 0};
}

// Walks the text; every Take* answers false at the first character that does not fit.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool AtEnd() const { return position_ == text_.size(); }
  bool Take(char wanted) {
    if (AtEnd() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }
  bool TakeDigits(int count, std::int64_t& value) {
    value = 0;
    for (int taken = 0; taken < count; ++taken) {
      if (!TakeDigit(value)) return false;
    }
    return true;
  }
  // Reads all digits that follow, keeping the first six as microseconds.
  bool TakeFraction(std::int64_t& microseconds) {
    microseconds = 0;
    std::int64_t scale = 100'000;
    std::size_t digits = 0;
    for (std::int64_t digit = 0; TakeDigit(digit); digit = 0, ++digits) {
      microseconds += digit * scale;
      scale /= 10;
    }
    return digits > 0;
  }

 private:
  bool TakeDigit(std::int64_t& value) {
    if (AtEnd() || text_[position_] < '0' || text_[position_] > '9') return false;
    value = value * 10 + (text_[position_] - '0');
    ++position_;
    return true;
  }
  std::string_view text_;
  std::size_t position_ = 0;
};

struct ClockTime {
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t microsecond = 0;
};

Result<ClockTime> ReadTime(Cursor& cursor) {
  ClockTime time;
  if (!cursor.TakeDigits(2, time.hour) || !cursor.Take(':') || !cursor.TakeDigits(2, time.minute) ||
      !cursor.Take(':') || !cursor.TakeDigits(2, time.second)) {
    return NotADateTime("the time must read hh:mm:ss");
  }
  if (cursor.Take('.') && !cursor.TakeFraction(time.microsecond)) return NotADateTime("digits are missing after the dot");
  const bool end_of_day = time.hour == 24 && time.minute == 0 && time.second == 0 && time.microsecond == 0;
  if ((time.hour > 23 && !end_of_day) || time.minute > 59 || time.second > 59) {
    return NotADateTime("the time is out of range");
  }
  return time;
}

Result<std::optional<std::int32_t>> ReadOffset(Cursor& cursor) {
  if (cursor.AtEnd()) return std::optional<std::int32_t>();
  if (cursor.Take('Z')) return std::optional<std::int32_t>(0);
  const bool negative = cursor.Take('-');
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if ((!negative && !cursor.Take('+')) || !cursor.TakeDigits(2, hours) || !cursor.Take(':') ||
      !cursor.TakeDigits(2, minutes)) {
    return NotADateTime("the zone must be Z or like +02:00");
  }
  if (hours > 14 || minutes > 59 || (hours == 14 && minutes != 0)) return NotADateTime("the zone is out of range");
  const auto total = static_cast<std::int32_t>(hours * 60 + minutes);
  return std::optional<std::int32_t>(negative ? -total : total);
}

std::string_view CollapseEnds(std::string_view text) {
  constexpr std::string_view kXmlSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kXmlSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kXmlSpace) - first + 1);
}

// As printf's %0*lld, sign included. Every line of the log holds an instant, so it is written without printf.
void AppendPadded(std::string& text, std::int64_t value, std::size_t width) {
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value < 0 ? -value : value);
  const auto count = static_cast<std::size_t>(end - digits.data()) + (value < 0 ? 1 : 0);
  if (value < 0) text += '-';
  if (count < width) text.append(width - count, '0');
  text.append(digits.data(), end);
}

}  // namespace

std::string FormatInstant(Instant instant) {
  const std::int64_t seconds = FloorDivide(instant.microseconds, kMicrosPerSecond);
  const std::int64_t fraction = instant.microseconds - seconds * kMicrosPerSecond;
  const std::int64_t days = FloorDivide(seconds, kSecondsPerDay);
  const std::int64_t of_day = seconds - days * kSecondsPerDay;
  const Civil date = CivilFromDays(days);
  std::string text;
  text.reserve(32);
  AppendPadded(text, date.year, 4);
  AppendPadded(text += '-', date.month, 2);
  AppendPadded(text += '-', date.day, 2);
  AppendPadded(text += 'T', of_day / 3600, 2);
  AppendPadded(text += ':', of_day / 60 % 60, 2);
  AppendPadded(text += ':', of_day % 60, 2);
  if (fraction != 0) AppendPadded(text += '.', fraction, 6);
  return text + "Z";
}

std::string FormatDate(Instant instant) { return FormatInstant(instant).substr(0, 10); }

Result<OffsetInstant> ParseDateTime(std::string_view text) {
  Cursor cursor(CollapseEnds(text));
  std::int64_t year = 0;
  std::int64_t month = 0;
  std::int64_t day = 0;
  if (!cursor.TakeDigits(4, year) || !cursor.Take('-') || !cursor.TakeDigits(2, month) || !cursor.Take('-') ||
      !cursor.TakeDigits(2, day)) {
    return NotADateTime("the date must read yyyy-mm-dd");
  }
  if (year == 0 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, static_cast<int>(month))) {
    return NotADateTime("there is no such day");
  }
  if (!cursor.Take('T')) return NotADateTime("a T must stand between date and time");
  const ClockTime time = PL_TRY(ReadTime(cursor));
  const std::optional<std::int32_t> offset = PL_TRY(ReadOffset(cursor));
  if (!cursor.AtEnd()) return NotADateTime("there is something after the end");
  const std::int64_t days = DaysFromCivil(year, static_cast<int>(month), static_cast<int>(day));
  const std::int64_t seconds = days * kSecondsPerDay + time.hour * 3600 + time.minute * 60 + time.second -
                               static_cast<std::int64_t>(offset.value_or(0)) * 60;
  return OffsetInstant{Instant{seconds * kMicrosPerSecond + time.microsecond}, offset};
}

bool IsDate(std::string_view text) { return text.size() == 10 && ParseDateTime(std::string(text) + "T00:00:00Z").ok(); }

Instant AddYears(Instant instant, int years) {
  const std::int64_t day_micros = kSecondsPerDay * kMicrosPerSecond;
  const std::int64_t days = FloorDivide(instant.microseconds, day_micros);
  Civil date = CivilFromDays(days);
  date.year += years;
  if (date.day > DaysInMonth(date.year, date.month)) date.day = DaysInMonth(date.year, date.month);
  return Instant{DaysFromCivil(date.year, date.month, date.day) * day_micros + (instant.microseconds - days * day_micros)};
}

}  // namespace porchlight
