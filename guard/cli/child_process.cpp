// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <spawn.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

extern char** environ;

namespace guard::cli {
namespace {

// The signals that a wrapped command is told of, and its end, kept back and read one after the other.
class KeptSignals {
 public:
  KeptSignals() {
    sigset_t kept;
    sigemptyset(&kept);
    for (const int signal : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&kept, signal);
    pthread_sigmask(SIG_BLOCK, &kept, &before_);
    fd_ = ::signalfd(-1, &kept, SFD_CLOEXEC);
  }
  ~KeptSignals() {
    if (fd_ >= 0) ::close(fd_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  KeptSignals(const KeptSignals&) = delete;
  KeptSignals& operator=(const KeptSignals&) = delete;

  const sigset_t& before() const { return before_; }

  // Waits for the next one, and passes it on where the child has not got it.
  void pass_on_next(pid_t child) const {
    signalfd_siginfo info{};
    if (::read(fd_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return;
    const auto signal = static_cast<int>(info.ssi_signo);
    const bool from_terminal = signal == SIGINT && info.ssi_code == SI_KERNEL;
    if (signal != SIGCHLD && !from_terminal) ::kill(child, signal);
  }

 private:
  int fd_ = -1;
  sigset_t before_{};
};

// As execve(2) wants it; the texts must live as long.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

Result<pid_t> spawn(std::vector<std::string> argv, const std::vector<std::string>& variables, const sigset_t& mask) {
  auto environment = variables;
  for (auto** variable = environ; *variable != nullptr; ++variable) environment.emplace_back(*variable);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &mask);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, argv[0].c_str(), nullptr, &attributes, pointers_to(argv).data(),
                                 pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return fail(ErrorCode::not_found, fmt::format("{}: {}", argv[0], std::strerror(error)));
  return pid;
}

}  // namespace

Result<int> run_child(const std::vector<std::string>& argv, const std::vector<std::string>& variables) {
  const KeptSignals signals;
  const auto child = spawn(argv, variables, signals.before());
  if (!child) return std::unexpected(child.error());
  int status = 0;
  for (pid_t ended = 0; ended == 0 || (ended < 0 && errno == EINTR);) {
    ended = ::waitpid(*child, &status, WNOHANG);
    if (ended == 0) signals.pass_on_next(*child);
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace guard::cli
