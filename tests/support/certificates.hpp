// SPDX-License-Identifier: Apache-2.0
//
// A certificate authority for one test: it signs certificates for names, as files and as contexts for a server.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace guard::test {

struct Identity {
  std::filesystem::path cert_file;
  std::filesystem::path key_file;
};

class Authority {
 public:
  // Its files go to `folder`.
  explicit Authority(std::filesystem::path folder);

  const std::filesystem::path& ca_file() const { return ca_file_; }
  // Signs for a subjectAltName such as "DNS:prometheus.internal" or "IP:127.0.0.1", which is its common name too.
  Identity issue(const std::string& name) const;
  // Signs for `alternatives` under a common name, which names its files too; with a fresh key each time.
  Identity issue(const std::string& name, const std::string& alternatives) const;

 private:
  std::filesystem::path folder_;
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
  std::filesystem::path ca_file_;
};

using TlsContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

// A server that shows `identity`; with `client_ca`, it demands a certificate of that authority from clients.
TlsContext server_context(const Identity& identity, const Authority* client_ca = nullptr);

}  // namespace guard::test
