// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> wait(const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"release", "status", "r1", "--wait"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(Wait, OnlyPassedIsAYes) {
  for (const auto* phase : {"passed", "breached", "unverified", "rolled_back", "rollback_failed", "aborted", "superseded"}) {
    CommandLine line;
    line.guard = answers({answer(200, release_json("watching")), answer(200, release_json(phase))});
    EXPECT_EQ(line.run(wait()), std::string(phase) == "passed" ? 0 : 1) << phase;
    EXPECT_EQ(line.requests.size(), 2U);
  }
}

TEST(Wait, LooksEverySecond) {
  CommandLine line;
  line.guard = answers({answer(200, release_json("settling")), answer(200, release_json("watching")),
                        answer(200, release_json("passed"))});
  line.run(wait());
  EXPECT_EQ(line.waiter.waits, (std::vector<Duration>{1s, 1s}));
}

TEST(Wait, SaysAtTheStartHowLongItMayTake) {
  CommandLine open_end;
  open_end.guard = answers({answer(200, release_json("passed"))});
  open_end.run(wait());
  EXPECT_THAT(open_end.err(), HasSubstr("waiting for release r1 to end: until its watch is over, however long"));

  CommandLine limited;
  limited.guard = answers({answer(200, release_json("passed"))});
  limited.run(wait({"--timeout", "90s"}));
  EXPECT_THAT(limited.err(), HasSubstr("waiting for release r1 to end: at most 1m30s\n"));
}

TEST(Wait, OutlastsAnyAbsenceOfAGuardThatAnsweredBefore) {
  CommandLine line;
  int calls = 0;
  line.guard = [&](const http::Request&) -> Result<http::Response> {
    ++calls;
    if (calls == 1) return answer(200, release_json("watching"));
    if (calls < 600) return nobody_answers();
    return answer(200, release_json("passed"));
  };
  EXPECT_EQ(line.run(wait()), 0);
  EXPECT_THAT(line.err(), HasSubstr("no answer for 1s, asking on: no guard answers at http://127.0.0.1:8929"));
}

TEST(Wait, GivesUpAfterAMinuteOnAGuardThatNeverAnswered) {
  CommandLine line;
  line.guard = answers({nobody_answers()});
  EXPECT_EQ(line.run(wait()), 1);
  EXPECT_EQ(line.waiter.waits.size(), 60U);
  EXPECT_THAT(line.err(), HasSubstr("release-guard: no guard answers at"));
}

TEST(Wait, EndsAtOnceWhereWaitingDoesNotHelp) {
  CommandLine line;
  line.guard = answers({answer(200, release_json("watching")), answer(404, R"({"error":"gone","code":"not_found"})")});
  EXPECT_EQ(line.run(wait()), 1);
  EXPECT_EQ(line.requests.size(), 2U);
}

TEST(Wait, EndsAtItsTimeoutAndSaysWhereTheReleaseStands) {
  CommandLine line;
  line.guard = answers({answer(200, release_json("watching"))});
  EXPECT_EQ(line.run(wait({"--timeout", "2500ms"})), 1);
  EXPECT_EQ(line.waiter.waits, (std::vector<Duration>{1s, 1s, 500ms}));
  EXPECT_THAT(line.err(), HasSubstr("release r1 has not ended within 2s500ms, its last known phase is watching"));
}

TEST(Wait, TheTimeoutCountsWhileTheGuardIsAwayToo) {
  CommandLine line;
  line.guard = answers({answer(200, release_json("watching")), nobody_answers()});
  EXPECT_EQ(line.run(wait({"--timeout", "5s"})), 1);
  EXPECT_EQ(line.requests.size(), 6U);
}

TEST(Wait, ASignalEndsIt) {
  CommandLine line;
  line.guard = answers({answer(200, release_json("watching"))});
  line.waiter.interrupt_at = 3;
  EXPECT_EQ(line.run(wait()), 1);
  EXPECT_THAT(line.err(), HasSubstr("the wait was interrupted; the guard goes on with release r1\n"));
}

TEST(Wait, PrintsTheJsonAloneOnOut) {
  CommandLine line;
  line.guard = answers({answer(200, release_json("watching")), answer(200, release_json("passed"))});
  EXPECT_EQ(line.run(wait({"--json"})), 0);
  EXPECT_EQ(line.out(), release_json("passed") + "\n");
}

TEST(Wait, PrintsALineWhenSomethingChangesAndOneAMinute) {
  CommandLine line;
  int calls = 0;
  line.guard = [&](const http::Request&) -> Result<http::Response> {
    ++calls;
    if (calls <= 5) return answer(200, release_json("settling"));
    return answer(200, release_json(calls <= 100 ? "watching" : "passed"));
  };
  EXPECT_EQ(line.run(wait()), 0);
  EXPECT_THAT(line.err(), HasSubstr("\n12:00:00 settling: error_rate 0.2% ok\n"
                                    "12:00:05 watching, 1h29m left: error_rate 0.2% ok\n"
                                    "12:01:05 watching, 1h28m left: error_rate 0.2% ok\n"));
  EXPECT_THAT(line.err(), Not(HasSubstr("12:00:06")));
}

TEST(Wait, DrawsOneLineAgainAndAgainOnATerminal) {
  CommandLine line;
  line.world.live_line = true;
  line.world.columns = 20;
  line.guard = answers({answer(200, release_json("watching")), answer(200, release_json("passed"))});
  EXPECT_EQ(line.run(wait()), 0);
  EXPECT_THAT(line.err(), testing::EndsWith("\r\x1b[K12:00:00 watching,…\r\x1b[K"));
}

}  // namespace
}  // namespace guard::test
