// SPDX-License-Identifier: Apache-2.0
#include "guard/base/route_prefix.hpp"

#include <algorithm>
#include <string_view>

namespace guard {
namespace {

constexpr std::size_t longest = 200;

// What needs no escape in a path, nor in the Path of a cookie.
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

bool is_segment(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, is_plain);
}

}  // namespace

Result<std::string> parse_route_prefix(const std::string& text) {
  std::string_view rest = text;
  while (rest.starts_with('/')) rest.remove_prefix(1);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const std::string path(rest);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    if (!is_segment(rest.substr(0, end)) || end + 1 == rest.size() || path.size() > longest)
      return fail(ErrorCode::invalid, "write a path of letters, digits and -._~, for example /guard");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return path.empty() ? path : "/" + path;
}

}  // namespace guard
