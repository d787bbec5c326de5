// Goal: settings come from file, environment and flags in this order, and every mistake is named with its place.
// Method: files in a temporary folder, an environment made by the test.
#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace porchlight::app {
namespace {

class ConfigTest : public testing::Test {
 protected:
  std::string Write(const std::string& text) {
    const std::string path = testing::TempDir() + "/porchlight-config-test.toml";
    std::ofstream(path) << text;
    return path;
  }
  Result<Config> Load(const std::string& text, const std::map<std::string, std::string>& flags = {}) {
    return LoadConfig(text.empty() ? "" : Write(text), [this](const char* name) -> const char* {
      const auto found = environment_.find(name);
      return found == environment_.end() ? nullptr : found->second.c_str();
    }, flags);
  }
  std::string Complaint(const std::string& text, const std::map<std::string, std::string>& flags = {}) {
    const Result<Config> config = Load(text, flags);
    return config.ok() ? "accepted" : config.error().public_text;
  }
  std::map<std::string, std::string> environment_;
};

TEST_F(ConfigTest, DefaultsAreAccepted) {
  const Config config = Load("").value();
  EXPECT_EQ(config.listen, "127.0.0.1:8080");
  EXPECT_EQ(config.engine, "sqlite");
}

TEST_F(ConfigTest, FlagsWinOverTheEnvironmentAndThatOverTheFile) {
  const std::string file = "listen = \"127.0.0.1:1\"\n[limits]\nhandler_threads = 3\nconnections = 99\n";
  environment_ = {{"PORCHLIGHT_LISTEN", "127.0.0.1:2"}, {"PORCHLIGHT_LIMITS_HANDLER_THREADS", "4"}};
  const Config config = Load(file, {{"listen", "127.0.0.1:3"}}).value();
  EXPECT_EQ(config.listen, "127.0.0.1:3");
  EXPECT_EQ(config.handler_threads, 4);
  EXPECT_EQ(config.connections_max, 99);
}

TEST_F(ConfigTest, MistakesInTheFileAreNamedWithTheirLine) {
  EXPECT_THAT(Complaint("listen = \"127.0.0.1:1\"\nlisen = 3\n"), testing::AllOf(testing::HasSubstr("line 2"), testing::HasSubstr("lisen")));
  EXPECT_THAT(Complaint("\n\n[store]\nengine = \"oracle\"\n"), testing::AllOf(testing::HasSubstr("line 4"), testing::HasSubstr("sqlite, postgres")));
  EXPECT_THAT(Complaint("[limits]\nhandler_threads = 0\n"), testing::AllOf(testing::HasSubstr("line 2"), testing::HasSubstr("1 to 1024")));
  EXPECT_THAT(Complaint("[limits]\nhandler_threads = [1]\n"), testing::HasSubstr("line 2"));
  EXPECT_THAT(Complaint("listen = \n"), testing::HasSubstr("line 1"));
  EXPECT_THAT(Complaint("[proxy]\ntrusted = \"yes\"\n"), testing::HasSubstr("true or false"));
}

TEST_F(ConfigTest, MistakesInVariablesAndFlagsAreNamed) {
  environment_ = {{"PORCHLIGHT_VAULT_KIND", "tape"}};
  EXPECT_THAT(Complaint(""), testing::HasSubstr("PORCHLIGHT_VAULT_KIND"));
  environment_.clear();
  EXPECT_THAT(Complaint("", {{"limits.connections", "7"}}), testing::HasSubstr("limits.connections"));
}

TEST_F(ConfigTest, LimitsHoldOnBothSides) {
  EXPECT_EQ(Complaint("[limits]\nhandler_threads = 1\n"), "accepted");
  EXPECT_EQ(Complaint("[limits]\nhandler_threads = 1024\n"), "accepted");
  EXPECT_NE(Complaint("[limits]\nhandler_threads = 1025\n"), "accepted");
}

TEST_F(ConfigTest, OthersCanReachItOnlyWithTls) {
  EXPECT_THAT(Complaint("listen = \"0.0.0.0:8080\"\n"), testing::HasSubstr("TLS"));
  EXPECT_EQ(Complaint("listen = \"0.0.0.0:8080\"\n[proxy]\ntrusted = true\n"), "accepted");
  EXPECT_EQ(Complaint("listen = \"0.0.0.0:8443\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n"), "accepted");
  EXPECT_EQ(Complaint("listen = \"[::1]:8080\"\n"), "accepted");
  EXPECT_THAT(Complaint("[tls]\ncertificate = \"c\"\n"), testing::HasSubstr("together"));
}

TEST_F(ConfigTest, AddressesMustHaveAPort) {
  for (const char* bad : {"127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", ":80", "127.0.0.1:http"}) {
    EXPECT_THAT(Complaint("", {{"listen", bad}}), testing::HasSubstr("ADDRESS:PORT")) << bad;
  }
}

TEST_F(ConfigTest, AnEngineWithoutItsAddressIsRefused) {
  EXPECT_THAT(Complaint("[store]\nengine = \"postgres\"\n"), testing::HasSubstr("store.conninfo"));
  EXPECT_THAT(Complaint("[vault]\nkind = \"s3\"\n"), testing::HasSubstr("vault.s3_endpoint"));
}

TEST_F(ConfigTest, AMailServerWantsAnAddressASenderAndAddressesOfDuty) {
  const std::string whole = "[mail]\nserver = \"smtps://mail.example:465\"\nfrom = \"notices@centre.example\"\n";
  EXPECT_EQ(Complaint(whole), "accepted");
  EXPECT_EQ(Complaint(whole + "duty = \"one@centre.example, two@centre.example\"\n"), "accepted");
  EXPECT_EQ(DutyOf(Load(whole + "duty = \" one@centre.example ,,two@centre.example\"\n").value()).size(), 2U);
  EXPECT_THAT(Complaint(whole + "duty = \"one@centre.example, nobody\"\n"), testing::HasSubstr("mail.duty"));
  EXPECT_THAT(Complaint("[mail]\nserver = \"smtps://mail.example\"\n"), testing::HasSubstr("mail.from"));
  EXPECT_THAT(Complaint("[mail]\nserver = \"mail.example\"\nfrom = \"notices@centre.example\"\n"), testing::HasSubstr("mail.server"));
  EXPECT_EQ(Complaint("[mail]\nfrom = \"nobody\"\n"), "accepted") << "without a server nobody is written to";
}

TEST_F(ConfigTest, AMissingFileIsSaid) {
  const Result<Config> config = LoadConfig("/nonexistent.toml", [](const char*) -> const char* { return nullptr; }, {});
  EXPECT_EQ(config.error().code, ErrorCode::kNotFound);
}

TEST_F(ConfigTest, EverySettingRoundTripsThroughItsOwnText) {
  for (const Setting& setting : Settings()) {
    Config config;
    EXPECT_TRUE(setting.assign(config, setting.show(Config())).ok()) << setting.name;
    EXPECT_FALSE(setting.about.empty());
  }
}

}  // namespace
}  // namespace porchlight::app
