// Goal: our signatures are those of AWS. Method: the four examples of the S3 documentation, "Signature Calculations for
// the Authorization Header: Transferring Payload in a Single Chunk".
#include <gtest/gtest.h>

#include "base/text.h"
#include "platform/crypto/digest.h"
#include "platform/vault/internal/s3_client.h"

namespace porchlight::vault::internal {
namespace {

constexpr const char* kHost = "examplebucket.s3.amazonaws.com";

std::string Signature(const S3Request& request, const std::string& body) {
  S3Options options;
  options.region = "us-east-1";
  options.access_key = "AKIAIOSFODNN7EXAMPLE";
  options.secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const Instant now = ParseDateTime("2013-05-24T00:00:00Z")->instant;
  const S3Signature signed_request = SignS3(request, options, kHost, HexEncode(crypto::Sha256(body)), now);
  EXPECT_EQ(signed_request.date, "20130524T000000Z");
  return signed_request.authorization;
}

TEST(S3SignatureTest, GettingAnObjectByRange) {
  EXPECT_EQ(Signature({"GET", "/test.txt", {}, {{"range", "bytes=0-9"}}}, ""),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3SignatureTest, PuttingAnObjectWhoseKeyIsEncoded) {
  const S3Request request{"PUT", "/test$file.text", {},
                          {{"date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}};
  EXPECT_TRUE(Signature(request, "Welcome to Amazon S3.")
                  .ends_with("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

TEST(S3SignatureTest, AQueryWithoutAValue) {
  EXPECT_TRUE(Signature({"GET", "/", {{"lifecycle", ""}}, {}}, "")
                  .ends_with("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

TEST(S3SignatureTest, ListingWithAQuery) {
  EXPECT_TRUE(Signature({"GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}}, "")
                  .ends_with("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

}  // namespace
}  // namespace porchlight::vault::internal
