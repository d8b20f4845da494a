// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/signature.hpp"

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

Result<std::string> decode_base64(std::string_view text) {
  const auto bad = [] { return fail(ErrorCode::invalid, "the secret after whsec_ is not base64"); };
  if (text.empty() || text.size() % 4 != 0) return bad();
  std::string out(text.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(text), static_cast<int>(text.size()));
  if (size < 0) return bad();
  const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

}  // namespace

Result<Secret> signing_key(const Secret& secret) {
  std::string key = secret.reveal();
  if (key.starts_with(prefix)) {
    auto decoded = decode_base64(std::string_view(key).substr(prefix.size()));
    if (!decoded) return std::unexpected(decoded.error());
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
