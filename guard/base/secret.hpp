// SPDX-License-Identifier: Apache-2.0
//
// A value that must not be shown: it prints <secret> wherever it is formatted or streamed. Only reveal() gives the
// text, so that every use of a secret can be found by that word. A value; safe from any thread.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace guard {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

  // Takes the same time for any two texts of one length (CRYPTO_memcmp), so that a guess cannot be refined by timing.
  bool equals(std::string_view guess) const;

 private:
  std::string value_;
};

inline std::ostream& operator<<(std::ostream& out, const Secret&) {
  return out << "<secret>";
}

}  // namespace guard

template <>
struct fmt::formatter<guard::Secret> : fmt::formatter<std::string_view> {
  auto format(const guard::Secret&, fmt::format_context& context) const {
    return fmt::formatter<std::string_view>::format("<secret>", context);
  }
};
