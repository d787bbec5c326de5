#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <utility>

#include "platform/archive/archive.h"
#include "platform/audit/audit.h"
#include "referrals/delivery_rows.h"
#include "referrals/package_seal.h"
#include "referrals/summary.h"
#include "referrals/testing/referrals_rig.h"
#include "tipline/tipline_jobs.h"

namespace porchlight::referrals {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

const std::string kOpenPicture = "\xff\xd8\xff\xe0 a harmless picture that the platform viewed";
const std::string kClosedPicture = "\xff\xd8\xff\xe0 a harmless picture that nobody viewed";

std::string Bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// What a shell prints, and its exit status.
std::pair<std::string, int> Shell(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t some = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), some);
  return {text, pclose(pipe)};
}

std::string Entry(const std::string& path, const std::string& name) {
  const archive::ZipReader reader = archive::ZipReader::Open(path).value();
  const auto index = reader.Find(name);
  if (!index) return "(no such entry)";
  std::string bytes;
  const auto collect = [&](std::string_view some) {
    bytes.append(some);
    return Result<void>();
  };
  EXPECT_TRUE(reader.Read(*index, collect).ok());
  return bytes;
}

std::vector<std::string> Names(const std::string& path) {
  std::vector<std::string> names;
  const archive::ZipReader reader = archive::ZipReader::Open(path).value();
  for (const archive::ZipEntry& entry : reader.entries()) names.push_back(entry.name);
  return names;
}

class PackageTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    Wanted wanted;
    wanted.person = PersonAt("192.0.2.7");
    wanted.victim = "<victimPerson/><screenName>a-child-example</screenName>";
    wanted.note = "It was seen &amp; reported &lt;twice&gt;.";
    report_ = rig_->Referred(wanted, {{kOpenPicture, "<fileViewedByEsp>true</fileViewedByEsp>"},
                                      {kClosedPicture, "<fileViewedByEsp>false</fileViewedByEsp>"}});
    delivery_ = rig_->Deliveries(report_).front().id;
  }
  std::string Make() { return rig_->PackageFile(delivery_); }
  Result<VerifiedPackage> Verify(const std::string& path, std::string_view key = {}) { return VerifyPackage(path, key, {}); }

  std::unique_ptr<ReferralsRig> rig_;
  std::int64_t report_ = 0;
  DeliveryId delivery_;
};
INSTANTIATE_TEST_SUITE_P(Engines, PackageTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(PackageTest, ItHoldsEverythingThatTheGateAllowsAndProvesIt) {
  const std::string path = Make();
  const Result<VerifiedPackage> verified = Verify(path, rig_->key.public_key);
  ASSERT_TRUE(verified.ok()) << verified.error().public_text;
  EXPECT_TRUE(verified->key_was_given);
  EXPECT_THAT(Names(path), ::testing::ElementsAre("summary.pdf", "report.json", "report.xml", "README.txt", "original/report.xml",
                                                  "original/file_1.xml", "original/file_2.xml", "files/1.jpg", "manifest.json",
                                                  "manifest.sig", "SHA256SUMS"));
  EXPECT_EQ(Entry(path, "files/1.jpg"), kOpenPicture);
  EXPECT_THAT(Entry(path, "original/report.xml"), HasSubstr("<incidentSummary>"));
  EXPECT_TRUE(Entry(path, "summary.pdf").starts_with("%PDF-"));
  EXPECT_EQ(verified->manifest.Text("agency"), "us-icac-oh");
  EXPECT_FALSE(verified->manifest.Text("preserve_until").empty());
  const Json withheld = verified->manifest.Find("withheld")->AsArray()->front();
  EXPECT_EQ(withheld.Text("name"), "files/2.jpg");
  EXPECT_THAT(std::string(withheld.Text("why")), HasSubstr("gate:"));
}

TEST_P(PackageTest, PlainToolsCheckItToo) {
  const std::string path = Make();
  const std::string folder = rig_->folder.path() + "/unpacked";
  const auto [unzipped, unzip_status] = Shell("unzip -q " + path + " -d " + folder);
  ASSERT_EQ(unzip_status, 0) << unzipped;
  const auto [checked, status] = Shell("cd " + folder + " && sha256sum --strict -c SHA256SUMS");
  EXPECT_EQ(status, 0) << checked;
  EXPECT_THAT(checked, HasSubstr("files/1.jpg: OK"));
  EXPECT_THAT(checked, HasSubstr("manifest.json: OK"));
  const auto [parsed, xml_status] = Shell("xmllint --noout " + folder + "/report.xml");
  EXPECT_EQ(xml_status, 0) << parsed;
  EXPECT_TRUE(ParseJson(Bytes(folder + "/report.json")).ok());
}

class EncryptedPackageTest : public PackageTest {
 protected:
  // NAME.key and NAME.crt in the rig's folder; the answer is the certificate.
  std::string Certificate(const std::string& name) {
    const std::string at = rig_->folder.path() + "/" + name;
    const auto [said, status] = Shell("openssl req -x509 -nodes -days 30 -newkey rsa:2048 -subj /CN=" + name + ".example -keyout " + at +
                                      ".key -out " + at + ".crt");
    EXPECT_EQ(status, 0) << said;
    return Bytes(at + ".crt");
  }
  // From now on the directory names these for Ohio; from `unlisted_from` on another one that lists it no longer.
  Result<void> UseCertificates(const std::vector<std::string>& certificates, const std::string& unlisted_from = "") {
    Json list{Json::Array{}};
    for (const std::string& one : certificates) list.Append(one);
    Json table = ParseJson(testing::AgencyTableText(), {.bytes_max = 8 << 20, .depth_max = 8}).value();
    Json agencies{Json::Array{}};
    for (Json agency : *table.Find("agencies")->AsArray()) {
      if (agency.Text("code") == "us-icac-oh") agency.Set("certificates", list);
      agencies.Append(std::move(agency));
    }
    table.Set("agencies", agencies);
    std::map<std::string, std::string, std::less<>> files = {{"us.json", table.Serialize()}};
    if (!unlisted_from.empty()) {
      Json others{Json::Array{}};
      for (const Json& agency : *agencies.AsArray()) {
        if (agency.Text("code") != "us-icac-oh") others.Append(agency);
      }
      table.Set("version", "later").Set("valid_from", unlisted_from).Set("agencies", std::move(others));
      files["later.json"] = table.Serialize();
    }
    rig_->agencies = PL_TRY(AgencyBook::Read(files));
    return {};
  }
  std::pair<std::string, int> Decrypt(const std::string& path, const std::string& name) {
    return Shell("openssl cms -decrypt -binary -inform DER -in " + path + " -inkey " + rig_->folder.path() + "/" + name + ".key -out " + path +
                 ".zip");
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, EncryptedPackageTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(EncryptedPackageTest, OnlyItsAgencyOpensItAndThenItHolds) {
  ASSERT_TRUE(UseCertificates({Certificate("desk"), Certificate("deputy")}).ok());
  Certificate("stranger");
  const std::string path = Make();
  const Result<VerifiedPackage> unopened = Verify(path);
  ASSERT_FALSE(unopened.ok());
  EXPECT_EQ(unopened.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(unopened.error().public_text, HasSubstr("openssl cms -decrypt"));
  EXPECT_NE(Decrypt(path, "stranger").second, 0);
  for (const char* name : {"desk", "deputy"}) {
    const auto [said, status] = Decrypt(path, name);
    ASSERT_EQ(status, 0) << said;
    const Result<VerifiedPackage> verified = Verify(path + ".zip", rig_->key.public_key);
    ASSERT_TRUE(verified.ok()) << verified.error().public_text;
    EXPECT_EQ(Entry(path + ".zip", "files/1.jpg"), kOpenPicture);
  }
}

TEST_P(EncryptedPackageTest, AnotherCertificateMeansAnotherPackage) {
  const int plain = rig_->packaging->EnsurePackage(delivery_).value().number;
  const std::string first = Certificate("first");
  ASSERT_TRUE(UseCertificates({first}).ok());
  const Package encrypted = rig_->packaging->EnsurePackage(delivery_).value();
  EXPECT_EQ(encrypted.number, plain + 1);
  EXPECT_EQ(encrypted.encrypted_to, crypto::Receiver::FromCertificate(first)->fingerprint());
  EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_).value().number, encrypted.number) << "not made again for every asking";
  ASSERT_TRUE(UseCertificates({Certificate("second")}).ok());
  EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_).value().number, encrypted.number + 1);
}

