// SPDX-License-Identifier: Apache-2.0
#include "tests/support/builders.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace guard::core {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

Evaluation evaluate(const Rule& rule, const ExprAnswer& told) {
  return evaluate_expr(rule, shop(), told, moment());
}

Evaluation evaluate(Reduce reduce, const std::vector<double>& values, Comparison comparison = Comparison::less) {
  auto rule = error_rate();
  rule.objective = {comparison, 10, Unit::number, false};
  rule.reduce = reduce;
  std::vector<Sample> series;
  for (const double value : values) series.push_back(sample(value, {{"pod", std::to_string(series.size())}}));
  return evaluate(rule, answer(series));
}

ExprAnswer failed(Reason reason, std::string message) {
  ExprAnswer told;
  told.value = std::unexpected(SourceError{reason, std::move(message), true});
  return told;
}

void expect(const Evaluation& evaluation, Outcome outcome, Reason reason) {
  EXPECT_EQ(to_string(evaluation.outcome), to_string(outcome)) << evaluation.detail;
  EXPECT_EQ(to_string(evaluation.reason), to_string(reason)) << evaluation.detail;
  EXPECT_FALSE(evaluation.detail.empty());
  EXPECT_EQ(evaluation.at, moment());
}

TEST(EvaluateExpr, AValueIsHeldAgainstItsObjective) {
  const auto ok = evaluate(error_rate(), answer({sample(0.0012)}));
  expect(ok, Outcome::ok, Reason::objective_met);
  EXPECT_EQ(ok.value, 0.0012);
  EXPECT_EQ(ok.bound, 0.01);
  EXPECT_EQ(ok.detail, "0.12% against < 1%");
  const auto breach = evaluate(error_rate(), answer({sample(0.124)}));
  expect(breach, Outcome::breach, Reason::objective_broken);
  EXPECT_EQ(breach.detail, "12.4% against < 1%");
}

TEST(EvaluateExpr, AFatalValueIsSaidToBeOne) {
  auto rule = error_rate();
  rule.fatal = Objective{Comparison::greater_equal, 0.5, Unit::ratio, false};
  expect(evaluate(rule, answer({sample(0.499)})), Outcome::breach, Reason::objective_broken);
  const auto fatal = evaluate(rule, answer({sample(0.5)}));
  expect(fatal, Outcome::breach, Reason::fatal_broken);
  EXPECT_EQ(fatal.detail, "50% against < 1%, fatal >= 50%");
}

TEST(EvaluateExpr, AnErrorOfTheSourceKeepsItsReason) {
  for (const auto reason : {Reason::query_failed, Reason::partial_result, Reason::wrong_type}) {
    const auto evaluation = evaluate(error_rate(), failed(reason, "HTTP 503"));
    expect(evaluation, Outcome::error, reason);
    EXPECT_EQ(evaluation.detail, "HTTP 503");
    EXPECT_FALSE(evaluation.value);
  }
}

TEST(EvaluateExpr, Fault14NoSeriesIsNoDataNeverZero) {
  expect(evaluate(error_rate(), answer({})), Outcome::no_data, Reason::empty_result);
}

TEST(EvaluateExpr, Fault12NaNIsNoDataAndInfinityIsAnError) {
  expect(evaluate(error_rate(), answer({sample(not_a_number)})), Outcome::no_data, Reason::not_a_number);
  expect(evaluate(error_rate(), answer({sample(infinite)})), Outcome::error, Reason::infinite_value);
  expect(evaluate(error_rate(), answer({sample(-infinite)})), Outcome::error, Reason::infinite_value);
}

TEST(EvaluateExpr, SeriesOfAnotherReleaseAreNotItsOwn) {
  const auto evaluation =
      evaluate(error_rate(), answer({sample(0.9, {{"version", "1.9"}}), sample(0.9, {{"service", "cart"}}),
                                     sample(0.9, {{"environment", "staging"}}), sample(0.001, {{"version", "2.0"}})}));
  expect(evaluation, Outcome::ok, Reason::objective_met);
  expect(evaluate(error_rate(), answer({sample(0.9, {{"version", "1.9"}})})), Outcome::no_data, Reason::empty_result);
}

