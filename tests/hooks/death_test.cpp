// SPDX-License-Identifier: Apache-2.0
//
// kill -9 before every call into the system that the supervisor or the calling guard makes, one death per round.
#include "tests/hooks/processes.hpp"

#include <csignal>
#include <cstdlib>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using model::AttemptResult;

class Death : public Commands {
 protected:
  // Sets `variable` for the processes started while it lives.
  struct Doom {
    Doom(const char* variable, int at) : name(variable) { ::setenv(name, std::to_string(at).c_str(), 1); }
    ~Doom() { ::unsetenv(name); }
    Doom(const Doom&) = delete;
    Doom& operator=(const Doom&) = delete;
    const char* name;
  };

  // What the next guard does with an attempt that the last one may have begun.
  hooks::HookResult resume() {
    const auto again = hook(sample_command(folder / "hook"));
    auto found = again->recover(call);
    return found ? *found : again->call(call);
  }

  // A round of its own: nothing of the last one is met.
  void next_round() {
    ++call.attempt;
    call.key += "+";
    std::filesystem::remove(folder / "runs");
  }
};

// Either nothing ran and it is run now, or it ran and that is known, or nobody can tell: never twice, never lost.
TEST_F(Death, OfTheSupervisorAtAnyStepNeverRunsTheCommandTwiceNorLosesARecordedResult) {
  const auto command = sample_command(script("hook", "echo ran >> runs; echo out"));
  int unknown = 0;
  int done = 0;
  for (int at = 0; at < 200; ++at) {
    next_round();
    hooks::HookResult first;
    {
      const Doom doom("DIE_SUPERVISOR", at);
      first = run(command);
    }
    const bool recorded = attempt().result().has_value();
    const auto later = hook(command)->recover(call);
    if (first.result == AttemptResult::unknown) ++unknown;
    EXPECT_EQ(first.result == AttemptResult::done, recorded) << "step " << at << ": " << first.detail;
    EXPECT_LE(runs(), first.result == AttemptResult::not_started ? 0 : 1) << "step " << at << ": " << first.detail;
    EXPECT_GE(runs(), first.result == AttemptResult::done ? 1 : 0) << "step " << at;
    EXPECT_EQ(later.has_value(), first.result != AttemptResult::not_started) << "step " << at;
    EXPECT_EQ(later.value_or(first).result, first.result) << "step " << at;
    done = first.result == AttemptResult::done ? done + 1 : 0;
    if (done > 20) break;
  }
  EXPECT_GT(unknown, 0) << "deaths while it could not be told";
  EXPECT_GT(done, 20) << "past its last step nothing kills it";
}

TEST_F(Death, OfTheProcessThatRunsTheCommandIsRecordedByItsOtherAndNothingIsLeft) {
  const auto seconds = seconds_of_its_own();
  // It ends once what it leaves can be seen, so that a round leaves nothing to the next.
  const auto command = sample_command(script("hook",
                                             "echo ran >> runs; rm -f up; mkfifo up\n"
                                             "setsid env -i sh -c 'echo >up; exec sleep $0' " +
                                                 seconds + " & read -r line <up"));
  int unknown = 0;
  int done = 0;
  for (int at = 0; at < 200 && done <= 20; ++at) {
    next_round();
    const Doom doom("DIE_OTHER", at);
    const auto result = run(command);
    ASSERT_TRUE(attempt().result()) << "step " << at;
    EXPECT_EQ(hook(command)->recover(call)->result, result.result) << "step " << at;
    EXPECT_FALSE(result.may_still_run) << "step " << at;
    EXPECT_LE(runs(), 1) << "step " << at;
    done = result.result == AttemptResult::done ? done + 1 : 0;
    if (result.result == AttemptResult::unknown) {
      ++unknown;
      EXPECT_THAT(processes_about(seconds), testing::IsEmpty()) << "step " << at;
    }
    for (const auto left : processes_about(seconds)) ::kill(left, SIGKILL);
    EXPECT_TRUE(eventually([&] { return processes_about(seconds).empty(); }));
  }
  EXPECT_GT(unknown, 5) << "deaths while it could not be told";
  EXPECT_GT(done, 20) << "past its last step nothing kills it";
}

TEST_F(Death, OfTheGuardAtAnyStepOfACallLeavesOneRunWhoseResultTheNextGuardFinds) {
  script("hook", "echo ran >> runs; echo out");
  bool survived = false;
  for (int at = 0; at < 200 && !survived; ++at) {
    next_round();
    call.attempt = 1;
    const Doom doom("DIE_CALLER", at);
    survived = wait_for(start({HOOKS_SUPERVISOR, "call", state(), folder / "hook", call.key})) == 0;
    const auto result = resume();
    EXPECT_EQ(result.result, AttemptResult::done) << "step " << at << ": " << result.detail;
    EXPECT_EQ(result.output, "out\n") << "step " << at;
    EXPECT_EQ(runs(), 1) << "step " << at;
  }
  EXPECT_TRUE(survived);
}

}  // namespace
}  // namespace guard::test
