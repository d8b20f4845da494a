// SPDX-License-Identifier: Apache-2.0
//
// `supervise-hook FOLDER` as release-guard has it, in a process that kills itself with SIGKILL just before its n-th
// call into the system, n in DIE_SUPERVISOR, or whose other process does, n in DIE_OTHER. With `call STATE PROGRAM KEY`
// it is the guard that calls a hook, and n is in DIE_CALLER. Calls are counted by standing before libc's own functions.
#include "guard/base/system_clock.hpp"
#include "guard/hooks/command_hook.hpp"
#include "guard/hooks/supervisor.hpp"
#include "tests/hooks/sample.hpp"

#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>
#include <sys/types.h>

namespace {

pid_t counted = 0;  // the process whose calls count: not the command between fork and exec
int steps_left = -1;
int steps_of_other = -1;  // of the first process that is forked

void step() {
  if (::getpid() != counted || steps_left < 0) return;
  if (steps_left-- == 0) ::kill(counted, SIGKILL);
}

template <class Function>
Function real(Function, const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

int number_in(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? -1 : static_cast<int>(std::strtol(text, nullptr, 10));
}

void count_from(const char* variable) {
  counted = ::getpid();
  steps_left = number_in(variable);
}

}  // namespace

extern "C" {

// Its own name is that of a struct too.
int counted_flock(int fd, int operation) __asm__("flock");
int counted_flock(int fd, int operation) {
  step();
  return real(&counted_flock, "flock")(fd, operation);
}
int fsync(int fd) {
  step();
  return real(&fsync, "fsync")(fd);
}
int rename(const char* from, const char* to) noexcept {
  step();
  return real(&rename, "rename")(from, to);
}
int mkdir(const char* path, mode_t mode) noexcept {
  step();
  return real(&mkdir, "mkdir")(path, mode);
}
int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  step();
  return real(&open, "open")(path, flags, mode);
}
pid_t fork() noexcept {
  step();
  const auto pid = real(&fork, "fork")();
  if (pid == 0 && steps_of_other >= 0) {
    counted = ::getpid();
    steps_left = std::exchange(steps_of_other, -1);
  }
  return pid;
}
pid_t waitpid(pid_t pid, int* status, int options) {
  step();
  return real(&waitpid, "waitpid")(pid, status, options);
}
int poll(pollfd* fds, nfds_t count, int timeout) {
  step();
  return real(&poll, "poll")(fds, count, timeout);
}
int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* files,
                const posix_spawnattr_t* attributes, char* const* argv, char* const* env) {
  step();
  return real(&posix_spawn, "posix_spawn")(pid, path, files, attributes, argv, env);
}

}  // extern "C"

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "supervise-hook" && argc == 3) {
    count_from("DIE_SUPERVISOR");
    steps_of_other = number_in("DIE_OTHER");
    return guard::hooks::run_supervisor(argv[2]);
  }
  if (verb != "call" || argc != 5) return 2;
  count_from("DIE_CALLER");
  const guard::SystemClock clock;
  const auto hook =
      guard::hooks::make_command_hook({}, guard::test::sample_command(argv[3]), {argv[2], argv[0], clock});
  auto call = guard::test::sample_call();
  call.key = argv[4];
  return hook->call(call).result == guard::model::AttemptResult::done ? 0 : 1;
}
