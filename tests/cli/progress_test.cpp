// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/progress.hpp"

#include "tests/cli/harness.hpp"

#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;

TEST(Progress, WithoutATerminalOnlyNewsIsPrinted) {
  CommandLine line;
  cli::Progress progress(line.context);
  progress.show("at 1", "same");
  line.clock.step(1s);
  progress.show("at 2", "same");
  progress.show("news", "other");
  line.clock.step(60s);
  progress.show("still", "other");
  EXPECT_EQ(line.err(), "2026-01-31 12:00:00 UTC at 1\n2026-01-31 12:00:01 UTC news\n2026-01-31 12:01:01 UTC still\n");
}

TEST(Progress, TheDrawnLineIsTakenAway) {
  CommandLine line;
  line.context.live_line = true;
  {
    cli::Progress progress(line.context);
    progress.show("here", "");
  }
  EXPECT_EQ(line.err(), "\r\x1b[K2026-01-31 12:00:00 UTC here\r\x1b[K");
}

}  // namespace
}  // namespace guard::test
