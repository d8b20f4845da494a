// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/supervisor.hpp"

#include "guard/base/system_clock.hpp"
#include "guard/hooks/attempt_folder.hpp"
#include "guard/hooks/command_run.hpp"

#include <csignal>

#include <sys/prctl.h>

namespace guard::hooks {

int run_supervisor(const std::filesystem::path& path) {
  const AttemptFolder folder(path);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Whoever ends every process of the guard's service asks the command too; its end must still be recorded.
  for (const int signal : held_off_signals) std::signal(signal, SIG_IGN);
  const auto lock = FileLock::wait(folder.lock_file());
  if (!lock) return 1;
  if (folder.abandoned() || folder.started()) return 0;
  const auto spec = folder.spec();
  // From the durable mark on the command may have run; without it, it provably has not.
  if (!spec || !folder.mark_started()) return 1;
  const SystemClock clock;
  return folder.store(run_command(*spec, clock)) ? 0 : 1;
}

}  // namespace guard::hooks
