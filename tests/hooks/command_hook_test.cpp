// SPDX-License-Identifier: Apache-2.0
#include "guard/base/text.hpp"
#include "tests/hooks/processes.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;
using testing::HasSubstr;

promql::TextTemplate argument(const std::string& text) {
  return *promql::TextTemplate::parse(text, promql::TemplateKind::argument);
}

std::map<std::string, std::string> variables_in(const std::string& text) {
  std::map<std::string, std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out[line.substr(0, line.find('='))] += line;
  return out;
}

TEST_F(Commands, Fault67ArgumentsArriveAsTheyAreWithNoShellBetween) {
  auto command = sample_command(script("hook", "printf '<%s>' \"$@\""));
  command.argv.push_back(argument("{{ previous_version }}"));
  command.argv.push_back(argument("line\n$(id) `id` ; 'x' \"y\" \\"));
  command.argv.push_back(argument(""));
  call.subject.previous_version = "v1;touch pwned;$(touch pwned)`touch pwned` | & > pwned *";
  const auto result = run(command);
  EXPECT_EQ(result.result, AttemptResult::done);
  EXPECT_EQ(result.output, "<" + call.subject.previous_version + "><line\n$(id) `id` ; 'x' \"y\" \\><>");
  EXPECT_FALSE(std::filesystem::exists(folder / "pwned"));
}

TEST_F(Commands, AValueThatCannotBeAnArgumentIsRefusedBeforeAnythingRuns) {
  auto command = sample_command(script("hook", "echo ran >> runs"));
  command.argv.push_back(argument("{{ previous_version }}"));
  for (const std::string value : {"--force", "v1\nv2", "v\x01", ""}) {
    call.subject.previous_version = value;
    EXPECT_FALSE(hook(command)->rehearse(call)) << value;
    const auto result = run(command);
    EXPECT_EQ(result.result, AttemptResult::failed) << value;
    EXPECT_THAT(result.detail, HasSubstr("previous_version"));
  }
  EXPECT_EQ(runs(), 0);
}

