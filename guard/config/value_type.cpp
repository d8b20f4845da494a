// SPDX-License-Identifier: Apache-2.0
#include "guard/config/value_type.hpp"

#include <fmt/format.h>

namespace guard::config {

std::string joined(std::span<const std::string_view> words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += fmt::format("{}{}", i == 0 ? "" : i + 1 == words.size() ? last : ", ", words[i]);
  return out;
}

std::string text_of(const ValueType& type) {
  return type.name.empty() ? joined(type.words, " or ") : std::string(type.name);
}

}  // namespace guard::config
