// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/front.hpp"

#include "guard/base/descriptors.hpp"
#include "guard/serve/people.hpp"

#include <functional>
#include <utility>

#include <fmt/format.h>

namespace guard::serve {

Front::Front(const Parts& parts)
    : parts_(parts),
      passwords_(std::make_shared<api::Passwords>(
          Secret(parts.random.id()),
          [&executor = parts.executor](std::function<void()> work, std::function<void()> then) {
            executor.run(engine::Lane::password, std::move(work), std::move(then));
          })) {}

Result<void> Front::listen(api::Services services, const config::Settings& settings, const std::vector<int>& passed) {
  services.listening = [this] { return listening_; };
  router_.emplace(services, gatekeeper(settings));
  auto given = sockets(passed);
  if (!given) return std::unexpected(given.error());
  const auto& options = parts_.options;
  api::ServerSettings server{options.listen_addresses, settings.web_tls, {}, std::move(*given), {}};
  if (server.addresses.empty()) server.addresses = {default_address};
  server.limits.connections = api::connections_for(descriptor_limit());
  server.headers = settings.web_file.headers;
  auto made = api::Server::listen(parts_.loop, server, *router_);
  if (!made) return std::unexpected(made.error());
  server_ = std::move(*made);
  listening_ = {server_->addresses(), options.route_prefix + "/", settings.web_tls.has_value(),
                !options.web_config_file.empty()};
  warn_of_people(settings);
  tell_listening(services, settings);
  return {};
}

// Who passes them means them, unless a flag names other addresses.
Result<std::vector<int>> Front::sockets(const std::vector<int>& passed) const {
  if (parts_.options.systemd_socket && passed.empty())
    return fail(
        ErrorCode::invalid,
        "--web.systemd-socket: nobody passes a socket on; start the guard by a .socket unit (systemd.socket(5)), "
        "or leave the flag out");
  if (parts_.options.listen_addresses.empty()) return passed;
  if (!passed.empty())
    parts_.log.warn("serve",
                    "the service manager passes sockets on, and nobody listens on them: leave --web.listen-address out",
                    {{"sockets", fmt::to_string(passed.size())}});
  return std::vector<int>();
}

void Front::tell_listening(const api::Services& services, const config::Settings& settings) const {
  for (const auto& address : listening_.addresses)
    parts_.log.info("serve", "listening",
                    {{"address", address},
                     {"port", address.substr(address.rfind(':') + 1)},
                     {"path", listening_.path},
                     {"tls", listening_.tls ? "yes" : "no"},
                     {"version", services.program.build.version},
                     {"revision", services.program.build.revision},
                     {"groups", fmt::to_string(settings.groups.size())}});
}

// Whom these settings know.
api::Gatekeeper Front::gatekeeper(const config::Settings& settings) {
  knows_people_ = knows_people(settings);
  api::Access access{settings.tokens};
  if (settings.web_tls) access.clients = settings.web_tls->clients;
  access.stay_signed_in = settings.stay_signed_in;
  access.users = settings.web_users;
  passwords_->replace(settings.web_file.passwords);
  access.passwords = passwords_;
  return api::Gatekeeper(std::move(access));
}

void Front::warn_of_people(const config::Settings& settings) const {
  for (const auto& strange : strange_about_people(settings, !parts_.options.web_config_file.empty()))
    parts_.log.warn("serve", strange);
}

Result<void> Front::may_take(const config::Settings& settings) const {
  if (settings.web_tls.has_value() != listening_.tls)
    return fail(ErrorCode::invalid, "tls_server_config was added or removed: restart the guard for that");
  // A file that was emptied by mistake must not open the guard to all of this machine.
  if (knows_people_ && !knows_people(settings))
    return fail(
        ErrorCode::invalid,
        "no tokens and no users are left, so anyone on this machine could order a rollback: restart the guard if "
        "that is meant");
  return {};
}

void Front::take(const config::Settings& settings) {
  router_->replace(gatekeeper(settings));
  warn_of_people(settings);
  if (auto renewed = server_->renew(settings.web_tls, settings.web_file.headers); !renewed)
    parts_.log.error("serve", "the TLS files were not taken", {{"err", renewed.error().message}});
}

void Front::changed(const std::vector<std::string>& releases) {
  if (router_) router_->changed(releases);
}

}  // namespace guard::serve
