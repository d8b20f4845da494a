// SPDX-License-Identifier: Apache-2.0
//
// One run of a rollback command, from fork to result, held to its deadline. For the supervisor, a child subreaper
// without other children; blocking and single-threaded.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/hooks/attempt_folder.hpp"

#include <csignal>

namespace guard::hooks {

// What a supervisor holds off for itself, and a command gets with its default action.
constexpr int held_off_signals[] = {SIGTERM, SIGINT, SIGHUP};

// Runs the command and waits for its end, or ends it and everything below it at its deadline. `retry` if it provably
// could not be run.
HookResult run_command(const AttemptSpec& spec, const Clock& clock);

}  // namespace guard::hooks
