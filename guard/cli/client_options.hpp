// SPDX-License-Identifier: Apache-2.0
//
// The options that say where the guard is and which release is meant, and the way to that guard. The main thread only.
#pragma once

#include "guard/client/guard_api.hpp"
#include "guard/client/which_release.hpp"

namespace CLI {
class App;
}

namespace guard::cli {

struct CommandContext;

// Adds --server, --token-file, --ca-file, --cert-file and --key-file. `connection` must outlive the parsing.
void add_connection_options(CLI::App& command, client::Connection& connection);

// The guard that the options name; what they leave open is as the first of the context's client files has it that says
// something of that guard. Fails as GuardApi::connect, and with invalid where one of those files is wrong.
Result<client::GuardApi> connect_to_guard(client::Connection connection, const CommandContext& context);

// Adds ID, --service and --environment. `which` must outlive the parsing.
void add_which_release(CLI::App& command, client::WhichRelease& which);

}  // namespace guard::cli
