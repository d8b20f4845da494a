// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/supervisor.hpp"

#include "guard/base/system_clock.hpp"
#include "guard/hooks/attempt_folder.hpp"
#include "guard/hooks/command_run.hpp"
#include "guard/hooks/process_tree.hpp"

#include <cerrno>
#include <csignal>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

namespace guard::hooks {
namespace {

constexpr Duration tick = std::chrono::milliseconds(20);

int carry_out(const AttemptFolder& folder, const AttemptSpec& spec, const Clock& clock) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // is not inherited
  return folder.store(run_command(spec, clock)) ? 0 : 1;
}

// Waits for the one that carries it out. If that dies without a result, all it had started is this process's now,
// wherever it hides: once it has been ended nothing can act any more.
int stand_by(pid_t other, const AttemptFolder& folder, const AttemptSpec& spec, const Clock& clock) {
  while (::waitpid(other, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (folder.result()) return 0;
  end_descendants(clock, spec.grace, [] { let_pass(tick); });
  HookResult result;
  result.detail = "the supervisor died before the command's end was recorded; what it had started was ended";
  return folder.store(result) ? 0 : 1;
}

}  // namespace

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
  // Both hold the lock. Where there is room for one process only, it does the work alone.
  const auto other = ::fork();
  return other > 0 ? stand_by(other, folder, *spec, clock) : carry_out(folder, *spec, clock);
}

}  // namespace guard::hooks
