// SPDX-License-Identifier: Apache-2.0
//
// Runs a rollback command under a supervisor. The command gets its arguments as an array, without a shell; an
// environment of PATH, the allow-listed names and RELEASE_GUARD_SERVICE, _ENVIRONMENT, _VERSION, _PREVIOUS_VERSION,
// _RELEASE, _DECISION, _ATTEMPT, _IDEMPOTENCY_KEY, _FENCING_EPOCH, _EXPECTED_CURRENT, _SLO, _TRIGGER, _REASON; a
// session of its own; its deadline. Exit 0 = done, 75 = not now, try again, anything else = failed; killed by a
// signal or by the deadline = unknown; a program that cannot be run at that moment = not started. What it leaves
// running after it has ended is left alone; where its supervisor died, what carries the attempt's variables is ended.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/config/settings.hpp"
#include "guard/hooks/hook.hpp"

#include <filesystem>

namespace guard::hooks {

// Where attempts are recorded, and the program whose `supervise-hook` is the supervisor.
struct CommandHookContext {
  std::filesystem::path state;
  std::filesystem::path program;
  const Clock& clock;
};

HookPtr make_command_hook(const config::HookSettings& settings, const config::CommandHook& command,
                          CommandHookContext context);

}  // namespace guard::hooks