TEST(EvaluateExpr, Fault15SeveralSeriesNeedAReduction) {
  const auto evaluation = evaluate(Reduce::none, {1, 2, 3});
  expect(evaluation, Outcome::error, Reason::several_series);
  EXPECT_EQ(evaluation.detail,
            "the query returned 3 series, among them {pod=\"0\"} and {pod=\"1\"}: aggregate it to one, or say how with "
            "`reduce`");
}

TEST(EvaluateExpr, FoldsAsTheReductionSays) {
  EXPECT_EQ(evaluate(Reduce::max, {1, 12, 3}).value, 12);
  EXPECT_EQ(evaluate(Reduce::min, {4, 12, 3}).value, 3);
  EXPECT_EQ(evaluate(Reduce::sum, {1, 2, 3}).value, 6);
  EXPECT_EQ(evaluate(Reduce::sum, {4, 4, 4}).outcome, Outcome::breach);
}

TEST(EvaluateExpr, AnyIsBrokenByOneAllByEvery) {
  expect(evaluate(Reduce::any, {1, 12, 3}), Outcome::breach, Reason::objective_broken);
  EXPECT_EQ(evaluate(Reduce::any, {1, 12, 30}).value, 30) << "the worst is shown";
  expect(evaluate(Reduce::any, {1, 2, 3}), Outcome::ok, Reason::objective_met);
  expect(evaluate(Reduce::all, {1, 12, 30}), Outcome::ok, Reason::objective_met);
  expect(evaluate(Reduce::all, {11, 12, 30}), Outcome::breach, Reason::objective_broken);
  EXPECT_EQ(evaluate(Reduce::any, {1, 12, 30}, Comparison::greater).value, 1);
  expect(evaluate(Reduce::all, {1, 12}, Comparison::greater), Outcome::ok, Reason::objective_met);
}

TEST(EvaluateExpr, AnyAndAllKnowEqualityToo) {
  expect(evaluate(Reduce::any, {10, 12, 10}, Comparison::equal), Outcome::breach, Reason::objective_broken);
  expect(evaluate(Reduce::any, {10, 10}, Comparison::equal), Outcome::ok, Reason::objective_met);
  expect(evaluate(Reduce::all, {9, 10, 12}, Comparison::equal), Outcome::ok, Reason::objective_met);
  expect(evaluate(Reduce::all, {9, 12}, Comparison::equal), Outcome::breach, Reason::objective_broken);
  expect(evaluate(Reduce::any, {9, 10, 12}, Comparison::not_equal), Outcome::breach, Reason::objective_broken);
  expect(evaluate(Reduce::all, {10, 12}, Comparison::not_equal), Outcome::ok, Reason::objective_met);
}

TEST(EvaluateExpr, Fault13AReductionLeavesOutNaNButNotInfinity) {
  EXPECT_EQ(evaluate(Reduce::max, {not_a_number, 3}).value, 3);
  expect(evaluate(Reduce::sum, {not_a_number, not_a_number}), Outcome::no_data, Reason::not_a_number);
  expect(evaluate(Reduce::min, {3, infinite}), Outcome::error, Reason::infinite_value);
  expect(evaluate(Reduce::sum, {1.7e308, 1.7e308}), Outcome::error, Reason::infinite_value);
  EXPECT_EQ(evaluate(Reduce::max, {1.7e308, 1.7e308}).value, 1.7e308);
}

TEST(EvaluateExpr, DuplicateSeriesAndTimesAheadAreNoAnswer) {
  expect(evaluate(error_rate(), answer({sample(0.1), sample(0.2)})), Outcome::error, Reason::wrong_type);
  expect(evaluate(error_rate(), answer({sample(0.1, {}, moment(61s))})), Outcome::error, Reason::wrong_type);
  expect(evaluate(error_rate(), answer({sample(0.001, {}, moment(60s))})), Outcome::ok, Reason::objective_met);
}

