// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::vector<std::string> start(const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"release",   "start", "--service",          "shop", "--environment", "production",
                                 "--version", "2",     "--previous-version", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(Start, AnnouncesAndPrintsTheIdAlone) {
  CommandLine line;
  line.guard = answers({answer(201, release_json("settling"))});
  EXPECT_EQ(line.run(start()), 0);
  EXPECT_EQ(line.requests.at(0).method, "POST");
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/releases");
  EXPECT_EQ(parse_json(line.requests.at(0).body),
            parse_json(R"({"id":"made-up-1","service":"shop","environment":"production","version":"2",
                           "previous_version":"1"})"));
  EXPECT_EQ(line.out(), "r1\n");
  EXPECT_EQ(line.err(),
            "shop 2 in production: settling\n"
            "watched by rule group shop-production in mode enforce; "
            "follow it with `release-guard release status r1 --wait`\n");
}

TEST(Start, SendsEverythingThatWasGiven) {
  CommandLine line;
  line.guard = answers({answer(201, release_json("watching"))});
  EXPECT_EQ(line.run(start({"--id", "r1", "--kind", "hotfix", "--label", "team=web", "--label", "url=a=b", "--live-at",
                            "2026-01-31T13:00:00+01:00"})),
            0);
  EXPECT_EQ(parse_json(line.requests.at(0).body),
            parse_json(R"({"id":"r1","service":"shop","environment":"production","version":"2","previous_version":"1",
                           "kind":"hotfix","live_at":"2026-01-31T12:00:00.000Z",
                           "labels":{"team":"web","url":"a=b"}})"));
}

TEST(Start, OfASwitchThatIsToComeSaysWhatToDoNext) {
  CommandLine line;
  line.guard = answers({answer(201, release_json("deploying"))});
  EXPECT_EQ(line.run(start({"--phase", "deploying"})), 0);
  EXPECT_EQ(parse_json(line.requests.at(0).body)->at("phase"), "deploying");
  EXPECT_THAT(line.err(), HasSubstr("say `release-guard release live r1` once it is live"));
}

TEST(Start, AFirstReleaseHasNothingToGoBackTo) {
  CommandLine line;
  line.guard = answers({answer(201, release_json("watching"))});
  EXPECT_EQ(line.run({"release", "start", "--service=shop", "--environment=production", "--version=2",
                      "--previous-version", ""}),
            0);
  EXPECT_EQ(parse_json(line.requests.at(0).body)->at("previous_version"), "");
}

TEST(Start, LeavesThePreviousVersionToTheGuardWhereItIsNotGiven) {
  CommandLine line;
  line.guard = answers({answer(201, release_json("watching"))});
  EXPECT_EQ(line.run({"release", "start", "--service=shop", "--environment=production", "--version=2"}), 0);
  EXPECT_FALSE(parse_json(line.requests.at(0).body)->as_object().contains("previous_version"));
}

TEST(Start, SaysWhichVersionPassedThereAndWhatWasNotShown) {
  CommandLine line;
  auto told = parse_json(release_json("settling"))->as_object();
  told["last_good"] = json::object{{"version", "0.9.3"}, {"release", "r0"}, {"passed_at", "2026-01-31T11:00:00Z"}};
  told["unproven"] = "no release of 2 to staging is known";
  line.guard = answers({answer(201, json::serialize(told))});
  EXPECT_EQ(line.run(start()), 0);
  EXPECT_THAT(line.err(), HasSubstr("  the last version that passed there is 0.9.3 (release r0)\n"));
  EXPECT_THAT(line.err(), HasSubstr("  a warning: no release of 2 to staging is known\n"));
}

TEST(Start, SaysThatAPersonIsAskedWhichVersionToGoBackTo) {
  CommandLine line;
  auto told = parse_json(release_json("settling"))->as_object();
  told["contested"] = "3 was live in its place before, not 1, which it names to go back to";
  line.guard = answers({answer(201, json::serialize(told))});
  EXPECT_EQ(line.run(start()), 0);
  EXPECT_THAT(line.err(),
              HasSubstr("  a warning: a person is asked before it is rolled back: 3 was live in its place"));
}

TEST(Start, TriesAgainWithOneIdWhileTheGuardIsAway) {
  CommandLine line;
  line.guard = answers({nobody_answers(), fail(ErrorCode::timeout, "deadline"), fail(ErrorCode::broken, "reset"),
                        answer(503, R"({"error":"the disk is full","code":"unavailable"})"),
                        answer(200, release_json("watching"))});
  EXPECT_EQ(line.run(start()), 0);
  ASSERT_EQ(line.requests.size(), 5U);
  for (const auto& request : line.requests) EXPECT_EQ(request.body, line.requests[0].body);
  EXPECT_EQ(line.waiter.waits.size(), 4U);
  EXPECT_THAT(line.err(), HasSubstr("no guard answers at http://127.0.0.1:8929"));
  EXPECT_THAT(line.err(), HasSubstr("trying again for a minute\n"));
}

TEST(Start, GivesUpAfterAMinute) {
  CommandLine line;
  line.guard = answers({nobody_answers()});
  EXPECT_EQ(line.run(start()), 1);
  Duration waited{0};
  for (const auto wait : line.waiter.waits) waited += wait;
  EXPECT_EQ(waited, 1min);
  EXPECT_TRUE(line.out().empty());
}

TEST(Start, DoesNotRepeatWhatWasRefused) {
  CommandLine line;
  line.guard = answers({answer(423, R"({"error":"releases are frozen until Monday","code":"locked"})")});
  EXPECT_EQ(line.run(start()), 1);
  EXPECT_EQ(line.requests.size(), 1U);
  EXPECT_EQ(line.err(), "release-guard: releases are frozen until Monday\n");
}

TEST(Start, EndsAtOnceWhenInterrupted) {
  CommandLine line;
  line.guard = answers({nobody_answers()});
  line.waiter.interrupt_at = 2;
  EXPECT_EQ(line.run(start()), 1);
  EXPECT_EQ(line.requests.size(), 2U);
}

TEST(Start, SaysWhatTheGuardWillDoSoThatAKillSwitchIsNoSurprise) {
  CommandLine line;
  auto json = release_json("settling");
  const auto* next =
      R"(,"next":[{"what":"if an objective breaks: nothing is called, a person must act: the kill switch is on"}])";
  line.guard = answers({answer(201, json.insert(json.size() - 1, next))});
  EXPECT_EQ(line.run(start()), 0);
  EXPECT_THAT(line.err(),
              HasSubstr("\n  if an objective breaks: nothing is called, a person must act: the kill switch is on\n"));
}

TEST(Start, CanWaitForTheOutcome) {
  CommandLine line;
  line.guard = answers({answer(201, release_json("watching")), answer(200, release_json("watching")),
                        answer(200, release_json("rolled_back"))});
  EXPECT_EQ(line.run(start({"--wait"})), 3);
  EXPECT_EQ(line.requests.back().path, "/api/v1/releases/r1");
  EXPECT_THAT(line.out(), HasSubstr("r1\nshop 2 in production: rolled back\n"));
}

}  // namespace
}  // namespace guard::test
