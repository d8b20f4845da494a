// SPDX-License-Identifier: Apache-2.0
//
// Messages come twice, late, out of order and cut short; what fires now is known all the same, or known to be unknown.
#include "guard/core/evaluation.hpp"
#include "tests/alerts/received.hpp"

#include <algorithm>
#include <random>
#include <tuple>

#include <gmock/gmock.h>

namespace guard::alerts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(Received, AnAlertFiresUntilItsEndIsTold) {
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)})), 1U);
  ASSERT_EQ(alerts_.firing().size(), 1U);
  EXPECT_EQ(
      alerts_.firing().all()[0],
      (model::FiringAlert{"0123456789abcdef", {{"alertname", "HighErrorRate"}, {"service", "shop"}}, message_time}));
  EXPECT_EQ(hear(message({alert(AlertStatus::resolved)})), 1U);
  EXPECT_THAT(alerts_.firing(), IsEmpty());
}

TEST_F(Received, WhatIsToBeStoredIsWhatIsThenKnown) {
  const auto heard = [](AlertStatus status, Duration started, Duration at) {
    auto one = alert(status);
    one.starts_at = message_time + started;
    return ReceivedAlert{one, "g", message_time + at};
  };
  const auto stored = [&](std::vector<ReceivedAlert> news) {
    std::vector<std::tuple<AlertStatus, Duration, Duration>> out;
    for (const auto& one : alerts_.newest(std::move(news)))
      out.emplace_back(one.alert.status, one.alert.starts_at - message_time, one.received_at - message_time);
    return out;
  };
  const auto first = heard(AlertStatus::firing, 10s, 1s);
  EXPECT_THAT(stored({first}), testing::ElementsAre(std::tuple(AlertStatus::firing, 10s, 1s)));
  EXPECT_THAT(stored({first, heard(AlertStatus::resolved, 9s, 3s)}),
              testing::ElementsAre(std::tuple(AlertStatus::firing, 10s, 1s)))
      << "of an older one";
  EXPECT_THAT(stored({first, heard(AlertStatus::resolved, 10s, 4s), heard(AlertStatus::firing, 10s, 5s)}),
              testing::ElementsAre(std::tuple(AlertStatus::resolved, 10s, 4s)))
      << "out of order";
  alerts_.apply({"g", "", "", 0, {heard(AlertStatus::resolved, 10s, 4s).alert}}, message_time + 4s);
  EXPECT_THAT(stored({heard(AlertStatus::firing, 10s, 5s)}), IsEmpty()) << "what is known already is no older";
  EXPECT_THAT(stored({heard(AlertStatus::firing, 10s, 34s)}),
              testing::ElementsAre(std::tuple(AlertStatus::firing, 10s, 34s)))
      << "it fires again";
  EXPECT_THAT(stored({heard(AlertStatus::firing, 11s, 5s)}),
              testing::ElementsAre(std::tuple(AlertStatus::firing, 11s, 5s)));
}

TEST_F(Received, Fault23ARepetitionIsNoNews) {
  hear(message({alert(AlertStatus::firing)}));
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)})), 0U);
  hear(message({alert(AlertStatus::resolved)}));
  EXPECT_EQ(hear(message({alert(AlertStatus::resolved)})), 0U);
  EXPECT_EQ(hear(message({alert(AlertStatus::firing, 0s), alert(AlertStatus::firing, 0s, "fedcba9876543210")})), 1U);
}

TEST_F(Received, Fault24AnEndThatOvertookItsStartIsFinal) {
  hear(message({alert(AlertStatus::resolved)}));
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)})), 0U);
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)}), longest_overtaking - 1ms), 0U);
  EXPECT_THAT(alerts_.firing(), IsEmpty());
  EXPECT_EQ(hear(message({alert(AlertStatus::firing, 1min)})), 1U) << "a new start is a new alert";
  EXPECT_THAT(firing_since(), ElementsAre(message_time + 1min));
}