TEST(EvaluateExpr, TooLittleTrafficIsUnknownNotOk) {
  for (const auto& condition : {std::vector<Sample>{}, {sample(0)}, {sample(not_a_number)}}) {
    auto told = answer({sample(0.9)});
    told.condition = condition;
    expect(evaluate(error_rate(), told), Outcome::no_data, Reason::low_traffic);
  }
  auto told = answer({sample(0.9)});
  told.condition = std::vector{sample(0.3)};
  expect(evaluate(error_rate(), told), Outcome::breach, Reason::objective_broken);
}

TEST(EvaluateExpr, AConditionThatHoldsForOthersAloneIsNoLowTraffic) {
  auto told = answer({sample(0.9)});
  told.condition = std::vector{sample(5, {{"service", "shop-backend"}})};
  const auto unclear = evaluate(error_rate(), told);
  expect(unclear, Outcome::no_data, Reason::whose_is_unclear);
  EXPECT_EQ(unclear.detail,
            "only_if holds for none of this release's series, but for {service=\"shop-backend\"}, whose labels name "
            "another service, environment or version; name the label in only_if if they are this release's");
}

TEST(EvaluateExpr, ALabelThatTheConditionNamesIsNotComparedAgain) {
  auto rule = error_rate();
  rule.only_if = *promql::TextTemplate::parse(R"(sum by (service) (rate(traffic{service="shop-backend"}[1m])) > 1)",
                                              promql::TemplateKind::promql);
  auto told = answer({sample(0.9)});
  told.condition = std::vector{sample(5, {{"service", "shop-backend"}})};
  expect(evaluate(rule, told), Outcome::breach, Reason::objective_broken);
  told.condition = std::vector{sample(5, {{"service", "shop-backend"}, {"version", "another"}})};
  expect(evaluate(rule, told), Outcome::no_data, Reason::whose_is_unclear);
}

TEST(EvaluateExpr, AConditionThatFailsIsAnErrorBeforeAnythingElse) {
  auto told = failed(Reason::wrong_type, "a matrix");
  told.condition = std::unexpected(SourceError{Reason::query_failed, "only_if: HTTP 503", true});
  expect(evaluate(error_rate(), told), Outcome::error, Reason::query_failed);
}

TEST(EvaluateExpr, Fault17AStaleSampleIsNoData) {
  auto rule = error_rate();
  rule.max_age = 1min;
  auto told = answer({sample(0.9)});
  told.sample_age = std::vector{sample(59, {{"selector", "1"}}), sample(60.5, {{"selector", "2"}})};
  const auto stale = evaluate(rule, told);
  expect(stale, Outcome::no_data, Reason::stale_sample);
  EXPECT_EQ(stale.detail, "the newest sample is 1m500ms old, max_age is 1m");
  told.sample_age = std::vector{sample(60)};
  expect(evaluate(rule, told), Outcome::breach, Reason::objective_broken);
}

TEST(EvaluateExpr, KnowsWhenTheNewestSampleWasTaken) {
  auto rule = error_rate();
  rule.max_age = 1min;
  auto told = answer({sample(0.9)});
  EXPECT_FALSE(evaluate(rule, told).sampled_at) << "nobody asked";
  told.sample_age = std::vector{sample(42.5, {{"selector", "1"}}), sample(12.125, {{"selector", "2"}})};
  EXPECT_EQ(evaluate(rule, told).sampled_at, moment(-12125ms).wall);
}

TEST(EvaluateExpr, AnAgeThatIsNoNumberIsStale) {
  auto rule = error_rate();
  rule.max_age = 1min;
  for (const double age : {not_a_number, infinite, 1e300}) {
    auto told = answer({sample(0.9)});
    told.sample_age = std::vector{sample(age)};
    const auto evaluation = evaluate(rule, told);
    expect(evaluation, Outcome::no_data, Reason::stale_sample);
    EXPECT_EQ(evaluation.detail, "the newest sample is of unknown age, max_age is 1m");
  }
}

