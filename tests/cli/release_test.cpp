// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::HasSubstr;

struct Posted {
  std::vector<std::string> words;
  std::string path;
  std::string body;
};

TEST(Release, EachOrderIsOnePost) {
  const std::vector<Posted> orders{
      {{"live", "r1"}, "/api/v1/releases/r1/live", "{}"},
      {{"live", "r1", "--live-at", "2026-01-31T12:00:00Z"},
       "/api/v1/releases/r1/live",
       R"({"live_at":"2026-01-31T12:00:00.000Z"})"},
      {{"signal", "r1", "e2e", "failed", "--detail", "3 of 40"},
       "/api/v1/releases/r1/signal",
       R"({"name":"e2e","status":"failed","detail":"3 of 40"})"},
      {{"signal", "r1", "e2e", "succeeded"}, "/api/v1/releases/r1/signal", R"({"name":"e2e","status":"succeeded"})"},
      {{"pause", "r1"}, "/api/v1/releases/r1/pause", "{}"},
      {{"resume", "r1"}, "/api/v1/releases/r1/resume", "{}"},
      {{"approve", "r1", "--reason", "agreed"}, "/api/v1/releases/r1/approve", R"({"reason":"agreed"})"},
      {{"abort", "r1"}, "/api/v1/releases/r1/abort", "{}"},
      {{"rollback", "r1", "--reason", "x"}, "/api/v1/releases/r1/rollback", R"({"reason":"x"})"},
  };
  for (const auto& order : orders) {
    CommandLine line;
    line.guard = answers({answer(200, release_json("watching"))});
    auto words = order.words;
    words.insert(words.begin(), "release");
    EXPECT_EQ(line.run(words), 0) << order.path;
    ASSERT_EQ(line.requests.size(), 1U);
    EXPECT_EQ(line.requests[0].method, "POST");
    EXPECT_EQ(line.requests[0].path, order.path);
    EXPECT_EQ(parse_json(line.requests[0].body), parse_json(order.body));
    EXPECT_EQ(line.out(), "shop 2 in production: watching, 1h30m left\n");
  }
}

TEST(Release, ARefusedOrderSaysWhyAndExitsWithOne) {
  CommandLine line;
  line.guard = answers({answer(409, R"({"error":"a passed release cannot be paused","code":"conflict"})")});
  EXPECT_EQ(line.run({"release", "pause", "r1"}), 1);
  EXPECT_EQ(line.err(), "release-guard: a passed release cannot be paused\n");
}

TEST(Release, APersonHearsAtOnceThatNobodyAnswers) {
  CommandLine line;
  line.guard = answers({nobody_answers()});
  EXPECT_EQ(line.run({"release", "rollback", "r1"}), 1);
  EXPECT_TRUE(line.waiter.waits.empty());
}

TEST(Release, ThePipelinesLiveOutlastsAnAbsenceOfTheGuard) {
  CommandLine line;
  line.guard = answers({nobody_answers(), answer(200, release_json("settling"))});
  EXPECT_EQ(line.run({"release", "live", "r1"}), 0);
  EXPECT_EQ(line.requests.size(), 2U);
}

TEST(Release, LiveSaysThatAnotherVersionWasLiveMeanwhile) {
  auto contested = parse_json(release_json("settling"))->as_object();
  contested["contested"] = "3 was live in its place before, not 1, which it names to go back to";
  CommandLine line;
  line.guard = answers({answer(200, json::serialize(contested))});
  EXPECT_EQ(line.run({"release", "live", "r1"}), 0);
  EXPECT_EQ(line.out(), "shop 2 in production: settling\n");
  EXPECT_EQ(
      line.err(),
      "a warning: a person is asked before it is rolled back: 3 was live in its place before, not 1, which it names "
      "to go back to\n");
  CommandLine clear;
  clear.guard = answers({answer(200, release_json("settling"))});
  EXPECT_EQ(clear.run({"release", "live", "r1"}), 0);
  EXPECT_EQ(clear.err(), "");
}

TEST(Release, LiveIsNotRepeatedWhereItMayHaveBeenTaken) {
  CommandLine line;
  line.guard = answers({fail(ErrorCode::timeout, "deadline"), answer(200, release_json("settling"))});
  EXPECT_EQ(line.run({"release", "live", "r1"}), 1);
  EXPECT_EQ(line.requests.size(), 1U);
}

