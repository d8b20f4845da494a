// SPDX-License-Identifier: Apache-2.0
//
// Certificates made for a test, as PEM files in a directory that goes with it.
#pragma once

#include "tests/support/folder.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <openssl/types.h>

namespace guard::test {

class Certificates {
 public:
  Certificates();

  // Signs a certificate for `name` and writes <name>.pem and <name>.key; with a fresh key each time.
  void issue(const std::string& name);
  std::filesystem::path certificate(const std::string& name) const { return folder_ / (name + ".pem"); }
  std::filesystem::path key(const std::string& name) const { return folder_ / (name + ".key"); }
  // The authority that signs them.
  std::filesystem::path authority() const { return certificate("authority"); }

 private:
  using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
  using Certificate = std::unique_ptr<X509, void (*)(X509*)>;

  Certificate make(const std::string& name, EVP_PKEY* key) const;
  void write(const std::string& name, X509* certificate, EVP_PKEY* key) const;

  const Folder folder_;
  Key authority_key_;
  Certificate authority_;
};

}  // namespace guard::test
