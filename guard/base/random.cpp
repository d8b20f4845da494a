// SPDX-License-Identifier: Apache-2.0
#include "guard/base/random.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/rand.h>

namespace guard {
namespace {

template <std::size_t size>
std::array<std::uint8_t, size> random_bytes() {
  std::array<std::uint8_t, size> bytes{};
  // Without randomness no id is safe to use, and there is nothing to go on with.
  if (RAND_bytes(bytes.data(), static_cast<int>(size)) != 1) throw std::runtime_error("no random bytes from OpenSSL");
  return bytes;
}

}  // namespace

double SystemRandom::uniform() {
  const auto bytes = random_bytes<8>();
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes.data(), sizeof bits);
  return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

std::string SystemRandom::id() {
  std::string text;
  for (const auto byte : random_bytes<16>()) text += fmt::format("{:02x}", byte);
  return text;
}

Duration backoff(int attempt, Duration base, Duration longest, double uniform) {
  const int doublings = std::clamp(attempt - 2, 0, 30);
  const auto cap = std::min<std::int64_t>(longest.count(), base.count() << doublings);
  return Duration(static_cast<std::int64_t>(static_cast<double>(cap) * (0.1 + 0.9 * uniform)));
}

}  // namespace guard
