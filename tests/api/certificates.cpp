// SPDX-License-Identifier: Apache-2.0
#include "tests/api/certificates.hpp"

#include <fstream>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace guard::test {
namespace {

namespace fs = std::filesystem;

constexpr long hour = 3600;

using Memory = std::unique_ptr<BIO, int (*)(BIO*)>;

void write_file(const fs::path& path, BIO* memory) {
  char* text = nullptr;
  const auto length = BIO_get_mem_data(memory, &text);
  std::ofstream(path) << std::string(text, static_cast<std::size_t>(length));
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void set_name(X509_NAME* subject, const std::string& name) {
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
}

}  // namespace

Certificates::Certificates() : authority_key_(EVP_EC_gen("P-256"), EVP_PKEY_free), authority_(nullptr, X509_free) {
  auto authority = make("authority", authority_key_.get());
  add_extension(authority.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(authority.get(), authority_key_.get(), EVP_sha256());
  write("authority", authority.get(), authority_key_.get());
  authority_ = std::move(authority);
}

void Certificates::issue(const std::string& name) {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const auto certificate = make(name, key.get());
  add_extension(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  X509_sign(certificate.get(), authority_key_.get(), EVP_sha256());
  write(name, certificate.get(), key.get());
}

Certificates::Certificate Certificates::make(const std::string& name, EVP_PKEY* key) const {
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -hour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * hour);
  X509_set_pubkey(certificate.get(), key);
  set_name(X509_get_subject_name(certificate.get()), name);
  auto* issuer = X509_get_subject_name(authority_ ? authority_.get() : certificate.get());
  X509_set_issuer_name(certificate.get(), issuer);
  return certificate;
}

void Certificates::write(const std::string& name, X509* certificate, EVP_PKEY* key) const {
  const Memory pem(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(pem.get(), certificate);
  write_file(this->certificate(name), pem.get());
  const Memory secret(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  write_file(this->key(name), secret.get());
}

}  // namespace guard::test
