// SPDX-License-Identifier: Apache-2.0
//
// Real commands under a real supervisor, in a folder of their own, and what /proc tells of them afterwards.
#pragma once

#include "guard/base/system_clock.hpp"
#include "guard/hooks/attempt_folder.hpp"
#include "guard/hooks/command_hook.hpp"
#include "tests/hooks/sample.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace guard::test {

// Looks until `condition` holds; false if it does not within half a minute.
bool eventually(const std::function<bool()>& condition);

std::string text_of(const std::filesystem::path& file);

// Pids of the processes, zombies apart, whose environment holds `pair`: a command and all that came of it.
std::vector<pid_t> processes_with(const std::string& pair);
// Pids of the processes with this argument.
std::vector<pid_t> processes_about(const std::string& argument);
bool is_alive(pid_t pid);
// True if this process has no child, living or dead.
bool has_no_children();

class Commands : public testing::Test {
 protected:
  Commands();
  ~Commands() override;

  // An executable shell script in the folder.
  std::filesystem::path script(const std::string& name, const std::string& body) const;
  std::filesystem::path state() const { return folder / "state"; }
  hooks::HookPtr hook(const config::CommandHook& command) const;
  hooks::HookResult run(const config::CommandHook& command) const { return hook(command)->call(call); }
  hooks::HookResult run_script(const std::string& body) const { return run(sample_command(script("hook", body))); }
  hooks::AttemptFolder attempt() const { return hooks::AttemptFolder::current(state(), call); }
  // The environment entry that marks every process of this test's call.
  std::string mark() const { return "RELEASE_GUARD_IDEMPOTENCY_KEY=" + call.key; }
  // How many seconds to sleep, `whole` and a fraction of this process's own: what its tests left can be told by them.
  static std::string seconds_of_its_own(int whole = 1000);
  // How often the command ran: lines that it appended to "runs".
  long runs() const;
  // Starts a process; its pid.
  static pid_t start(const std::vector<std::string>& argv);
  // Its exit code, or minus the signal.
  static int wait_for(pid_t pid);

  const Folder folder;
  SystemClock clock;
  hooks::HookCall call = sample_call();
  std::filesystem::path program = HOOKS_SUPERVISOR;
};

}  // namespace guard::test
