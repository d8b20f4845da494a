// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/command_hook.hpp"

#include "guard/base/printable.hpp"
#include "guard/base/system_clock.hpp"
#include "guard/base/text.hpp"
#include "guard/config/trusted_file.hpp"
#include "guard/hooks/attempt_folder.hpp"
#include "guard/hooks/output_tail.hpp"
#include "guard/hooks/process_tree.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/wait.h>

extern char** environ;

namespace guard::hooks {
namespace {

using model::AttemptResult;

// What the supervisor may need beyond the command's own time: starting, killing a tree, syncing a disk under load.
constexpr Duration slack = std::chrono::seconds(30);
constexpr Duration rehearsal_grace = std::chrono::seconds(1);
constexpr Duration lock_tick = std::chrono::milliseconds(50);

HookResult failed(std::string why) {
  return {AttemptResult::failed, std::move(why), "", {}, Duration{0}};
}
// The command was provably not run, and the reason may pass.
HookResult not_run(std::string why) {
  return {AttemptResult::not_started, "not run: " + std::move(why), "", {}, Duration{0}};
}
HookResult unknown(std::string why) {
  return {AttemptResult::unknown, std::move(why), "", {}, Duration{0}};
}
// Nobody knows that it has ended, or that it will not begin.
HookResult perhaps_running(std::string why) {
  auto result = unknown(std::move(why));
  result.may_still_run = true;
  return result;
}

std::string_view last_line(std::string_view text) {
  text = trim(text);
  const auto end = text.rfind('\n');
  return end == std::string_view::npos ? text : text.substr(end + 1);
}

// Longer than any reason needs to be, and far below what execve(2) takes.
constexpr std::size_t longest_variable = 8192;

std::string variable(std::string_view value) {
  return printable(as_utf8(value.substr(0, longest_variable)));
}

std::vector<std::string> variables(const HookCall& call) {
  const std::array<std::pair<std::string_view, std::string>, 13> all{
      {{"SERVICE", call.subject.service},
       {"ENVIRONMENT", call.subject.environment},
       {"VERSION", call.subject.version},
       {"PREVIOUS_VERSION", call.subject.previous_version},
       {"RELEASE", call.release},
       {"DECISION", fmt::to_string(call.decision)},
       {"ATTEMPT", fmt::to_string(call.attempt)},
       {"IDEMPOTENCY_KEY", call.key},
       {"FENCING_EPOCH", fmt::to_string(call.fencing_epoch)},
       {"EXPECTED_CURRENT", call.subject.version},
       {"SLO", call.slo},
       {"TRIGGER", call.trigger},
       {"REASON", call.reason}}};
  std::vector<std::string> out;
  for (const auto& [name, value] : all) out.push_back(fmt::format("RELEASE_GUARD_{}={}", name, variable(value)));
  return out;
}

// Starts the supervisor in a session of its own, with nothing of the guard's but its environment.
Result<pid_t> spawn(const std::filesystem::path& program, const std::filesystem::path& folder) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::array<std::string, 3> text{"release-guard", "supervise-hook", folder.string()};
  std::array<char*, 4> argv{text[0].data(), text[1].data(), text[2].data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0)
    return fail(ErrorCode::internal,
                fmt::format("cannot start the supervisor {}: {}", program.string(), std::strerror(error)));
  return pid;
}

class CommandHookRunner final : public Hook {
 public:
  CommandHookRunner(const config::HookSettings& settings, config::CommandHook command, CommandHookContext context)
      : name_(settings.name), retry_(settings.retry), command_(std::move(command)), context_(std::move(context)) {}

  std::string_view name() const override { return name_; }
  std::string_view kind() const override { return "command"; }
  bool outlives_guard() const override { return true; }
  const model::RetryPolicy& retry() const override { return retry_; }

  Result<void> rehearse(const HookCall& call) const override {
    if (auto argv = rendered(command_.argv, call); !argv) return std::unexpected(argv.error());
    return {};
  }

  Result<std::string> try_out(const HookCall& call, Duration deadline) override {
    if (command_.rehearse.empty()) return runnable();
    auto argv = rendered(command_.rehearse, call);
    if (!argv) return std::unexpected(argv.error());
    auto spec = spec_of(call, std::move(*argv));
    spec.timeout = std::min(spec.timeout, deadline);
    spec.grace = std::min(spec.grace, rehearsal_grace);
    const auto result = run(call, spec);
    std::error_code ignored;
    std::filesystem::remove_all(AttemptFolder::current(context_.state, call).path(), ignored);
    if (result.result == AttemptResult::done) return "its rehearsal succeeded: " + result.detail;
    return fail(ErrorCode::unavailable, fmt::format("its rehearsal failed: {}{}{}", result.detail,
                                                    result.output.empty() ? "" : "; ", last_line(result.output)));
  }

  HookResult call(const HookCall& call) override {
    auto argv = rendered(command_.argv, call);
    if (!argv) return failed(argv.error().message);
    return run(call, spec_of(call, std::move(*argv)));
  }

  std::optional<HookResult> recover(const HookCall& call) override {
    const auto folder = AttemptFolder::current(context_.state, call);
    if (!folder.prepared()) return std::nullopt;
    // The attempt runs by what was configured when it began.
    const auto spec = folder.spec();
    const auto time = spec ? longest_run(spec->timeout, spec->grace) : longest_run(command_.timeout, command_.grace);
    return outcome(folder, context_.clock.now().mono + time);
  }

