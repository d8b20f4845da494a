// SPDX-License-Identifier: Apache-2.0
//
// What a server's answers tell against a rule before a release rests on it.
#include "guard/core/first_look.hpp"

#include "tests/support/counters.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::HasSubstr;

const Instant now{WallTime{std::chrono::seconds(1'700'000'000)}, {}};

Rule below(double bound, Unit unit) {
  auto rule = error_rate();
  rule.objective = {Comparison::less, bound, unit, false};
  rule.fatal = std::nullopt;
  return rule;
}

Sample at_now(double value, const model::Labels& labels = {}) {
  return {labels, value, now.wall};
}

std::string said(const Rule& rule, const std::vector<Sample>& value) {
  const auto remark = value_remark(rule, value, std::nullopt, now);
  return remark ? std::string(model::info_of(remark->finding).name) : "works";
}

TEST(FirstLook, AValueThatKeepsItsObjectiveIsFine) {
  EXPECT_EQ(said(below(10, Unit::number), {at_now(3)}), "works");
}

TEST(FirstLook, AValueThatBreaksItIsTold) {
  EXPECT_EQ(said(below(10, Unit::number), {at_now(11)}), "already-broken");
}

TEST(FirstLook, MoreThanAllIsAnotherUnit) {
  EXPECT_EQ(said(below(0.8, Unit::ratio), {at_now(43)}), "wrong-unit");
  EXPECT_EQ(said(below(0.8, Unit::ratio), {at_now(0.9)}), "already-broken");
}

TEST(FirstLook, SeveralSeriesOfOneReleaseNeedReduce) {
  auto rule = below(10, Unit::number);
  const std::vector two{at_now(1, {{"instance", "a"}}), at_now(2, {{"instance", "b"}})};
  EXPECT_EQ(said(rule, two), "several-series");
  rule.reduce = Reduce::max;
  EXPECT_EQ(said(rule, two), "works");
}

TEST(FirstLook, OneSeriesForEachReleaseIsFine) {
  EXPECT_EQ(said(below(10, Unit::number), {at_now(1, {{"service", "a"}}), at_now(2, {{"service", "b"}})}), "works");
}

TEST(FirstLook, WhatOnlyIfHoldsBackIsNotBroken) {
  EXPECT_FALSE(value_remark(below(10, Unit::number), {at_now(11)}, Samples(std::vector<Sample>{}), now));
}

SelectorLook look_at(const std::string& expr) {
  return looks(expr).at(0);
}

TEST(FirstLook, AsksOfEachSelectorWithoutItsRange) {
  const auto look = look_at("sum(rate(errors_total{job=\"a\"}[5m] offset 1h))");
  EXPECT_EQ(look.series, "count(errors_total{job=\"a\"})");
  EXPECT_EQ(look.ever, "count_over_time(group(errors_total{job=\"a\"})[1w:1h])");
  EXPECT_EQ(look.of_name, "count(errors_total)");
  EXPECT_EQ(look.range, std::chrono::minutes(5));
  EXPECT_TRUE(look.two_samples);
  EXPECT_TRUE(looks("WITH (a = b) a").empty());
}

TEST(FirstLook, MissingSeriesSayWhetherTheyWereEverThere) {
  const auto look = look_at("errors{job=\"a\"}");
  EXPECT_FALSE(missing_remark(look, {.series = 1}));
  EXPECT_THAT(missing_remark(look, {.hours = 3})->message, HasSubstr("though it did within the last week"));
  EXPECT_THAT(missing_remark(look, {.of_name = 2})->message, HasSubstr("its name alone selects 2"));
  EXPECT_THAT(missing_remark(look, {})->message, HasSubstr("has selected no series for a week"));
}

TEST(FirstLook, ARateNeedsTwoScrapesInItsRange) {
  const SelectorFacts slow{.series = 1, .interval = 60};
  EXPECT_THAT(range_remark(look_at("rate(x[1m])"), slow)->message, HasSubstr("a sample every 60s"));
  EXPECT_FALSE(range_remark(look_at("rate(x[2m])"), slow));
  EXPECT_FALSE(range_remark(look_at("max_over_time(x[1m])"), slow));
  EXPECT_FALSE(range_remark(look_at("rate(x[1m])"), {.series = 1})) << "the interval is not known";
}

TEST(FirstLook, ACostIsSeriesTimesSamplesTimesEvaluations) {
  EXPECT_DOUBLE_EQ(samples_read(look_at("x"), {.series = 7}), 7);
  EXPECT_DOUBLE_EQ(samples_read(look_at("rate(x[5m])"), {.series = 10, .interval = 15}), 200);
  EXPECT_DOUBLE_EQ(samples_read(look_at("max_over_time(rate(x[5m])[1h:])"), {.series = 10, .interval = 15}), 12000);
}

TEST(FirstLook, ThePartOfAClassicHistogramThatIsNativeIsTold) {
  const auto all = looks("histogram_quantile(0.95, sum by (le) (rate(took_bucket{job=\"shop\",le!=\"+Inf\"}[5m])))");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].native, "count(took{job=\"shop\"})");
  SelectorFacts facts;
  facts.native = 2;
  EXPECT_THAT(missing_remark(all[0], facts)->message, HasSubstr("as a native histogram, took{job=\"shop\"}"));
  EXPECT_EQ(looks("up")[0].native, "") << "it is a part of nothing";
}

std::string said_of_share(double total, double part, bool good = false) {
  auto rule = share_rule();
  rule.share->part_is_good = good;
  const auto remark = share_remark(rule, {at_now(total)}, {at_now(part)});
  return remark ? fmt::format("{}: {}", model::info_of(remark->finding).name, remark->message) : "works";
}

TEST(FirstLook, AShareThatIsSurelyBrokenIsTold) {
  EXPECT_EQ(said_of_share(1000, 5), "works");
  EXPECT_EQ(said_of_share(75, 1), "works") << "by chance";
  EXPECT_EQ(said_of_share(14, 14),
            "already-broken: the objective is broken already: 14 of 14 in the last five minutes, 100% against < 1%");
  EXPECT_THAT(said_of_share(100, 40, true), HasSubstr("60 of 100 in the last five minutes"));
}

TEST(FirstLook, APartThatIsMoreThanTheWholeIsTold) {
  EXPECT_THAT(said_of_share(7, 14),
              HasSubstr("part-over-total: in the last five minutes `bad` counts 14 events where"));
  EXPECT_THAT(said_of_share(7, 21, true), HasSubstr("`good` counts 21 events where `total` counts 7"));
  EXPECT_EQ(said_of_share(100, 100.4, true), "works") << "as much as extrapolation may differ";
}

TEST(FirstLook, AShareIsThatOfEachRelease) {
  const auto of = [](const std::string& service, double value) { return at_now(value, {{"service", service}}); };
  EXPECT_FALSE(share_remark(share_rule(), {of("a", 100), of("b", 5)}, {}));
  EXPECT_TRUE(share_remark(share_rule(), {of("a", 10000), of("b", 50)}, {of("b", 50)}));
}

TEST(FirstLook, OfBadEventsThatNeverCameItIsSaidThatThisMayBeRight) {
  const auto look = looks("requests_total{state=\"500\"}").front();
  const auto never = never_bad_remark(look, {.of_name = 6});
  ASSERT_TRUE(never);
  EXPECT_EQ(never->finding, Finding::never_bad);
  EXPECT_THAT(never->message, HasSubstr("where its name alone selects 6: right where nothing has failed"));
  EXPECT_FALSE(never_bad_remark(look, {.hours = 2})) << "they come at times";
  EXPECT_FALSE(never_bad_remark(look, {.series = 1}));
}

}  // namespace
}  // namespace guard::core
