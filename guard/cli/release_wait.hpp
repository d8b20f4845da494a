// SPDX-License-Identifier: Apache-2.0
//
// Waiting until a release has ended, told to a person meanwhile. Used by the main thread only.
#pragma once

#include "guard/cli/command_context.hpp"
#include "guard/client/release_wait.hpp"

namespace guard::cli {

// As client::wait_for_end; says on context.err how long it may take, each decision when it hears of it, and how things
// stand.
Result<client::Ended> wait_for_end(const client::GuardApi& api, CommandContext& context,
                                   const client::WaitOptions& options);

}  // namespace guard::cli
