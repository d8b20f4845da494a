// SPDX-License-Identifier: Apache-2.0
#include "tests/support/certificates.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace guard::test {
namespace {

std::shared_ptr<EVP_PKEY> new_key() {
  return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

void add(X509* certificate, int extension, const std::string& value) {
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, nullptr, extension, value.c_str());
  if (made == nullptr) throw std::runtime_error("bad extension " + value);
  X509_add_ext(certificate, made, -1);
  X509_EXTENSION_free(made);
}

std::shared_ptr<X509> unsigned_certificate(const std::string& name, EVP_PKEY* key) {
  std::shared_ptr<X509> out(X509_new(), X509_free);
  X509_set_version(out.get(), 2);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), 3600);
  X509_set_pubkey(out.get(), key);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0);
  return out;
}

template <class Write>
std::filesystem::path pem(const std::filesystem::path& path, Write write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) throw std::runtime_error("cannot write " + path.string());
  write(file);
  std::fclose(file);
  return path;
}

}  // namespace

Authority::Authority(std::filesystem::path folder) : folder_(std::move(folder)), key_(new_key()) {
  std::filesystem::create_directories(folder_);
  certificate_ = unsigned_certificate("test authority " + folder_.filename().string(), key_.get());
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  add(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate_.get(), key_.get(), EVP_sha256());
  ca_file_ = pem(folder_ / "ca.pem", [this](std::FILE* file) { PEM_write_X509(file, certificate_.get()); });
}

Identity Authority::issue(const std::string& name) const {
  return issue(name, name);
}

Identity Authority::issue(const std::string& name, const std::string& alternatives) const {
  const auto key = new_key();
  const auto certificate = unsigned_certificate(name, key.get());
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_.get()));
  add(certificate.get(), NID_subject_alt_name, alternatives);
  X509_sign(certificate.get(), key_.get(), EVP_sha256());
  auto stem = name;
  std::replace(stem.begin(), stem.end(), ':', '_');
  const auto write_key = [&](std::FILE* file) {
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  };
  return {pem(folder_ / (stem + ".pem"), [&](std::FILE* file) { PEM_write_X509(file, certificate.get()); }),
          pem(folder_ / (stem + ".key"), write_key)};
}

TlsContext server_context(const Identity& identity, const Authority* client_ca) {
  TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (SSL_CTX_use_certificate_file(context.get(), identity.cert_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), identity.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("the server's certificate cannot be used");
  if (client_ca == nullptr) return context;
  SSL_CTX_load_verify_locations(context.get(), client_ca->ca_file().c_str(), nullptr);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return context;
}

}  // namespace guard::test
