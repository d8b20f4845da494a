// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/signature.hpp"

#include "guard/base/base64.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace guard::hooks {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t shortest_key = 24;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Result<Secret> signing_key(const Secret& secret) {
  std::string key = secret.reveal();
  if (key.starts_with(prefix)) {
    auto decoded = decode_base64(std::string_view(key).substr(prefix.size()));
    if (!decoded) return fail(ErrorCode::invalid, "the secret after whsec_ is not base64");
    key = std::move(*decoded);
  }
  if (key.size() < shortest_key)
    return fail(ErrorCode::invalid, fmt::format("the secret is shorter than {} bytes", shortest_key));
  return Secret(std::move(key));
}

std::string sign(const Secret& key, const SignedParts& parts) {
  const auto content = fmt::format("{}.{}.{}", parts.id, parts.timestamp, parts.body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.reveal().size()), bytes(content), content.size(),
       digest.data(), &size);
  std::array<unsigned char, 64> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
  return "v1," + std::string(reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length));
}

}  // namespace guard::hooks
