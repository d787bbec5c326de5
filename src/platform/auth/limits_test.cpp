// Goal: the bounds on guessing and on work. Method: both sides of each limit, threads for the gate.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "platform/auth/limiter.h"
#include "platform/auth/password.h"

namespace porchlight::auth {
namespace {

TEST(RateLimiterTest, AMinuteHoldsItsNumberAndTheNextComesWhenItIsSaid) {
  ManualClock clock(Instant{0});
  SeededRandom random(1);
  RateLimiter limiter(10, clock, random);
  for (int count = 0; count < 10; ++count) EXPECT_TRUE(limiter.Take("a").ok());
  const Result<void> refused = limiter.Take("a");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyRequests);
  EXPECT_TRUE(limiter.Take("b").ok());
  clock.Advance(Duration::Milliseconds(5'999));
  EXPECT_FALSE(limiter.Take("a").ok());
  clock.Advance(Duration::Milliseconds(2));
  EXPECT_TRUE(limiter.Take("a").ok());
  EXPECT_FALSE(limiter.Take("a").ok());
  clock.Advance(Duration::Hours(5));
  for (int count = 0; count < 10; ++count) EXPECT_TRUE(limiter.Take("a").ok());
  EXPECT_FALSE(limiter.Take("a").ok());
}

TEST(RateLimiterTest, TheWaitIsInWholeSeconds) {
  ManualClock clock(Instant{0});
  SeededRandom random(1);
  RateLimiter limiter(1, clock, random);
  EXPECT_TRUE(limiter.Take("a").ok());
  const std::int64_t wait = limiter.Take("a").error().retry_after_seconds;
  EXPECT_GE(wait, 60);
  EXPECT_LE(wait, 61);
}

TEST(RateLimiterTest, AWallClockJumpChangesNothing) {
  ManualClock clock(Instant{1'000'000'000});
  SeededRandom random(1);
  RateLimiter limiter(1, clock, random);
  EXPECT_TRUE(limiter.Take("a").ok());
  clock.JumpTo(Instant{900'000'000'000'000});
  EXPECT_FALSE(limiter.Take("a").ok());
}

TEST(RateLimiterTest, AllAddressesOfOneNetworkOfSixtyFourBitsAreOnePeer) {
  ManualClock clock(Instant{0});
  SeededRandom random(1);
  RateLimiter limiter(1, clock, random);
  EXPECT_TRUE(limiter.TakeForPeer("2001:db8:1:2::1").ok());
  EXPECT_FALSE(limiter.TakeForPeer("2001:db8:1:2:ffff::9").ok());
  EXPECT_TRUE(limiter.TakeForPeer("2001:db8:1:3::1").ok());
  EXPECT_TRUE(limiter.TakeForPeer("192.0.2.1").ok());
  EXPECT_TRUE(limiter.TakeForPeer("192.0.2.2").ok());
  EXPECT_TRUE(limiter.TakeForPeer("::ffff:192.0.2.1").ok());
  EXPECT_TRUE(limiter.TakeForPeer("::ffff:192.0.2.2").ok());
  EXPECT_FALSE(limiter.TakeForPeer("192.0.2.1").ok());
}

TEST(RateLimiterTest, AFloodOfKeysStaysWithinItsMemory) {
  ManualClock clock(Instant{0});
  SeededRandom random(1);
  RateLimiter limiter(1, clock, random);
  for (std::size_t count = 0; count < RateLimiter::kKeysMax + 100; ++count) EXPECT_TRUE(limiter.Take(std::to_string(count)).ok());
  EXPECT_LE(limiter.keys(), RateLimiter::kKeysMax);
}

TEST(PasswordTest, TheRulesHoldOnBothSides) {
  EXPECT_TRUE(CheckPassword("abcdefghijkl", "login", 12).ok());
  EXPECT_FALSE(CheckPassword("abcdefghijk", "login", 12).ok());
  EXPECT_TRUE(CheckPassword("abcd" + std::string(252, 'x'), "login", 12).ok());
  EXPECT_FALSE(CheckPassword("abcd" + std::string(253, 'x'), "login", 12).ok());
  EXPECT_FALSE(CheckPassword("abcabcabcabcabc", "login", 12).ok());
  EXPECT_FALSE(CheckPassword("My.Long.Login", "my.long.login", 12).ok());
  EXPECT_FALSE(CheckPassword("abcdefghijkl\n", "login", 12).ok());
  EXPECT_FALSE(CheckPassword("abcdefghijkl\xff", "login", 12).ok());
}

TEST(PasswordTest, NobodysPasswordNeverMatches) {
  SeededRandom random(1);
  PasswordGate gate({crypto::PasswordCost::kFastForTests, 1, 1}, random);
  EXPECT_FALSE(gate.Matches("", "").value());
  EXPECT_FALSE(gate.Matches("", "something").value());
  const std::string phc = gate.Hash("something").value();
  EXPECT_TRUE(gate.Matches(phc, "something").value());
  EXPECT_FALSE(gate.Matches(phc, "something else").value());
}

TEST(PasswordTest, ManyAtOnceAreAnsweredOrRefusedButNeverLost) {
  SeededRandom random(1);
  PasswordGate gate({crypto::PasswordCost::kFastForTests, 2, 4}, random);
  const std::string phc = gate.Hash("something").value();
  std::atomic<int> answered = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int count = 0; count < 16; ++count) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        const Result<bool> matches = gate.Matches(phc, "something");
        if (matches.ok()) ++answered;
        else if (matches.error().code == ErrorCode::kUnavailable) ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered + refused, 320);
  EXPECT_GT(answered, 0);
  EXPECT_TRUE(gate.Matches(phc, "something").value()) << "the gate is free again";
}

}  // namespace
}  // namespace porchlight::auth
