// SPDX-License-Identifier: Apache-2.0
//
// The supervisor and the guard may outlive each other; what was recorded is found, and nothing runs twice.
#include "tests/hooks/processes.hpp"

#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;
using testing::IsEmpty;

// Runs until "go" is there, for as long as the test needs.
constexpr auto until_told = "echo ran >> runs; while [ ! -e go ]; do sleep 0.01; done; echo went; exit 3";

// 40 seconds have passed by the second time it is looked at.
class HurryingClock final : public Clock {
 public:
  Instant now() const override { return looks_++ == 0 ? real_.now() : real_.now() + 40s; }
  const std::string& boot_id() const override { return real_.boot_id(); }

 private:
  SystemClock real_;
  mutable int looks_ = 0;
};

class Supervisor : public Commands {
 protected:
  // A guard that calls the hook, in a process of its own.
  pid_t guard_calls(const std::filesystem::path& command) const {
    return start({HOOKS_SUPERVISOR, "call", state(), command, call.key});
  }
  pid_t supervise() const { return start({HOOKS_SUPERVISOR, "supervise-hook", attempt().path()}); }
  void prepare(const std::string& body) const {
    const hooks::AttemptSpec spec{call.key, {script("hook", body)}, folder.path(), {}, {mark()}, 60s, 1s, 1000};
    ASSERT_TRUE(attempt().prepare(spec));
  }
  // Its process that is not `pid`; while the command runs, of two.
  pid_t other_than(pid_t pid) const {
    for (const auto found : processes_about(attempt().path()))
      if (found != pid) return found;
    ADD_FAILURE() << "there is no other";
    return -1;
  }
  void kill_both(pid_t pid) const {
    const auto other = other_than(pid);
    ::kill(pid, SIGKILL);
    EXPECT_EQ(wait_for(pid), -SIGKILL);
    if (other > 0) ::kill(other, SIGKILL);
  }
  void go() const { std::ofstream(folder / "go").put('\n'); }
  hooks::HookPtr same_hook() const { return hook(sample_command(folder / "hook")); }
};

TEST_F(Supervisor, AGuardThatIsKilledDuringTheCallFindsTheResultOfTheCommandThatWentOn) {
  const auto guard = guard_calls(script("hook", until_told));
  ASSERT_TRUE(eventually([&] { return runs() == 1; }));
  ::kill(guard, SIGKILL);
  EXPECT_EQ(wait_for(guard), -SIGKILL);
  std::optional<hooks::HookResult> found;
  std::thread waiting([&] { found = same_hook()->recover(call); });
  go();
  waiting.join();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result, AttemptResult::failed);
  EXPECT_EQ(found->detail, "exit 3");
  EXPECT_EQ(found->output, "went\n");
  EXPECT_EQ(same_hook()->recover(call)->detail, "exit 3") << "however often it is asked";
  EXPECT_EQ(runs(), 1);
}

TEST_F(Supervisor, ACallThatWasNeverPreparedNeverStarted) {
  EXPECT_EQ(hook(sample_command(script("hook", "exit 0")))->recover(call), std::nullopt);
}

TEST_F(Supervisor, ACallThatWasPreparedOnlyIsGivenUpForEverAndMadeAnew) {
  prepare("echo ran >> runs");
  const auto first = attempt().path();
  EXPECT_EQ(same_hook()->recover(call), std::nullopt);
  const auto late = start({HOOKS_SUPERVISOR, "supervise-hook", first});
  EXPECT_EQ(wait_for(late), 0);
  EXPECT_EQ(runs(), 0) << "a supervisor that was late";
  EXPECT_EQ(same_hook()->recover(call), std::nullopt) << "a second death before the new call";
  EXPECT_EQ(same_hook()->call(call).result, AttemptResult::done);
  EXPECT_EQ(same_hook()->recover(call)->result, AttemptResult::done);
  EXPECT_EQ(runs(), 1);
}

TEST_F(Supervisor, ASecondSupervisorOfOneAttemptRunsNothingAndChangesNothing) {
  prepare("echo ran >> runs; echo $$");
  EXPECT_EQ(wait_for(supervise()), 0);
  const auto result = text_of(attempt().path() / "result.json");
  EXPECT_EQ(wait_for(supervise()), 0);
  EXPECT_EQ(text_of(attempt().path() / "result.json"), result);
  EXPECT_EQ(runs(), 1);
}

TEST_F(Supervisor, TwoSupervisorsAtOnceRunTheCommandOnce) {
  prepare(until_told);
  const auto first = supervise();
  const auto second = supervise();
  ASSERT_TRUE(eventually([&] { return runs() == 1; }));
  go();
  EXPECT_EQ(wait_for(first), 0);
  EXPECT_EQ(wait_for(second), 0);
  EXPECT_EQ(runs(), 1);
}

TEST_F(Supervisor, KilledAltogetherItTakesTheCommandAlongAndTheOutcomeIsUnknown) {
  prepare(until_told);
  const auto pid = supervise();
  ASSERT_TRUE(eventually([&] { return runs() == 1; }));
  kill_both(pid);
  const auto found = same_hook()->recover(call);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result, AttemptResult::unknown);
  EXPECT_TRUE(eventually([&] { return processes_with(mark()).size() <= 1; })) << "at most the sleep it was in";
  EXPECT_EQ(wait_for(supervise()), 0);
  EXPECT_EQ(runs(), 1) << "it is not run again";
}

