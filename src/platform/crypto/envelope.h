#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Long contents that only their receivers can open: CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084). Any CMS program
// opens them; `openssl cms -decrypt` does.
namespace porchlight::crypto {

// Whom a content is encrypted to: the public key of an X.509 certificate (RFC 5280). Whoever holds one of them has decided that it
// is the receiver's; neither its issuer nor its dates are looked at. Immutable.
class Receiver {
 public:
  // One certificate as PEM. RSA of 2,048 to 16,384 bits (RSAES-OAEP with SHA-256, RFC 8017), or a named curve of 256 bits or more
  // (ECDH with the KDF of X9.63 and SHA-256, RFC 5753); something is sealed to it once, so that later sealing cannot fail for it.
  // Errors: kInvalidArgument saying what is wrong with it.
  static Result<Receiver> FromCertificate(std::string_view pem);

  // SHA-256 of the whole certificate, hex: as `openssl x509 -fingerprint -sha256` prints it, but for colons and capitals.
  const std::string& fingerprint() const { return fingerprint_; }
  const std::string& der() const { return der_; }

 private:
  Receiver(std::string der, std::string fingerprint) : der_(std::move(der)), fingerprint_(std::move(fingerprint)) {}
  std::string der_;
  std::string fingerprint_;
};

// One content on its way to all of its receivers, in pieces and never whole in memory. One thread at a time.
class EnvelopeWriter {
 public:
  using Sink = std::function<Result<void>(std::string_view)>;
  // `receivers` has at least one; `sink` gets the envelope in order.
  EnvelopeWriter(const std::vector<Receiver>& receivers, Sink sink);
  ~EnvelopeWriter();
  EnvelopeWriter(EnvelopeWriter&&) noexcept;
  EnvelopeWriter& operator=(EnvelopeWriter&&) noexcept;

  // Errors: those of the sink, after which the writer is spent.
  Result<void> Write(std::string_view plain);
  // The end and its authentication, without which the envelope does not open. At least one byte was written before.
  Result<void> Finish();

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

// Whether a file that begins so is such an envelope; for a word to whoever takes it for its content.
bool LooksLikeEnvelope(std::string_view start);

}  // namespace porchlight::crypto