TEST_F(Received, AnAlertThatIsToldToFireLongAfterItsEndFiresAgainThoughItsStartIsTheSame) {
  hear(message({alert(AlertStatus::firing)}));
  hear(message({alert(AlertStatus::resolved)}), 5min);
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)}), 5min + longest_overtaking), 1U);
  EXPECT_THAT(firing_since(), ElementsAre(message_time));
  EXPECT_EQ(hear(message({alert(AlertStatus::resolved)}), 7min), 1U) << "and it ends again";
  EXPECT_THAT(alerts_.firing(), IsEmpty());
}

TEST_F(Received, AnEndThatIsToldAgainMayHaveOvertakenAsMuchAgain) {
  hear(message({alert(AlertStatus::resolved)}));
  hear(message({alert(AlertStatus::resolved)}), 40s);
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)}), 45s), 0U);
}

TEST_F(Received, AClockSetBackSaysNothingOfTheOrderSoTheAlertIsTakenToFire) {
  hear(message({alert(AlertStatus::resolved)}));
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)}), -1h), 1U);
}

TEST_F(Received, Fault24WhatIsToldOfAnOlderStartIsIgnored) {
  hear(message({alert(AlertStatus::firing, 1min)}));
  EXPECT_EQ(hear(message({alert(AlertStatus::resolved, 0s)})), 0U);
  EXPECT_EQ(hear(message({alert(AlertStatus::firing, 0s)})), 0U);
  EXPECT_THAT(firing_since(), ElementsAre(message_time + 1min));
}

TEST_F(Received, Fault24AnyOrderAndAnyRepetitionEndsTheSame) {
  std::vector<Alert> told;
  for (int start = 0; start < 4; ++start)
    for (const auto status : {AlertStatus::firing, AlertStatus::resolved})
      if (start != 3 || status == AlertStatus::firing) told.push_back(alert(status, start * 1min));
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    auto order = told;
    order.insert(order.end(), told.begin(), told.end());
    std::shuffle(order.begin(), order.end(), random);
    ReceivedAlerts alerts;
    for (const auto& one : order) alerts.apply(message({one}), message_time + 5min);
    ASSERT_EQ(alerts.firing().size(), 1U);
    EXPECT_EQ(alerts.firing().all()[0].starts_at, message_time + 3min);
  }
}

TEST_F(Received, ARestartGoesOnFromWhatWasStored) {
  alerts_.restore({{alert(AlertStatus::resolved), "g", message_time - 1s},
                   {alert(AlertStatus::firing, 0s, "fedcba9876543210"), "g", message_time - 1s}},
                  {}, message_time - 1s);
  EXPECT_EQ(alerts_.heard_at(), message_time - 1s);
  EXPECT_FALSE(alerts_.doubt(message_time));
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)})), 0U) << "redelivered after the restart";
  EXPECT_EQ(alerts_.firing().size(), 1U);
  EXPECT_EQ(alerts_.heard_at(), message_time);
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)}), longest_overtaking), 1U)
      << "when the end was heard is restored";
}

TEST_F(Received, AGroupThatWasCutShortIsSoAfterARestartUntilAMessageOfItIsWhole) {
  alerts_.restore({}, {{"g", true, message_time - 1s}}, message_time - 1s);
  EXPECT_TRUE(alerts_.doubt(message_time));
  hear(message({}));
  EXPECT_FALSE(alerts_.doubt(message_time));
}

TEST_F(Received, AGroupThatIsGoneIsNotIncompleteForEver) {
  alerts_.restore({}, {{"g", true, message_time - 23h}}, message_time);
  EXPECT_TRUE(alerts_.doubt(message_time)) << "Alertmanager repeats what fires";
  EXPECT_FALSE(alerts_.doubt(message_time + 1h));
}

TEST_F(Received, AnyMessageShowsThatAlertmanagerIsThere) {
  EXPECT_EQ(alerts_.heard_at(), std::nullopt);
  hear(message({}));
  EXPECT_EQ(alerts_.heard_at(), message_time);
}