TEST_F(Commands, TheEnvironmentIsPathTheAllowedNamesAndWhatTheGuardGives) {
  ::setenv("HOOK_TEST_ALLOWED", "yes", 1);
  ::setenv("HOOK_TEST_SECRET", "no", 1);
  ::setenv("RELEASE_GUARD_SERVICE", "an impostor", 1);
  auto command = sample_command("/usr/bin/env");
  command.environment = {"HOOK_TEST_ALLOWED", "HOOK_TEST_ABSENT", "RELEASE_GUARD_SERVICE"};
  call.reason = "first line\nsecond \x7F line";
  const auto result = run(command);
  ::unsetenv("RELEASE_GUARD_SERVICE");
  auto variables = variables_in(result.output);
  EXPECT_EQ(variables["PATH"], "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  EXPECT_EQ(variables["HOOK_TEST_ALLOWED"], "HOOK_TEST_ALLOWED=yes");
  EXPECT_EQ(variables["RELEASE_GUARD_SERVICE"], "RELEASE_GUARD_SERVICE=shop");
  EXPECT_EQ(variables["RELEASE_GUARD_REASON"], "RELEASE_GUARD_REASON=first line second   line");
  EXPECT_EQ(variables["RELEASE_GUARD_EXPECTED_CURRENT"], "RELEASE_GUARD_EXPECTED_CURRENT=v2");
  EXPECT_EQ(variables["RELEASE_GUARD_PREVIOUS_VERSION"], "RELEASE_GUARD_PREVIOUS_VERSION=v1");
  EXPECT_EQ(variables["RELEASE_GUARD_ATTEMPT"], "RELEASE_GUARD_ATTEMPT=1");
  EXPECT_EQ(variables["RELEASE_GUARD_IDEMPOTENCY_KEY"], mark());
  EXPECT_EQ(variables.size(), 15U) << result.output;
}

TEST_F(Commands, ThePathIsTheGuardsOwnWhereItIsLetThroughAndStandsThereOnce) {
  auto command = sample_command("/usr/bin/env");
  command.environment = {"PATH"};
  const auto variables = variables_in(run(command).output);
  EXPECT_EQ(variables.at("PATH"), std::string("PATH=") + std::getenv("PATH"));
}

TEST_F(Commands, NoReasonIsTooLongForACall) {
  call.reason = std::string(1U << 20U, 'x');
  EXPECT_EQ(run_script("echo ran >> runs").detail, "exit 0");
  EXPECT_EQ(runs(), 1);
}

TEST_F(Commands, NoDescriptorOfTheGuardReachesTheCommand) {
  const int leak = ::open("/etc/passwd", O_RDONLY);
  ASSERT_GE(leak, 0);
  auto command = sample_command("/bin/ls");
  command.argv.push_back(argument("-l"));
  command.argv.push_back(argument("/proc/self/fd"));
  const auto result = run(command);
  ::close(leak);
  EXPECT_THAT(result.output, testing::MatchesRegex("total 0\n.* 0 -> /dev/null\n.* 1 -> pipe:.*\n.* 2 -> pipe:.*\n"
                                                   ".* 3 -> /proc/[0-9]+/fd\n"))
      << "3 is how ls reads the folder";
}

TEST_F(Commands, TheCommandLeadsASessionOfItsOwnInItsFolderWithDefaultSignals) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  auto command = sample_command(script("hook",
                                       "set -- $(cat /proc/$$/stat); echo $(($1 - $5)) $(($1 - $6))\n"
                                       "pwd; exec grep -E 'SigBlk|SigIgn' /proc/self/status"));
  command.dir = folder / "work";
  std::filesystem::create_directory(command.dir);
  const auto result = run(command);
  std::signal(SIGPIPE, before);
  // Signals 32 and 33 are libc's own, which it ignores for what it spawns.
  EXPECT_THAT(result.output,
              testing::MatchesRegex("0 0\n" + command.dir.string() + "\nSigBlk:\t0+\nSigIgn:\t0+([01]80000000)?\n"));
}

TEST_F(Commands, Fault39TheExitCodeIsTheOutcome) {
  const std::map<int, AttemptResult> meaning{
      {0, AttemptResult::done}, {75, AttemptResult::retry}, {1, AttemptResult::failed}, {127, AttemptResult::failed}};
  for (const auto& [code, expected] : meaning) {
    ++call.attempt;
    const auto result = run_script("exit " + std::to_string(code));
    EXPECT_EQ(result.result, expected) << code;
    EXPECT_EQ(result.detail, "exit " + std::to_string(code));
  }
  EXPECT_TRUE(has_no_children());
}

TEST_F(Commands, Fault40ACommandKilledByASignalIsUnknownAndItsOutputIsKept) {
  const auto result = run_script("echo begun; kill -9 $$");
  EXPECT_EQ(result.result, AttemptResult::unknown);
  EXPECT_EQ(result.detail, "killed by signal 9");
  EXPECT_EQ(result.output, "begun\n");
}

TEST_F(Commands, WhatCannotBeRunAtThatMomentProvablyDidNotRun) {
  const auto plain = folder / "plain";
  {
    std::ofstream(plain) << "#!/bin/sh\necho ran >> runs\n";
  }
  auto lost = sample_command(script("hook", "echo ran >> runs"));
  lost.dir = folder / "gone";
  const std::vector<std::pair<config::CommandHook, std::string>> all{
      {sample_command(folder / "missing"), "missing: No such file or directory"},
      {sample_command(plain), "plain: Permission denied"},
      {sample_command(folder.path()), "Permission denied"},
      {lost, "cannot enter " + (folder / "gone").string()}};
  for (const auto& [command, why] : all) {
    ++call.attempt;
    const auto result = run(command);
    EXPECT_EQ(result.result, AttemptResult::not_started) << why;
    EXPECT_THAT(result.detail, testing::AllOf(testing::StartsWith("not run: cannot "), HasSubstr(why)));
  }
  EXPECT_EQ(runs(), 0);
}

