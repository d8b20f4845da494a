// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/supervisor.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/system_clock.hpp"
#include "guard/hooks/attempt_folder.hpp"
#include "guard/hooks/output_tail.hpp"
#include "guard/hooks/process_tree.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace guard::hooks {
namespace {

using core::AttemptResult;

constexpr int exit_try_again = 75;  // EX_TEMPFAIL of sysexits.h
constexpr auto tick = std::chrono::milliseconds(20);
constexpr const char* default_path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::vector<std::string> environment(const AttemptSpec& spec) {
  std::vector<std::string> out{default_path};
  for (const auto& name : spec.inherited)
    if (const char* value = std::getenv(name.c_str())) out.push_back(name + "=" + value);
  out.insert(out.end(), spec.given.begin(), spec.given.end());
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (auto& text : strings) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  return {ends[0], ends[1]};
}

// In the child, between fork and exec: only async-signal-safe calls. Reports errno through `problem` if exec fails.
[[noreturn]] void become_command(char* const* argv, char* const* env, const char* dir, const Pipe& output,
                                 int problem) {
  ::setsid();
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  ::dup2(output.write, STDOUT_FILENO);
  ::dup2(output.write, STDERR_FILENO);
  for (const int signal : {SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGCHLD}) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir(dir) == 0) ::execve(argv[0], argv, env);
  const int error = errno;
  [[maybe_unused]] const auto written = ::write(problem, &error, sizeof error);
  ::_exit(127);
}

class Command {
 public:
  Command(const AttemptSpec& spec, Clock& clock) : spec_(spec), clock_(clock), tail_(spec.output_cap) {}
  ~Command() {
    for (const int fd : {output_.read, output_.write, pidfd_})
      if (fd >= 0) ::close(fd);
  }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  HookResult run() {
    const auto begin = clock_.now().mono;
    if (auto problem = start()) return {AttemptResult::failed, *problem, "", {}, Duration{0}};
    const bool ended = wait_for_end(begin + spec_.timeout);
    if (!ended) end_tree();
    drain();
    auto result =
        ended ? outcome()
              : HookResult{
                    AttemptResult::unknown, "killed: not done within " + format_duration(spec_.timeout), "", {}, {}};
    result.output = tail_.text();
    result.took = clock_.now().mono - begin;
    return result;
  }

 private:
  // Why the command provably did not run, or nothing if it runs.
  std::optional<std::string> start() {
    output_ = make_pipe();
    const auto problem = make_pipe();
    if (output_.read < 0 || problem.read < 0) return std::string("cannot make a pipe: ") + std::strerror(errno);
    ::fcntl(output_.read, F_SETFL, O_NONBLOCK);
    auto argv_text = spec_.argv;
    auto env_text = environment(spec_);
    const auto argv = pointers(argv_text);
    const auto env = pointers(env_text);
    pid_ = ::fork();
    if (pid_ == 0) become_command(argv.data(), env.data(), spec_.dir.c_str(), output_, problem.write);
    ::close(problem.write);
    ::close(std::exchange(output_.write, -1));
    int error = pid_ < 0 ? errno : 0;
    if (pid_ > 0 && ::read(problem.read, &error, sizeof error) != sizeof error) error = 0;
    ::close(problem.read);
    if (error != 0) {
      if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
      return fmt::format("cannot run {}: {}", spec_.argv[0], std::strerror(error));
    }
    pidfd_ = open_pidfd(pid_);
    return std::nullopt;
  }

  bool wait_for_end(MonoTime deadline) {
    for (;;) {
      const auto left = deadline - clock_.now().mono;
      if (left <= Duration{0}) return has_ended();
      std::array<pollfd, 2> events{pollfd{pidfd_, POLLIN, 0}, pollfd{output_.read, POLLIN, 0}};
      ::poll(events.data(), events.size(), static_cast<int>(std::min<Duration::rep>(left.count(), 60000)));
      drain();
      if (has_ended()) return true;
    }
  }

  bool has_ended() {
    if (ended_) return true;
    ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
  }

  // Reads what is there now. The end of the pipe is never waited for: something left running may keep it open.
  void drain() {
    std::array<char, 65536> buffer{};
    while (output_.read >= 0) {
      const auto n = ::read(output_.read, buffer.data(), buffer.size());
      if (n > 0) tail_.add({buffer.data(), static_cast<std::size_t>(n)});
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return;
      if (n == 0) ::close(std::exchange(output_.read, -1));
    }
  }

  void end_tree() {
    signal_descendants(SIGTERM);
    const auto grace_end = clock_.now().mono + spec_.grace;
    while (!tree_is_gone() && clock_.now().mono < grace_end) wait_a_tick();
    // What is born while the list is read is met by the next round.
    while (!tree_is_gone()) {
      signal_descendants(SIGKILL);
      wait_a_tick();
    }
  }

  static bool tree_is_gone() { return reap_children(); }

  void wait_a_tick() {
    pollfd event{output_.read, POLLIN, 0};
    ::poll(&event, 1, static_cast<int>(tick.count()));
    drain();
  }

  HookResult outcome() const {
    if (WIFSIGNALED(status_))
      return {AttemptResult::unknown, fmt::format("killed by signal {}", WTERMSIG(status_)), "", {}, {}};
    const int code = WEXITSTATUS(status_);
    const auto result = code == 0                ? AttemptResult::done
                        : code == exit_try_again ? AttemptResult::retry
                                                 : AttemptResult::failed;
    return {result, fmt::format("exit {}", code), "", {}, {}};
  }

  const AttemptSpec& spec_;
  Clock& clock_;
  OutputTail tail_;
  Pipe output_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace

int run_supervisor(const std::filesystem::path& path) {
  const AttemptFolder folder(path);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const auto lock = FileLock::wait(folder.lock_file());
  if (!lock) return 1;
  if (folder.abandoned() || folder.started()) return 0;
  const auto spec = folder.spec();
  // From the durable mark on the command may have run; without it, it provably has not.
  if (!spec || !folder.mark_started()) return 1;
  SystemClock clock;
  return folder.store(Command(*spec, clock).run()) ? 0 : 1;
}

}  // namespace guard::hooks
