// SPDX-License-Identifier: Apache-2.0
//
// Random values of every type that is stored, the same for the same seed: every optional is set in about half of them,
// every list has up to three entries, texts hold any bytes. Pure.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace guard::store::test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool flip() { return below(2) == 1; }
  int whole() { return std::bit_cast<int>(static_cast<std::uint32_t>(engine_())); }
  Duration duration() { return Duration(static_cast<std::int64_t>(engine_())); }
  WallTime wall() { return WallTime(duration()); }
  Instant instant() { return {wall(), MonoTime(duration())}; }

  double number() {
    constexpr auto inf = std::numeric_limits<double>::infinity();
    constexpr std::array odd{0.0, -0.0, inf, -inf, std::numeric_limits<double>::quiet_NaN(), 5e-324, 0.1, 1e308};
    return flip() ? odd[below(odd.size())] : std::bit_cast<double>(engine_() & ~(std::uint64_t{0x7FF} << 52U));
  }

  double finite() { return static_cast<double>(below(1'000'000)) / 7; }

  // Any bytes, also those that are no UTF-8, quotes and zeros.
  std::string text() {
    std::string out;
    for (auto length = below(12); length > 0; --length) out += static_cast<char>(below(256));
    return out;
  }

  // As they are stored: none are an empty text.
  std::optional<std::string> words() {
    auto out = text();
    return out.empty() ? std::nullopt : std::optional(std::move(out));
  }

  template <class E>
  E name() {
    const auto& table = EnumNames<E>::table;
    return table[below(table.size())].first;
  }

  template <class Make>
  auto maybe(Make make) -> std::optional<decltype(make())> {
    return flip() ? std::optional(make()) : std::nullopt;
  }

  template <class Make>
  auto list(Make make) {
    std::vector<decltype(make())> out;
    for (auto count = below(4); count > 0; --count) out.push_back(make());
    return out;
  }

  template <class Make>
  auto map(Make make) {
    std::map<std::string, decltype(make())> out;
    for (auto count = below(4); count > 0; --count) out.emplace(text(), make());
    return out;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace guard::store::test