TEST_F(Commands, ASupervisorThatCannotBeStartedOrBegunIsNoRun) {
  const auto command = sample_command(script("hook", "echo ran >> runs"));
  program = folder / "missing";
  EXPECT_EQ(run(command).result, AttemptResult::not_started);
  program = "/bin/false";
  ++call.attempt;
  const auto first = attempt();
  const auto result = run(command);
  EXPECT_EQ(result.result, AttemptResult::not_started);
  EXPECT_EQ(result.detail, "not run: the supervisor ended before it began");
  EXPECT_EQ(wait_for(start({HOOKS_SUPERVISOR, "supervise-hook", first.path()})), 0);
  EXPECT_EQ(runs(), 0) << "one that comes late must find that it is too late";
}

TEST_F(Commands, WhereNothingCanBeRecordedNothingRuns) {
  {
    std::ofstream(state()) << "a file where the folder should be";
  }
  const auto result = run_script("echo ran >> runs");
  EXPECT_EQ(result.result, AttemptResult::not_started);
  EXPECT_THAT(result.detail, testing::StartsWith("not run: "));
  EXPECT_EQ(runs(), 0);
}

TEST_F(Commands, OutputThatIsNoTextIsMadeText) {
  const auto result = run_script("printf '\\377\\300 gr\\303\\274n \\000 \\303'");
  EXPECT_EQ(result.output, std::string("?? gr\xC3\xBCn \0 ?", 12));
  EXPECT_TRUE(is_utf8(result.output));
}

TEST_F(Commands, AReleaseIdUsedAgainNeverMeetsTheResultOfTheForgottenOne) {
  EXPECT_EQ(run_script("echo ran >> runs").result, AttemptResult::done);
  call.decided_at += 24h;
  EXPECT_EQ(hook(sample_command(folder / "hook"))->recover(call), std::nullopt);
  EXPECT_EQ(run_script("echo ran >> runs; exit 3").result, AttemptResult::failed);
  EXPECT_EQ(runs(), 2);
}

TEST_F(Commands, ARehearsalRunsItsOwnProgramAndLeavesNothingBehind) {
  auto command = sample_command(script("hook", "echo ran >> runs"));
  command.rehearse = {argument(script("rehearse", "echo \"back to $1, $RELEASE_GUARD_TRIGGER\" > rehearsed").string()),
                      argument("{{ previous_version }}")};
  call.subject.previous_version = "v1";
  call.trigger = "rehearsal";
  const auto seen = hook(command)->try_out(call, 10s);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(text_of(folder / "rehearsed"), "back to v1, rehearsal\n");
  EXPECT_EQ(runs(), 0);
  EXPECT_FALSE(attempt().prepared()) << "a later call is no repetition of it";
}

TEST_F(Commands, ARehearsalThatFailsSaysItsLastLine) {
  auto command = sample_command(script("hook", "true"));
  command.rehearse = {argument(script("rehearse", "echo begin; echo no such image; exit 3").string())};
  const auto seen = hook(command)->try_out(call, 10s);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().message, "its rehearsal failed: exit 3; no such image");
}

TEST_F(Commands, ARehearsalIsEndedAtItsDeadline) {
  auto command = sample_command(script("hook", "true"));
  command.rehearse = {argument(script("rehearse", "exec sleep 600").string())};
  EXPECT_FALSE(hook(command)->try_out(call, 100ms));
  EXPECT_TRUE(eventually([&] { return processes_with(mark()).empty(); }));
}

TEST_F(Commands, WithoutARehearsalItsProgramIsLookedAt) {
  const auto command = sample_command(script("hook", "true"));
  const auto made = hook(command);
  EXPECT_TRUE(made->try_out(call, 10s));
  std::filesystem::remove(folder / "hook");
  EXPECT_FALSE(made->try_out(call, 10s)) << "it went away since the configuration was read";
}

}  // namespace
}  // namespace guard::test
