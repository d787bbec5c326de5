// Goal: an envelope opens for each of its receivers with the programs they have, for nobody else, and not when a byte is changed.
// Method: keys and certificates made by OpenSSL's command line, which also opens what we made.
#include "platform/crypto/envelope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/check.h"

namespace porchlight::crypto {
namespace {

using ::testing::HasSubstr;

std::string FileText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class EnvelopeTest : public ::testing::Test {
 protected:
  EnvelopeTest() { PL_CHECK(mkdtemp(folder_.data()) != nullptr); }
  ~EnvelopeTest() override { std::filesystem::remove_all(folder_); }

  bool OpenSsl(const std::string& arguments) const {
    return std::system(("cd " + folder_ + " && openssl " + arguments + " 2>/dev/null >/dev/null").c_str()) == 0;
  }
  // Makes NAME.key and NAME.crt; the answer is the certificate.
  std::string Certificate(const std::string& name, const std::string& algorithm, const std::string& more = "") const {
    EXPECT_TRUE(OpenSsl("req -x509 -nodes -days 30 -subj /CN=" + name + ".example -newkey " + algorithm + " -keyout " + name + ".key -out " +
                        name + ".crt " + more));
    return FileText(folder_ + "/" + name + ".crt");
  }
  Receiver Made(const std::string& name, const std::string& algorithm, const std::string& more = "") const {
    return Receiver::FromCertificate(Certificate(name, algorithm, more)).value();
  }
  static std::string Sealed(const std::vector<Receiver>& receivers, std::string_view plain, std::size_t piece) {
    std::string sealed;
    EnvelopeWriter writer(receivers, [&](std::string_view bytes) {
      sealed.append(bytes);
      return Result<void>();
    });
    for (; !plain.empty(); plain.remove_prefix(std::min(piece, plain.size()))) EXPECT_TRUE(writer.Write(plain.substr(0, piece)).ok());
    EXPECT_TRUE(writer.Finish().ok());
    return sealed;
  }
  // What the owner of NAME.key reads in it; nothing when it does not open.
  std::optional<std::string> Opened(const std::string& sealed, const std::string& name) const {
    std::ofstream(folder_ + "/sealed", std::ios::binary) << sealed;
    std::filesystem::remove(folder_ + "/plain");
    const bool opened = OpenSsl("cms -decrypt -binary -inform DER -in sealed -inkey " + name + ".key -out plain");
    return opened ? std::optional(FileText(folder_ + "/plain")) : std::nullopt;
  }
  std::string Refused(const std::string& pem) const {
    const Result<Receiver> receiver = Receiver::FromCertificate(pem);
    if (receiver.ok()) return "taken";
    EXPECT_EQ(receiver.error().code, ErrorCode::kInvalidArgument);
    return receiver.error().public_text;
  }

  std::string folder_ = ::testing::TempDir() + "envelope_XXXXXX";
};

TEST_F(EnvelopeTest, EachReceiverOpensItAndNobodyElse) {
  const Receiver rsa = Made("rsa", "rsa:2048");
  const Receiver curve = Made("curve", "ec -pkeyopt ec_paramgen_curve:P-256");
  const Receiver larger = Made("larger", "ec -pkeyopt ec_paramgen_curve:P-384");
  Certificate("stranger", "rsa:2048");
  std::string plain;
  for (int i = 0; i < 300'000; ++i) plain += static_cast<char>(i * 131 >> 3);
  const std::string sealed = Sealed({rsa, curve, larger}, plain, 100'001);
  EXPECT_TRUE(LooksLikeEnvelope(sealed));
  EXPECT_EQ(sealed.find(plain.substr(0, 64)), std::string::npos);
  for (const char* name : {"rsa", "curve", "larger"}) EXPECT_TRUE(Opened(sealed, name) == plain) << name;
  EXPECT_FALSE(Opened(sealed, "stranger") == plain);
  EXPECT_NE(Sealed({rsa}, plain, 100'001), Sealed({rsa}, plain, 100'001)) << "a key of its own each time";
}

TEST_F(EnvelopeTest, VeryLittleIsAContentToo) {
  const Receiver receiver = Made("one", "ec -pkeyopt ec_paramgen_curve:P-256");
  EXPECT_EQ(Opened(Sealed({receiver}, "abc", 1), "one"), "abc");
}

TEST_F(EnvelopeTest, AChangedByteOrAMissingEndIsSeen) {
  const Receiver receiver = Made("one", "rsa:2048");
  const std::string sealed = Sealed({receiver}, std::string(2'000, 'x'), 500);
  ASSERT_TRUE(Opened(sealed, "one"));
  std::string in_content = sealed;
  in_content[sealed.size() / 2 + 200] ^= 1;
  EXPECT_FALSE(Opened(in_content, "one"));
  std::string in_tag = sealed;
  in_tag[sealed.size() - 8] ^= 1;
  EXPECT_FALSE(Opened(in_tag, "one"));
  EXPECT_FALSE(Opened(sealed.substr(0, sealed.size() - 30), "one"));
}

TEST_F(EnvelopeTest, CertificatesAreNamedAsOthersNameThem) {
  const Receiver receiver = Made("one", "rsa:2048");
  ASSERT_TRUE(OpenSsl("x509 -in one.crt -noout -fingerprint -sha256 -out printed"));
  std::string printed;
  for (const char c : FileText(folder_ + "/printed")) {
    if (c != ':') printed += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  EXPECT_THAT(printed, HasSubstr(receiver.fingerprint()));
}

TEST_F(EnvelopeTest, ACertificateWithoutAKeyIdIsTakenByItsIssuerAndNumber) {
  const Receiver receiver = Made("one", "rsa:2048", "-addext subjectKeyIdentifier=none");
  const std::string sealed = Sealed({receiver}, "abc", 3);
  std::ofstream(folder_ + "/sealed", std::ios::binary) << sealed;
  ASSERT_TRUE(OpenSsl("cms -decrypt -binary -inform DER -in sealed -recip one.crt -inkey one.key -out plain"));
  EXPECT_EQ(FileText(folder_ + "/plain"), "abc");
}

TEST_F(EnvelopeTest, WhatNobodyShouldEncryptToIsRefused) {
  const std::string good = Certificate("good", "rsa:2048");
  EXPECT_EQ(Refused(good), "taken");
  EXPECT_THAT(Refused(""), HasSubstr("as PEM"));
  EXPECT_THAT(Refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), HasSubstr("as PEM"));
  EXPECT_THAT(Refused(good + good), HasSubstr("several"));
  EXPECT_THAT(Refused(good + FileText(folder_ + "/good.key")), HasSubstr("private key"));
  EXPECT_THAT(Refused(good + std::string(16 * 1024, '\n')), HasSubstr("16 KB"));
  EXPECT_THAT(Refused(Certificate("short", "rsa:1024")), HasSubstr("2,048 bits or more. It has 1024"));
  EXPECT_THAT(Refused(Certificate("narrow", "ec -pkeyopt ec_paramgen_curve:P-224")), HasSubstr("256 bits or more. It has 224"));
  EXPECT_THAT(Refused(Certificate("explicit", "ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit")), HasSubstr("name its curve"));
  EXPECT_THAT(Refused(Certificate("small_e", "rsa:2048 -pkeyopt rsa_keygen_pubexp:3")), HasSubstr("exponent"));
  EXPECT_EQ(Refused(Certificate("large_e", "rsa:2048 -pkeyopt rsa_keygen_pubexp:65539")), "taken");
  EXPECT_THAT(Refused("-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n"
                      "-----END CERTIFICATE-----\n"), HasSubstr("as PEM"));
  EXPECT_THAT(Refused(Certificate("signer", "ed25519")), HasSubstr("RSA or of an elliptic curve"));
  EXPECT_THAT(Refused(Certificate("use", "rsa:2048", "-addext keyUsage=digitalSignature")), HasSubstr("keyEncipherment"));
  EXPECT_THAT(Refused(Certificate("curve", "ec -pkeyopt ec_paramgen_curve:P-256 -addext keyUsage=digitalSignature")), HasSubstr("keyAgreement"));
}

TEST_F(EnvelopeTest, WhatItsReaderCannotTakeEndsTheWriting) {
  EnvelopeWriter writer({Made("one", "rsa:2048")},
                        [](std::string_view) { return Result<void>(Error{ErrorCode::kNoSpace, "Full.", {}, {}, 0}); });
  const Result<void> written = writer.Write("abc");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kNoSpace);
}

}  // namespace
}  // namespace porchlight::crypto
