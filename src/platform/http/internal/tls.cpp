#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <climits>

#include "platform/http/internal/transport.h"

namespace porchlight::http::internal {

namespace {

std::string LastTlsProblem() {
  char text[256] = "unknown reason";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

class Tls final : public Transport {
 public:
  Tls(SSL_CTX* context, int descriptor) : descriptor_(descriptor), ssl_(SSL_new(context)) {
    if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), descriptor) != 1) {
      ssl_ = nullptr;
      return;
    }
    SSL_set_accept_state(ssl_.get());
  }

  IoResult Handshake() override {
    if (ssl_ == nullptr) return {IoState::kClosed, 0};
    ERR_clear_error();
    return Outcome(SSL_do_handshake(ssl_.get()));
  }

  IoResult Read(char* data, std::size_t size) override {
    ERR_clear_error();
    return Outcome(SSL_read(ssl_.get(), data, static_cast<int>(std::min<std::size_t>(size, INT_MAX))));
  }

  IoResult Write(std::string_view data, bool) override {
    ERR_clear_error();
    return Outcome(SSL_write(ssl_.get(), data.data(), static_cast<int>(std::min<std::size_t>(data.size(), INT_MAX))));
  }

  void EndOfWriting() override {
    ERR_clear_error();
    if (!broken_) SSL_shutdown(ssl_.get());
    ERR_clear_error();
    shutdown(descriptor_, SHUT_WR);
  }

  bool HasBuffered() const override { return ssl_ != nullptr && SSL_has_pending(ssl_.get()) == 1; }

 private:
  IoResult Outcome(int result) {
    if (result > 0) return {IoState::kDone, static_cast<std::size_t>(result)};
    const int reason = SSL_get_error(ssl_.get(), result);
    if (reason == SSL_ERROR_WANT_READ) return {IoState::kWaitReadable, 0};
    if (reason == SSL_ERROR_WANT_WRITE) return {IoState::kWaitWritable, 0};
    broken_ = reason != SSL_ERROR_ZERO_RETURN;  // After a fatal error nothing may be sent any more.
    return {IoState::kClosed, 0};
  }

  const int descriptor_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  bool broken_ = false;
};

// "http/1.1" is all we speak; a client that offers only other protocols gets none chosen.
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered, unsigned int size, void*) {
  static const unsigned char kOurs[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs, offered, size) != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

class OpenSslContext final : public TlsContext {
 public:
  explicit OpenSslContext(std::unique_ptr<SSL_CTX, FreeContext> context) : context_(std::move(context)) {}
  std::unique_ptr<Transport> Accept(int descriptor) override { return std::make_unique<Tls>(context_.get(), descriptor); }

 private:
  std::unique_ptr<SSL_CTX, FreeContext> context_;
};

Error BadFile(const char* what, const std::string& file) {
  return Error{ErrorCode::kInvalidArgument, std::string("The ") + what + " " + file + " cannot be used for TLS: " + LastTlsProblem() + ".",
               {}, {}, 0};
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::Load(const std::string& certificate_file, const std::string& private_key_file) {
  ERR_clear_error();
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return Error{ErrorCode::kInternal, "TLS cannot be set up.", LastTlsProblem(), {}, 0};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), ChooseProtocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) return BadFile("certificate", certificate_file);
  const std::string& key_file = private_key_file.empty() ? certificate_file : private_key_file;
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) return BadFile("private key", key_file);
  if (SSL_CTX_check_private_key(context.get()) != 1) return BadFile("private key (not that of the certificate)", key_file);
  return std::unique_ptr<TlsContext>(std::make_unique<OpenSslContext>(std::move(context)));
}

}  // namespace porchlight::http::internal
