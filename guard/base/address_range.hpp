// SPDX-License-Identifier: Apache-2.0
//
// The addresses that share the first bits: "10.0.0.0/8", "fd00::/8", or one address alone. An IPv4 address is the same
// as its IPv6-mapped form (RFC 4291, 2.5.5.2), as which a socket for both shows it. A value; safe from any thread.
#pragma once

#include "guard/base/error.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace guard {

class AddressRange {
 public:
  // Fails with invalid and what such a text looks like; also where bits after the prefix are set (RFC 4632, 3.1).
  static Result<AddressRange> parse(const std::string& text);

  // False for what is no address.
  bool contains(std::string_view address) const;

 private:
  using Bytes = std::array<std::uint8_t, 16>;
  AddressRange(const Bytes& first, unsigned bits) : first_(first), bits_(bits) {}

  Bytes first_;
  unsigned bits_;  // of the prefix, IPv6
};

}  // namespace guard
