// SPDX-License-Identifier: Apache-2.0
#include "guard/base/digest.hpp"

#include <array>
#include <span>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

namespace guard {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string in_hex(std::span<const unsigned char> bytes) {
  std::string out;
  for (const auto byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

}  // namespace

std::string digest(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
  SHA256(bytes_of(text), text.size(), bytes.data());
  return in_hex(std::span(bytes).first<16>());
}

std::string keyed_digest(const Secret& key, std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
  const auto& secret = key.reveal();
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text), text.size(), bytes.data(),
       nullptr);
  return in_hex(bytes);
}

}  // namespace guard
