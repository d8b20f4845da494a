// SPDX-License-Identifier: Apache-2.0
//
// The options that say where the guard is and which release is meant. The main thread only.
#pragma once

#include "guard/client/guard_api.hpp"
#include "guard/client/which_release.hpp"

namespace CLI {
class App;
}

namespace guard::cli {

// Adds --server, --token-file, --ca-file, --cert-file and --key-file. `connection` must outlive the parsing.
void add_connection_options(CLI::App& command, client::Connection& connection);

// Adds ID, --service and --environment. `which` must outlive the parsing.
void add_which_release(CLI::App& command, client::WhichRelease& which);

}  // namespace guard::cli
