// SPDX-License-Identifier: Apache-2.0
//
// What lies above a limit, as native histograms tell it, and what a rule makes of that.
#include "guard/core/within.hpp"

#include "guard/core/round.hpp"
#include "tests/support/counters.hpp"

#include <limits>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Bucket = model::Histogram::Bucket;

const Limit two_seconds{2, Unit::seconds};

Sample native(std::vector<Bucket> buckets, WallTime at = {}, const Labels& labels = {{"instance", "app-1"}}) {
  double count = 0;
  for (const auto& bucket : buckets) count += bucket.count;
  Sample out{labels, count, at};
  out.histogram = std::make_shared<const model::Histogram>(model::Histogram{count, std::move(buckets)});
  return out;
}

std::vector<double> values(const Above& above) {
  std::vector<double> out;
  for (const auto& sample : above.bad) out.push_back(sample.value);
  return out;
}

TEST(Within, CountsTheBucketsAboveTheLimit) {
  const auto told = above({native({{0.5, 1, 7}, {1, 2, 5}, {2, 2.18, 3}, {4, 8, 1}})}, two_seconds);
  ASSERT_TRUE(told);
  EXPECT_THAT(values(*told), ElementsAre(4));
  EXPECT_EQ(told->limit, 2);
}

TEST(Within, MovesALimitInsideABucketToItsEnd) {
  const auto told = above({native({{1, 2, 5}, {2, 2.18, 3}, {2.18, 2.38, 1}})}, {2.1, Unit::seconds});
  ASSERT_TRUE(told);
  EXPECT_THAT(values(*told), ElementsAre(1)) << "what lies in it may be below the limit";
  EXPECT_EQ(told->limit, 2.18);
}

TEST(Within, LeavesALimitWhereNothingIsInItsBucket) {
  const auto told = above({native({{1, 2, 5}, {2.18, 2.38, 1}})}, {2.1, Unit::seconds});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->limit, 2.1);
}

TEST(Within, ComparesAHistogramThatLostResolutionWithItself) {
  const auto told =
      above({native({{2, 2.18, 3}, {2.18, 2.38, 4}, {2.38, 2.6, 5}}), native({{2, 2.38, 8}, {2.38, 2.83, 6}})},
            {2.1, Unit::seconds});
  ASSERT_TRUE(told);
  EXPECT_THAT(values(*told), ElementsAre(5, 6)) << "4 of the first lie in a bucket that the second cannot tell apart";
  EXPECT_EQ(told->limit, 2.38);
}

TEST(Within, MovesItForEachSeriesByItself) {
  const auto told = above({native({{2, 4, 3}, {4, 8, 1}}, {}, {{"instance", "a"}}),
                           native({{2, 2.18, 3}, {2.18, 2.38, 9}}, {}, {{"instance", "b"}})},
                          {2.1, Unit::seconds});
  ASSERT_TRUE(told);
  EXPECT_THAT(values(*told), ElementsAre(1, 9));
  EXPECT_EQ(told->limit, 4);
}

TEST(Within, IsNotKnownInABucketWithoutEnd) {
  const auto told = above({native({{1, std::numeric_limits<double>::infinity(), 3}})}, two_seconds);
  ASSERT_FALSE(told);
  EXPECT_THAT(told.error(), HasSubstr("has no end above 2s"));
}

TEST(Within, IsNotKnownOfNumbers) {
  const auto told = above({sample(3)}, two_seconds);
  ASSERT_FALSE(told);
  EXPECT_THAT(told.error(), HasSubstr("numbers, which are no native histogram"));
}

TEST(Within, AsksForNoClassicHistogramOfASelectorThatNamesItsMetricInBraces) {
  for (const auto* selector : {R"({__name__="took"})", R"({"http.server.request.duration",job="shop"})"})
    EXPECT_EQ(classic_bounds_query(selector), fmt::format("count by (le) (_bucket{})", selector));
}

TEST(Within, NamesTheClassicHistogramThatIsThereInstead) {
  EXPECT_EQ(classic_bounds_query("took{job=\"shop\"}"), "count by (le) (took_bucket{job=\"shop\"})");
  EXPECT_EQ(classic_bounds_query("took"), "count by (le) (took_bucket)");
  EXPECT_EQ(classic_bounds_query("took {job=\"shop\"}"), "count by (le) (took_bucket{job=\"shop\"})");
  const auto told = classic_instead("took{job=\"shop\"}", {sample(1, {{"le", "2.0"}}), sample(1, {{"le", "+Inf"}})});
  ASSERT_TRUE(told);
  EXPECT_THAT(told->message, HasSubstr("with an `le` of +Inf, 2.0"));
  EXPECT_THAT(told->fix, testing::AllOf(HasSubstr("`good: took_bucket{job=\"shop\"}`"),
                                        HasSubstr("`total: took_count{job=\"shop\"}`")));
  EXPECT_FALSE(classic_instead("took", {}));
}

