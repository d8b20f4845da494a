// SPDX-License-Identifier: Apache-2.0
//
// Which answer belongs where, and which question is not worth asking any more.
#include "guard/core/answers.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using Use = Question::Use;

const SourceError refused{Reason::query_failed, "connection refused", true};

Question question(Use use, std::size_t selector = 0) {
  Question out;
  out.rule = 3;
  out.use = use;
  out.selector = selector;
  return out;
}

class Kept : public testing::Test {
 protected:
  void keep(Use use, Samples samples, std::size_t selector = 0) {
    answers_.keep(question(use, selector), std::move(samples));
  }
  const RuleAnswers& mine() { return answers_.rules.at(3); }
  static Samples value(double number, Labels labels = {}) { return std::vector{sample(number, std::move(labels))}; }

  Answers answers_;
};

TEST_F(Kept, EachAnswerStandsWhereItIsLookedFor) {
  keep(Use::value, value(1));
  keep(Use::total_before, value(2));
  keep(Use::count_baseline, value(3), 2);
  keep(Use::missed, value(4));
  EXPECT_EQ(mine().now.value->front().value, 1);
  EXPECT_EQ(mine().share_before->total->front().value, 2);
  EXPECT_EQ(mine().count.baselines.at(2)->front().value, 3);
  EXPECT_EQ(mine().missed->points->front().value, 4);
  EXPECT_FALSE(mine().before) << "what nobody asked is not there";
}

TEST_F(Kept, WhatIsAskedForTheGroupIsNoRules) {
  keep(Use::serves, value(1));
  EXPECT_EQ((*answers_.serves)->front().value, 1);
  EXPECT_TRUE(answers_.rules.empty());
}

TEST_F(Kept, TheAgesOfAllSelectorsAreOneAnswerAndOneThatFailedLeavesItUnknown) {
  keep(Use::sample_age, value(5), 1);
  keep(Use::ended_age, value(6), 2);
  const auto& ages = **mine().now.sample_age;
  ASSERT_EQ(ages.size(), 2U);
  EXPECT_EQ(ages[1].labels.at("selector"), "2");
  keep(Use::sample_age, std::unexpected(refused), 3);
  keep(Use::sample_age, value(7), 4);
  EXPECT_FALSE(*mine().now.sample_age);
}

TEST_F(Kept, OfSeveralHistogramsAllBoundsCountAndNoneWhileOneIsUnknown) {
  keep(Use::bounds, value(1));
  keep(Use::bounds, value(1));
  EXPECT_EQ((*mine().bounds)->size(), 2U);
  keep(Use::bounds, std::unexpected(refused));
  keep(Use::bounds, value(1));
  EXPECT_FALSE(*mine().bounds);
}

TEST(Needless, IsTheAgeOfWhatEndedOnceSomethingOfTheReleaseIsThere) {
  const auto asked = question(Use::ended_age);
  EXPECT_FALSE(is_needless(asked, {{question(Use::value), std::vector<Sample>{}}}, shop()));
  EXPECT_TRUE(is_needless(asked, {{question(Use::value), std::vector{sample(1)}}}, shop()));
}

TEST(Needless, IsWhatWasMissedWhereNotEvenThePresentCanBeRead) {
  const auto asked = question(Use::missed);
  EXPECT_FALSE(is_needless(asked, {{question(Use::value), std::vector<Sample>{}}}, shop()));
  EXPECT_TRUE(is_needless(asked, {{question(Use::value), std::unexpected(refused)}}, shop()));
}

}  // namespace
}  // namespace guard::core
