// SPDX-License-Identifier: Apache-2.0
//
// A control: when what it shows is a shared cause, and when it holds nothing back.
#include "guard/core/control.hpp"

#include "tests/support/counters.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::HasSubstr;
using testing::Optional;

// Empty where nothing is shown alike.
std::optional<std::string> words_of(const std::optional<ControlTold>& told) {
  return told ? std::optional(told->shared_cause.value_or("")) : std::nullopt;
}

class AControl : public testing::Test {
 protected:
  AControl() {
    auto group = std::make_shared<RuleGroup>(*watch_.group);
    auto& rule = group->rules[0] = share_rule();
    const auto text = [](const char* source) {
      return *promql::TextTemplate::parse(source, promql::TemplateKind::promql);
    };
    rule.share->control = Control{text("failures"), text("requests"), text("job!=\"{{ service }}\"")};
    watch_.group = group;
    watch_.phase = Phase::watching;
    auto& share = state().share.emplace();
    share.bets.bound = 0.01;
    share.incident.since = moment().wall;
    share.incident.events = {50, 100};
  }

  RuleState& state() { return watch_.rules[0]; }
  void win(double wealth) { state().share->bets.wealth[0] = wealth; }
  static std::optional<Samples> risen(double value) { return Samples(std::vector<Sample>{{{}, value, moment().wall}}); }
  static ControlAnswer answer(Events now, Events before) {
    return {risen(now.total), risen(now.bad), risen(before.total), risen(before.bad)};
  }
  std::optional<std::string> cause(const ControlAnswer& answer) {
    return words_of(shared_cause(watch_, 0, answer, moment(2min)));
  }

  Watch watch_ = shop_watch();
};

TEST_F(AControl, IsAskedOnceAVerdictMayCome) {
  win(10);
  EXPECT_FALSE(asks_control(watch_, 0));
  win(100);
  EXPECT_TRUE(asks_control(watch_, 0));
  watch_.phase = Phase::verifying;
  EXPECT_FALSE(asks_control(watch_, 0)) << "after a rollback nothing is decided any more";
}

TEST_F(AControl, ThatFailsAlikeIsASharedCause) {
  EXPECT_THAT(cause(answer({40, 100}, {1, 1000})),
              Optional(std::string("what has not got this release (job!=\"shop\") shows it alike: 40 of 100, 40%")));
  EXPECT_THAT(cause(answer({13, 100}, {0, 1000})), Optional(HasSubstr("13%"))) << "a quarter as bad is alike";
}

TEST_F(AControl, ThatIsWellOrFarBetterHoldsNothingBack) {
  EXPECT_EQ(cause(answer({0, 100}, {0, 1000})), "");
  EXPECT_EQ(cause(answer({12, 100}, {0, 1000})), "") << "less than a quarter as bad";
  EXPECT_EQ(cause(answer({1, 10}, {0, 1000})), "") << "one failure may be chance";
}

TEST_F(AControl, ThatFailedBeforeTheReleaseIsNoSharedCause) {
  EXPECT_EQ(cause(answer({40, 100}, {400, 1000})), "");
  EXPECT_THAT(cause(answer({90, 100}, {400, 1000})), Optional(HasSubstr("90%"))) << "clearly worse than it was";
}

TEST_F(AControl, ThatCannotBeReadTellsNothing) {
  auto told = answer({40, 100}, {1, 1000});
  told.total = Samples(std::unexpected(SourceError{Reason::query_failed, "timeout", true}));
  EXPECT_EQ(cause(told), std::nullopt);
  EXPECT_EQ(cause({}), std::nullopt);
  EXPECT_EQ(cause(answer({40, 100}, {0, 0})), std::nullopt) << "without a past nobody knows whether it is new";
}

TEST_F(AControl, MakesARollbackAQuestionAndNothingElse) {
  Rule rule = share_rule();
  EXPECT_EQ(action_of(rule.action, state()), Action::rollback);
  state().shared_cause = "others fail alike";
  EXPECT_EQ(action_of(rule.action, state()), Action::ask);
  rule.action = Action::warn;
  EXPECT_EQ(action_of(rule.action, state()), Action::warn);
}

TEST_F(AControl, IsAskedSinceTheIncidentBeganAndForTwoMinutesAtLeast) {
  EXPECT_EQ(control_range(watch_, 0, moment(30s)), 2min);
  EXPECT_EQ(control_range(watch_, 0, moment(5min)), 5min);
  state().share->incident.since = {};
  EXPECT_EQ(control_range(watch_, 0, moment(5min)), 2min);
}

