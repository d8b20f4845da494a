// SPDX-License-Identifier: Apache-2.0
//
// What is asked for a watch at one instant, by part and by rule.
#include "guard/core/questions.hpp"

#include "guard/core/count.hpp"
#include "guard/core/counter_answer.hpp"
#include "tests/core/counting.hpp"
#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Use = Question::Use;

class Questioned : public testing::Test {
 protected:
  Questioned() {
    watch_.phase = Phase::watching;
    watch_.rules[0].answered = moment(10min);
    watch_.rules[0].past.known = true;
  }
  Rule& change_rule() {
    group_ = std::make_shared<RuleGroup>(*watch_.group);
    watch_.group = group_;
    return group_->rules[0];
  }
  std::vector<Use> uses(Part part = Part::measured) const {
    std::vector<Use> out;
    for (const auto& question : ask(watch_, part, moment(10min)).queries) out.push_back(question.use);
    return out;
  }

  Watch watch_ = shop_watch();
  std::shared_ptr<RuleGroup> group_;
};

TEST_F(Questioned, ARuleIsAskedForItsValueNow) {
  const auto asked = ask(watch_, Part::measured, moment(10min));
  ASSERT_EQ(asked.queries.size(), 1U);
  EXPECT_EQ(asked.queries[0].use, Use::value);
  EXPECT_EQ(asked.queries[0].at, moment(10min).wall);
  EXPECT_EQ(asked.queries[0].step, Duration{0});
  EXPECT_FALSE(asked.wants_alerts);
}

TEST_F(Questioned, ItsConditionIsAskedBeforeIt) {
  change_rule().only_if = *TextTemplate::parse("vector(1) > 0", promql::TemplateKind::promql);
  EXPECT_THAT(uses(), ElementsAre(Use::condition, Use::value));
}

TEST_F(Questioned, TheTimeBeforeTheReleaseIsAskedForUntilItIsKnown) {
  watch_.rules[0].past.known = false;
  EXPECT_THAT(uses(), ElementsAre(Use::value, Use::past));
  watch_.phase = Phase::verifying;
  EXPECT_THAT(uses(), ElementsAre(Use::value)) << "what stood before it was judged already";
  watch_.phase = Phase::watching;
  change_rule().preexisting = Preexisting::rollback;
  EXPECT_THAT(uses(), ElementsAre(Use::value)) << "it makes no difference";
}

TEST_F(Questioned, TheBaselineOfACountIsAskedForAMarginAfterItsTimeAndNoFurther) {
  change_rule() = count_rule();
  watch_.switch_began = moment().wall;
  const auto now = moment(10min);
  std::vector<Duration> distances;
  for (const auto& question : ask(watch_, Part::measured, now).queries)
    if (question.use == Use::count_baseline) distances.push_back(now.wall - question.at);
  const auto margin = margin_before(group_->rules[0], interval);
  EXPECT_THAT(distances,
              ElementsAre(week - margin,
                          baseline_distance(group_->rules[0].baselines[1], watch_.switch_began, now.wall) - margin));
}

TEST_F(Questioned, WhatWasMissedIsAskedForBehindTheValueUnlessThereIsNoTimeForIt) {
  watch_.rules[0].answered = moment(9min);
  auto asked = ask(watch_, Part::measured, moment(10min));
  ASSERT_EQ(asked.queries.size(), 2U);
  EXPECT_EQ(asked.queries[1].use, Use::missed);
  EXPECT_EQ(asked.missed.count(0), 1U);
  leave_out_missed(asked);
  EXPECT_EQ(asked.queries.size(), 1U);
  EXPECT_THAT(asked.missed, IsEmpty());
}

TEST_F(Questioned, EachPartReadsItsOwnRules) {
  EXPECT_TRUE(has_part(watch_, Part::measured));
  EXPECT_FALSE(has_part(watch_, Part::heard));
  EXPECT_THAT(uses(Part::heard), IsEmpty());
  change_rule();
  group_->rules.push_back(alerts_rule({"severity=\"critical\""}));
  watch_.rules.resize(2);
  EXPECT_TRUE(has_part(watch_, Part::heard));
  EXPECT_TRUE(ask(watch_, Part::heard, moment(10min)).wants_alerts);
  EXPECT_FALSE(ask(watch_, Part::measured, moment(10min)).wants_alerts);
}

TEST_F(Questioned, ATemplateThatCannotBeFilledInIsRefusedWithItsReason) {
  change_rule().expr = *TextTemplate::parse(R"(up{team="{{ labels.team }}"})", promql::TemplateKind::promql);
  const auto asked = ask(watch_, Part::measured, moment(10min));
  EXPECT_THAT(asked.queries, IsEmpty());
  EXPECT_THAT(asked.refused.at(0), testing::HasSubstr("team"));
}

TEST_F(Questioned, AQueryIsShownAsItIsAsked) {
  EXPECT_EQ(rendered_query(signal_rule(), shop()), "signal " + signal_rule().signal);
  EXPECT_EQ(rendered_query(alerts_rule({"severity=\"critical\"", "service=\"{{ service }}\""}), shop()),
            "alerts severity=\"critical\" service=\"" + shop().service + "\"");
  EXPECT_FALSE(rendered_query(alerts_rule({"severity=\"critical\"", "team=\"{{ labels.none }}\""}), shop()));
}

TEST_F(Questioned, AQueryIsShownAsItIsWrittenWhereNoReleaseFillsItIn) {
  EXPECT_EQ(written_query(alerts_rule({"team=\"{{ labels.none }}\""})), "alerts team=\"{{ labels.none }}\"");
  change_rule().expr = *TextTemplate::parse(R"(up{team="{{ labels.team }}"})", promql::TemplateKind::promql);
  EXPECT_EQ(written_query(watch_.group->rules[0]), R"(up{team="{{ labels.team }}"})");
}

}  // namespace
}  // namespace guard::core
