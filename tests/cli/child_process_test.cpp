// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/child_process.hpp"

#include <csignal>
#include <unistd.h>

#include <gtest/gtest.h>

namespace guard::cli {
namespace {

TEST(ChildProcess, TellsHowItEnded) {
  EXPECT_EQ(run_child({"true"}, {}), 0);
  EXPECT_EQ(run_child({"sh", "-c", "exit 7"}, {}), 7);
  EXPECT_EQ(run_child({"sh", "-c", "kill -KILL $$"}, {}), 128 + SIGKILL);
}

TEST(ChildProcess, OneThatIsNotThereIsSaidSo) {
  const auto code = run_child({"no-such-command"}, {});
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().message, "no-such-command: No such file or directory");
}

TEST(ChildProcess, HasTheEnvironmentAndWhatIsGiven) {
  ::setenv("OF_THE_PARENT", "there", 1);
  EXPECT_EQ(run_child({"sh", "-c", "test \"$OF_THE_PARENT$GIVEN\" = therehere"}, {"GIVEN=here"}), 0);
}

TEST(ChildProcess, IsToldOfASignalThatIsSentToItsParent) {
  // The command sends it itself, once it is ready for it.
  const auto self = std::to_string(::getpid());
  const auto until_told = "; i=0; while [ $i -lt 600 ]; do sleep 0.1; i=$((i + 1)); done";
  EXPECT_EQ(run_child({"sh", "-c", "trap 'exit 5' TERM; kill -TERM " + self + until_told}, {}), 5);
}

}  // namespace
}  // namespace guard::cli
