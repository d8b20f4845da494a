// SPDX-License-Identifier: Apache-2.0
//
// Where a server listens, as people write it. Pure; safe from any thread.
#pragma once

#include "guard/base/error.hpp"

#include <string>

namespace guard {

struct SocketAddress {
  std::string host;  // an IPv4 or IPv6 literal, without brackets
  unsigned short port = 0;
};

// Reads HOST:PORT: a literal, an IPv6 one in brackets, or `localhost`; no host is every IPv4 address of the machine.
// Fails with invalid and what to write instead.
Result<SocketAddress> parse_socket_address(const std::string& text);

}  // namespace guard
