// SPDX-License-Identifier: Apache-2.0
//
// How a command ends: by its deadline with everything below it, with more output than anyone wants, or leaving
// something behind.
#include "guard/base/duration.hpp"
#include "tests/hooks/processes.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <sys/resource.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Duration soon = 30s;  // far less than any of these commands would take by itself

// Its time is long enough to get going on a busy machine.
config::CommandHook short_lived(const std::filesystem::path& program, Duration grace = 200ms) {
  auto command = sample_command(program);
  command.timeout = 1500ms;
  command.grace = grace;
  return command;
}

pid_t pid_in(const hooks::HookResult& result) {
  return static_cast<pid_t>(std::strtol(result.output.c_str(), nullptr, 10));
}

TEST_F(Commands, Fault42AtItsDeadlineACommandIsAskedToEndAndItsLastWordsAreKept) {
  const auto result =
      run(short_lived(script("hook", "trap 'echo bye; exit 0' TERM; echo begun; sleep 1000 & wait"), 20s));
  EXPECT_EQ(result.result, AttemptResult::unknown);
  EXPECT_EQ(result.detail, "killed: not done within 1s500ms");
  EXPECT_EQ(result.output, "begun\nbye\n");
  EXPECT_LT(result.took, soon);
  EXPECT_THAT(processes_with(mark()), IsEmpty());
  EXPECT_TRUE(has_no_children());
}

TEST_F(Commands, Fault41NothingBelowACommandOutlivesItsDeadlineHoweverItHides) {
  const auto hidden =
      script("hidden", "trap '' TERM HUP INT; echo hidden >> hidden.runs; while :; do sleep 1000; done");
  const auto middle = script("middle", "setsid " + hidden.string() + " </dev/null >/dev/null 2>&1 &");
  const auto result = run(short_lived(
      script("hook", "trap '' TERM; setsid " + middle.string() + "; setsid -f " + hidden.string() + "; sleep 1000")));
  EXPECT_EQ(result.result, AttemptResult::unknown);
  EXPECT_LT(result.took, soon);
  EXPECT_EQ(text_of(folder / "hidden.runs"), "hidden\nhidden\n") << "both have run";
  EXPECT_THAT(processes_with(mark()), IsEmpty());
  EXPECT_TRUE(has_no_children());
}

TEST_F(Commands, Fault41WhatAKilledCommandHadStartedIsEndedWithIt) {
  const auto result = run_script("setsid env -i sleep 1002 & echo $! ; kill -9 $$");
  EXPECT_EQ(result.result, AttemptResult::unknown);
  EXPECT_EQ(result.detail, "killed by signal 9");
  EXPECT_FALSE(result.may_still_run);
  EXPECT_FALSE(is_alive(pid_in(result)));
}

TEST_F(Commands, OutputWithoutEndDoesNotPutOffTheDeadline) {
  const auto result = run(short_lived(script("hook", "trap '' TERM; while :; do yes; done")));
  EXPECT_EQ(result.result, AttemptResult::unknown);
  EXPECT_LT(result.took, soon);
  EXPECT_THAT(processes_with(mark()), IsEmpty());
}

TEST_F(Commands, Fault43OfEndlessOutputTheEndIsKeptInFlatMemory) {
  const auto result = run_script("head -c 60000000 /dev/zero | tr '\\0' x; echo the end");
  EXPECT_EQ(result.result, AttemptResult::done);
  EXPECT_THAT(result.output, testing::StartsWith("[59934472 bytes before this are left out]\nxxx"));
  EXPECT_THAT(result.output, testing::EndsWith("xxxthe end\n"));
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  rusage own{};
  ::getrusage(RUSAGE_SELF, &own);
  EXPECT_LT(used.ru_maxrss, own.ru_maxrss + 30'000) << "KiB; a child begins with the size of its parent";
}

TEST_F(Commands, Fault43WhatACommandLeavesRunningIsNotWaitedFor) {
  const auto result = run_script("sleep 1000 & echo $!");
  EXPECT_EQ(result.result, AttemptResult::done);
  EXPECT_LT(result.took, soon);
  EXPECT_TRUE(is_alive(pid_in(result)));
}

TEST_F(Commands, WhatPrintsWithoutEndAfterTheCommandIsNotWaitedFor) {
  const auto result = run_script("yes & exec sh -c 'exit 75'");
  EXPECT_EQ(result.result, AttemptResult::retry);
  EXPECT_LT(result.took, soon);
}

TEST_F(Commands, WhatACommandLeavesRunningMayGoOnPrinting) {
  const auto result =
      run_script("(while head -c 100000 /dev/zero; do echo more >> more; sleep 0.01; done) & echo $! > pid");
  EXPECT_EQ(result.result, AttemptResult::done);
  const auto pid = static_cast<pid_t>(std::strtol(text_of(folder / "pid").c_str(), nullptr, 10));
  const auto before = text_of(folder / "more").size();
  EXPECT_TRUE(eventually([&] { return text_of(folder / "more").size() > before + 50; })) << "as after SIGPIPE";
  ASSERT_GT(pid, 0);
  EXPECT_FALSE(processes_about(attempt().path()).empty()) << "what reads for it";
  ::kill(pid, SIGKILL);
  EXPECT_TRUE(eventually([&] { return processes_about(attempt().path()).empty(); }))
      << "it ends with what it reads for";
}

}  // namespace
}  // namespace guard::test
