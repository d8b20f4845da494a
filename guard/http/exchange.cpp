// SPDX-License-Identifier: Apache-2.0
#include "guard/http/exchange.hpp"

namespace guard::http {

std::optional<std::string> Response::header(std::string_view lower_case_name) const {
  const auto it = headers.find(std::string(lower_case_name));
  return it == headers.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace guard::http
