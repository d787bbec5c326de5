#include "platform/auth/password.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace porchlight::auth {

namespace {

constexpr std::size_t kDifferentMin = 4;

Error Refused(std::string text) { return Error{ErrorCode::kInvalidArgument, std::move(text), {}, "/password", 0}; }

}  // namespace

Result<void> CheckPassword(std::string_view password, std::string_view login, int length_min) {
  if (password.size() < static_cast<std::size_t>(length_min)) {
    return Refused("A password has at least " + std::to_string(length_min) + " characters.");
  }
  if (password.size() > kPasswordBytesMax) return Refused("A password has at most " + std::to_string(kPasswordBytesMax) + " bytes.");
  if (!IsUtf8(password)) return Refused("The password is not UTF-8.");
  const bool control = std::any_of(password.begin(), password.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  if (control) return Refused("A password has no control characters.");
  if (EqualsIgnoringCase(password, login)) return Refused("The password must not be the login.");
  if (std::set<char>(password.begin(), password.end()).size() < kDifferentMin) {
    return Refused("A password has at least four different characters.");
  }
  return {};
}

PasswordGate::PasswordGate(Options options, Random& random)
    : options_(options), nobodys_phc_(crypto::HashPassword(HexEncode(random.Bytes(32)), options.cost)) {}

Result<std::string> PasswordGate::Hash(std::string_view password) {
  PL_TRY(Enter());
  std::string phc = crypto::HashPassword(password, options_.cost);
  Leave();
  return phc;
}

Result<bool> PasswordGate::Matches(std::string_view phc, std::string_view password) {
  PL_TRY(Enter());
  const bool matches = crypto::PasswordMatches(phc.empty() ? std::string_view(nobodys_phc_) : phc, password);
  Leave();
  return matches && !phc.empty();
}

Result<void> PasswordGate::Enter() {
  std::unique_lock lock(mutex_);
  if (running_ >= options_.running_max) {
    if (waiting_ >= options_.waiting_max) {
      return Error{ErrorCode::kUnavailable, "Too many sign-ins at once. Please try again.", "password gate is full", {}, 1};
    }
    ++waiting_;
    free_.wait(lock, [this] { return running_ < options_.running_max; });
    --waiting_;
  }
  ++running_;
  return {};
}

void PasswordGate::Leave() {
  {
    const std::lock_guard lock(mutex_);
    --running_;
  }
  free_.notify_one();
}

}  // namespace porchlight::auth