TEST_F(Supervisor, OneOfItsTwoProcessesIsEnoughToTellTheEnd) {
  prepare(until_told);
  const auto pid = supervise();
  ASSERT_TRUE(eventually([&] { return runs() == 1; }));
  ::kill(pid, SIGKILL);
  EXPECT_EQ(wait_for(pid), -SIGKILL);
  go();
  EXPECT_EQ(same_hook()->recover(call)->detail, "exit 3");
  EXPECT_EQ(runs(), 1);
}

TEST_F(Supervisor, Fault41WhatItsCommandStartedIsFoundAndEndedWhenItIsKilledItself) {
  const auto seconds = seconds_of_its_own();
  prepare(fmt::format("setsid sleep {0} & setsid env -i sleep {0} & {1}", seconds, until_told));
  const auto pid = supervise();
  ASSERT_TRUE(eventually([&] { return runs() == 1 && processes_about(seconds).size() >= 2; }));
  ::kill(other_than(pid), SIGKILL);
  const auto found = same_hook()->recover(call);
  EXPECT_THAT(processes_about(seconds), IsEmpty());
  EXPECT_EQ(wait_for(pid), 0);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result, AttemptResult::unknown);
  EXPECT_FALSE(found->may_still_run);
  EXPECT_THAT(processes_with(mark()), IsEmpty());
}

TEST_F(Supervisor, Fault41WhereNothingOfItIsLeftWhatItsCommandStartedMayStillRunForAllAnyoneCanTell) {
  const auto marked = seconds_of_its_own();
  const auto bare = seconds_of_its_own(1001);
  prepare(fmt::format("setsid sleep {} & setsid env -i sleep {} & {}", marked, bare, until_told));
  const auto pid = supervise();
  ASSERT_TRUE(eventually([&] { return runs() == 1 && processes_about(marked).size() >= 1; }));
  ASSERT_TRUE(eventually([&] { return processes_about(bare).size() >= 1; }));
  kill_both(pid);
  const auto found = same_hook()->recover(call);
  const auto hidden = processes_about(bare);
  for (const auto left : hidden) ::kill(left, SIGKILL);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result, AttemptResult::unknown);
  EXPECT_TRUE(found->may_still_run);
  EXPECT_THAT(processes_about(marked), IsEmpty()) << "what can be found is ended all the same";
  EXPECT_FALSE(hidden.empty()) << "which it cannot";
}

TEST_F(Supervisor, NothingOutlivesTheBootOfTheMachineInWhichItWasStarted) {
  hooks::AttemptSpec spec{call.key, {script("hook", "")}, folder.path(), {}, {mark()}, 60s, 1s, 1000};
  spec.lifespan.boot = "another boot";
  ASSERT_TRUE(attempt().prepare(spec));
  ASSERT_TRUE(attempt().mark_started());
  const auto found = same_hook()->recover(call);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result, AttemptResult::unknown);
  EXPECT_FALSE(found->may_still_run);
}

TEST_F(Supervisor, AnAttemptIsWaitedForAsLongAsItWasGivenWhateverIsConfiguredNow) {
  prepare(until_told);
  const auto pid = supervise();
  ASSERT_TRUE(eventually([&] { return runs() == 1; }));
  auto command = sample_command(folder / "hook");
  command.timeout = command.grace = Duration{0};
  const HurryingClock hurrying;
  const auto shorter = hooks::make_command_hook({"hook", command, {}, {}}, command, {state(), program, hurrying});
  std::optional<hooks::HookResult> found;
  std::thread waiting([&] { found = shorter->recover(call); });
  go();
  waiting.join();
  EXPECT_EQ(wait_for(pid), 0);
  EXPECT_EQ(found->detail, "exit 3");
}

TEST_F(Supervisor, AskedToEndItStaysUntilTheCommandHasEnded) {
  prepare(until_told);
  const auto pid = supervise();
  ASSERT_TRUE(eventually([&] { return runs() == 1; }));
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::kill(pid, signal);
  go();
  EXPECT_EQ(wait_for(pid), 0);
  EXPECT_EQ(attempt().result()->detail, "exit 3");
}

TEST_F(Supervisor, ACommandAskedToEndWithItsSupervisorIsRecordedAsKilled) {
  prepare("echo ran >> runs; exec sleep 1000");
  const auto pid = supervise();
  ASSERT_TRUE(eventually([&] { return runs() == 1 && processes_about("1000").size() >= 1; }));
  ::kill(pid, SIGTERM);
  for (const auto command : processes_with(mark())) ::kill(command, SIGTERM);
  EXPECT_EQ(wait_for(pid), 0);
  EXPECT_EQ(attempt().result()->detail, "killed by signal 15");
}

TEST_F(Supervisor, AnAttemptThatCannotBeLookedAtIsUnknownAndNotRun) {
  prepare("echo ran >> runs");
  std::filesystem::create_directory(attempt().path() / "lock");
  const auto found = same_hook()->recover(call);
  EXPECT_EQ(found->result, AttemptResult::unknown);
  EXPECT_TRUE(found->may_still_run);
  EXPECT_EQ(wait_for(supervise()), 1);
  EXPECT_EQ(runs(), 0);
}

TEST_F(Supervisor, AnOutputThatGrowsSixfoldAsJsonComesBackWhole) {
  prepare("exit 0");
  const hooks::HookResult result{AttemptResult::failed, "exit 1", std::string(4U << 20U, '\x01'), {}, 5s};
  ASSERT_TRUE(attempt().store(result));
  const auto found = attempt().result();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->output, result.output);
  EXPECT_EQ(found->took, 5s);
}

}  // namespace
}  // namespace guard::test
