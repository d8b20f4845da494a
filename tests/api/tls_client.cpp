// SPDX-License-Identifier: Apache-2.0
#include "tests/api/tls_client.hpp"

#include <unistd.h>

#include <openssl/ssl.h>

namespace guard::test {
namespace {

using Context = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;
using Connection = std::unique_ptr<SSL, void (*)(SSL*)>;

Context make_context(const Certificates& certificates, const TlsChoice& choice) {
  Context context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_load_verify_locations(context.get(), certificates.authority().c_str(), nullptr);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  // The old versions are below what Debian's OpenSSL allows by default.
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), choice.version);
  SSL_CTX_set_max_proto_version(context.get(), choice.version);
  if (!choice.certificate.empty()) {
    SSL_CTX_use_certificate_file(context.get(), certificates.certificate(choice.certificate).c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context.get(), certificates.key(choice.certificate).c_str(), SSL_FILETYPE_PEM);
  }
  return context;
}

class TlsChannel final : public Channel {
 public:
  TlsChannel(int descriptor, const Context& context, TlsSight& sight)
      : descriptor_(descriptor), connection_(SSL_new(context.get()), SSL_free), sight_(sight) {
    SSL_set_fd(connection_.get(), descriptor);
    SSL_set_connect_state(connection_.get());
  }
  ~TlsChannel() override { ::close(descriptor_); }
  TlsChannel(const TlsChannel&) = delete;
  TlsChannel& operator=(const TlsChannel&) = delete;

  long write(std::string_view bytes) override {
    return what_came_of(SSL_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size())));
  }
  long read(char* into, std::size_t size) override {
    return what_came_of(SSL_read(connection_.get(), into, static_cast<int>(size)));
  }
  void end_writing() override { SSL_shutdown(connection_.get()); }

 private:
  long what_came_of(int result) {
    if (result > 0) {
      look();
      return result;
    }
    const int why = SSL_get_error(connection_.get(), result);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
  }

  void look() {
    sight_.version = SSL_get_version(connection_.get());
    const auto* certificate = SSL_get0_peer_certificate(connection_.get());
    std::uint64_t serial = 0;
    ASN1_INTEGER_get_uint64(&serial, X509_get0_serialNumber(certificate));
    sight_.certificate = std::to_string(serial);
    sight_.cipher = SSL_get_cipher_name(connection_.get());
    const auto* curve = OBJ_nid2sn(static_cast<int>(SSL_get_negotiated_group(connection_.get())));
    sight_.curve = curve == nullptr ? "" : curve;
  }

  int descriptor_;
  Connection connection_;
  TlsSight& sight_;
};

}  // namespace

std::unique_ptr<Channel> tls_channel(const Host& host, const Certificates& certificates, const TlsChoice& choice,
                                     TlsSight& sight) {
  return std::make_unique<TlsChannel>(connect_to(host), make_context(certificates, choice), sight);
}

}  // namespace guard::test
