// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a rule file with every key.
#include "guard/base/duration.hpp"
#include "tests/config/full_files.hpp"

#include <gmock/gmock.h>

namespace guard::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(FullRules, ReadWhatAVersionMustHaveShownElsewhere) {
  ASSERT_TRUE(group().requirement);
  EXPECT_EQ(group().requirement->environment, "staging");
  EXPECT_EQ(group().requirement->stood, 12h);
  EXPECT_EQ(group().requirement->preflight, 30min);
  EXPECT_EQ(group().requirement->action, model::UnmetAction::warn);
  EXPECT_THAT(group().requirement->allow, ElementsAre(model::ReleaseKind::hotfix, model::ReleaseKind::rollback));
}

TEST(FullRules, ReadWhatShowsTheVersionsThatRun) {
  EXPECT_EQ(group().detect, R"(count by (version) (app_info{service="shop"}))");
}

TEST(FullRules, ReadWhomToCall) {
  EXPECT_EQ(group().contacts,
            (model::Contacts{"Ada Lovelace - +49 30 1234 - @ada", "Grace Hopper, +1 555 0100", "@edsger"}));
}

TEST(FullRules, ReadAnErrorBudget) {
  ASSERT_TRUE(group().error_budget);
  const auto& budget = *group().error_budget;
  EXPECT_EQ(budget.part->source(), R"(http_requests_total{service="{{ service }}",status=~"5.."})");
  EXPECT_EQ(budget.total->source(), R"(http_requests_total{service="{{ service }}"})");
  EXPECT_FALSE(budget.left);
  EXPECT_DOUBLE_EQ(budget.allowed, 0.001);
  EXPECT_EQ(budget.over, 24h * 7);
  EXPECT_EQ(budget.action, model::UnmetAction::warn);
  EXPECT_THAT(budget.allow, ElementsAre(model::ReleaseKind::hotfix));
}

TEST(FullRules, ReadWhichReleasesBeginAFreeze) {
  ASSERT_TRUE(group().freeze);
  EXPECT_EQ(group().freeze->lasts, 24h);
  EXPECT_THAT(group().freeze->after, ElementsAre(model::Change::first, model::Change::major));
  EXPECT_THAT(group().freeze->allow, ElementsAre(model::ReleaseKind::hotfix));
}

TEST(FullRules, ReadTheGroupsOwnTimesAndRollback) {
  EXPECT_EQ(group().window, 1h);
  EXPECT_EQ(group().settle, 5min);
  EXPECT_EQ(group().interval, 15s);
  EXPECT_EQ(group().serves->source(), R"(count(app_info{service="{{ service }}",version="{{ version }}"}) >= 1)");
  EXPECT_EQ(group().serves_within, 3min);
  ASSERT_EQ(group().preflight.size(), 1U);
  EXPECT_EQ(group().preflight[0].slo, "backup_age");
  EXPECT_EQ(group().preflight[0].objective.bound, 26 * 3600.0);
  EXPECT_EQ(group().preflight[0].reduce, model::Reduce::max);
  EXPECT_TRUE(group().preflight[0].annotations.contains("advice"));
  EXPECT_EQ(group().rollback, (model::RollbackSettings{"deploy_api", model::Mode::enforce, 10min, 30min}));
  EXPECT_TRUE(model::matches_all(group().match, {{"service", "shop"}, {"version", "v1.0.0"}}));
  EXPECT_FALSE(model::matches_all(group().match, {{"service", "shop"}, {"version", "v0.9.0"}}));
}

TEST(FullRules, InheritWhatTheGroupDoesNotSet) {
  const auto& inherited = *settings().groups.at(1);
  EXPECT_EQ(inherited.window, 2h);
  EXPECT_EQ(inherited.settle, 10min);
  EXPECT_EQ(inherited.interval, 30s);
  EXPECT_EQ(inherited.rollback, (model::RollbackSettings{"undo", model::Mode::ask, 20min, 2h}));
  const auto& queue = inherited.rules.at(0);
  EXPECT_EQ(queue.breach, (model::BreachPolicy{1min, 0, 0}));
  EXPECT_EQ(queue.on_no_data, model::MissingPolicy::ignore);
  EXPECT_EQ(queue.max_age, 90s);
  EXPECT_EQ(queue.preexisting, model::Preexisting::rollback);
  EXPECT_EQ(queue.action, model::Action::warn);
  EXPECT_EQ(queue.reduce, model::Reduce::max);
}

TEST(FullRules, ReadARuleOfKindExpr) {
  const auto& errors = full_rule(0);
  EXPECT_EQ(errors.objective, (model::Objective{model::Comparison::less, 0.01, model::Unit::ratio, false}));
  EXPECT_EQ(*errors.fatal, (model::Objective{model::Comparison::greater_equal, 0.5, model::Unit::ratio, false}));
  EXPECT_EQ(errors.breach, (model::BreachPolicy{2min, 0, 0}));
  EXPECT_TRUE(errors.only_if);
  EXPECT_EQ(errors.reduce, model::Reduce::any);
  EXPECT_EQ(errors.max_age, 1min);
  EXPECT_EQ(errors.on_no_data, model::MissingPolicy::hold);
  EXPECT_EQ(errors.on_error, model::MissingPolicy::breach);
  EXPECT_EQ(errors.action, model::Action::rollback);
  EXPECT_EQ(errors.preexisting, model::Preexisting::warn);
  EXPECT_THAT(errors.annotations, UnorderedElementsAre(Pair("summary", testing::_), Pair("runbook_url", testing::_)));
}

