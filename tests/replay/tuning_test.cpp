// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/tuning.hpp"

#include "guard/replay/succession.hpp"
#include "tests/replay/past.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::replay {
namespace {

using testing::HasSubstr;

const std::string queue = R"(
      - { slo: queue, expr: queue, objective: "< 10", for: 2m, max_age: 0s }
)";

class Tunes : public testing::Test {
 protected:
  // As many releases, six hours apart. From the tenth minute of each on the queue stands at its number for five
  // minutes.
  explicit Tunes(int count = 40) {
    past_.worth["queue"] = [](WallTime at) {
      const auto number = static_cast<double>((at - live) / Duration(6h));
      const auto since = (at - live) % Duration(6h);
      return one(since >= Duration(10min) && since < Duration(15min) ? number : 0);
    };
    std::vector<Release> releases;
    for (int i = 0; i < count; ++i) releases.push_back(release("v" + std::to_string(2 + i), live + i * Duration(6h)));
    tuning_.plan.releases = in_succession(std::move(releases));
    tuning_.plan.groups = {group_of(queue, "enforce", "2m")};
    tuning_.wanted = 0.1;
  }
  Tuned run() {
    auto all = tune(tuning_, {past_, WallTime::max(), 1s}, [](std::size_t) { return true; });
    EXPECT_EQ(all.size(), 1U);
    return all.front();
  }
  static std::size_t fired(const Tuned& tuned, double bound) {
    for (const auto& candidate : tuned.candidates)
      if (candidate.objective.bound == bound) return candidate.fired;
    ADD_FAILURE() << bound;
    return 0;
  }

  Past past_;
  Tuning tuning_;
};

TEST_F(Tunes, EachObjectiveIsJudgedOverAllReleases) {
  const auto tuned = run();
  EXPECT_EQ(tuned.releases, 40U);
  EXPECT_EQ(fired(tuned, 5), 35U);  // of 0 to 39 those that are 5 or more
  EXPECT_EQ(fired(tuned, 10), 30U);
  EXPECT_EQ(fired(tuned, 20), 20U);
  EXPECT_EQ(fired(tuned, 30), 10U);
}

TEST_F(Tunes, AnotherForIsJudgedWithTheObjectiveAsItIs) {
  tuning_.plan.groups = {group_of(R"(
      - { slo: queue, expr: queue, objective: "< 10", for: 3m, max_age: 0s }
)",
                                  "enforce", "2m")};
  const auto tuned = run();
  ASSERT_EQ(tuned.firmness.size(), 6U) << "its own among those that are tried anyway";
  EXPECT_EQ(tuned.firmness[3].sustained, Duration(3min));
  EXPECT_EQ(tuned.firmness[3].fired, 30U);
  EXPECT_EQ(tuned.firmness[0].fired, 30U);
  EXPECT_EQ(tuned.firmness[5].sustained, Duration(10min));
  EXPECT_EQ(tuned.firmness[5].fired, 0U) << "none was broken for more than five minutes";
}

TEST_F(Tunes, WhereReadingsAreCountedThereIsNoForToMove) {
  tuning_.plan.groups = {group_of(R"(
      - { slo: queue, expr: queue, objective: "< 10", breaches: 2 of 3, max_age: 0s }
)",
                                  "enforce", "2m")};
  EXPECT_TRUE(run().firmness.empty());
}

TEST_F(Tunes, AnotherConfidenceIsJudgedOverTheSameEvents) {
  tuning_.plan.groups = {group_of(R"(
      - { slo: errors, bad: failed, total: requests, objective: "< 46%", confidence: 99.5%, preexisting: rollback }
)")};
  tuning_.plan.releases.resize(1);
  past_.counted["requests"] = 100;
  past_.counted["failed"] = 50;
  const auto tuned = run();
  std::vector<double> tried;
  std::vector<std::size_t> fired;
  for (const auto& one : tuned.firmness) {
    tried.push_back(one.confidence);
    fired.push_back(one.fired);
  }
  EXPECT_THAT(tried, testing::ElementsAre(0.9, 0.99, 0.995, 0.999, 0.9999));
  EXPECT_THAT(fired, testing::ElementsAre(1U, 1U, 1U, 1U, 0U));
}

TEST_F(Tunes, TheStrictestFirst) {
  const auto tuned = run();
  EXPECT_EQ(tuned.candidates.front().objective.bound, 5);
  EXPECT_EQ(tuned.candidates.back().objective.bound, 30);
}

TEST_F(Tunes, TheWorstOfEachIsKept) {
  const auto tuned = run();
  EXPECT_EQ(tuned.worst.front(), 0);
  EXPECT_EQ(tuned.worst.back(), 39);
}

TEST_F(Tunes, TheStrictestThatKeepsToTheWantedRateIsProposed) {
  past_.worth["queue"] = [](WallTime at) {
    return one(at > live + Duration(5min) && at < live + Duration(1h) ? 12 : 3);
  };
  const auto tuned = run();
  ASSERT_TRUE(tuned.proposed) << tuned.refused;
  // Those of which one would have been rolled back may hide more than 10%.
  EXPECT_EQ(tuned.proposed->bound, 15);
}

TEST_F(Tunes, WhatIsBrokenAsARuleIsNotProposed) {
  past_.worth["queue"] = [](WallTime) { return one(9); };
  const auto tuned = run();
  EXPECT_EQ(tuned.candidates.front().fired, 0U);
  EXPECT_EQ(tuned.candidates.front().broken_before, 40U);
  ASSERT_TRUE(tuned.proposed);
  EXPECT_EQ(tuned.proposed->bound, 10);
}

TEST_F(Tunes, NothingIsMoreThanAll) {
  tuning_.plan.groups = {group_of(R"(
      - { slo: queue, expr: queue, objective: "> 75%", for: 2m, max_age: 0s }
)",
                                  "enforce", "2m")};
  past_.worth["queue"] = [](WallTime) { return one(1); };
  const auto tuned = run();
  EXPECT_EQ(tuned.candidates.front().objective.bound, 0.9);
  EXPECT_EQ(tuned.proposed->bound, 0.9);
}

