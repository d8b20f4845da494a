// SPDX-License-Identifier: Apache-2.0
//
// Certificates of a server on this machine and of its clients, as PEM files in a directory that goes with them.
#pragma once

#include "tests/support/certificates.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <string>

namespace guard::test {

class Certificates {
 public:
  // Signs a certificate for `name` and writes <name>.pem and <name>.key; with a fresh key each time.
  void issue(const std::string& name) const { authority_.issue(name, "DNS:localhost,IP:127.0.0.1"); }
  std::filesystem::path certificate(const std::string& name) const { return folder_ / (name + ".pem"); }
  std::filesystem::path key(const std::string& name) const { return folder_ / (name + ".key"); }
  // The authority that signs them.
  const std::filesystem::path& authority() const { return authority_.ca_file(); }

 private:
  const Folder folder_;
  const Authority authority_{folder_.path()};
};

}  // namespace guard::test