TEST(FullRules, ReadAShareOfEvents) {
  const auto& failures = full_rule(1);
  EXPECT_EQ(failures.kind, model::RuleKind::share);
  EXPECT_FALSE(failures.share->part_is_good);
  EXPECT_EQ(failures.share->confidence, 0.99);
  EXPECT_EQ(failures.share->min_events, 300);
  EXPECT_EQ(failures.on_too_few, model::MissingPolicy::hold);
  EXPECT_EQ(failures.share->proof, model::Proof::optional);
  EXPECT_EQ(failures.share->control->total->source(), "http_requests_total{service!=\"{{ service }}\"}");
  EXPECT_EQ(failures.share->control->part->source(), "http_requests_total{code=~\"5..\",service!=\"{{ service }}\"}");
  EXPECT_EQ(failures.share->control->who->source(), "service!=\"{{ service }}\"");
  EXPECT_EQ(failures.action, model::Action::ask);
  EXPECT_EQ(failures.breach, (model::BreachPolicy{1min, 0, 0})) << "missing data that counts as a breach must last";
}

TEST(FullRules, ReadTheControlOfAnExpression) {
  const auto& control = *full_rule(8).control;
  EXPECT_FALSE(control.part);
  EXPECT_EQ(control.total->source(), "max(rq_jobs_in_queue{service!=\"{{ service }}\"})");
  EXPECT_EQ(control.who->source(), "service!=\"{{ service }}\"");
}

TEST(FullRules, ReadAShareOfANativeHistogram) {
  const auto& slow = full_rule(9);
  EXPECT_EQ(slow.kind, model::RuleKind::share);
  EXPECT_FALSE(slow.share->part);
  EXPECT_EQ(slow.share->total->source(), "http_request_duration_seconds{service=\"{{ service }}\"}");
  EXPECT_EQ(slow.share->within, (model::Limit{2, model::Unit::seconds}));
  EXPECT_FALSE(slow.share->control->part);
  EXPECT_EQ(slow.share->control->total->source(), "http_request_duration_seconds{service!=\"{{ service }}\"}");
}

TEST(FullRules, ReadAShareOfGoodEventsWithTheDefaults) {
  const auto& slow = full_rule(2);
  EXPECT_TRUE(slow.share->part_is_good);
  EXPECT_EQ(slow.share->part->source(), "http_request_duration_seconds_bucket{service=\"{{ service }}\",le=\"2.0\"}");
  EXPECT_EQ(slow.share->confidence, 0.9999);
  EXPECT_EQ(slow.share->min_events, 50);
  EXPECT_EQ(slow.on_too_few, model::MissingPolicy::ignore);
  EXPECT_EQ(slow.share->proof, model::Proof::required);
}

TEST(FullRules, ReadACountOfEvents) {
  const auto& requests = full_rule(7);
  EXPECT_EQ(requests.kind, model::RuleKind::count);
  EXPECT_EQ(requests.count->events->source(), "http_requests_total{service=\"{{ service }}\"}");
  EXPECT_DOUBLE_EQ(requests.count->confidence, 0.999);
  EXPECT_EQ(requests.objective.bound, 0.4);
  EXPECT_THAT(requests.baselines, ElementsAre(model::Baseline{{}, 24h * 7}, model::Baseline{1h, {}}));
  EXPECT_EQ(requests.on_too_few, model::MissingPolicy::ignore);
  EXPECT_EQ(requests.breach, (model::BreachPolicy{1min, 0, 0})) << "missing data that counts as a breach must last";
}

TEST(FullRules, ReadWhatARuleCalls) {
  EXPECT_EQ(full_rule(8).action, model::Action::call);
  EXPECT_EQ(full_rule(8).remedy, (model::Remedy{"undo", 10min, model::Action::rollback}));
  EXPECT_EQ(full_rule(0).remedy, std::nullopt);
}

TEST(FullRules, ReadBaselinesAndGroupDefaultsForBreaches) {
  EXPECT_THAT(full_rule(3).baselines, ElementsAre(model::Baseline{2h, {}}));
  EXPECT_EQ(full_rule(3).breach, (model::BreachPolicy{Duration{0}, 2, 3}))
      << "`breaches` of the group replaces `for` of the file";
  EXPECT_THAT(full_rule(4).baselines,
              ElementsAre(model::Baseline{{}, 24h * 7}, model::Baseline{{}, 24h}, model::Baseline{1h, {}}));
  EXPECT_EQ(full_rule(4).breach, (model::BreachPolicy{Duration{0}, 3, 5}));
  EXPECT_TRUE(full_rule(4).objective.of_baseline);
}

TEST(FullRules, ReadRulesOfTheOtherKinds) {
  EXPECT_EQ(full_rule(5).kind, model::RuleKind::alerts);
  EXPECT_THAT(full_rule(5).alerts, SizeIs(2));
  EXPECT_EQ(full_rule(5).max_age, 5min) << "`max_age` of the defaults is about samples";
  EXPECT_EQ(full_rule(5).breach, model::BreachPolicy{});
  EXPECT_EQ(full_rule(6).kind, model::RuleKind::signal);
  EXPECT_EQ(full_rule(6).signal, "e2e");
}

}  // namespace
}  // namespace guard::config
