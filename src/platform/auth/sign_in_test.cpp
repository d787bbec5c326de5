// Goal: the ways in, and every way to be kept out. Method: both engines, a clock that is moved by hand, real Argon2id
// at test cost, codes computed as an authenticator app would.
#include "platform/auth/sign_in.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "platform/auth/basic.h"
#include "platform/auth/migrations.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::auth {
namespace {

constexpr const char* kPassword = "violet lantern 42";
constexpr const char* kPeer = "192.0.2.7";

struct Heard {
  SignInEvent event;
  AccountId account;
};

class SignInTest : public testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    database_ = store::FreshDatabase(GetParam(), Migrations());
    MakeParts();
  }

  // Also a restart: everything that lived in memory is gone.
  void MakeParts() {
    const LockOutPolicy lock_out{5, Duration::Minutes(15), 1000, 1000};
    const auto witness = [this](store::WriteTransaction&, SignInEvent event, AccountId account, const std::string&) -> Result<void> {
      if (!audit_works_) return Error{ErrorCode::kNoSpace, "The disk is full.", {}, {}, 0};
      heard_.push_back({event, account});
      return {};
    };
    verifier_ = std::make_unique<Verifier>(*database_, clock_, random_, gate_, lock_out, witness);
    basic_ = std::make_unique<BasicSignIn>(*database_, clock_, random_, *verifier_);
    const Sealing sealing{[](std::string_view plain, std::string_view context) { return std::string(context) + "|" + std::string(plain); },
                          [](std::string_view sealed, std::string_view context) -> Result<std::string> {
                            if (!sealed.starts_with(context)) return Error{ErrorCode::kCorrupt, "", "", "", 0};
                            return std::string(sealed.substr(context.size() + 1));
                          }};
    const SignInPolicy policy{{Duration::Minutes(30), Duration::Hours(12)}, Duration::Minutes(10), "Test centre",
                              [](const std::vector<std::string>& roles) { return !roles.empty() && roles.front() == "careful"; }};
    sign_in_ = std::make_unique<SignIn>(*database_, clock_, random_, *verifier_, sealing, policy, witness);
  }

  AccountId Add(const std::string& login, AccountKind kind, std::vector<std::string> roles = {"plain"}) {
    NewAccount account{login, kind, {}, std::move(roles), gate_.Hash(kPassword).value(), false};
    if (kind == AccountKind::kPlatform) account.organisation = {7};
    return database_->Write([&](store::WriteTransaction& transaction) { return InsertAccount(transaction, account, clock_.Now()); }).value();
  }

  template <class Change>
  void Do(Change change) {
    const auto done = database_->Write([&](store::WriteTransaction& transaction) { return change(transaction); });
    ASSERT_TRUE(done.ok()) << done.error().operator_text;
  }

  Result<Entered> Enter(std::string_view login, std::string_view password = kPassword, std::string_view code = {}) {
    return sign_in_->Enter(login, password, code, kPeer);
  }
  ErrorCode RefusalOf(std::string_view login, std::string_view password) {
    const Result<Entered> entered = Enter(login, password);
    return entered.ok() ? ErrorCode{} : entered.error().code;
  }
  Result<LiveSession> Continue(const Entered& entered) { return sign_in_->Continue(entered.secrets.cookie, {}, false); }

  std::string CodeFor(const std::string& secret, std::int64_t steps_away = 0) const {
    return crypto::TotpCode(secret, clock_.Now().microseconds / 30'000'000 + steps_away);
  }
  std::string Enrol(const std::string& login) {
    const Entered first = Enter(login).value();
    const std::string secret = crypto::Base32Decode(sign_in_->OfferSecondFactor(first.live.session.id).value().secret).value();
    EXPECT_TRUE(sign_in_->ConfirmSecondFactor(first.live.session.id, CodeFor(secret)).ok());
    clock_.Advance(Duration::Seconds(30));
    return secret;
  }
  int CountOf(SignInEvent event) const {
    return static_cast<int>(std::count_if(heard_.begin(), heard_.end(), [&](const Heard& one) { return one.event == event; }));
  }

  ManualClock clock_{Instant{1'800'000'000'000'000}};
  SeededRandom random_{11};
  PasswordGate gate_{{crypto::PasswordCost::kFastForTests, 2, 64}, random_};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Verifier> verifier_;
  std::unique_ptr<BasicSignIn> basic_;
  std::unique_ptr<SignIn> sign_in_;
  std::vector<Heard> heard_;
  bool audit_works_ = true;
};

INSTANTIATE_TEST_SUITE_P(Engines, SignInTest, testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(SignInTest, APasswordOpensASessionThatTheCookieContinues) {
  const AccountId account = Add("Ada.L", AccountKind::kStaff);
  const Result<Entered> entered = Enter("ada.l");
  ASSERT_TRUE(entered.ok());
  EXPECT_EQ(entered->second_factor, SecondFactor::kDone);
  const Result<LiveSession> live = Continue(*entered);
  ASSERT_TRUE(live.ok());
  EXPECT_EQ(live->account.id, account);
  EXPECT_EQ(live->account.login, "Ada.L");
  EXPECT_NE(live->session.id, entered->secrets.cookie);
  EXPECT_EQ(CountOf(SignInEvent::kSignedIn), 1);
}

TEST_P(SignInTest, WrongPasswordDisabledAccountAndNoAccountAreToldApartByNothing) {
  const AccountId account = Add("disabled", AccountKind::kStaff);
  Add("there", AccountKind::kStaff);
  Add("machine", AccountKind::kMachine);
  Do([&](auto& transaction) { return SetAccountState(transaction, account, AccountState::kDisabled); });
  const Error wrong = Enter("there", "wrong password 1").error();
  for (const char* login : {"nobody", "disabled", "machine"}) {
    const Error other = Enter(login).error();
    EXPECT_EQ(other.code, wrong.code) << login;
    EXPECT_EQ(other.public_text, wrong.public_text) << login;
    EXPECT_EQ(other.field, wrong.field) << login;
  }
  EXPECT_EQ(CountOf(SignInEvent::kFailed), 4);
}

TEST_P(SignInTest, TheFifthFailureLocksKnownAndUnknownLoginsAlikeUntilTheTimeIsOver) {
  Add("there", AccountKind::kStaff);
  for (const char* login : {"there", "nobody"}) {
    for (int count = 0; count < 5; ++count) EXPECT_EQ(RefusalOf(login, "wrong password 1"), ErrorCode::kUnauthenticated);
    const Result<Entered> locked = Enter(login);
    ASSERT_FALSE(locked.ok());
    EXPECT_EQ(locked.error().code, ErrorCode::kTooManyRequests);
    EXPECT_EQ(locked.error().retry_after_seconds, 15 * 60);
  }
  EXPECT_EQ(CountOf(SignInEvent::kLockedOut), 2);
}

TEST_P(SignInTest, TheLockSurvivesARestartAndOpensOnTheMoment) {
  Add("there", AccountKind::kStaff);
  for (int count = 0; count < 5; ++count) EXPECT_EQ(RefusalOf("there", "wrong password 1"), ErrorCode::kUnauthenticated);
  MakeParts();
  clock_.Advance(Duration{Duration::Minutes(15).microseconds - 1});
  EXPECT_EQ(RefusalOf("there", kPassword), ErrorCode::kTooManyRequests);
  clock_.Advance(Duration{1});
  EXPECT_TRUE(Enter("there").ok());
}

TEST_P(SignInTest, FourFailuresDoNotLockAndASuccessStartsTheCountAgain) {
  Add("there", AccountKind::kStaff);
  for (int round = 0; round < 2; ++round) {
    for (int count = 0; count < 4; ++count) EXPECT_EQ(RefusalOf("there", "wrong password 1"), ErrorCode::kUnauthenticated);
    EXPECT_TRUE(Enter("there").ok());
  }
}

TEST_P(SignInTest, WhatCannotBeAuditedDoesNotHappen) {
  Add("there", AccountKind::kStaff);
  audit_works_ = false;
  EXPECT_EQ(RefusalOf("there", kPassword), ErrorCode::kNoSpace);
  EXPECT_EQ(RefusalOf("there", "wrong password 1"), ErrorCode::kNoSpace);
  audit_works_ = true;
  const Result<std::vector<store::Row>> rows = database_->Read([](store::ReadTransaction& transaction) {
    static constexpr store::Statement kAll{"test.sessions", "SELECT id FROM auth_sessions"};
    return transaction.All(kAll);
  });
  EXPECT_TRUE(rows->empty());
}

TEST_P(SignInTest, ASessionEndsAtIdleAndAtAbsoluteLifeExactly) {
  Add("there", AccountKind::kStaff);
  const Entered idle = Enter("there").value();
  clock_.Advance(Duration{Duration::Minutes(30).microseconds - 1});
  EXPECT_TRUE(Continue(idle).ok());
  clock_.Advance(Duration::Minutes(30));
  EXPECT_EQ(Continue(idle).error().code, ErrorCode::kUnauthenticated);

  const Entered busy = Enter("there").value();
  for (int count = 0; count < 24 * 3 - 1; ++count) {
    clock_.Advance(Duration::Minutes(10));
    ASSERT_TRUE(Continue(busy).ok()) << count;
  }
  clock_.Advance(Duration{Duration::Minutes(10).microseconds - 1});
  EXPECT_TRUE(Continue(busy).ok());
  clock_.Advance(Duration{1});
  EXPECT_FALSE(Continue(busy).ok());
  EXPECT_EQ(sign_in_->Sweep().value(), 2);
  EXPECT_EQ(sign_in_->Sweep().value(), 0);
}

TEST_P(SignInTest, UnsafeRequestsNeedTheTokenOfTheSameSession) {
  Add("there", AccountKind::kStaff);
  const Entered one = Enter("there").value();
  const Entered other = Enter("there").value();
  EXPECT_TRUE(sign_in_->Continue(one.secrets.cookie, one.secrets.csrf_token, true).ok());
  EXPECT_EQ(sign_in_->Continue(one.secrets.cookie, other.secrets.csrf_token, true).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(sign_in_->Continue(one.secrets.cookie, "", true).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(sign_in_->Continue("made up", one.secrets.csrf_token, true).error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(sign_in_->Continue(one.live.session.id, one.secrets.csrf_token, true).error().code, ErrorCode::kUnauthenticated);
}

TEST_P(SignInTest, SigningOutDisablingNewPasswordAndNewRolesEndSessionsAtOnce) {
  const AccountId account = Add("there", AccountKind::kStaff);
  const Entered left = Enter("there").value();
  EXPECT_TRUE(sign_in_->Leave(left.live.session.id).ok());
  EXPECT_TRUE(sign_in_->Leave(left.live.session.id).ok());
  EXPECT_FALSE(Continue(left).ok());
  EXPECT_EQ(CountOf(SignInEvent::kSignedOut), 1);

  const Entered second = Enter("there").value();
  Do([&](auto& transaction) { return SetAccountState(transaction, account, AccountState::kDisabled); });
  EXPECT_FALSE(Continue(second).ok());
  Do([&](auto& transaction) { return SetAccountState(transaction, account, AccountState::kActive); });
  EXPECT_FALSE(Continue(second).ok());

  const Entered third = Enter("there").value();
  Do([&](auto& transaction) { return SetRoles(transaction, account, {"other"}); });
  EXPECT_FALSE(Continue(third).ok());
  const Entered fourth = Enter("there").value();
  const std::string phc = gate_.Hash("another password 7").value();
  Do([&](auto& transaction) { return SetPassword(transaction, account, phc); });
  EXPECT_FALSE(Continue(fourth).ok());
  EXPECT_EQ(RefusalOf("there", kPassword), ErrorCode::kUnauthenticated);
  EXPECT_TRUE(Enter("there", "another password 7").ok());
}

TEST_P(SignInTest, AnAccountKeepsItsTwentyNewestSessions) {
  Add("there", AccountKind::kStaff);
  std::vector<Entered> all;
  for (int count = 0; count < kSessionsPerAccountMax + 1; ++count) {
    all.push_back(Enter("there").value());
    clock_.Advance(Duration::Seconds(1));
  }
  EXPECT_FALSE(Continue(all[0]).ok());
  EXPECT_TRUE(Continue(all[1]).ok());
  EXPECT_TRUE(Continue(all.back()).ok());
}

TEST_P(SignInTest, ARoleThatNeedsASecondFactorEnrolsFirstAndIsAskedAfterwards) {
  Add("careful", AccountKind::kStaff, {"careful"});
  const Entered first = Enter("careful").value();
  EXPECT_EQ(first.second_factor, SecondFactor::kEnrol);
  const Enrolment offer = sign_in_->OfferSecondFactor(first.live.session.id).value();
  EXPECT_NE(offer.otpauth_uri.find("otpauth://totp/Test%20centre:careful?secret=" + offer.secret), std::string::npos);
  EXPECT_EQ(sign_in_->ConfirmSecondFactor(first.live.session.id, "000000").error().field, "/code");
  const Entered confirmed = sign_in_->ConfirmSecondFactor(first.live.session.id, CodeFor(crypto::Base32Decode(offer.secret).value())).value();
  EXPECT_EQ(confirmed.second_factor, SecondFactor::kDone);
  EXPECT_FALSE(Continue(first).ok());
  EXPECT_EQ(sign_in_->StandingOf(Continue(confirmed).value()), SecondFactor::kDone);
  EXPECT_EQ(sign_in_->OfferSecondFactor(confirmed.live.session.id).error().code, ErrorCode::kConflict);

  const Error asked = Enter("careful").error();
  EXPECT_EQ(asked.code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(asked.field, kSecondFactorNeeded);
  EXPECT_EQ(Enter("careful", "wrong password 1").error().field, "");
  EXPECT_EQ(CountOf(SignInEvent::kSecondFactorEnrolled), 1);
}

TEST_P(SignInTest, ACodeWorksOnceAndOneStepAway) {
  Add("careful", AccountKind::kStaff, {"careful"});
  const std::string secret = Enrol("careful");
  clock_.Advance(Duration::Minutes(5));
  EXPECT_FALSE(Enter("careful", kPassword, CodeFor(secret, -2)).ok());
  EXPECT_FALSE(Enter("careful", kPassword, CodeFor(secret, 2)).ok());
  EXPECT_TRUE(Enter("careful", kPassword, CodeFor(secret, -1)).ok());
  EXPECT_FALSE(Enter("careful", kPassword, CodeFor(secret, -1)).ok());
  EXPECT_TRUE(Enter("careful", kPassword, CodeFor(secret)).ok());
  EXPECT_FALSE(Enter("careful", kPassword, CodeFor(secret)).ok());
  EXPECT_TRUE(Enter("careful", kPassword, CodeFor(secret, 1)).ok());
  EXPECT_FALSE(Enter("careful", kPassword, CodeFor(secret)).ok()) << "an older code after a newer one";
}

TEST_P(SignInTest, TheCodeOfTheEnrolmentIsSpent) {
  Add("careful", AccountKind::kStaff, {"careful"});
  const Entered first = Enter("careful").value();
  const std::string secret = crypto::Base32Decode(sign_in_->OfferSecondFactor(first.live.session.id).value().secret).value();
  const std::string code = CodeFor(secret);
  ASSERT_TRUE(sign_in_->ConfirmSecondFactor(first.live.session.id, code).ok());
  EXPECT_FALSE(Enter("careful", kPassword, code).ok());
}

TEST_P(SignInTest, WrongCodesLockLikeWrongPasswordsAndAskingForTheCodeDoesNotForgive) {
  Add("careful", AccountKind::kStaff, {"careful"});
  const std::string secret = Enrol("careful");
  for (int count = 0; count < 5; ++count) {
    EXPECT_EQ(Enter("careful").error().field, kSecondFactorNeeded);
    EXPECT_EQ(Enter("careful", kPassword, "12345").error().code, ErrorCode::kUnauthenticated);
  }
  EXPECT_EQ(Enter("careful", kPassword, CodeFor(secret)).error().code, ErrorCode::kTooManyRequests);
}

TEST_P(SignInTest, AnOfferRunsOutAndALaterOfferReplacesIt) {
  Add("careful", AccountKind::kStaff, {"careful"});
  const Entered first = Enter("careful").value();
  const std::string& session = first.live.session.id;
  EXPECT_EQ(sign_in_->ConfirmSecondFactor(session, "123456").error().code, ErrorCode::kConflict);
  const std::string old = crypto::Base32Decode(sign_in_->OfferSecondFactor(session).value().secret).value();
  const std::string secret = crypto::Base32Decode(sign_in_->OfferSecondFactor(session).value().secret).value();
  EXPECT_EQ(sign_in_->ConfirmSecondFactor(session, CodeFor(old)).error().code, ErrorCode::kInvalidArgument);
  clock_.Advance(Duration::Minutes(10));
  EXPECT_EQ(sign_in_->ConfirmSecondFactor(session, CodeFor(secret)).error().code, ErrorCode::kConflict);
}

TEST_P(SignInTest, AnAdministratorCanTakeALostSecondFactorAway) {
  const AccountId account = Add("careful", AccountKind::kStaff, {"careful"});
  const std::string secret = Enrol("careful");
  const Entered before = Enter("careful", kPassword, CodeFor(secret)).value();
  Do([&](auto& transaction) { return RemoveSecondFactor(transaction, account); });
  EXPECT_FALSE(Continue(before).ok());
  EXPECT_EQ(Enter("careful")->second_factor, SecondFactor::kEnrol);
}

TEST_P(SignInTest, TokensEndAtTheirTimeOnRevocationAndWithTheirAccount) {
  const AccountId machine = Add("machine", AccountKind::kMachine, {"plain", "other"});
  const auto issue = [&] {
    const std::string secret = NewTokenSecret(random_);
    const NewToken token{"probe", machine, {"plain"}, clock_.Now() + Duration::Days(1)};
    const TokenId id = database_->Write([&](store::WriteTransaction& transaction) { return InsertToken(transaction, token, secret, clock_.Now()); }).value();
    return std::pair(secret, id);
  };
  const auto [secret, id] = issue();
  EXPECT_EQ(sign_in_->ByToken(secret)->account.roles, std::vector<std::string>{"plain"});
  EXPECT_FALSE(sign_in_->ByToken(secret + "x").ok());
  EXPECT_FALSE(sign_in_->ByToken("").ok());
  clock_.Advance(Duration{Duration::Days(1).microseconds - 1});
  EXPECT_TRUE(sign_in_->ByToken(secret).ok());
  clock_.Advance(Duration{1});
  EXPECT_EQ(sign_in_->ByToken(secret).error().code, ErrorCode::kUnauthenticated);

  const auto revoked = issue();
  Do([&](auto& transaction) { return RevokeToken(transaction, revoked.second, clock_.Now()); });
  Do([&](auto& transaction) { return RevokeToken(transaction, revoked.second, clock_.Now()); });
  EXPECT_FALSE(sign_in_->ByToken(revoked.first).ok());

  const auto orphan = issue();
  Do([&](auto& transaction) { return SetRoles(transaction, machine, {"other"}); });
  EXPECT_TRUE(sign_in_->ByToken(orphan.first)->account.roles.empty()) << "a token keeps no role its account has lost";
  Do([&](auto& transaction) { return SetAccountState(transaction, machine, AccountState::kDisabled); });
  EXPECT_FALSE(sign_in_->ByToken(orphan.first).ok());
}

TEST_P(SignInTest, LoginsAreUniqueWithoutCase) {
  Add("Some.Body", AccountKind::kStaff);
  const NewAccount again{"some.BODY", AccountKind::kStaff, {}, {}, "", false};
  const auto taken = database_->Write([&](store::WriteTransaction& transaction) { return InsertAccount(transaction, again, clock_.Now()); });
  EXPECT_EQ(taken.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(CheckLogin("abc").ok());
  EXPECT_FALSE(CheckLogin("ab").ok());
  EXPECT_TRUE(CheckLogin(std::string(64, 'a')).ok());
  EXPECT_FALSE(CheckLogin(std::string(65, 'a')).ok());
  EXPECT_FALSE(CheckLogin("with space").ok());
}

TEST_P(SignInTest, BasicRemembersRightCredentialsAndSeesAChangeWithinASecond) {
  const AccountId account = Add("platform", AccountKind::kPlatform);
  ASSERT_TRUE(basic_->Check("platform", kPassword, kPeer).ok());
  Do([&](auto& transaction) { return SetAccountState(transaction, account, AccountState::kDisabled); });
  clock_.Advance(Duration{999'999});
  EXPECT_TRUE(basic_->Check("platform", kPassword, kPeer).ok()) << "still within the second it is trusted";
  clock_.Advance(Duration{1});
  EXPECT_EQ(basic_->Check("platform", kPassword, kPeer).error().code, ErrorCode::kUnauthenticated);
  Do([&](auto& transaction) { return SetAccountState(transaction, account, AccountState::kActive); });
  clock_.Advance(Duration::Seconds(1));
  EXPECT_TRUE(basic_->Check("PLATFORM", kPassword, kPeer).ok());
}

TEST_P(SignInTest, ForgettingCountsAtOnce) {
  const AccountId account = Add("platform", AccountKind::kPlatform);
  ASSERT_TRUE(basic_->Check("platform", kPassword, kPeer).ok());
  Do([&](auto& transaction) { return SetAccountState(transaction, account, AccountState::kDisabled); });
  basic_->Forget(account);
  EXPECT_FALSE(basic_->Check("platform", kPassword, kPeer).ok());
}

TEST_P(SignInTest, AForgottenMachineWithAnOldPasswordLocksNobodyOut) {
  Add("platform", AccountKind::kPlatform);
  for (int count = 0; count < 50; ++count) {
    EXPECT_FALSE(basic_->Check("platform", "the old password", kPeer).ok());
    clock_.Advance(Duration::Milliseconds(700));
  }
  EXPECT_EQ(CountOf(SignInEvent::kFailed), 1);
  EXPECT_TRUE(basic_->Check("platform", kPassword, kPeer).ok());
}

TEST_P(SignInTest, DifferentGuessesLockTheLoginButNotCredentialsKnownToBeRight) {
  Add("platform", AccountKind::kPlatform);
  ASSERT_TRUE(basic_->Check("platform", kPassword, kPeer).ok());
  for (int count = 0; count < 5; ++count) EXPECT_FALSE(basic_->Check("platform", "guess number " + std::to_string(count), kPeer).ok());
  EXPECT_EQ(basic_->Check("platform", "guess number 6", kPeer).error().code, ErrorCode::kTooManyRequests);
  clock_.Advance(Duration::Seconds(2));
  EXPECT_TRUE(basic_->Check("platform", kPassword, kPeer).ok());
  MakeParts();
  EXPECT_EQ(basic_->Check("platform", kPassword, kPeer).error().code, ErrorCode::kTooManyRequests);
}

// Or anybody who knows a platform's login could stop its reporting.
TEST_P(SignInTest, AStrangersGuessesDoNotLockAPlatformOutFromItsOwnAddress) {
  Add("platform", AccountKind::kPlatform);
  for (int count = 0; count < 6; ++count) EXPECT_FALSE(basic_->Check("platform", "guess number " + std::to_string(count), "203.0.113.66").ok());
  EXPECT_EQ(basic_->Check("platform", kPassword, "203.0.113.66").error().code, ErrorCode::kTooManyRequests);
  MakeParts();
  EXPECT_EQ(basic_->Check("platform", kPassword, "203.0.113.66").error().code, ErrorCode::kTooManyRequests);
  EXPECT_TRUE(basic_->Check("platform", kPassword, kPeer).ok());
  Do([&](auto& transaction) { return EndLockOuts(transaction, "platform"); });
  EXPECT_TRUE(basic_->Check("platform", kPassword, "203.0.113.66").ok());
}

TEST_P(SignInTest, ANewPasswordIsRightAtOnceAndTheOldOneWrongWithinASecond) {
  const AccountId account = Add("platform", AccountKind::kPlatform);
  ASSERT_TRUE(basic_->Check("platform", kPassword, kPeer).ok());
  EXPECT_FALSE(basic_->Check("platform", "another password 7", kPeer).ok());
  const std::string phc = gate_.Hash("another password 7").value();
  Do([&](auto& transaction) { return SetPassword(transaction, account, phc); });
  clock_.Advance(Duration::Seconds(1));
  EXPECT_FALSE(basic_->Check("platform", kPassword, kPeer).ok());
  EXPECT_TRUE(basic_->Check("platform", "another password 7", kPeer).ok());
}

TEST_P(SignInTest, PeopleAndMachinesCannotUseBasic) {
  Add("person", AccountKind::kStaff);
  Add("machine", AccountKind::kMachine);
  EXPECT_EQ(basic_->Check("person", kPassword, kPeer).error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(basic_->Check("machine", kPassword, kPeer).error().code, ErrorCode::kUnauthenticated);
}

}  // namespace
}  // namespace porchlight::auth
