#include "platform/crypto/envelope.h"

#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/check.h"
#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::crypto {

namespace {

constexpr int kRsaBitsMin = 2'048;
constexpr int kRsaBitsMax = 16'384;
constexpr int kCurveBitsMin = 256;
constexpr std::size_t kPemBytesMax = 16 * 1024;
constexpr std::size_t kPieceBytes = 64 * 1024;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* one) const {
    Free(one);
  }
};
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Source = std::unique_ptr<BIO, Freed<BIO_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Envelope = std::unique_ptr<CMS_ContentInfo, Freed<CMS_ContentInfo_free>>;

Error Wrong(std::string why) { return Error{ErrorCode::kInvalidArgument, std::move(why), {}, {}, 0}; }

Source SourceOf(std::string_view bytes) {
  Source source(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  PL_CHECK(source != nullptr);
  return source;
}

Certificate CertificateOf(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  Certificate certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
  PL_CHECK(certificate != nullptr);
  return certificate;
}

std::string DerOf(const X509& certificate) {
  const int size = i2d_X509(&certificate, nullptr);
  PL_CHECK(size > 0);
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  PL_CHECK(i2d_X509(&certificate, &out) == size);
  return der;
}

// Whatever a certificate holds, nothing of it stays in the thread's queue of errors.
struct NoErrorsLeft {
  ~NoErrorsLeft() { ERR_clear_error(); }
};

// An even or tiny exponent would leave the content's key in plain sight, or for anybody to work out (FIPS 186-5, A.1.1).
bool HasSoundExponent(const EVP_PKEY* key) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return false;
  const Number exponent(raw);
  return BN_is_odd(exponent.get()) == 1 && BN_num_bits(exponent.get()) >= 17 && BN_num_bits(exponent.get()) <= 64;
}

// Law: RFC 5480, 2.1.1: parameters of a curve's own making are not for certificates.
bool HasNamedCurve(const EVP_PKEY* key) {
  int is_explicit = 1;
  return EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &is_explicit) == 1 && is_explicit == 0;
}

Result<void> CheckKey(X509* certificate) {
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return Wrong("The certificate's key cannot be read.");
  const int kind = EVP_PKEY_get_base_id(key);
  const int bits = EVP_PKEY_get_bits(key);
  const std::string seen = " It has " + std::to_string(bits) + ".";
  if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC) return Wrong("The certificate's key must be RSA or of an elliptic curve for ECDH.");
  if (kind == EVP_PKEY_RSA && bits < kRsaBitsMin) return Wrong("The certificate's RSA key must have 2,048 bits or more." + seen);
  if (kind == EVP_PKEY_RSA && bits > kRsaBitsMax) return Wrong("The certificate's RSA key must have at most 16,384 bits." + seen);
  if (kind == EVP_PKEY_EC && bits < kCurveBitsMin) return Wrong("The certificate's curve must have 256 bits or more." + seen);
  if (kind == EVP_PKEY_RSA && !HasSoundExponent(key)) return Wrong("The certificate's RSA exponent must be odd, from 65,537 to 64 bits.");
  if (kind == EVP_PKEY_EC && !HasNamedCurve(key)) return Wrong("The certificate must name its curve.");
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  if (context == nullptr || EVP_PKEY_public_check(context.get()) != 1) return Wrong("The certificate's key is not a sound one.");
  const std::uint32_t needed = kind == EVP_PKEY_RSA ? KU_KEY_ENCIPHERMENT : KU_KEY_AGREEMENT;
  if ((X509_get_key_usage(certificate) & needed) == 0) {
    return Wrong(std::string("The certificate says that its key is not for encryption: it lacks the usage ") +
                 (kind == EVP_PKEY_RSA ? "keyEncipherment." : "keyAgreement."));
  }
  return {};
}

Envelope NewEnvelope() {
  Envelope envelope(CMS_encrypt(nullptr, nullptr, EVP_aes_256_gcm(), CMS_PARTIAL | CMS_STREAM | CMS_BINARY));
  PL_CHECK(envelope != nullptr);
  return envelope;
}

bool AddReceiver(CMS_ContentInfo* envelope, X509* certificate) {
  const bool has_key_id = X509_get0_subject_key_id(certificate) != nullptr;
  CMS_RecipientInfo* info = CMS_add1_recipient_cert(envelope, certificate, CMS_KEY_PARAM | (has_key_id ? CMS_USE_KEYID : 0U));
  EVP_PKEY_CTX* parameters = info == nullptr ? nullptr : CMS_RecipientInfo_get0_pkey_ctx(info);
  if (parameters == nullptr) return false;
  if (CMS_RecipientInfo_type(info) == CMS_RECIPINFO_TRANS) {
    return EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(parameters, EVP_sha256()) == 1;
  }
  return EVP_PKEY_CTX_set_ecdh_kdf_md(parameters, EVP_sha256()) == 1 &&
         EVP_EncryptInit_ex(CMS_RecipientInfo_kari_get0_ctx(info), EVP_aes_256_wrap(), nullptr, nullptr, nullptr) == 1;
}

