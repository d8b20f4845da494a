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

TEST(Progress, WhatIsDoneIsABarAndTheRestATime) {
  CommandLine line;
  line.context.live_line = true;
  line.context.columns = 100;
  cli::Progress progress(line.context);
  progress.show_done(0, 40, "a.yml");
  line.clock.step(10s);
  progress.show_done(10, 40, "a.yml");
  line.clock.step(30s);
  progress.show_done(40, 40, "a.yml");
  EXPECT_EQ(line.err(),
            "\r\x1b[K2026-01-31 12:00:00 UTC [>               ] 0 of 40 releases (a.yml)"
            "\r\x1b[K2026-01-31 12:00:10 UTC [====>           ] 10 of 40 releases, about 30s left (a.yml)"
            "\r\x1b[K2026-01-31 12:00:40 UTC [================] 40 of 40 releases, about 0s left (a.yml)");
}

TEST(Progress, TheNextThatIsCountedBeginsAnew) {
  CommandLine line;
  cli::Progress progress(line.context);
  progress.show_done(0, 4, "a.yml");
  line.clock.step(60s);
  progress.show_done(0, 4, "b.yml");
  line.clock.step(60s);
  progress.show_done(1, 4, "b.yml");
  EXPECT_TRUE(line.err().ends_with("1 of 4 releases, about 3m left (b.yml)\n")) << line.err();
}

}  // namespace
}  // namespace guard::test
