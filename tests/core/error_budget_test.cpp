// SPDX-License-Identifier: Apache-2.0
#include "guard/core/error_budget.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

TextTemplate promql_of(const std::string& text) {
  return *TextTemplate::parse(text, promql::TemplateKind::promql);
}

ErrorBudget of_requests() {
  ErrorBudget budget;
  budget.part = promql_of(R"(requests_total{service="{{ service }}",code=~"5.."})");
  budget.total = promql_of(R"(requests_total{service="{{ service }}"})");
  budget.allowed = 0.001;
  budget.over = 30 * 24h;
  budget.allow = {ReleaseKind::hotfix, ReleaseKind::rollback};
  return budget;
}

Check checked(const ErrorBudget& budget, double value, ReleaseKind kind = ReleaseKind::feature) {
  return budget_check(budget, std::vector<Sample>{{{}, value}}, kind);
}

TEST(ErrorBudgetQuery, CountsTheEventsOverItsTime) {
  Subject subject;
  subject.service = "shop";
  EXPECT_EQ(*budget_query(of_requests(), subject),
            R"((sum(increase(requests_total{service="shop",code=~"5.."}[30d])) or on() )"
            R"(label_replace(vector(0), "nothing_bad", "yes", "", "")) / on() group_left() )"
            R"(sum(increase(requests_total{service="shop"}[30d])))");
  auto good = of_requests();
  good.part_is_good = true;
  EXPECT_EQ(*budget_query(good, subject), R"(1 - sum(increase(requests_total{service="shop",code=~"5.."}[30d])) / )"
                                          R"(sum(increase(requests_total{service="shop"}[30d])))");
}

TEST(ErrorBudgetQuery, FailsWhereTooLittleIsKnown) {
  auto budget = of_requests();
  budget.total = promql_of(R"(requests_total{version="{{ version }}"})");
  Subject subject;
  subject.service = "shop";
  EXPECT_THAT(budget_query(budget, subject).error().message, HasSubstr("say which version it is"));
  subject.version = "v2";
  EXPECT_TRUE(budget_query(budget, subject));
}

TEST(ErrorBudgetCheck, SaysHowMuchIsLeftAndOfWhat) {
  const auto half = checked(of_requests(), 0.0005);
  EXPECT_EQ(half.state, CheckState::passed);
  EXPECT_EQ(half.seen, "0.05% of the events of 30d were bad, and 0.1% may be: 50% of the error budget is left");
  EXPECT_EQ(checked(of_requests(), 0).state, CheckState::passed);
}

TEST(ErrorBudgetCheck, FailsOnceItIsSpent) {
  const auto spent = checked(of_requests(), 0.001);
  EXPECT_EQ(spent.state, CheckState::failed) << "all that is allowed has happened";
  EXPECT_THAT(spent.seen, HasSubstr("the error budget is spent"));
  EXPECT_THAT(spent.advice, HasSubstr("hotfix"));
}

TEST(ErrorBudgetCheck, LetsPassWhatMendsOrWhereItOnlyWarns) {
  const auto fix = checked(of_requests(), 0.002, ReleaseKind::hotfix);
  EXPECT_EQ(fix.state, CheckState::passed);
  EXPECT_THAT(fix.seen, HasSubstr("spent; a hotfix may begin all the same"));
  auto warned = of_requests();
  warned.action = UnmetAction::warn;
  EXPECT_EQ(checked(warned, 0.002).state, CheckState::passed);
  EXPECT_THAT(checked(warned, 0.002).seen, HasSubstr("that only warns"));
}

TEST(ErrorBudgetCheck, WhatNobodyCanTellStopsNobodyWhoMayBeginAnyway) {
  const Samples failed = std::unexpected(SourceError{Reason::query_failed, "connection refused", true});
  const auto fix = budget_check(of_requests(), failed, ReleaseKind::hotfix);
  EXPECT_EQ(fix.state, CheckState::passed);
  EXPECT_THAT(fix.seen, HasSubstr("nobody can tell"));
  auto warned = of_requests();
  warned.action = UnmetAction::warn;
  EXPECT_EQ(budget_check(warned, failed, {}).state, CheckState::passed);
}

TEST(ErrorBudgetCheck, SaysThatNoCounterOfFailuresIsThere) {
  const auto check = budget_check(of_requests(), std::vector<Sample>{{Labels{{"nothing_bad", "yes"}}, 0}}, {});
  EXPECT_EQ(check.state, CheckState::passed) << "it often comes with the first failure";
  EXPECT_THAT(check.seen, HasSubstr("no counter matches `bad`, so that 0% of the events"));
}

TEST(ErrorBudgetCheck, NamesWhomItLetsPass) {
  auto budget = of_requests();
  budget.allow = {ReleaseKind::rollback};
  EXPECT_THAT(checked(budget, 0.002).advice, testing::EndsWith(", as rollback"));
}

TEST(ErrorBudgetCheck, IsUnknownWhereNobodyCanTell) {
  const auto budget = of_requests();
  EXPECT_EQ(budget_check(budget, std::vector<Sample>{}, {}).state, CheckState::unknown);
  EXPECT_EQ(budget_check(budget, std::vector<Sample>{{{}, 0.1}, {{}, 0.2}}, {}).state, CheckState::unknown);
  EXPECT_EQ(checked(budget, std::numeric_limits<double>::quiet_NaN()).state, CheckState::unknown);
  auto told = of_requests();
  told.left = promql_of("left");
  EXPECT_THAT(checked(told, 37).seen, HasSubstr("is it a percentage?"));
  EXPECT_THAT(checked(of_requests(), -4.1).seen, HasSubstr("cannot be a share of events"));
  const Samples failed = std::unexpected(SourceError{Reason::query_failed, "connection refused", true});
  EXPECT_EQ(budget_check(budget, failed, {}).seen, "connection refused");
}

}  // namespace
}  // namespace guard::core
