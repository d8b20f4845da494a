// SPDX-License-Identifier: Apache-2.0
//
// Runs a rollback command under a supervisor. The command gets its arguments as an array, without a shell; an
// environment of PATH, the allow-listed names and RELEASE_GUARD_SERVICE, _ENVIRONMENT, _VERSION, _PREVIOUS_VERSION,
// _RELEASE, _DECISION, _ATTEMPT, _IDEMPOTENCY_KEY, _FENCING_EPOCH, _EXPECTED_CURRENT, _SLO, _TRIGGER, _REASON; a
// session of its own; its deadline. Exit 0 = done, 75 = not now, try again, anything else = failed; killed by a
// signal or by the deadline = unknown; a program that cannot be run at that moment = not started. What it leaves
// running after it has exited is left alone.
//
// No attempt may begin beside one that still acts. While one process of its supervisor lives it ends all that was
// started, or holds the attempt's lock. Where both were killed nothing that can be looked for is proof: a process may
// have dropped its environment, its session, its parents and its user, and a cgroup of its own would have to be
// delegated, which the hardened unit forbids. What carries the attempt's variables is ended then, and unless the
// attempt's whole world is over (lifespan.hpp) it may still run, for however long.
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
