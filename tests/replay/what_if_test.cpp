// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/what_if.hpp"

#include "tests/replay/past.hpp"

#include <gmock/gmock.h>

namespace guard::replay {
namespace {

const std::string queue = R"(
      - { slo: queue, expr: queue, objective: "< 10", for: 2m, max_age: 0s }
      - { slo: e2e, signal: e2e, objective: succeeded }
)";

class Trying : public testing::Test {
 protected:
  // Of the fifth to the fifteenth minute the queue is long.
  Trying() {
    past_.worth["queue"] = [](WallTime at) {
      const auto since = at - live;
      return one(since >= Duration(5min) && since < Duration(15min) ? 15 : 3);
    };
    trial_ = {release(), group_of(queue), 0, group_of(queue)->rules[0]};
  }
  WhatIf run() {
    auto out = what_if(trial_, {past_, ends_at_, 1s}, [] { return true; });
    EXPECT_TRUE(out);
    return out.value_or(WhatIf{});
  }

  Past past_;
  Trial trial_;
  WallTime ends_at_ = WallTime::max();
};

TEST_F(Trying, BothAreJudgedByTheSamePast) {
  trial_.tried.objective.bound = 20;
  const auto out = run();
  EXPECT_EQ(out.now.course.ending, Ending::rolled_back);
  EXPECT_EQ(gravest(out.now.course)->decision.at, live + Duration(7min));
  EXPECT_EQ(out.tried.course.ending, Ending::passed);
  EXPECT_EQ(out.tried.course.rules[0].worst, 15);
}

TEST_F(Trying, AnotherForDecidesLaterOrNotAtAll) {
  trial_.tried.breach.sustained = 4min;
  EXPECT_EQ(gravest(run().tried.course)->decision.at, live + Duration(9min));
  trial_.tried.breach.sustained = 12min;
  EXPECT_EQ(run().tried.course.ending, Ending::passed);
}

TEST_F(Trying, EachPointHasBothBounds) {
  trial_.tried.objective.bound = 20;
  const auto out = run();
  ASSERT_GT(out.points.size(), 100U);
  ASSERT_LT(out.points.size(), 480U);
  EXPECT_TRUE(std::ranges::all_of(out.points, [](const auto& point) {
    return point.bound == 10 && point.tried_bound == 20 && (point.value == 15 || point.value == 3);
  }));
  EXPECT_EQ(out.points.front().at, live);
}

TEST_F(Trying, ALongWindowStaysFewPointsAndItsWorst) {
  auto group = std::make_shared<model::RuleGroup>(*trial_.group);
  group->window = 10h;
  trial_.group = group;
  past_.worth["queue"] = [](WallTime at) { return one(at == live + Duration(5h) ? 9 : 3); };
  const auto out = run();
  EXPECT_LT(out.points.size(), 480U);
  EXPECT_EQ(std::ranges::count(out.points, 9, &TrialPoint::value), 1);
}

TEST_F(Trying, ThePastIsAskedForOnce) {
  run();
  const auto both = past_.asked;
  past_.asked = 0;
  replay(trial_.release, group_of(R"(
      - { slo: queue, expr: queue, objective: "< 10", for: 2m, max_age: 0s }
)"),
         {past_, WallTime::max(), 1s});
  EXPECT_LT(both, past_.asked) << "with few large questions, though it is judged twice";
}

TEST_F(Trying, OthersAreNotJudgedBesideIt) {
  trial_.release.signals["e2e"] = {false, "3 of 40 failed", live + Duration(1min)};
  trial_.tried.objective.bound = 20;
  EXPECT_EQ(run().tried.course.ending, Ending::passed);
}

TEST_F(Trying, MissingHistoryIsNeverOk) {
  past_.worth.clear();
  const auto out = run();
  EXPECT_EQ(out.tried.course.ending, Ending::unverified);
  EXPECT_EQ(out.tried.course.rules[0].no_data, out.tried.course.rules[0].readings);
  EXPECT_TRUE(out.points.empty());
}

TEST_F(Trying, ItCanBeStopped) {
  int rounds = 0;
  EXPECT_FALSE(what_if(trial_, {past_, ends_at_, 1s}, [&] { return ++rounds < 10; }));
  EXPECT_EQ(rounds, 10);
}

TEST_F(Trying, WhatWasBrokenBeforeTheSwitchBeganIsNotHeldAgainstIt) {
  past_.worth["queue"] = [](WallTime at) { return one(at >= live - Duration(8min) ? 15 : 3); };
  trial_.tried.objective.bound = 12;
  EXPECT_NE(run().tried.course.ending, Ending::rolled_back) << "a minute before live it was broken";
  trial_.release.switch_began = live - Duration(10min);
  EXPECT_EQ(run().tried.course.ending, Ending::rolled_back) << "it broke with the switch";
}

model::Watch watched(model::Phase phase) {
  model::Watch watch;
  watch.spec = release().spec;
  watch.spec.live_at.reset();
  watch.live_at = live;
  watch.switch_began = live - Duration(3min);
  watch.ended_at = live + Duration(20min);
  watch.phase = phase;
  return watch;
}

TEST(ReleaseOf, IsItsOwnUntilARollbackWasCalled) {
  auto watch = watched(model::Phase::rolled_back);
  model::Decision decision;
  decision.kind = model::DecisionKind::rollback;
  decision.attempts = {{1, model::AttemptResult::not_started, "", "", live + Duration(8min), {}},
                       {2, model::AttemptResult::done, "", "", live + Duration(9min), {}}};
  watch.decisions = {decision};
  const auto out = release_of(watch);
  EXPECT_EQ(out.replaced_at, live + Duration(9min)) << "before, nothing can have been done";
  EXPECT_EQ(out.spec.live_at, live);
  EXPECT_EQ(out.switch_began, live - Duration(3min));
}

TEST(ReleaseOf, OrUntilItWasGivenUpOrReplaced) {
  EXPECT_EQ(release_of(watched(model::Phase::aborted)).replaced_at, live + Duration(20min));
  EXPECT_EQ(release_of(watched(model::Phase::superseded)).replaced_at, live + Duration(20min));
  EXPECT_EQ(release_of(watched(model::Phase::passed)).replaced_at, std::nullopt);
}

}  // namespace
}  // namespace guard::replay