 private:
  AttemptSpec spec_of(const HookCall& call, std::vector<std::string> argv) const {
    return {call.key,
            std::move(argv),
            command_.dir,
            command_.environment,
            variables(call),
            command_.timeout,
            command_.grace,
            command_.output_cap,
            lifespan_here(context_.clock.boot_id())};
  }

  // Under a supervisor of its own, which outlives the guard.
  HookResult run(const HookCall& call, const AttemptSpec& spec) const {
    const auto folder = AttemptFolder::current(context_.state, call);
    if (auto prepared = folder.prepare(spec); !prepared) return not_run(prepared.error().message);
    const auto pid = spawn(context_.program, folder.path());
    if (!pid) return not_run(pid.error().message);
    const auto deadline = context_.clock.now().mono + longest_run(spec.timeout, spec.grace);
    if (!wait_for(*pid, deadline)) return still_running();
    auto result = outcome(folder, deadline);
    return result ? *std::move(result) : not_run("the supervisor ended before it began");
  }

  // Files change after the configuration was read.
  Result<std::string> runnable() const {
    const auto program = (command_.dir / command_.argv.front().source()).lexically_normal();
    const auto problem =
        config::program_problem(program, {command_.dir, config::path_let_through(command_.environment)});
    if (!problem.empty()) return fail(ErrorCode::unavailable, problem);
    return fmt::format("{} can be run; it declares no rehearsal", program.string());
  }

  Result<std::vector<std::string>> rendered(const std::vector<promql::TextTemplate>& parts,
                                            const HookCall& call) const {
    std::vector<std::string> argv;
    for (const auto& part : parts) {
      auto text = part.render(call.subject);
      if (!text) return fail(text.error().code, fmt::format("hook {}: {}", name_, text.error().message));
      argv.push_back(std::move(*text));
    }
    if (!argv[0].starts_with('/')) argv[0] = (command_.dir / argv[0]).lexically_normal().string();
    return argv;
  }

  static Duration longest_run(Duration timeout, Duration grace) { return timeout + grace + slack; }

  static HookResult still_running() { return perhaps_running("the supervisor is still running after its deadline"); }

  // Waits for the supervisor's end; false if it does not come.
  bool wait_for(pid_t pid, MonoTime deadline) const {
    const int pidfd = open_pidfd(pid);
    bool ended = false;
    for (auto left = deadline - context_.clock.now().mono; !ended && left > Duration{0};
         left = deadline - context_.clock.now().mono) {
      pollfd event{pidfd, POLLIN, 0};
      const auto longest = pidfd < 0 ? lock_tick : Duration(std::chrono::minutes(1));
      ::poll(&event, 1, static_cast<int>(std::min(left, longest).count()));
      ended = ::waitpid(pid, nullptr, WNOHANG) != 0;
    }
    if (pidfd >= 0) ::close(pidfd);
    return ended;
  }

  // What became of the attempt, once no supervisor holds it; nothing if it provably never began, nor ever will.
  std::optional<HookResult> outcome(const AttemptFolder& folder, MonoTime deadline) const {
    for (;;) {
      auto lock = FileLock::try_take(folder.lock_file());
      if (!lock) return perhaps_running(lock.error().message);
      if (*lock) return settle(folder);
      if (context_.clock.now().mono >= deadline) return still_running();
      let_pass(lock_tick);
    }
  }

  // Under the lock nobody is running: what is recorded now is all there will ever be.
  std::optional<HookResult> settle(const AttemptFolder& folder) const {
    if (auto result = folder.result()) return result;
    if (folder.started()) return orphaned(folder);
    // A supervisor that was spawned but has not taken the lock yet must find that it is too late.
    if (auto marked = folder.mark_abandoned(); !marked) return perhaps_running(marked.error().message);
    return std::nullopt;
  }

  // Of a dead supervisor's command only the first process ends with it. The others are looked for by the attempt's own
  // variables, which most inherit; that none is found proves nothing.
  HookResult orphaned(const AttemptFolder& folder) const {
    const std::string died = "the supervisor died before the command's end was recorded";
    const auto spec = folder.spec();
    if (spec && is_over(spec->lifespan, lifespan_here(context_.clock.boot_id()))) return unknown(died);
    const auto gone = [&] { return !spec || kill_processes_of(own_variables(*spec)) == 0; };
    const auto deadline = context_.clock.now().mono + slack;
    while (!gone() && context_.clock.now().mono < deadline) let_pass(lock_tick);
    return perhaps_running(died + "; what it had started may still run");
  }

  static std::vector<std::string> own_variables(const AttemptSpec& spec) {
    std::vector<std::string> own;
    for (const auto& pair : spec.given)
      if (pair.starts_with("RELEASE_GUARD_IDEMPOTENCY_KEY=") || pair.starts_with("RELEASE_GUARD_ATTEMPT="))
        own.push_back(pair);
    return own;
  }

  std::string name_;
  model::RetryPolicy retry_;
  config::CommandHook command_;
  CommandHookContext context_;
};

}  // namespace

HookPtr make_command_hook(const config::HookSettings& settings, const config::CommandHook& command,
                          CommandHookContext context) {
  return std::make_shared<CommandHookRunner>(settings, command, std::move(context));
}

}  // namespace guard::hooks