// What it was given stays for it alone.
TEST_P(EncryptedPackageTest, AnAgencyThatIsNoLongerListedGetsNothingInTheClear) {
  const std::string certificate = Certificate("desk");
  ASSERT_TRUE(UseCertificates({certificate}, "2090-01-01").ok());
  const std::string fingerprint = crypto::Receiver::FromCertificate(certificate)->fingerprint();
  EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_)->encrypted_to, fingerprint);
  rig_->clock.Advance(Duration::Days(70 * 365));
  ASSERT_EQ(rig_->agencies.At(rig_->clock.Now()).Find("us-icac-oh"), nullptr);
  EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_)->encrypted_to, fingerprint);
}

TEST_P(EncryptedPackageTest, TheOrderOfCertificatesMakesNoOtherPackage) {
  const std::string one = Certificate("one");
  const std::string two = Certificate("two");
  ASSERT_TRUE(UseCertificates({one, two}).ok());
  const int number = rig_->packaging->EnsurePackage(delivery_).value().number;
  ASSERT_TRUE(UseCertificates({two, one}).ok());
  EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_).value().number, number);
}

TEST_P(EncryptedPackageTest, TheAgencyIsToldAndGetsItUnderItsOwnName) {
  const std::string certificate = Certificate("desk");
  rig_->Link("us-icac-oh", 77);
  const std::string target = "/api/v1/agency/deliveries/" + std::to_string(delivery_.value);
  const auto get = [&](const std::string& what, http::Method method = http::Method::kGet) {
    return rig_->Ask(rig_->agency_http->Routes(), method, target + what, testing::Officer(77));
  };
  ASSERT_TRUE(rig_->packaging->EnsurePackage(delivery_).ok());
  EXPECT_THAT(get("").body, HasSubstr("\"encrypted_to\":[]"));
  ASSERT_TRUE(UseCertificates({certificate}).ok());
  EXPECT_THAT(get("").body, HasSubstr("\"package\":null")) << "the one in the clear is no longer what is fetched";
  const http::Response package = get("/package");
  EXPECT_EQ(package.status, 200);
  EXPECT_THAT(package.content_type, HasSubstr("authEnveloped-data"));
  EXPECT_THAT(std::string(package.headers.Find("Content-Disposition").value_or("")), HasSubstr(".zip.p7m"));
  EXPECT_THAT(get("").body, HasSubstr("\"encrypted_to\":[\"" + crypto::Receiver::FromCertificate(certificate)->fingerprint() + "\"]"));
}

TEST_P(EncryptedPackageTest, ADirectoryWithACertificateThatCannotBeUsedIsRefusedByPlace) {
  const Result<void> read = UseCertificates({Certificate("good"), "no certificate"});
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().field, HasSubstr("/certificates/1"));
  EXPECT_THAT(read.error().public_text, HasSubstr("as PEM"));
}

TEST_P(PackageTest, JsonAndXmlSayWhatWasReportedAndNameTheVictim) {
  const std::string path = Make();
  const Json report = ParseJson(Entry(path, "report.json")).value();
  EXPECT_EQ(report.Find("victim_accounts")->AsArray()->front().Text("value"), "a-child-example");
  EXPECT_EQ(report.Find("network")->AsArray()->front().Text("address"), "192.0.2.7");
  EXPECT_EQ(report.AsObject()->at(1).first, "preserve_until") << "it stands at the top";
  EXPECT_THAT(Entry(path, "report.xml"), HasSubstr("It was seen &amp; reported &lt;twice&gt;."));
}