// `made` is freed on its own.
void FreeChain(BIO* chain, const BIO* made) {
  while (chain != nullptr && chain != made) {
    BIO* next = BIO_pop(chain);
    BIO_free(chain);
    chain = next;
  }
}

// Whatever its fields say: what is read once and works then is what packages are made with.
bool CanBeSealedTo(X509* certificate) {
  const Envelope envelope = NewEnvelope();
  if (!AddReceiver(envelope.get(), certificate)) return false;
  const Source made(BIO_new(BIO_s_mem()));
  BIO* chain = BIO_new_CMS(made.get(), envelope.get());
  const bool sealed = chain != nullptr && BIO_write(chain, "x", 1) == 1 && BIO_flush(chain) == 1;
  FreeChain(chain, made.get());
  return sealed;
}

// A PEM that wants a password must not ask for one at the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

Certificate NextCertificate(BIO* source) { return Certificate(PEM_read_bio_X509(source, nullptr, NoPassword, nullptr)); }

}  // namespace

Result<Receiver> Receiver::FromCertificate(std::string_view pem) {
  if (pem.size() > kPemBytesMax) return Wrong("The certificate must be at most 16 KB of PEM.");
  if (pem.find("PRIVATE KEY") != std::string_view::npos) {
    return Wrong("It holds a private key. That belongs to the receiver alone: take it away, and ask for a new certificate.");
  }
  const Source source = SourceOf(pem);
  const NoErrorsLeft cleared;
  const Certificate certificate = NextCertificate(source.get());
  if (certificate == nullptr) return Wrong("It must be a certificate as PEM: from -----BEGIN CERTIFICATE----- to the end line.");
  if (NextCertificate(source.get()) != nullptr) return Wrong("It must be one certificate; here are several.");
  PL_TRY(CheckKey(certificate.get()));
  if (!CanBeSealedTo(certificate.get())) return Wrong("Nothing can be encrypted to the certificate's key.");
  std::string der = DerOf(*certificate);
  std::string fingerprint = HexEncode(Sha256(der));
  return Receiver(std::move(der), std::move(fingerprint));
}

struct EnvelopeWriter::Inner {
  Inner(const std::vector<Receiver>& receivers, Sink given) : sink(std::move(given)) {
    PL_CHECK(!receivers.empty());
    for (const Receiver& receiver : receivers) PL_CHECK(AddReceiver(envelope.get(), CertificateOf(receiver.der()).get()));
    PL_CHECK(made != nullptr);
    chain = BIO_new_CMS(made.get(), envelope.get());
    PL_CHECK(chain != nullptr);
  }
  ~Inner() { FreeChain(chain, made.get()); }
  Inner(const Inner&) = delete;
  Inner& operator=(const Inner&) = delete;

  Result<void> HandOn() {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(made.get(), &bytes);
    if (size > 0) PL_TRY(sink(std::string_view(bytes, static_cast<std::size_t>(size))));
    (void)BIO_reset(made.get());
    return {};
  }

  Sink sink;
  const Envelope envelope = NewEnvelope();
  const Source made{BIO_new(BIO_s_mem())};
  BIO* chain = nullptr;
};

EnvelopeWriter::EnvelopeWriter(const std::vector<Receiver>& receivers, Sink sink)
    : inner_(std::make_unique<Inner>(receivers, std::move(sink))) {}
EnvelopeWriter::~EnvelopeWriter() = default;
EnvelopeWriter::EnvelopeWriter(EnvelopeWriter&&) noexcept = default;
EnvelopeWriter& EnvelopeWriter::operator=(EnvelopeWriter&&) noexcept = default;

Result<void> EnvelopeWriter::Write(std::string_view plain) {
  while (!plain.empty()) {
    const std::string_view piece = plain.substr(0, kPieceBytes);
    const int size = static_cast<int>(piece.size());
    PL_CHECK(BIO_write(inner_->chain, piece.data(), size) == size);
    PL_TRY(inner_->HandOn());
    plain.remove_prefix(piece.size());
  }
  return {};
}

Result<void> EnvelopeWriter::Finish() {
  PL_CHECK(BIO_flush(inner_->chain) == 1);
  return inner_->HandOn();
}

bool LooksLikeEnvelope(std::string_view start) {
  // ContentInfo of indefinite length, then the type id-smime-ct-authEnvelopedData (1.2.840.113549.1.9.16.1.23).
  constexpr std::string_view kStart("\x30\x80\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", 15);
  return start.starts_with(kStart);
}

}  // namespace porchlight::crypto
