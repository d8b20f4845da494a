// SPDX-License-Identifier: Apache-2.0
#include "guard/config/keys.hpp"

#include <algorithm>

namespace guard::config {

const KeyInfo* ObjectInfo::find(std::string_view key) const {
  const auto found = std::ranges::find(keys, key, &KeyInfo::name);
  return found == keys.end() ? nullptr : &*found;
}

std::span<const ObjectInfo* const> all_objects() {
  using namespace objects;
  static constexpr std::array all{&rule_file,
                                  &group,
                                  &group_requires,
                                  &group_passed,
                                  &group_freeze,
                                  &group_error_budget,
                                  &group_detect,
                                  &group_contacts,
                                  &rule,
                                  &remedy,
                                  &preflight_rule,
                                  &rollback,
                                  &baseline,
                                  &file_defaults,
                                  &group_defaults,
                                  &settings,
                                  &prometheus,
                                  &alertmanager,
                                  &basic_auth,
                                  &authorization,
                                  &tls,
                                  &hook,
                                  &command_hook,
                                  &http_hook,
                                  &receiver,
                                  &token,
                                  &brakes,
                                  &breaker,
                                  &freeze,
                                  &events,
                                  &github_events,
                                  &web,
                                  &web_tls,
                                  &web_client,
                                  &web_user,
                                  &web_file,
                                  &web_file_tls,
                                  &web_file_http,
                                  &on_behalf_of,
                                  &test_file,
                                  &test,
                                  &test_release,
                                  &test_series,
                                  &test_signal,
                                  &test_moment,
                                  &test_reading,
                                  &client_file};
  return all;
}

}  // namespace guard::config
