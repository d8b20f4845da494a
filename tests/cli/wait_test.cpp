// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/harness.hpp"

#include <map>

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

TEST(Wait, ItsExitCodeTellsEachEndApart) {
  const std::map<std::string, int> codes{{"passed", 0},     {"rolled_back", 3}, {"rollback_failed", 4}, {"breached", 5},
                                         {"unverified", 6}, {"aborted", 7},     {"superseded", 8}};
  for (const auto& [phase, code] : codes) {
    CommandLine line;
    line.guard = answers({answer(200, release_json("watching")), answer(200, release_json(phase))});
    EXPECT_EQ(line.run(wait()), code) << phase;
    EXPECT_EQ(line.requests.size(), 2U);
  }
}

// The release as release_json() gives it, with more members.
std::string with(const std::string& phase, const std::string& members) {
  auto json = release_json(phase);
  return json.insert(json.size() - 1, "," + members);
}

TEST(Wait, ARollbackThatHelpedEndsItThoughTheGuardWatchesOn) {
  CommandLine line;
  const auto open = [](const std::string& members) {
    auto json = with("verifying", members);
    return answer(200, json.replace(json.find("\"final\":true"), 12, "\"final\":false"));
  };
  line.guard =
      answers({open(R"("held_again_at":null)"),
               open(R"("held_again_at":"2026-01-31T12:10:00.000Z","broken_again_at":"2026-01-31T12:11:00.000Z")"),
               open(R"("held_again_at":"2026-01-31T12:10:00.000Z","broken_again_at":null)")});
  EXPECT_EQ(line.run(wait()), 3);
  EXPECT_EQ(line.requests.size(), 3U);
}

TEST(Wait, SaysEachDecisionOnceWhenItHearsOfIt) {
  const std::string hold =
      R"({"number":1,"kind":"hold","reason":"error_rate: 20% against < 1%; held: the kill switch is on","at":"2026-01-31T12:04:05.000Z"})";
  const std::string rollback =
      R"({"number":2,"kind":"rollback","reason":"error_rate: 20% against < 1%","at":"2026-01-31T12:05:06.000Z"})";
  for (const bool terminal : {false, true}) {
    CommandLine line;
    line.context.live_line = terminal;
    line.guard = answers({answer(200, with("watching", "\"decisions\":[" + hold + "]")),
                          answer(200, with("rolling_back", "\"decisions\":[" + hold + "," + rollback + "]")),
                          answer(200, with("rolled_back", "\"decisions\":[" + hold + "," + rollback + "]"))});
    EXPECT_EQ(line.run(wait()), 3);
    EXPECT_THAT(line.err(),
                HasSubstr("2026-01-31 12:04:05 UTC #1 holds back because error_rate: 20% against < 1%; held: the "
                          "kill switch is on\n"));
    EXPECT_THAT(line.err(), HasSubstr("2026-01-31 12:05:06 UTC #2 rolls back because error_rate: 20% against < 1%\n"));
    EXPECT_EQ(line.err().find("#2"), line.err().rfind("#2"));
  }
}

TEST(Wait, SaysOnceThatAPersonIsNeededAndWhomToCall) {
  CommandLine line;
  const auto needed = with("watching", R"("needs_person":"a breach is held",)"
                                       R"("contacts":{"primary":"Ada, @ada","secondary":"","lead":""})");
  line.guard = answers({answer(200, release_json("watching")), answer(200, needed), answer(200, needed),
                        answer(200, release_json("rolled_back"))});
  EXPECT_EQ(line.run(wait()), 3);
  const std::string told = " a person is needed: a breach is held; whom to call: primary on-call: Ada, @ada\n";
  EXPECT_THAT(line.err(), HasSubstr(told));
  EXPECT_EQ(line.err().find(told), line.err().rfind(told));
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
  line.guard = [&](const client::Request&) -> Result<client::Response> {
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
  EXPECT_EQ(line.run(wait()), 9);
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
  EXPECT_EQ(line.run(wait({"--timeout", "2500ms"})), 9);
  EXPECT_EQ(line.waiter.waits, (std::vector<Duration>{1s, 1s, 500ms}));
  EXPECT_THAT(line.err(), HasSubstr("release r1 has not ended within 2s500ms, its last known phase is watching"));
}

TEST(Wait, TheTimeoutCountsWhileTheGuardIsAwayToo) {
  CommandLine line;
  line.guard = answers({answer(200, release_json("watching")), nobody_answers()});
  EXPECT_EQ(line.run(wait({"--timeout", "5s"})), 9);
  EXPECT_EQ(line.requests.size(), 6U);
}

TEST(Wait, ASignalEndsIt) {
  CommandLine line;
  line.guard = answers({answer(200, release_json("watching"))});
  line.waiter.interrupt_at = 3;
  EXPECT_EQ(line.run(wait()), 9);
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
  line.guard = [&](const client::Request&) -> Result<client::Response> {
    ++calls;
    if (calls <= 5) return answer(200, release_json("settling"));
    return answer(200, release_json(calls <= 100 ? "watching" : "passed"));
  };
  EXPECT_EQ(line.run(wait()), 0);
  EXPECT_THAT(line.err(), HasSubstr("\n2026-01-31 12:00:00 UTC settling: error_rate 0.2% ok\n"
                                    "2026-01-31 12:00:05 UTC watching, 1h29m left: error_rate 0.2% ok\n"
                                    "2026-01-31 12:01:05 UTC watching, 1h28m left: error_rate 0.2% ok\n"));
  EXPECT_THAT(line.err(), Not(HasSubstr("12:00:06 UTC")));
}

TEST(Wait, DrawsOneLineAgainAndAgainOnATerminal) {
  CommandLine line;
  line.context.live_line = true;
  line.context.columns = 35;
  line.guard = answers({answer(200, release_json("watching")), answer(200, release_json("passed"))});
  EXPECT_EQ(line.run(wait()), 0);
  EXPECT_THAT(line.err(), testing::EndsWith("\r\x1b[K2026-01-31 12:00:00 UTC watching,…\r\x1b[K"));
}

}  // namespace
}  // namespace guard::test