class AHistogramRule : public testing::Test {
 protected:
  AHistogramRule() {
    auto group = std::make_shared<RuleGroup>(*watch_.group);
    group->settle = Duration{0};
    auto rule = share_rule();
    rule.share->part.reset();
    rule.share->total = *TextTemplate::parse("took", promql::TemplateKind::promql);
    rule.share->within = two_seconds;
    group->rules = {rule};
    watch_.group = group;
    watch_.phase = Phase::watching;
    watch_.rules[0].past.known = true;
    scrape(100, 0);
  }

  void scrape(double quick, double slow) {
    quick_ += quick;
    slow_ += slow;
    stored_.push_back(
        native({{0.5, 1, quick_}, {2, 2.18, slow_}}, now_.wall, {{"job", "shop"}, {"instance", "app-1"}}));
    now_ = now_ + interval;
  }

  // As the server answers at the moment of the latest scrape: `told` to the histogram's question, `bounds` to that for
  // a classic one.
  void read(const std::vector<Sample>& told, const std::vector<Sample>& bounds = {}) {
    const auto at = now_ + -interval + Duration(100);
    Answers answers;
    answers.asked = ask(watch_, Part::measured, at);
    asked_.clear();
    for (const auto& question : answers.asked.queries) {
      asked_.push_back(question.expr);
      if (question.use == Question::Use::total)
        answers.keep(question, in_range(told, at.wall, counted_range(watch_, 0, at)));
      else if (question.use == Question::Use::bounds)
        answers.keep(question, bounds);
    }
    auto reading = core::read(watch_, answers);
    ASSERT_TRUE(reading);
    watch_ = std::move(reading->watch);
  }
  void pass(double quick, double slow) {
    scrape(quick, slow);
    read(stored_);
  }

  const RuleState& state() const { return watch_.rules[0]; }

  Watch watch_ = shop_watch();
  Instant now_ = moment();
  double quick_ = 0;
  double slow_ = 0;
  std::vector<Sample> stored_;
  std::vector<std::string> asked_;
};

TEST_F(AHistogramRule, IsKeptWhileNearlyAllAreQuick) {
  for (int i = 0; i < 40; ++i) pass(100, i % 10 == 0 ? 2 : 0);
  EXPECT_EQ(state().verdict, Verdict::ok) << state().last->detail;
  EXPECT_THAT(state().last->detail, HasSubstr("8 of 4008 so far"));
}

TEST_F(AHistogramRule, IsBrokenByManySlowOnes) {
  for (int i = 0; i < 4; ++i) pass(100, 0);
  for (int i = 0; i < 10; ++i) pass(80, 20);
  EXPECT_EQ(state().verdict, Verdict::breached);
  EXPECT_THAT(state().last->detail, HasSubstr("200 of 1000"));
}

TEST_F(AHistogramRule, CountsFromZeroAfterARestart) {
  for (int i = 0; i < 4; ++i) pass(100, 1);
  quick_ = slow_ = 0;
  for (int i = 0; i < 4; ++i) pass(100, 0);
  EXPECT_EQ(state().share->events, (Events{4, 804}));
}

TEST_F(AHistogramRule, AsksOneQuestionOnceItWasSeen) {
  pass(100, 0);
  EXPECT_THAT(asked_, ElementsAre(HasSubstr("took["), "count by (le) (took_bucket)"));
  pass(100, 0);
  EXPECT_THAT(asked_, ElementsAre(HasSubstr("took[")));
}

TEST_F(AHistogramRule, OfWhichTheServerHasAClassicOneIsAnError) {
  read({}, {sample(1, {{"le", "+Inf"}}), sample(1, {{"le", "1.0"}})});
  EXPECT_EQ(state().last->outcome, Outcome::error);
  EXPECT_EQ(state().last->reason, Reason::blind);
  EXPECT_THAT(state().last->detail, HasSubstr("as a classic histogram, with an `le` of +Inf, 1.0"));
}

TEST_F(AHistogramRule, OfWhichTheServerHasNothingHasNoData) {
  read({});
  EXPECT_EQ(state().last->outcome, Outcome::no_data);
}

}  // namespace
}  // namespace guard::core
