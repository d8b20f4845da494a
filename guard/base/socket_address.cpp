// SPDX-License-Identifier: Apache-2.0
#include "guard/base/socket_address.hpp"

#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace guard {
namespace {

std::unexpected<Error> bad_address() {
  return fail(ErrorCode::invalid, "write an address and a port, for example 127.0.0.1:8929 or [::1]:8929");
}

bool is_literal(const std::string& host, int family) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  // An IPv6 address may name its interface: fe80::1%eth0.
  const auto without_zone = family == AF_INET6 ? host.substr(0, host.find('%')) : host;
  return ::inet_pton(family, without_zone.c_str(), address.data()) == 1;
}

}  // namespace

Result<SocketAddress> parse_socket_address(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return bad_address();
  SocketAddress address{text.substr(0, colon)};
  const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), address.port);
  if (error != std::errc{} || end != text.data() + text.size()) return bad_address();
  auto& host = address.host;
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.empty()) host = "0.0.0.0";
  if (!bracketed && host == "localhost") host = "127.0.0.1";
  if (!is_literal(host, bracketed ? AF_INET6 : AF_INET)) return bad_address();
  return address;
}

}  // namespace guard
