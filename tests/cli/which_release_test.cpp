// SPDX-License-Identifier: Apache-2.0
//
// Which release an order reaches: never another than was meant.
#include "guard/base/json.hpp"
#include "tests/cli/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Known {
  std::string id;
  std::string phase;
  std::string environment = "production";
};

class WhichRelease : public testing::Test {
 protected:
  // The guard knows these releases, newest first; each request is kept as "GET /path".
  void knows(const std::vector<Known>& known) {
    line.guard = [this, known](const client::Request& request) -> Result<client::Response> {
      asked.push_back(request.method + " " + request.path);
      if (request.path.starts_with("/api/v1/releases?")) return answer(200, list(known));
      for (const auto& one : known)
        if (request.path.starts_with("/api/v1/releases/" + one.id + "/") ||
            request.path == "/api/v1/releases/" + one.id)
          return answer(200, release_json(one.phase));
      return answer(404, R"({"error":"there is no such release","code":"not_found"})");
    };
  }
  static std::string list(const std::vector<Known>& known) {
    json::array releases;
    for (const auto& one : known) {
      auto release = parse_json(release_json(one.phase))->as_object();
      release["id"] = one.id;
      release["environment"] = one.environment;
      release["final"] = one.phase == "passed" || one.phase == "rolled_back";
      releases.push_back(std::move(release));
    }
    return json::serialize(json::object{{"releases", std::move(releases)},
                                        {"in_force", {{"kill_switch", false}, {"freezes", json::array{}}}}});
  }

  CommandLine line;
  std::vector<std::string> asked;
};

TEST_F(WhichRelease, AWholeIdIsAskedForAtOnce) {
  knows({{"4f1c22", "watching"}});
  EXPECT_EQ(line.run({"release", "pause", "4f1c22"}), 0);
  EXPECT_THAT(asked, ElementsAre("POST /api/v1/releases/4f1c22/pause"));
}

TEST_F(WhichRelease, TheBeginningOfOneIdIsEnough) {
  knows({{"4f1c22", "watching"}, {"4f2d33", "passed"}});
  EXPECT_EQ(line.run({"release", "abort", "4f1c"}), 0) << line.err();
  EXPECT_EQ(asked.back(), "POST /api/v1/releases/4f1c22/abort");
}

TEST_F(WhichRelease, TheBeginningOfTwoIdsReachesNone) {
  knows({{"4f1c22", "watching"}, {"4f1c33", "passed"}});
  EXPECT_EQ(line.run({"release", "rollback", "4f1c"}), 1);
  EXPECT_THAT(line.err(), HasSubstr("2 releases are meant: 4f1c22 ("));
  EXPECT_THAT(line.err(), HasSubstr("write more of the id"));
  EXPECT_EQ(asked.back().substr(0, 4), "GET ");
}

TEST_F(WhichRelease, WhatAPipelineSaysReachesNoReleaseWithALongerId) {
  knows({{"12345", "watching"}});
  for (const auto& words : std::vector<std::vector<std::string>>{{"release", "live", "1234"},
                                                                 {"release", "signal", "1234", "e2e", "failed"},
                                                                 {"release", "status", "1234", "--wait"}}) {
    asked.clear();
    EXPECT_EQ(line.run(words), 1) << words[1];
    EXPECT_EQ(asked.size(), 1U) << words[1];
  }
}

TEST_F(WhichRelease, AFewCharactersAreNoBeginning) {
  knows({{"4f1c22", "watching"}});
  EXPECT_EQ(line.run({"release", "rollback", "4f1"}), 1);
  EXPECT_THAT(line.err(), HasSubstr("there is no such release"));
}

TEST_F(WhichRelease, WhereTheListIsCutNoBeginningIsSure) {
  std::vector<Known> many{{"4f1c22", "watching"}};
  for (int i = 1; i < 1000; ++i) many.push_back({"other-" + std::to_string(i), "passed"});
  knows(many);
  EXPECT_EQ(line.run({"release", "rollback", "4f1c"}), 1);
  EXPECT_THAT(line.err(), HasSubstr("write the whole id"));
}

TEST_F(WhichRelease, AnIdThatNothingBeginsLikeIsNotKnown) {
  knows({{"4f1c22", "watching"}});
  EXPECT_EQ(line.run({"release", "status", "9"}), 1);
  EXPECT_THAT(line.err(), HasSubstr("there is no such release"));
}

TEST_F(WhichRelease, TheOneThatIsOpenIsMeantByItsPlace) {
  knows({{"r3", "passed"}, {"r2", "watching"}, {"r1", "passed"}});
  EXPECT_EQ(line.run({"release", "rollback", "--service", "shop", "--environment", "production"}), 0) << line.err();
  EXPECT_THAT(asked, ElementsAre("GET /api/v1/releases?service=shop&environment=production&limit=1000",
                                 "POST /api/v1/releases/r2/rollback"));
}

TEST_F(WhichRelease, WhereNoneIsOpenTheNewestOfThePlaceIsMeant) {
  knows({{"r3", "passed"}, {"r1", "passed"}});
  EXPECT_EQ(line.run({"release", "report", "--service", "shop"}), 0) << line.err();
  EXPECT_EQ(asked.back(), "GET /api/v1/releases/r3/report?format=md");
}

TEST_F(WhichRelease, SeveralPlacesOrOpenReleasesReachNone) {
  knows({{"r3", "passed", "staging"}, {"r1", "passed"}});
  EXPECT_EQ(line.run({"release", "rollback", "--service", "shop"}), 1);
  EXPECT_THAT(line.err(), HasSubstr("add --environment"));
  CommandLine other;
  std::swap(line.guard, other.guard);
  knows({{"r3", "deploying"}, {"r2", "watching"}});
  EXPECT_EQ(line.run({"release", "abort", "--service", "shop", "--environment", "production"}), 1);
  EXPECT_THAT(line.err(), HasSubstr("name one by its id"));
}

TEST_F(WhichRelease, IsSaidInOneWay) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"release", "abort"},
                                                                 {"release", "abort", "r1", "--service", "shop"},
                                                                 {"release", "abort", "--environment", "production"}}) {
    CommandLine wrong;
    EXPECT_EQ(wrong.run(words), 2) << wrong.err();
  }
  EXPECT_EQ(line.run({"release", "abort"}), 2);
  EXPECT_THAT(line.err(), HasSubstr("ID or --service is required"));
}

}  // namespace
}  // namespace guard::test
