// SPDX-License-Identifier: Apache-2.0
//
// A client's end of TLS over a socket that does not block.
#pragma once

#include "tests/api/certificates.hpp"
#include "tests/api/harness.hpp"

namespace guard::test {

struct TlsChoice {
  int version = 0;          // TLS1_2_VERSION and the like; 0: any
  std::string certificate;  // shown to the server; empty: none
};

// What the client saw of the server once the first byte was exchanged.
struct TlsSight {
  std::string version;      // "TLSv1.3"
  std::string certificate;  // its serial number
  std::string cipher;
  std::string curve;  // of the key exchange
};

// Trusts the certificates' authority and no other. `sight` is filled with the first exchange and outlives the channel.
std::unique_ptr<Channel> tls_channel(const Host& host, const Certificates& certificates, const TlsChoice& choice,
                                     TlsSight& sight);

}  // namespace guard::test
