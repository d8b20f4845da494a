// SPDX-License-Identifier: Apache-2.0
#include "guard/importing/texts.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace guard::importing {

std::optional<double> to_number(std::string_view text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string shown(std::string_view text) {
  if (is_utf8(text)) return printable(text);
  std::string out(text);
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return printable(out);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::optional<std::string> filled(std::string_view text, const Values& values) {
  std::string out;
  for (auto rest = text;;) {
    const auto begin = rest.find("{{");
    out += rest.substr(0, begin);
    if (begin == std::string_view::npos) return out;
    const auto end = rest.find("}}", begin);
    if (end == std::string_view::npos) return std::nullopt;
    const auto value = values.find(std::string(trim(rest.substr(begin + 2, end - begin - 2))));
    if (value == values.end()) return std::nullopt;
    out += value->second;
    rest = rest.substr(end + 2);
  }
}

std::string matcher_text(std::string_view label, std::string_view value) {
  return fmt::format("{}=\"{}\"", label, replaced(replaced(std::string(value), "\\", "\\\\"), "\"", "\\\""));
}

}  // namespace guard::importing
