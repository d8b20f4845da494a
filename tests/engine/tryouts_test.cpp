// SPDX-License-Identifier: Apache-2.0
//
// What people try out: over which past it is judged, and that it never takes the loop or the threads of those who
// judge.
#include "guard/engine/tryouts.hpp"

#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using engine::Lane;
using engine::WhatIfAnswer;
using replay::Ending;
using testing::HasSubstr;

class WhatIf : public testing::Test {
 protected:
  // Broken for four seconds of its watch, and of the past the same is told.
  void watch() {
    ASSERT_TRUE(world.announce(shop_release("r1")));
    const auto live = *world.view("r1").live_at;
    const auto value = [live](WallTime at) {
      return at >= live + Duration(20s) && at < live + Duration(24s) ? 0.03 : 0.001;
    };
    world.metrics->answer = [value](const metrics::InstantQuery& query) { return std::optional(value(query.at)); };
    world.metrics->history[error_rate] = value;
    world.run(40s);
  }
  void ask(const std::string& objective, const std::string& slo = "error_rate", const std::string& release = "r1") {
    world.guard->what_if({release, slo, {objective, {}, {}}},
                         [this](Result<WhatIfAnswer> answer) { answers.push_back(std::move(answer)); });
  }
  Result<WhatIfAnswer> tried(const std::string& objective) {
    ask(objective);
    world.settle();
    return answers.back();
  }

  World world;
  std::vector<Result<WhatIfAnswer>> answers;
};

TEST_F(WhatIf, AReleaseIsJudgedAgainAsItWasAndAsItIsTried) {
  world.groups[0].rollback.mode = model::Mode::observe;
  world.restart();
  watch();
  const auto answer = tried("< 5%");
  ASSERT_TRUE(answer) << answer.error().message;
  const auto decisions = world.view("r1").decisions;
  const auto decided = std::ranges::find(decisions, model::DecisionKind::would_rollback, &model::Decision::kind);
  ASSERT_NE(decided, decisions.end());
  const auto* now = replay::gravest(answer->what_if.now.course);
  ASSERT_NE(now, nullptr);
  EXPECT_EQ(now->decision.at, decided->at) << "the same judge over the same past";
  EXPECT_EQ(replay::gravest(answer->what_if.tried.course), nullptr);
}

TEST_F(WhatIf, WhatCameAfterARollbackIsNotItsOwn) {
  watch();
  ASSERT_NE(world.hook->calls.size(), 0U);
  const auto answer = tried("< 5%");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->what_if.tried.course.ending, Ending::superseded);
  EXPECT_LT(answer->what_if.points.back().at, *world.view("r1").live_at + Duration(30s));
}

TEST_F(WhatIf, IsOnlyOfWhatExistsHasNumbersAndWentLive) {
  watch();
  ask("< 5%", "latency");
  EXPECT_EQ(answers.back().error().code, ErrorCode::not_found);
  ask("< 5%", "error_rate", "r9");
  EXPECT_EQ(answers.back().error().message, "there is no release \"r9\"");
  ask("five");
  EXPECT_THAT(answers.back().error().message, HasSubstr("objective: "));
  auto deploying = shop_release("r2");
  deploying.environment = "production";
  deploying.deploying = true;
  ASSERT_TRUE(world.announce(deploying));
  ask("< 5%", "error_rate", "r2");
  EXPECT_THAT(answers.back().error().message, HasSubstr("never went live"));
}

TEST_F(WhatIf, OneAtATimeOnALaneBesideThatOfThoseWhoJudge) {
  watch();
  world.executor->hold(Lane::past);
  for (int i = 0; i < 4; ++i) ask("< 5%");
  EXPECT_EQ(world.executor->waiting(Lane::past), 1U);
  world.executor->release(Lane::past);
  world.settle();
  EXPECT_EQ(answers.size(), 4U);
  EXPECT_TRUE(std::ranges::all_of(answers, [](const auto& answer) { return answer.has_value(); }));
}

TEST_F(WhatIf, TooManyAreRefusedAndNoneWaitsForever) {
  watch();
  world.executor->hold(Lane::past);
  for (int i = 0; i < 12; ++i) ask("< 5%");
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].error().message, "too many trials are asked for at once; try again later");
  world.clock.step(11s);
  world.executor->release(Lane::past);
  world.settle();
  ASSERT_EQ(answers.size(), 12U);
  for (const auto& answer : answers)
    EXPECT_FALSE(answer) << "the time was over before one was begun, and for the one too";
}

TEST_F(WhatIf, ASilentServerIsNotAskedForEachReading) {
  watch();
  world.metrics->history.clear();
  world.metrics->answer = nullptr;
  const auto gone = std::unexpected(model::SourceError{model::Reason::query_failed, "no answer", true});
  world.metrics->now[error_rate] = gone;
  world.metrics->past[error_rate] = gone;
  const auto before = world.metrics->asked + world.metrics->asked_past;
  const auto answer = tried("< 5%");
  ASSERT_TRUE(answer);
  EXPECT_LE(world.metrics->asked + world.metrics->asked_past - before, 3);
  EXPECT_GT(answer->what_if.tried.course.rules[0].errors, 10U);
}

TEST_F(WhatIf, WithoutPrometheusThereIsNoPast) {
  watch();
  world.metrics = nullptr;
  world.next_runtime = world.runtime();
  world.guard->reload([](const Result<std::string>&) {});
  world.settle();
  ask("< 5%");
  EXPECT_EQ(answers.back().error().code, ErrorCode::unavailable);
}

class Desk : public testing::Test {
 protected:
  engine::RuleTextInspector inspector() {
    return {[this](const engine::RuleText& text, const engine::Runtime&, MonoTime deadline) {
              config::Findings told;
              told.silence = text.text;
              left = deadline - clock.now().mono;
              return told;
            },
            [](const engine::RuleText&, int line, WallTime) -> Result<story::SeriesPlan> {
              return fail(ErrorCode::invalid, "no rule stands on line " + std::to_string(line));
            }};
  }

  StepClock clock;
  QueueExecutor executor;
  Duration left{0};
  engine::RuntimePtr runtime = std::make_shared<engine::Runtime>();
  engine::Charts charts{{executor, clock, [this] { return runtime; }}};
  engine::TryOuts tryouts{{executor, clock, [this] { return runtime; }, charts, inspector()}};
  std::vector<Result<config::Findings>> found;
};

TEST_F(Desk, ATextIsCheckedOffTheLoopAndInTime) {
  for (const auto* text : {"one", "two"})
    tryouts.check({text, "rules.yml"}, [this](Result<config::Findings> one) { found.push_back(std::move(one)); });
  EXPECT_TRUE(found.empty());
  EXPECT_EQ(executor.waiting(Lane::past), 1U) << "one at a time";
  clock.step(3s);
  executor.settle();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1]->silence, "two");
  EXPECT_EQ(left, Duration(7s)) << "from when it was asked for";
}

TEST_F(Desk, WhyThereIsNoChartIsSaid) {
  std::string why;
  tryouts.draw({"", ""}, 7, [&](const Result<story::SeriesView>& drawn) { why = drawn.error().message; });
  executor.settle();
  EXPECT_EQ(why, "no rule stands on line 7");
}

}  // namespace
}  // namespace guard::test
