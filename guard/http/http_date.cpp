// SPDX-License-Identifier: Apache-2.0
#include "guard/http/http_date.hpp"

#include <chrono>
#include <ctime>

namespace guard::http {

std::optional<WallTime> parse_http_date(const std::string& text) {
  std::tm parts{};
  if (::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) return std::nullopt;
  return WallTime{std::chrono::seconds(::timegm(&parts))};
}

}  // namespace guard::http