TEST(EvaluateExpr, OnlyTheReleasesOwnSeriesMustBeFresh) {
  auto rule = error_rate();
  rule.max_age = 1min;
  const auto aged = [&](double mine, double other, const std::string& mine_is) {
    auto told = answer({sample(0.001)});
    told.sample_age = std::vector{sample(other, {{"selector", "1"}, {"service", "another"}}),
                                  sample(mine, {{"selector", "1"}, {"service", mine_is}})};
    return evaluate(rule, told);
  };
  expect(aged(90, 3, shop().service), Outcome::no_data, Reason::stale_sample);
  expect(aged(3, 90, shop().service), Outcome::ok, Reason::objective_met);
  expect(aged(90, 3, "a machine, no release"), Outcome::ok, Reason::objective_met);
}

TEST(EvaluateExpr, WhatEndedWithAnotherVersionDoesNotAgeThisOne) {
  auto rule = error_rate();
  rule.max_age = 1min;
  auto told = answer({sample(0.001)});
  told.sample_age = std::vector{sample(180, {{"selector", "1"}, {"version", "the one before"}}),
                                sample(3, {{"selector", "2"}, {"version", shop().version}})};
  expect(evaluate(rule, told), Outcome::ok, Reason::objective_met);
}

TEST(EvaluateExpr, AnUnknownVersionIsAnyVersion) {
  auto then = shop();
  then.version.clear();
  const auto told = answer({sample(0.001, {{"service", then.service}, {"version", "v0"}})});
  expect(evaluate_expr(error_rate(), then, told, moment()), Outcome::ok, Reason::objective_met);
  expect(evaluate(error_rate(), told), Outcome::no_data, Reason::empty_result);
}

TEST(EvaluateExpr, WithoutMaxAgeNoAgeIsAskedFor) {
  auto told = answer({sample(0.9)});
  told.sample_age = std::vector{sample(1e6)};
  expect(evaluate(error_rate(), told), Outcome::breach, Reason::objective_broken);
}

TEST(EvaluateExpr, AFailedAgeIsAnErrorUnlessThereIsNothingToBeOld) {
  auto rule = error_rate();
  rule.max_age = 1min;
  auto told = answer({sample(0.9)});
  told.sample_age = std::unexpected(SourceError{Reason::query_failed, "HTTP 503", true});
  expect(evaluate(rule, told), Outcome::error, Reason::query_failed);
  told.value = std::vector<Sample>{};
  expect(evaluate(rule, told), Outcome::no_data, Reason::empty_result);
}

Rule traffic() {
  auto rule = error_rate();
  rule.objective = {Comparison::greater_equal, 0.5, Unit::ratio, true};
  rule.baselines = {Baseline{2h, 0s}};
  return rule;
}

TEST(EvaluateExpr, AShareIsHeldAgainstTheBaseline) {
  auto told = answer({sample(4)});
  told.baseline = 10;
  const auto evaluation = evaluate(traffic(), told);
  expect(evaluation, Outcome::breach, Reason::objective_broken);
  EXPECT_EQ(evaluation.bound, 5);
  EXPECT_EQ(evaluation.detail, "4 against >= 50% of baseline (5 of 10)");
}

TEST(EvaluateExpr, WithoutABaselineAShareIsUnknown) {
  auto told = answer({sample(4)});
  told.baseline_problem = "there is no data from before the release";
  const auto evaluation = evaluate(traffic(), told);
  expect(evaluation, Outcome::no_data, Reason::baseline_missing);
  EXPECT_EQ(evaluation.detail, "no baseline: there is no data from before the release");
  EXPECT_EQ(evaluation.value, 4);
}

TEST(EvaluateExpr, NoShareOfNothingCanBeJudged) {
  for (const double baseline : {0.0, -1.0, not_a_number}) {
    auto told = answer({sample(4)});
    told.baseline = baseline;
    expect(evaluate(traffic(), told), Outcome::no_data, Reason::baseline_missing);
  }
}

