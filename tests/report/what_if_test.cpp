// SPDX-License-Identifier: Apache-2.0
#include "guard/report/what_if.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::report {
namespace {

using namespace std::chrono_literals;
using model::Verdict;
using replay::Ending;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr WallTime live{std::chrono::seconds(1769860800)};  // 2026-01-31 12:00:00 UTC

model::Rule latency() {
  model::Rule rule;
  rule.slo = "latency";
  rule.objective = {model::Comparison::less, 2, model::Unit::seconds, false};
  rule.breach.sustained = 5min;
  return rule;
}

replay::Judged judged(Ending ending) {
  replay::Judged out;
  auto group = std::make_shared<model::RuleGroup>();
  group->interval = 15s;
  group->rules = {latency()};
  out.group = group;
  out.course.release.spec.live_at = live;
  out.course.ending = ending;
  out.course.rules.resize(1);
  out.course.rules[0].readings = 480;
  out.course.rules[0].worst = 1.4;
  out.course.rules[0].bound = 2;
  out.course.watch.rules.resize(1);
  return out;
}

replay::Judged rolled_back() {
  auto out = judged(Ending::rolled_back);
  model::Decision decision;
  decision.kind = model::DecisionKind::rollback;
  decision.reason = "latency: 3s against < 2s";
  decision.at = live + Duration(7min);
  out.course.conclusions = {{decision, 0}};
  out.course.rules[0].breached_at = decision.at;
  return out;
}

replay::Judged gone(Ending ending) {
  auto out = judged(ending);
  out.course.rules[0].no_data = 480;
  out.course.rules[0].worst.reset();
  return out;
}

TEST(WhatIf, SaysWhenAndWhyItWouldHaveDecided) {
  EXPECT_EQ(verdict_of(rolled_back()), Verdict::breached);
  EXPECT_EQ(
      words_of(rolled_back()),
      "would have been rolled back at 2026-01-31 12:07:00 UTC, 7m after it went live: latency: 3s against < 2s; it "
      "had not recovered when the watch ended");
}

TEST(WhatIf, SaysHowNearItCameWhereItWouldNot) {
  EXPECT_EQ(verdict_of(judged(Ending::passed)), Verdict::ok);
  EXPECT_EQ(words_of(judged(Ending::passed)), "would have passed: nearest: latency 1.4s against < 2s");
}

TEST(WhatIf, WhatIsGoneIsNeitherOkNorABreach) {
  for (const auto ending : {Ending::passed, Ending::unverified, Ending::cut_short}) {
    EXPECT_EQ(verdict_of(gone(ending)), Verdict::unknown);
    EXPECT_EQ(words_of(gone(ending)),
              "cannot be told: none of 480 readings gave a value: the server has no data of that time, or no longer");
  }
  // By a rule whose policy makes a breach of missing data.
  auto by_policy = gone(Ending::rolled_back);
  by_policy.course.conclusions = rolled_back().course.conclusions;
  EXPECT_EQ(verdict_of(by_policy), Verdict::unknown);
}

TEST(WhatIf, WhatCouldNotBeReadIsSaid) {
  auto one = gone(Ending::unverified);
  one.course.rules[0].errors = 480;
  one.course.rules[0].no_data = 0;
  one.course.rules[0].first_error = "connection refused";
  EXPECT_THAT(words_of(one), HasSubstr("none of 480 readings gave a value: connection refused"));
}

TEST(WhatIf, HolesInTheHistoryAreCounted) {
  auto one = judged(Ending::passed);
  one.course.rules[0].no_data = 200;
  EXPECT_THAT(words_of(one), HasSubstr("; 200 of 480 readings had no data"));
}

TEST(WhatIf, OfAWindowThatIsNotOverTheVerdictIsTheOneSoFar) {
  auto one = judged(Ending::cut_short);
  one.course.watch.rules[0].verdict = Verdict::pending;
  EXPECT_EQ(verdict_of(one), Verdict::pending);
  EXPECT_THAT(words_of(one), StartsWith("would not have been decided on so far"));
}

TEST(WhatIf, SaysWhatIsLeftOut) {
  replay::Trial trial;
  auto group = std::make_shared<model::RuleGroup>();
  model::Rule signal;
  signal.slo = "e2e";
  signal.kind = model::RuleKind::signal;
  model::Rule other;
  other.slo = "queue";
  group->rules = {latency(), signal, other};
  trial.group = group;
  trial.tried = latency();
  trial.release.replaced_at = live + Duration(9min);
  EXPECT_THAT(notes_of(trial),
              ElementsAre(HasSubstr("pauses, orders, brakes"), HasSubstr("posted is not judged again: e2e."),
                          HasSubstr("Not judged beside it: queue."), HasSubstr("until 2026-01-31 12:09:00 UTC")));
}

TEST(WhatIf, IsJsonWithNullWhereNothingIsKnown) {
  replay::Trial trial;
  trial.group = judged(Ending::passed).group;
  trial.tried = latency();
  trial.release.spec.id = "r1";
  trial.release.spec.live_at = live;
  replay::WhatIf what_if{rolled_back(), judged(Ending::passed), {{live, 1.5, 2, std::nullopt}}};
  const auto out = to_json(trial, what_if);
  EXPECT_EQ(out.at("release").as_string(), "r1");
  EXPECT_EQ(out.at("unit").as_string(), "seconds");
  const auto& now = out.at("now").as_object();
  EXPECT_EQ(now.at("verdict").as_string(), "breached");
  EXPECT_EQ(now.at("decided_at").as_string(), "2026-01-31T12:07:00.000Z");
  EXPECT_EQ(now.at("for").as_string(), "5m");
  EXPECT_TRUE(now.at("confidence").is_null());
  EXPECT_TRUE(out.at("tried").as_object().at("decided_at").is_null());
  const auto& points = out.at("points").as_object();
  EXPECT_EQ(points.at("bounds").as_array().size(), 1U);
  EXPECT_TRUE(points.at("tried_bounds").as_array().at(0).is_null());
}

}  // namespace
}  // namespace guard::report
