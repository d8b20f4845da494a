// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/command_run.hpp"

#include "guard/base/duration.hpp"
#include "guard/hooks/output_tail.hpp"
#include "guard/hooks/process_tree.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <poll.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace guard::hooks {
namespace {

using model::AttemptResult;

constexpr int exit_try_again = 75;  // EX_TEMPFAIL of sysexits.h
constexpr auto tick = std::chrono::milliseconds(20);
constexpr const char* default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr int most_reads = 16;  // at 64 KiB, what the largest pipe can hold (pipe-max-size, pipe(7))

// Each name once: what is given counts before what is let through, and that before the default.
std::vector<std::string> environment(const AttemptSpec& spec) {
  std::map<std::string, std::string> variables{{"PATH", default_path}};
  for (const auto& name : spec.inherited)
    if (const char* value = std::getenv(name.c_str())) variables[name] = value;
  for (const auto& pair : spec.given) variables[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
  std::vector<std::string> out;
  for (const auto& [name, value] : variables) out.push_back(name + "=" + value);
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

// What the child needs, made before the fork.
struct Image {
  char* const* argv;
  char* const* env;
  const char* dir;
  int output;
  int problem;
  pid_t supervisor;
};

// Why there is no command, told through a pipe.
struct Problem {
  int error = 0;
  bool in_dir = false;
};

// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void become_command(const Image& image) {
  // Without its supervisor nobody holds it to its deadline or tells its result.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != image.supervisor) ::_exit(127);
  ::setsid();
  ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  ::dup2(image.output, STDOUT_FILENO);
  ::dup2(image.output, STDERR_FILENO);
  for (const int signal : held_off_signals) ::signal(signal, SIG_DFL);
  const bool in_dir = ::chdir(image.dir) != 0;
  if (!in_dir) ::execve(image.argv[0], image.argv, image.env);
  const Problem problem{errno, in_dir};
  [[maybe_unused]] const auto written = ::write(image.problem, &problem, sizeof problem);
  ::_exit(127);
}

class Command {
 public:
  Command(const AttemptSpec& spec, const Clock& clock) : spec_(spec), clock_(clock), tail_(spec.output_cap) {}
  ~Command() {
    for (const int fd : {output_.read, output_.write, pidfd_})
      if (fd >= 0) ::close(fd);
  }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  HookResult run() {
    const auto begin = clock_.now().mono;
    if (auto problem = start()) return {AttemptResult::not_started, "not run: " + *problem, "", {}, Duration{0}};
    const bool ended = wait_for_end(begin + spec_.timeout);
    // What a killed command leaves running was not left on purpose, and may still do what it was called for.
    if (!ended || WIFSIGNALED(status_)) end_descendants(clock_, spec_.grace, [this] { wait_a_tick(); });
    drain();
    leave_reader();
    auto result = ended ? outcome() : HookResult{};
    if (!ended) result.detail = "killed: not done within " + format_duration(spec_.timeout);
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
    const Image image{argv.data(), env.data(), spec_.dir.c_str(), output_.write, problem.write, ::getpid()};
    pid_ = ::fork();
    if (pid_ == 0) become_command(image);
    Problem why{pid_ < 0 ? errno : 0, false};
    ::close(problem.write);
    ::close(std::exchange(output_.write, -1));
    if (pid_ > 0 && ::read(problem.read, &why, sizeof why) != sizeof why) why = {};
    ::close(problem.read);
    if (why.error != 0) {
      if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
      return fmt::format("cannot {} {}: {}", why.in_dir ? "enter" : "run",
                         why.in_dir ? spec_.dir.string() : spec_.argv[0], std::strerror(why.error));
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

  // Reads what is there now. The end of the pipe is never waited for: something left running may keep it open. Nor is
  // it read until it is empty: what prints without a break would keep its own deadline from being looked at.
  void drain() {
    std::array<char, 65536> buffer{};
    for (int reads = 0; output_.read >= 0 && reads < most_reads; ++reads) {
      const auto n = ::read(output_.read, buffer.data(), buffer.size());
      if (n > 0) tail_.add({buffer.data(), static_cast<std::size_t>(n)});
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return;
      if (n == 0) ::close(std::exchange(output_.read, -1));
    }
  }

  // What the command left running may go on printing, and would be ended by SIGPIPE if nobody read.
  void leave_reader() const {
    if (output_.read < 0 || ::fork() != 0) return;
    ::fcntl(output_.read, F_SETFL, 0);
    ::dup2(output_.read, STDIN_FILENO);
    ::close_range(STDERR_FILENO + 1, ~0U, 0);  // the attempt's lock among them
    std::array<char, 4096> nothing{};
    while (::read(STDIN_FILENO, nothing.data(), nothing.size()) > 0) {
    }
    ::_exit(0);
  }

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
  const Clock& clock_;
  OutputTail tail_;
  Pipe output_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace

HookResult run_command(const AttemptSpec& spec, const Clock& clock) {
  return Command(spec, clock).run();
}

}  // namespace guard::hooks