TEST(EvaluateExpr, ABelongingSeriesHasNoOtherReleasesLabels) {
  EXPECT_TRUE(belongs_to({}, shop()));
  EXPECT_TRUE(belongs_to({{"service", "shop"}, {"environment", "production"}, {"version", "2.0"}}, shop()));
  EXPECT_TRUE(belongs_to({{"version", ""}, {"pod", "x"}}, shop())) << "an empty label is an absent one";
  EXPECT_FALSE(belongs_to({{"service", "Shop"}}, shop()));
  EXPECT_FALSE(belongs_to({{"service", "shop"}, {"version", "1.9"}}, shop()));
}

TEST(EvaluateExpr, Fault21WhatWasMeasuredBeforeTheReleaseWasLiveIsNoVerdict) {
  auto told = answer({sample(0.2)});
  told.provenance = Provenance{59s, 1min};
  const auto early = evaluate_expr(error_rate(), shop(), told, moment());
  EXPECT_EQ(to_string(early.outcome), "no_data");
  EXPECT_EQ(to_string(early.reason), "before_live");
  EXPECT_TRUE(early.value) << "people see it all the same";
  told.provenance = Provenance{1min, 1min};
  EXPECT_EQ(to_string(evaluate_expr(error_rate(), shop(), told, moment()).outcome), "breach");
}

TEST(EvaluateExpr, Fault21ASampleOlderThanTheReleaseIsNoVerdict) {
  auto rule = error_rate();
  rule.max_age = 2min;
  auto told = answer({sample(0.2)});
  told.sample_age = std::vector<Sample>{sample(60)};
  told.provenance = Provenance{59s, 0s};
  EXPECT_EQ(to_string(evaluate_expr(rule, shop(), told, moment()).reason), "before_live");
  told.provenance = Provenance{60s, 0s};
  EXPECT_EQ(to_string(evaluate_expr(rule, shop(), told, moment()).outcome), "breach");
}

TEST(EvaluateExpr, AFailedQuestionForTheAgeIsToldAsTheGuardsOwn) {
  auto rule = error_rate();
  rule.max_age = 2min;
  auto told = answer({sample(0.2)});
  told.sample_age = std::unexpected(SourceError{Reason::query_failed, "cannot parse timestamp(x)", false});
  EXPECT_NE(evaluate_expr(rule, shop(), told, moment()).detail.find("the guard's own question"), std::string::npos);
}

TEST(EvaluateExpr, SaysWhichOfSeveralSeriesBreakTheObjective) {
  auto rule = error_rate();
  rule.objective = {Comparison::greater_equal, 1, Unit::number, false};
  rule.fatal.reset();
  rule.reduce = Reduce::any;
  const auto up = [](const char* instance, double value) { return sample(value, {{"instance", instance}}); };
  EXPECT_EQ(evaluate_expr(rule, {}, answer({up("a", 1), up("b", 1), up("c", 0)}), moment()).detail,
            "0 against >= 1, in 1 of 3 series: {instance=\"c\"}");
  EXPECT_EQ(evaluate_expr(rule, {}, answer({up("a", 1), up("b", 1)}), moment()).detail, "1 against >= 1");
  EXPECT_EQ(evaluate_expr(rule, {}, answer({up("c", 0)}), moment()).detail, "0 against >= 1");
}

TEST(EvaluateSignal, IsThePipelinesWord) {
  const auto missing = evaluate_signal(signal_rule(), std::nullopt, moment());
  expect(missing, Outcome::no_data, Reason::signal_missing);
  EXPECT_EQ(missing.detail, "signal e2e has not been posted");
  const auto good = evaluate_signal(signal_rule(), Signal{true, "", moment().wall}, moment());
  expect(good, Outcome::ok, Reason::objective_met);
  const auto bad = evaluate_signal(signal_rule(), Signal{false, "login failed", moment().wall}, moment());
  expect(bad, Outcome::breach, Reason::objective_broken);
  EXPECT_EQ(bad.detail, "signal e2e failed at 2026-01-31 12:00:00 UTC: login failed");
}

}  // namespace
}  // namespace guard::core
