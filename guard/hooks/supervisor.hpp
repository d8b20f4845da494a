// SPDX-License-Identifier: Apache-2.0
//
// The supervisor of one attempt of a command hook: a process of its own that outlives the guard, because a rollback
// often restarts the guard itself. It runs the command once, holds it to its deadline, keeps the end of its output and
// records the result durably. It ends with the command, not when it is asked to (TERM, INT, HUP).
//
// It is two processes, each a child subreaper, so that one may be killed: the one that runs the command takes the
// command along, and the other ends all it had started and records that; if the other is killed, the first goes on.
// Single-threaded.
#pragma once

#include <filesystem>

namespace guard::hooks {

// The body of `release-guard supervise-hook FOLDER`. Returns the exit code: 0 if a result was recorded (whatever it
// is) or the attempt must not run, 1 if nothing could be recorded.
int run_supervisor(const std::filesystem::path& folder);

}  // namespace guard::hooks
