// SPDX-License-Identifier: Apache-2.0
#include "guard/config/web_links.hpp"

#include "guard/http/url.hpp"

namespace guard::config {

std::string dashboard_of(const WebLinks& links, const std::string& service, const std::string& environment) {
  if (links.dashboard_url.empty()) return "";
  const auto fields = http::form_encode({{"var-service", service}, {"var-environment", environment}});
  return links.dashboard_url + (links.dashboard_url.find('?') == std::string::npos ? '?' : '&') + fields;
}

}  // namespace guard::config
