// SPDX-License-Identifier: Apache-2.0
#include "guard/base/json.hpp"
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string open_gate = R"({"open":true,"checks":[],"at":"2026-01-31T12:00:00.000Z"})";
const std::string shut_gate =
    R"({"open":false,"checks":[{"name":"freeze","state":"failed","seen":"the sale","advice":"wait"}],)"
    R"("at":"2026-01-31T12:00:00.000Z"})";

class Run : public testing::Test {
 protected:
  Run() {
    line.context.run_child = [this](const auto& argv, const auto& variables) -> Result<int> {
      EXPECT_EQ(line.requests.size(), 2U) << "the gate was asked and the release announced before";
      ran = argv;
      given = variables;
      return code;
    };
  }
  int run(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"run", "--service", "shop", "--environment", "production", "--version",
                                   "2",   "--id",      "r1"};
    words.insert(words.end(), more.begin(), more.end());
    for (const auto* word : {"--", "./deploy.sh", "--fast", "2"}) words.emplace_back(word);
    return line.run(words);
  }
  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& request : line.requests) out.push_back(request.path.substr(0, request.path.find('?')));
    return out;
  }

  CommandLine line;
  Result<int> code = 0;
  std::vector<std::string> ran;
  std::vector<std::string> given;
};

TEST_F(Run, AsksAnnouncesRunsSaysLiveAndWaits) {
  line.guard = answers({answer(200, open_gate), answer(201, release_json("deploying")),
                        answer(200, release_json("settling")), answer(200, release_json("passed"))});
  EXPECT_EQ(run({"--wait"}), 0);
  EXPECT_THAT(ran, ElementsAre("./deploy.sh", "--fast", "2"));
  EXPECT_THAT(given, ElementsAre("RELEASE_GUARD_RELEASE=r1"));
  EXPECT_THAT(paths(),
              ElementsAre("/api/v1/gate", "/api/v1/releases", "/api/v1/releases/r1/live", "/api/v1/releases/r1"));
  EXPECT_EQ(parse_json(line.requests[1].body),
            parse_json(R"({"id":"r1","service":"shop","environment":"production","version":"2","phase":"deploying"})"));
}

TEST_F(Run, SaysThatAnotherVersionWasLiveMeanwhile) {
  auto live = parse_json(release_json("settling"))->as_object();
  live["contested"] = "3 was live in its place before, not 1, which it names to go back to";
  line.guard = answers({answer(200, open_gate), answer(201, release_json("deploying")),
                        answer(200, json::serialize(live)), answer(200, release_json("passed"))});
  EXPECT_EQ(run({"--wait"}), 0);
  EXPECT_THAT(line.err(), HasSubstr("a warning: a person is asked before it is rolled back: 3 was live"));
}

TEST_F(Run, WhatTheGateRefusesIsNotRun) {
  line.guard = answers({answer(200, shut_gate)});
  EXPECT_EQ(run(), 1);
  EXPECT_TRUE(ran.empty());
  EXPECT_THAT(line.err(), HasSubstr("the sale"));
  EXPECT_EQ(line.requests.size(), 1U);
}

TEST_F(Run, WithoutAGuardNothingIsRun) {
  line.guard = answers({nobody_answers()});
  EXPECT_EQ(run(), 9);
  EXPECT_TRUE(ran.empty());
}

TEST_F(Run, ADeploymentThatFailsAbortsTheRelease) {
  code = 3;
  line.guard =
      answers({answer(200, open_gate), answer(201, release_json("deploying")), answer(200, release_json("aborted"))});
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(paths().back(), "/api/v1/releases/r1/abort");
  EXPECT_THAT(line.requests.back().body, HasSubstr("the deployment failed: exit 3"));
}

TEST_F(Run, OneThatCannotBeStartedDoesToo) {
  code = fail(ErrorCode::not_found, "./deploy.sh: No such file or directory");
  line.guard =
      answers({answer(200, open_gate), answer(201, release_json("deploying")), answer(200, release_json("aborted"))});
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(line.err(), HasSubstr("could not be started: ./deploy.sh: No such file"));
}

TEST_F(Run, ARollbackInItsFirstMinutesIsItsExitCode) {
  line.guard = answers({answer(200, open_gate), answer(201, release_json("deploying")),
                        answer(200, release_json("settling")), answer(200, release_json("rolled_back"))});
  EXPECT_EQ(run(), 3);
}

TEST_F(Run, WellSoFarIsEnoughWhereItsEndIsNotWaitedFor) {
  line.guard = answers({answer(200, open_gate), answer(201, release_json("deploying")),
                        answer(200, release_json("settling")), answer(200, release_json("watching"))});
  EXPECT_EQ(run({"--for", "3s"}), 0);
  EXPECT_THAT(line.out(), HasSubstr("watching"));
}

TEST_F(Run, TheLinkOfTheRunGoesWithTheRelease) {
  ::setenv("RELEASE_GUARD_RUN_URL", "https://ci.example/run/7", 1);
  line.guard = answers({answer(200, open_gate), answer(201, release_json("deploying")),
                        answer(200, release_json("settling")), answer(200, release_json("passed"))});
  EXPECT_EQ(run(), 0);
  ::unsetenv("RELEASE_GUARD_RUN_URL");
  EXPECT_THAT(line.requests[1].body, HasSubstr(R"("labels":{"run":"https://ci.example/run/7"})"));
}

}  // namespace
}  // namespace guard::test
