// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/people.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::serve {
namespace {

bool takes_certificates(const config::Settings& settings) {
  return settings.web_tls && settings.web_tls->client_ca_file;
}

bool has_password(const config::Settings& settings, const std::string& user) {
  return std::ranges::find(settings.web_file.passwords, user, &config::WebPassword::user) !=
         settings.web_file.passwords.end();
}

// Whether somebody may do more than read: tokens may be of any role, certificates name who has one.
bool somebody_orders(const config::Settings& settings) {
  const auto orders = [](const auto& one) {
    return one.role == config::Role::deploy || one.role == config::Role::operate;
  };
  return std::ranges::any_of(settings.tokens, orders) || std::ranges::any_of(settings.web_users, orders) ||
         (settings.web_tls && std::ranges::any_of(settings.web_tls->clients, orders));
}

}  // namespace

bool knows_people(const config::Settings& settings) {
  return !settings.tokens.empty() || !settings.web_file.passwords.empty() ||
         (settings.web_tls && !settings.web_tls->clients.empty());
}

std::vector<std::string> strange_about_people(const config::Settings& settings, bool web_file) {
  if (!knows_people(settings) && settings.web_users.empty())
    return {"no tokens are configured: anyone on this machine may order a rollback, and nobody else"};
  if (!settings.web_users.empty() && !web_file)
    return {"`web.users` gives roles to users whom nothing knows: give --web.config.file"};
  std::vector<std::string> out;
  for (const auto& user : settings.web_users)
    if (!has_password(settings, user.name) && !takes_certificates(settings))
      out.push_back(
          fmt::format("`web.users` gives \"{}\" a role, and the web configuration file has no such user", user.name));
  if (knows_people(settings) && !somebody_orders(settings))
    out.emplace_back("nobody may announce a release or order anything: `web.users` gives users a role, and `tokens`");
  return out;
}

}  // namespace guard::serve