TEST_P(PackageTest, OneBitChangedAnywhereIsNoticed) {
  const std::string path = Make();
  const std::string good = Bytes(path);
  ASSERT_TRUE(Verify(path, rig_->key.public_key).ok());
  const std::string other = rig_->folder.path() + "/altered.zip";
  // Every byte of the structure at the end, and bytes all over the rest.
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < good.size(); at += at + 700 < good.size() ? 61 : 3) places.push_back(at);
  places.push_back(good.size() - 1);
  for (const std::size_t at : places) {
    std::string altered = good;
    altered[at] = static_cast<char>(altered[at] ^ (1 << (at % 8)));
    std::ofstream(other, std::ios::binary | std::ios::trunc) << altered;
    EXPECT_FALSE(Verify(other, rig_->key.public_key).ok()) << "byte " << at << " of " << good.size();
  }
  std::ofstream(other, std::ios::binary | std::ios::trunc) << good << "x";
  EXPECT_FALSE(Verify(other).ok());
  std::ofstream(other, std::ios::binary | std::ios::trunc) << good.substr(0, good.size() - 1);
  EXPECT_FALSE(Verify(other).ok());
}

TEST_P(PackageTest, ItIsNotTheCentresWhenAnotherKeySignedIt) {
  const std::string path = Make();
  const crypto::SigningKey other = crypto::NewSigningKey(rig_->random);
  const Result<VerifiedPackage> verified = Verify(path, other.public_key);
  ASSERT_FALSE(verified.ok());
  EXPECT_THAT(verified.error().public_text, HasSubstr("another key"));
  EXPECT_TRUE(Verify(path).ok());
  EXPECT_FALSE(Verify(path)->key_was_given);
  EXPECT_EQ(Verify(rig_->folder.path() + "/none.zip").error().code, ErrorCode::kNotFound);
}

TEST_P(PackageTest, ItIsMadeOnceAndAgainWhenTheGateSaysOtherwise) {
  Make();
  const Package first = rig_->packaging->EnsurePackage(delivery_).value();
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_).value().sha256, first.sha256);
  evidence::Authority warrant;
  warrant.report = {report_};
  warrant.kind = evidence::AuthorityKind::kWarrant;
  warrant.reference = "W-1";
  warrant.from = rig_->clock.Now();
  auth::Caller legal = rig_->analyst;
  legal.permissions.insert("evidence.authority.write");
  ASSERT_TRUE(rig_->gatekeeper.AddAuthority(legal, warrant, "r").ok());
  const std::string path = Make();
  EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_).value().number, 2);
  EXPECT_THAT(Names(path), Contains("files/2.jpg"));
  EXPECT_EQ(Entry(path, "files/2.jpg"), kClosedPicture);
  EXPECT_TRUE(Verify(path, rig_->key.public_key).ok());
}

// Something happens the moment a package is begun, or when an object is read.
class DisturbedVault final : public vault::Vault {
 public:
  using Chunk = std::function<Result<void>(std::string_view)>;
  explicit DisturbedVault(vault::Vault& inner) : inner_(inner) {}
  std::function<void()> at_first_begin;
  std::function<Result<void>(const vault::ObjectReference&, const Chunk&)> instead_of_reading;   // kUnsupported: it is read.

  Result<std::unique_ptr<vault::Writer>> Begin() override {
    if (const auto happens = std::exchange(at_first_begin, {})) happens();
    return inner_.Begin();
  }
  Result<void> Read(const vault::ObjectReference& reference, const Chunk& chunk) override {
    if (!instead_of_reading) return inner_.Read(reference, chunk);
    const Result<void> read = instead_of_reading(reference, chunk);
    return !read.ok() && read.error().code == ErrorCode::kUnsupported ? inner_.Read(reference, chunk) : read;
  }
  Result<std::int64_t> Sweep(Instant before, const std::function<bool(const std::string& name)>& is_referred_to) override {
    return inner_.Sweep(before, is_referred_to);
  }
  Result<void> Verify(const vault::ObjectReference& reference) override { return inner_.Verify(reference); }
  std::int64_t BytesFree() const override { return inner_.BytesFree(); }

 private:
  vault::Vault& inner_;
};

