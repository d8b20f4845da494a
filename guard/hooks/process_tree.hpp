// SPDX-License-Identifier: Apache-2.0
//
// All processes below this one. As a child subreaper (prctl(2)) the caller inherits every orphan, so that not even a
// double fork with setsid leaves the tree. Single-threaded use, by the supervisor.
#pragma once

#include "guard/base/clock.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace guard::hooks {

// Every descendant of this process, from /proc/*/stat.
std::vector<pid_t> descendants();

// Sends `signal` to every descendant.
void signal_descendants(int signal);

// Asks every descendant to end, ends it after `grace`, and returns when none is left. `pass` lets a moment pass.
void end_descendants(const Clock& clock, Duration grace, const std::function<void()>& pass);

// Sends SIGKILL to every other process whose environment holds all of `variables` (NAME=value), as far as this user may
// see and signal them; how many there still were. With no variable, none.
std::size_t kill_processes_of(const std::vector<std::string>& variables);

// A descriptor that becomes readable when the child `pid` ends (pidfd_open(2)), or -1.
int open_pidfd(pid_t pid);

// Reaps every child that has ended. True if no child is left.
bool reap_children();

}  // namespace guard::hooks
