// SPDX-License-Identifier: Apache-2.0
//
// Receivers that are away, hang, refuse or do not say what came of a message.
#include "tests/notify/messaging.hpp"

namespace guard::test {
namespace {

class MessengerFailures : public Messaging {};

TEST_F(MessengerFailures, AReceiverThatIsAwayIsToldWhatIsTrueOnItsReturnAndNothingElse) {
  channel->answer = away();
  firing = {alert(asks)};
  run(10min);
  EXPECT_GT(channel->calls, 10);
  EXPECT_LT(channel->calls, 40) << "tries back off";
  firing = {alert("ReleaseGuardRollingBack")};
  run(10min);
  firing = {alert(passed), alert("ReleaseGuardRolledBack")};
  channel->answer.reset();
  run(5min);
  EXPECT_THAT(channel->posted, testing::UnorderedElementsAre(passed, "ReleaseGuardRolledBack"));
  EXPECT_THAT(other->posted, SizeIs(testing::Ge(4U))) << "it kept nobody else waiting";
}

TEST_F(MessengerFailures, TroubleIsLoggedOnceShownWhileItLastsAndCounted) {
  channel->answer = away();
  firing = {alert(asks)};
  run(10min);
  EXPECT_THAT(messenger->troubles(), ElementsAre(HasSubstr("receiver \"incidents\" has taken no message since")));
  channel->answer.reset();
  run(2min);
  EXPECT_THAT(messenger->troubles(), IsEmpty());
  EXPECT_THAT(lines, ElementsAre(HasSubstr("connection refused"), HasSubstr("messages are taken again")));
  EXPECT_EQ((telemetry.notifications[{"incidents", FailureReason::other}]), channel->calls - 1);
}

TEST_F(MessengerFailures, WhoAsksToBeLeftAloneIs) {
  channel->answer = Failure{FailureReason::client_error, "HTTP 429", false, false, 30s};
  firing = {alert(asks)};
  run(1s);
  channel->answer.reset();
  run(25s);
  EXPECT_EQ(channel->calls, 1);
  run(10s);
  EXPECT_THAT(channel->posted, ElementsAre(asks)) << "it certainly did not arrive before, so it says nothing of that";
}

TEST_F(MessengerFailures, WhatMayHaveArrivedIsSentOnceMoreAndSaysSo) {
  channel->answer = lost();
  firing = {alert(asks)};
  run(100ms);
  channel->answer.reset();
  run(1min);
  EXPECT_THAT(channel->posted, ElementsAre(asks, asks + " again"));
}

TEST_F(MessengerFailures, WhatMayHaveArrivedEachTimeIsToldEverLessOften) {
  channel->answer = lost();
  firing = {alert(asks)};
  run(1min);
  EXPECT_THAT(channel->posted, ElementsAre(asks, asks + " again"));
  run(1h);
  EXPECT_LE(channel->calls, 10);
  channel->answer.reset();
  run(1h);
  EXPECT_EQ(messenger->troubles(), std::vector<std::string>{}) << "and yet it goes on until somebody answers";
}

TEST_F(MessengerFailures, OneMessageThatIsRefusedHoldsUpNoOther) {
  channel->failures[asks] = refused();
  firing = {alert(asks), alert(passed)};
  run(1min);
  EXPECT_THAT(channel->posted, ElementsAre(passed));
  EXPECT_EQ(channel->calls, 2);
  run(10min);
  EXPECT_LE(channel->calls, 4) << "it is not tried again soon";
}

TEST_F(MessengerFailures, AfterAnOutageTheMostPressingIsToldBeforeTheRest) {
  for (const auto& outage : {away(), lost()}) {
    channel->posted.clear();
    channel->answer = outage;
    firing = {alert(asks + outage.words)};
    for (int i = 0; i < 5; ++i) firing.push_back(alert(passed + outage.words + std::to_string(i)));
    run(20min);
    channel->posted.clear();
    channel->answer.reset();
    run(11min);
    ASSERT_GE(channel->posted.size(), 6U);
    const auto pressing = std::ranges::find_if(channel->posted, [](const auto& one) { return one.starts_with(asks); });
    EXPECT_LE(pressing - channel->posted.begin(), 1) << outage.words;
  }
}

TEST_F(MessengerFailures, NorDoesOneThatTheServerChokesOn) {
  channel->failures[asks] = {FailureReason::server_error, "HTTP 500", false, true, {}};
  firing = {alert(asks), alert(passed)};
  run(1min);
  EXPECT_THAT(channel->posted, testing::Contains(passed));
}

TEST_F(MessengerFailures, OneReceiverThatHangsKeepsNoOtherWaiting) {
  executor->hold(Lane::message);
  held = true;
  firing = {alert(asks)};
  run(1min);
  EXPECT_EQ(executor->waiting(Lane::message), 2U) << "one message of each receiver is under way, and no more";
}

TEST_F(MessengerFailures, MessagesAreASecondApart) {
  for (int i = 0; i < 30; ++i) firing.push_back(alert("A" + std::to_string(100 + i)));
  run(10s);
  EXPECT_LE(channel->calls, 11);
  run(30s);
  EXPECT_EQ(channel->calls, 30);
}

}  // namespace
}  // namespace guard::test