TEST_F(Tunes, HowSoonFailuresAreSeenIsTold) {
  tuning_.plan.groups = {group_of(R"(
      - { slo: errors, bad: failed, total: requests, objective: "< 1%" }
)")};
  tuning_.plan.releases.resize(1);
  past_.counted["requests"] = 20;
  past_.counted["failed"] = 0;
  const auto tuned = run();
  EXPECT_NEAR(tuned.events, 80, 5);
  ASSERT_EQ(tuned.unseen.size(), 4U);
  ASSERT_TRUE(tuned.unseen[1].until && tuned.unseen[3].until);
  EXPECT_LT(*tuned.unseen[1].until, Duration(15min));  // 5%
  EXPECT_LT(*tuned.unseen[3].until, Duration(3min));   // all
}

TEST_F(Tunes, AnOutageIsSeenAtAnyConfidenceHoweverShortTheWindow) {
  tuning_.plan.releases.resize(1);
  past_.counted["requests"] = 20;
  past_.counted["failed"] = 0;
  for (const auto* confidence : {"90%", "99%", "99.9%"}) {
    model::RuleGroup group = *group_of(fmt::format(R"(
      - {{ slo: errors, bad: failed, total: requests, objective: "< 1%", confidence: {} }}
)",
                                                   confidence));
    group.window = 1min;
    group.settle = 0s;
    tuning_.plan.groups = {std::make_shared<const model::RuleGroup>(group)};
    EXPECT_EQ(run().unseen.back().until, Duration(75s)) << confidence;
  }
}

TEST_F(Tunes, NothingIsProposedFromTooFew) {
  past_.worth["queue"] = [](WallTime) { return one(3); };
  tuning_.plan.releases.resize(20);
  const auto tuned = run();
  EXPECT_FALSE(tuned.proposed);
  EXPECT_THAT(tuned.refused, HasSubstr("20 releases are too few"));
  EXPECT_THAT(tuned.refused, HasSubstr("takes 29 without one"));
}

TEST_F(Tunes, ReleasesThatWereUndoneSayNothingOfGoodOnes) {
  tuning_.plan.releases[39].undone = true;
  tuning_.plan.releases[38].spec.kind = model::ReleaseKind::rollback;
  EXPECT_EQ(run().releases, 38U);
}

TEST_F(Tunes, AQuestionIsAskedOnceForAllObjectives) {
  tuning_.plan.releases.resize(1);
  run();
  EXPECT_LT(past_.asked, 12);
}

TEST_F(Tunes, WhatWasReplacedBeforeItsWindowEndedShowsNothing) {
  tuning_.plan.releases[0].replaced_at = live + Duration(5min);
  past_.failing = *tuning_.plan.releases[38].spec.live_at;
  EXPECT_EQ(run().releases, 37U);
}

TEST_F(Tunes, AReleaseOfWhichNoVersionBeforeIsKnownCountsToo) {
  for (auto& release : tuning_.plan.releases) release.spec.previous_version.clear();
  EXPECT_EQ(fired(run(), 20), 20U);
}

TEST_F(Tunes, ARuleThatOnlyWarnsIsTunedToo) {
  tuning_.plan.groups = {group_of(R"(
      - { slo: queue, expr: queue, objective: "< 10", for: 2m, max_age: 0s, action: warn }
)",
                                  "enforce", "2m")};
  EXPECT_EQ(fired(run(), 20), 20U);
}

TEST_F(Tunes, SignalsAndAlertsHaveNoObjectiveToMove) {
  tuning_.plan.groups = {group_of("      - { slo: e2e, signal: e2e, objective: succeeded }\n")};
  EXPECT_TRUE(tune(tuning_, {past_, WallTime::max(), 1s}, [](std::size_t) { return true; }).empty());
}

}  // namespace
}  // namespace guard::replay
