// SPDX-License-Identifier: Apache-2.0
//
// Who is known by something else than a token of their own: people behind a reverse proxy, holders of certificates, and
// the users of the web configuration file.
// Pure; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/config/settings.hpp"

#include <optional>
#include <vector>

namespace guard::config {

// `on_behalf_of` of a token, if it has one. Reports what is wrong.
std::optional<OnBehalfOf> read_on_behalf_of(const ObjectReader& token);

// `clients` of `tls_server_config`. Reports what is wrong, and that they need `client_ca_file`.
std::vector<ClientName> read_clients(const ObjectReader& tls);

// `users` of `web`. Reports what is wrong.
std::vector<ClientName> read_users(const ObjectReader& web);

}  // namespace guard::config