class AnExpression : public testing::Test {
 protected:
  AnExpression() {
    auto group = std::make_shared<RuleGroup>(*watch_.group);
    auto& rule = group->rules[0] = error_rate();
    const auto text = [](const char* source) {
      return *promql::TextTemplate::parse(source, promql::TemplateKind::promql);
    };
    rule.control = Control{std::nullopt, text("errors{job=\"cart\"}"), text("job=\"cart\"")};
    watch_.group = group;
    watch_.phase = Phase::watching;
  }

  const Rule& rule() const { return watch_.group->rules[0]; }
  RuleState& state() { return watch_.rules[0]; }
  static Samples one(double value, const Labels& labels = {}) { return std::vector<Sample>{sample(value, labels)}; }
  std::optional<std::string> cause(double own, std::optional<Samples> now, std::optional<Samples> before) {
    ControlAnswer answer;
    answer.total = std::move(now);
    answer.total_before = std::move(before);
    return words_of(shared_value(watch_, 0, answer, broken(own), moment(2min)));
  }
  Evaluation broken(double value) const {
    ExprAnswer answer;
    answer.value = one(value);
    return evaluate_expr(rule(), watch_.subject(moment()), answer, moment(2min));
  }
  std::optional<std::string> versions(double own, const std::vector<Sample>& all) {
    return words_of(shared_by_versions(rule(), watch_.subject(moment()), all, broken(own)));
  }
  static Sample of(const char* version, double value, const char* service = "shop") {
    return sample(value, {{"service", service}, {"version", version}});
  }

  Watch watch_ = shop_watch();
};

TEST_F(AnExpression, AsksItsControlWhileItIsBroken) {
  EXPECT_FALSE(asks_control(watch_, 0));
  state().in_breach = true;
  EXPECT_TRUE(asks_control(watch_, 0));
  watch_.phase = Phase::verifying;
  EXPECT_FALSE(asks_control(watch_, 0));
}

TEST_F(AnExpression, ThatOthersBreakAlikeIsASharedCause) {
  EXPECT_THAT(cause(0.2, one(0.2), one(0.001)),
              Optional(HasSubstr("what has not got this release (job=\"cart\") shows it alike: 20% against < 1%")));
  EXPECT_THAT(cause(0.2, one(0.06), one(0)), Optional(HasSubstr("6%"))) << "a quarter as far is alike";
}

TEST_F(AnExpression, ThatOthersKeepOrHardlyBreakHoldsNothingBack) {
  EXPECT_EQ(cause(0.2, one(0.005), one(0.001)), "");
  EXPECT_EQ(cause(0.2, one(0.02), one(0.001)), "") << "not a quarter as far";
}

TEST_F(AnExpression, ThatOthersBrokeBeforeIsNoSharedCause) {
  EXPECT_EQ(cause(0.2, one(0.2), one(0.2)), "");
  EXPECT_THAT(cause(0.9, one(0.9), one(0.02)), Optional(HasSubstr("90%"))) << "clearly worse than it was";
}

TEST_F(AnExpression, WhoseControlCannotBeReadKnowsNothingOfIt) {
  EXPECT_EQ(cause(0.2, std::nullopt, std::nullopt), std::nullopt);
  EXPECT_EQ(cause(0.2, one(0.2), Samples(std::vector<Sample>{})), std::nullopt) << "it has no past";
  EXPECT_EQ(cause(0.2, Samples(std::unexpected(SourceError{Reason::query_failed, "timeout", true})), one(0)),
            std::nullopt);
}

TEST_F(AnExpression, IsComparedWithTheVersionBeforeWhereTheAnswerHasIt) {
  const auto& before = watch_.spec.previous_version;
  EXPECT_THAT(versions(0.2, {of("2.0", 0.2), of(before.c_str(), 0.3)}), Optional(HasSubstr("shows it alike: 30%")));
  EXPECT_EQ(versions(0.2, {of("2.0", 0.2), of(before.c_str(), 0)}), "");
  EXPECT_EQ(versions(0.2, {of("2.0", 0.2)}), std::nullopt) << "nobody else is there";
  EXPECT_EQ(versions(0.2, {of("2.0", 0.2), of("1.8", 0.3)}), std::nullopt) << "another one tells nothing";
  EXPECT_EQ(versions(0.2, {of("2.0", 0.2), of(before.c_str(), 0.3, "cart")}), std::nullopt) << "of another service";
}

TEST_F(AnExpression, ThatCountsWhatStoodBeforeIsNotComparedWithIt) {
  auto group = std::make_shared<RuleGroup>(*watch_.group);
  group->rules[0].preexisting = Preexisting::rollback;
  watch_.group = group;
  EXPECT_EQ(versions(0.2, {of("2.0", 0.2), of(watch_.spec.previous_version.c_str(), 0.3)}), std::nullopt);
}

}  // namespace
}  // namespace guard::core