// Makes packages from a disturbed vault.
struct Disturbed {
  explicit Disturbed(ReferralsRig& rig)
      : vault(*rig.vault),
        door(*rig.database, vault, rig.gates, rig.clock, evidence::Door::PurposesOf(testing::ReferenceProfile())),
        packaging(*rig.database, vault, door, *rig.reader, rig.agencies, rig.key, rig.clock, {"Test centre", ""}) {}
  DisturbedVault vault;
  evidence::Door door;
  Packaging packaging;
};

TEST_P(PackageTest, AFileThatCannotBeReadIsLeftOutAndTriedAgainADayLater) {
  for (const ErrorCode code : {ErrorCode::kNotFound, ErrorCode::kCorrupt}) {
    rig_->clock.Advance(Duration::Days(2));
    Disturbed disturbed(*rig_);
    disturbed.vault.instead_of_reading = [&](const vault::ObjectReference& reference, const DisturbedVault::Chunk& chunk) -> Result<void> {
      if (reference.bytes != static_cast<std::int64_t>(kOpenPicture.size())) return Error{ErrorCode::kUnsupported, "", {}, {}, 0};
      if (code == ErrorCode::kCorrupt) PL_TRY(chunk(kOpenPicture.substr(0, 20)));
      return Error{code, "The stored object is damaged.", {}, {}, 0};
    };
    const Result<Package> made = disturbed.packaging.EnsurePackage(delivery_);
    ASSERT_TRUE(made.ok()) << made.error().public_text;
    EXPECT_EQ(made->unreadable, 1);
    const std::string path = Make();
    EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_).value().number, made->number) << "not made again for every asking";
    const Result<VerifiedPackage> verified = Verify(path, rig_->key.public_key);
    ASSERT_TRUE(verified.ok()) << verified.error().public_text;
    EXPECT_THAT(Names(path), Not(Contains("files/1.jpg")));
    const Json withheld = verified->manifest.Find("withheld")->AsArray()->front();
    EXPECT_EQ(withheld.Text("name"), "files/1.jpg");
    EXPECT_EQ(withheld.Text("why"), "unreadable");
    const Json report = ParseJson(Entry(path, "report.json")).value();
    EXPECT_EQ(report.Find("files")->AsArray()->front().Text("entry"), "");
    EXPECT_EQ(*report.Find("files")->AsArray()->front().Find("unreadable")->AsBool(), true);
    EXPECT_EQ(rig_->Deliveries(report_).front().state, DeliveryState::kNotified);
    rig_->clock.Advance(Duration::Days(1));
    const std::string mended = Make();
    EXPECT_EQ(Entry(mended, "files/1.jpg"), kOpenPicture);
    EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_).value().number, made->number + 1);
    const auto anew = rig_->database->Write([&](store::WriteTransaction& transaction) -> Result<void> {
      static constexpr store::Statement kForget{"referrals_test.forget", "UPDATE referrals_packages SET gates = ''"};
      PL_TRY(transaction.Execute(kForget));
      return {};
    });
    ASSERT_TRUE(anew.ok());
  }
}

TEST_P(PackageTest, AMissingKeyOrAFullDiskIsNotTheFilesFault) {
  for (const Error& error : {Error{ErrorCode::kNotFound, "The key for this is not here.", {}, std::string(vault::kMasterKeyField), 0},
                             Error{ErrorCode::kUnavailable, "The store does not answer.", {}, {}, 1}}) {
    Disturbed disturbed(*rig_);
    disturbed.vault.instead_of_reading = [&](const vault::ObjectReference&, const DisturbedVault::Chunk&) -> Result<void> { return error; };
    const Result<Package> made = disturbed.packaging.EnsurePackage(delivery_);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, error.code);
  }
  EXPECT_EQ(rig_->packaging->EnsurePackage(delivery_).value().number, 1);
}