TEST(Release, StatusShowsThePageOrTheJson) {
  CommandLine page;
  page.guard = answers({answer(200, release_json("watching"))});
  EXPECT_EQ(page.run({"release", "status", "r1"}), 0);
  EXPECT_THAT(page.out(), HasSubstr("shop 2 in production: watching, 1h30m left\n"));
  EXPECT_THAT(page.out(), HasSubstr("error_rate"));

  CommandLine raw;
  raw.guard = answers({answer(200, release_json("watching"))});
  EXPECT_EQ(raw.run({"release", "status", "r1", "--json"}), 0);
  EXPECT_EQ(raw.out(), release_json("watching") + "\n");
}

TEST(Release, StatusOfAnUnknownReleaseExitsWithOne) {
  CommandLine line;
  line.guard = answers({answer(404, R"({"error":"no release has the id \"r9\"","code":"not_found"})")});
  EXPECT_EQ(line.run({"release", "status", "r9"}), 1);
  EXPECT_EQ(line.err(), "release-guard: no release has the id \"r9\"\n");
}

TEST(Release, StatusOfSomethingElseSaysSo) {
  CommandLine line;
  line.guard = answers({answer(200, "<html>")});
  EXPECT_EQ(line.run({"release", "status", "r1"}), 1);
  EXPECT_THAT(line.err(), HasSubstr("is not that of a guard of this version"));
}

TEST(Release, ListFiltersAtTheGuard) {
  CommandLine line;
  line.guard = answers({answer(200, R"({"releases":[)" + release_json("watching") + "]}")});
  EXPECT_EQ(line.run({"release", "list", "--service", "shop", "--environment", "production", "--open"}), 0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/releases?service=shop&environment=production&open=true");
  EXPECT_EQ(line.out(),
            "SERVICE  ENVIRONMENT  VERSION  PHASE                 FOR  BROKE  PERSON  RELEASE\n"
            "shop     production   2        watching, 1h30m left  -    -      -       r1\n");
}

TEST(Release, ListNamesWhatBrokeWhatNeedsAPersonAndWhatHoldsEverybodyBack) {
  CommandLine line;
  auto json = release_json("rollback_failed");
  json.insert(json.size() - 1, R"(,"broke":["error_rate","e2e"],"needs_person":"roll back by hand")");
  line.guard =
      answers({answer(200, R"({"releases":[)" + json +
                               R"(],"in_force":{"kill_switch":true,"freezes":[{"until":"2026-01-31T18:00:00Z",)"
                               R"("reason":"the sale is on"}]}})")});
  EXPECT_EQ(line.run({"release", "list"}), 0);
  EXPECT_EQ(line.out(),
            "THE KILL SWITCH IS ON: nothing is rolled back automatically\n"
            "RELEASES ARE FROZEN until 2026-01-31 18:00:00 UTC: the sale is on\n"
            "SERVICE  ENVIRONMENT  VERSION  PHASE            FOR  BROKE            PERSON  RELEASE\n"
            "shop     production   2        rollback failed  -    error_rate, e2e  needed  r1\n");
}

TEST(Release, AnEmptyListSaysSo) {
  CommandLine line;
  line.guard = answers({answer(200, R"({"releases":[]})")});
  EXPECT_EQ(line.run({"release", "list"}), 0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/releases");
  EXPECT_EQ(line.out(), "no releases\n");
}

TEST(Release, ReportIsPrintedAsItCame) {
  CommandLine line;
  line.guard = answers({answer(200, "# Report\n")});
  EXPECT_EQ(line.run({"release", "report", "r1", "--format", "html"}), 0);
  EXPECT_EQ(line.requests.at(0).path, "/api/v1/releases/r1/report?format=html");
  EXPECT_EQ(line.out(), "# Report\n");
}

TEST(Release, WhatTheGuardSaysCannotMoveTheCursor) {
  CommandLine line;
  line.guard = answers({answer(409, R"({"error":"bad\u001b[2Jname\u009b1m","code":"conflict"})")});
  line.run({"release", "abort", "r1"});
  EXPECT_EQ(line.err(), "release-guard: bad [2Jname 1m\n");
}

}  // namespace
}  // namespace guard::test
