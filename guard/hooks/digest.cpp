// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/digest.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/sha.h>

namespace guard::hooks {

std::string digest(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data());
  std::string name;
  for (std::size_t i = 0; i < 16; ++i) name += fmt::format("{:02x}", bytes[i]);
  return name;
}

}  // namespace guard::hooks