TEST_P(PackageTest, WhatIsGrantedAnewWhileItsPackageIsMadeGetsOneOfItsOwn) {
  Disturbed disturbed(*rig_);
  disturbed.vault.at_first_begin = [&] {
    ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, delivery_, "sent_by_mistake", "r").ok());
    rig_->clock.Advance(Duration::Minutes(1));
    ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report_}, "us-icac-oh", "agency_request", "r").ok());
  };
  const Result<Package> late = disturbed.packaging.EnsurePackage(delivery_);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(rig_->Deliveries(report_).front().state, DeliveryState::kMadeAvailable);
  const Result<Package> made = disturbed.packaging.EnsurePackage(delivery_);
  ASSERT_TRUE(made.ok()) << made.error().public_text;
  EXPECT_GE(made->at, rig_->Deliveries(report_).front().granted_at);
  EXPECT_EQ(rig_->Deliveries(report_).front().state, DeliveryState::kNotified);
}

TEST_P(PackageTest, EachFileGoesThroughTheDoorAndIsAudited) {
  Make();
  const auto trail = rig_->database->Read(
      [&](store::ReadTransaction& transaction) { return audit::ListOf(transaction, "report", report_, 200); });
  int opened = 0;
  int made = 0;
  for (const audit::RecordedEntry& one : trail.value()) {
    if (one.entry.action == "evidence.file.open" && !one.entry.denied) ++opened;
    if (one.entry.action == "referrals.package.make") ++made;
  }
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(made, 1);
}

TEST_P(PackageTest, TheSweepOfTheVaultLeavesPackagesAlone) {
  Make();
  const Package package = rig_->packaging->EnsurePackage(delivery_).value();
  const auto kept = rig_->database->Read(
      [&](store::ReadTransaction& transaction) { return rows::HasPackageObject(transaction, package.object.name); });
  EXPECT_TRUE(kept.value());
  rig_->clock.Advance(Duration::Days(400));
  const tipline::JobsContext context{*rig_->database, *rig_->intake, *rig_->vault, rig_->clock, rows::HasPackageObject};
  ASSERT_TRUE(tipline::SweepObjects(context).ok());
  EXPECT_TRUE(rig_->vault->Verify(package.object).ok());
}

TEST_P(PackageTest, WhatAMemberOfThePublicFilledInStaysHere) {
  const auto moved = rig_->database->Write([&](store::WriteTransaction& transaction) -> Result<void> {
    static constexpr store::Statement kPublic{"referrals_test.public", "UPDATE tipline_reports SET source = 2 WHERE id = $1"};
    PL_TRY(transaction.Execute(kPublic, report_));
    return {};
  });
  ASSERT_TRUE(moved.ok());
  const std::string path = Make();
  EXPECT_THAT(Names(path), Not(Contains("original/report.xml")));
  const Result<VerifiedPackage> verified = Verify(path);
  ASSERT_TRUE(verified.ok()) << verified.error().public_text;
  EXPECT_EQ(verified->manifest.Find("withheld")->AsArray()->front().Text("why"), "protected_reporter");
  EXPECT_EQ(verified->manifest.Text("original_sha256").size(), 64U);
  for (const std::string& name : Names(path)) EXPECT_THAT(Entry(path, name), Not(HasSubstr("Pat"))) << name;
}

TEST(SummaryTest, WhateverAReportHoldsThereIsAPage) {
  ReportContentView report;
  report.report_id = {17};
  report.preserve_until = Instant{1'790'000'000'000'000};
  report.urgent = true;
  report.service = std::string(100'000, 'w');
  for (int number = 0; number < 2'000; ++number) {
    report.accounts.push_back({tipline::IdentifierKind::kEmail, tipline::Party::kReported, std::string(5'000, 'a'), "", false});
    report.texts.push_back({"note", tipline::Party::kNobody, std::string(50'000, 'x') + "\xc3\xa9"});
  }
  const Result<std::string> pdf = SummaryPdf(report, {"Centre", "", "Agency", 3, {1'790'000'000'000'000}, {}});
  ASSERT_TRUE(pdf.ok()) << pdf.error().public_text;
  EXPECT_TRUE(pdf->starts_with("%PDF-"));
}

TEST_P(PackageTest, TheJobMakesItAndSaysItIsThere) {
  EXPECT_EQ(rig_->Deliveries(report_).front().state, DeliveryState::kMadeAvailable);
  rig_->RunJobs();
  EXPECT_EQ(rig_->Deliveries(report_).front().state, DeliveryState::kNotified);
}

}  // namespace
}  // namespace porchlight::referrals