TEST_F(Received, Fault26AMessageCutShortResolvesNothingAndLeavesTheRestUnknown) {
  hear(message({alert(AlertStatus::firing), alert(AlertStatus::firing, 0s, "fedcba9876543210")}));
  EXPECT_FALSE(alerts_.doubt(message_time));
  hear(message({alert(AlertStatus::firing)}, 1));
  EXPECT_EQ(alerts_.firing().size(), 2U);
  EXPECT_TRUE(alerts_.doubt(message_time));
}

TEST_F(Received, AGroupIsKnownAgainOnceAMessageOfItIsWhole) {
  hear(message({}, 3, "a"));
  hear(message({}, 0, "b"));
  EXPECT_TRUE(alerts_.doubt(message_time)) << "another group's message says nothing of this one";
  hear(message({}, 0, "a"));
  EXPECT_FALSE(alerts_.doubt(message_time));
}

TEST_F(Received, WhatBeganInTheFutureHidesNothing) {
  hear(message({alert(AlertStatus::resolved, 24h * 365 * 73)}));
  EXPECT_EQ(hear(message({alert(AlertStatus::firing)}), 1min), 1U);
  EXPECT_THAT(firing_since(), ElementsAre(message_time));
  EXPECT_EQ(hear(message({alert(AlertStatus::resolved, 24h * 365 * 73)}), 2min), 0U);
  EXPECT_THAT(firing_since(), ElementsAre(message_time)) << "and ends nothing";
  EXPECT_EQ(hear(message({alert(AlertStatus::firing, 2min + 30s)}), 2min), 1U) << "clocks are never quite the same";
}

TEST_F(Received, TheListIsMadeOnceForAllWhoAskUntilSomethingChanges) {
  hear(message({alert(AlertStatus::firing)}));
  const auto list = alerts_.firing();
  hear(message({alert(AlertStatus::firing)}), 1min);
  hear(message({alert(AlertStatus::resolved, 0s, "fedcba9876543210")}), 1min);
  EXPECT_EQ(&alerts_.firing().all(), &list.all()) << "nothing else began to fire";
  hear(message({alert(AlertStatus::resolved)}), 1min);
  EXPECT_NE(&alerts_.firing().all(), &list.all());
}

// What a rule makes of it: core judges the alerts by when they began.
model::Evaluation judged(const ReceivedAlerts& alerts, WallTime switch_began) {
  model::Rule rule;
  rule.kind = model::RuleKind::alerts;
  rule.alerts = {*promql::TextTemplate::parse("service=\"shop\"", promql::TemplateKind::matcher)};
  core::AlertsAnswer answer;
  answer.list = model::AlertList{alerts.firing(), alerts.doubt(message_time)};
  answer.switch_began = switch_began;
  return core::evaluate_alerts(rule, {"shop", "production", "v2", "v1", {}, 1min, {}}, answer,
                               {message_time + 10min, {}});
}

TEST_F(Received, Fault66AnAlertHeardBeforeItsReleaseWasAnnouncedCountsByWhenItBegan) {
  hear(message({alert(AlertStatus::firing)}));
  EXPECT_EQ(judged(alerts_, message_time - 1min).outcome, model::Outcome::breach);
  EXPECT_EQ(judged(alerts_, message_time + 1min).outcome, model::Outcome::ok) << "it fired before the switch";
}

TEST_F(Received, ACutMessageIsNoProofThatNothingFires) {
  hear(message({}, 1));
  const auto evaluation = judged(alerts_, message_time);
  EXPECT_EQ(evaluation.outcome, model::Outcome::error);
  EXPECT_EQ(evaluation.reason, model::Reason::partial_result);
  EXPECT_EQ(evaluation.detail,
            "Alertmanager cut its message short: set max_alerts of the guard's receiver to 0, or give "
            "alertmanager.urls");
  hear(message({alert(AlertStatus::firing)}, 1));
  EXPECT_EQ(judged(alerts_, message_time).outcome, model::Outcome::breach) << "what is known to fire counts";
}

}  // namespace
}  // namespace guard::alerts
