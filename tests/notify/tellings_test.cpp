// SPDX-License-Identifier: Apache-2.0
//
// What a receiver is told next, as a table from what it was told, what fires and when.
#include "guard/notify/tellings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::notify {
namespace {

using namespace std::chrono_literals;
using alerts::OwnAlert;
using alerts::ToldState;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Instant now{WallTime{1000h}, MonoTime{10h}};

OwnAlert alert(const std::string& name, const std::string& severity = "critical") {
  return {{{"alertname", name}, {"severity", severity}, {"environment", "production"}}, {{"summary", "text"}}, {}, ""};
}

const auto asks = alert("ReleaseGuardAwaitingApproval");         // its end is news
const auto passed = alert("ReleaseGuardReleasePassed", "info");  // its end is not

config::ReceiverSettings receiver(config::ReceiverKind kind = config::ReceiverKind::slack) {
  config::ReceiverSettings out;
  out.name = "incidents";
  out.kind = kind;
  out.repeat_interval = 4h;
  return out;
}

Known known(const OwnAlert& of, ToldState state, Duration ago = 1min) {
  return {.told = {"incidents", of, state, now.wall - ago}};
}

KnownAlerts all(std::vector<Known> entries) {
  KnownAlerts out;
  for (auto& entry : entries) out[entry.told.alert.labels] = std::move(entry);
  return out;
}

// "AwaitingApproval", "AwaitingApproval over", "AwaitingApproval again", or "nothing".
std::string next(const Plan& plan) {
  if (!plan.next) return "nothing";
  return plan.next->alert.labels.at("alertname").substr(12) + (plan.next->over ? " over" : "") +
         (plan.next->told_before ? " again" : "");
}

TEST(Tellings, WhatIsNewIsToldAndWhatWasToldIsNot) {
  EXPECT_EQ(next(plan_of({}, {asks}, receiver(), now)), "AwaitingApproval");
  EXPECT_EQ(next(plan_of(all({known(asks, ToldState::sent)}), {asks}, receiver(), now)), "nothing");
}

TEST(Tellings, WhatLastsIsToldAgainAfterTheInterval) {
  const auto plan = plan_of(all({known(asks, ToldState::sent, 3h)}), {asks}, receiver(), now);
  EXPECT_EQ(next(plan), "nothing");
  EXPECT_EQ(plan.again, now.mono + 1h);
  EXPECT_EQ(next(plan_of(all({known(asks, ToldState::sent, 4h)}), {asks}, receiver(), now)), "AwaitingApproval");
}

TEST(Tellings, AWallClockThatWasSetBackMakesNobodyWaitLongerThanTheInterval) {
  EXPECT_EQ(plan_of(all({known(asks, ToldState::sent, -100h)}), {asks}, receiver(), now).again, now.mono + 4h);
}

TEST(Tellings, WhatMayHaveArrivedIsToldAgainAndSaysSo) {
  auto unsure = known(asks, ToldState::sending);
  EXPECT_EQ(next(plan_of(all({unsure}), {asks}, receiver(), now)), "AwaitingApproval");
  unsure.may_have_arrived = true;
  EXPECT_EQ(next(plan_of(all({unsure}), {asks}, receiver(), now)), "AwaitingApproval again");
}

TEST(Tellings, AnEndIsToldOnceItIsSettledAndOnlyWhereItIsNews) {
  const auto early = plan_of(all({known(asks, ToldState::sent, 4s)}), {}, receiver(), now);
  EXPECT_EQ(next(early), "nothing");
  EXPECT_EQ(early.again, now.mono + 6s);
  EXPECT_EQ(next(plan_of(all({known(asks, ToldState::sent, 10s)}), {}, receiver(), now)), "AwaitingApproval over");
  const auto hour_is_over = plan_of(all({known(passed, ToldState::sent, 1h)}), {}, receiver(), now);
  EXPECT_EQ(next(hour_is_over), "nothing");
  EXPECT_THAT(hour_is_over.forget, ElementsAre(passed.labels));
}

TEST(Tellings, AProgramIsToldOfEveryEnd) {
  EXPECT_EQ(next(plan_of(all({known(passed, ToldState::sent)}), {}, receiver(config::ReceiverKind::webhook), now)),
            "ReleasePassed over");
}

TEST(Tellings, WhoWantsNoEndsIsToldNone) {
  auto quiet = receiver(config::ReceiverKind::webhook);
  quiet.send_resolved = false;
  EXPECT_THAT(plan_of(all({known(asks, ToldState::sent)}), {}, quiet, now).forget, ElementsAre(asks.labels));
}

TEST(Tellings, OfWhatNeverArrivedNoEndIsTold) {
  const auto plan = plan_of(all({known(asks, ToldState::sending)}), {}, receiver(), now);
  EXPECT_EQ(next(plan), "nothing");
  EXPECT_THAT(plan.forget, ElementsAre(asks.labels));
}

TEST(Tellings, OfARepetitionThatNeverArrivedTheEndIsToldAllTheSame) {
  auto repetition = known(asks, ToldState::sending);
  repetition.told_earlier = true;
  EXPECT_EQ(next(plan_of(all({repetition}), {}, receiver(), now)), "AwaitingApproval over");
}

TEST(Tellings, OfWhatMayHaveArrivedTheEndIsTold) {
  auto unsure = known(asks, ToldState::sending);
  unsure.may_have_arrived = true;
  EXPECT_EQ(next(plan_of(all({unsure}), {}, receiver(), now)), "AwaitingApproval over");
}

TEST(Tellings, WhatFiresAgainWhileItsEndIsToldIsNews) {
  EXPECT_EQ(next(plan_of(all({known(asks, ToldState::sending_end)}), {asks}, receiver(), now)), "AwaitingApproval");
}

TEST(Tellings, MatchersChooseWhatItIsToldOf) {
  auto staging = receiver();
  staging.match = {*model::Matcher::parse("environment=\"staging\"")};
  EXPECT_EQ(next(plan_of({}, {asks}, staging, now)), "nothing");
  auto urgent = receiver();
  urgent.match = {*model::Matcher::parse("severity=~\"warning|critical\"")};
  EXPECT_EQ(next(plan_of({}, {passed, asks}, urgent, now)), "AwaitingApproval");
}

TEST(Tellings, TheMostPressingComesFirstButForOneThatFailed) {
  const auto other = alert("ReleaseGuardRollbackFailed");
  EXPECT_EQ(next(plan_of({}, {other, asks}, receiver(), now)), "RollbackFailed");
  auto failed = known(other, ToldState::sending);
  failed.behind = 1;
  EXPECT_EQ(next(plan_of(all({failed}), {other, asks}, receiver(), now)), "AwaitingApproval");
  EXPECT_EQ(next(plan_of(all({failed, known(asks, ToldState::sent)}), {other, asks}, receiver(), now)),
            "RollbackFailed");
}

TEST(Tellings, WhatWasRefusedWaits) {
  auto refused = known(asks, ToldState::sending);
  refused.behind = 1;
  refused.not_before = now.mono + 5min;
  const auto plan = plan_of(all({refused}), {asks}, receiver(), now);
  EXPECT_EQ(next(plan), "nothing");
  EXPECT_EQ(plan.again, now.mono + 5min);
}

TEST(Tellings, WhatComesAndGoesIsToldAnewAfterAWhile) {
  const auto ended = all({known(passed, ToldState::ended, 1min)});
  const auto soon = plan_of(ended, {passed}, receiver(), now);
  EXPECT_EQ(next(soon), "nothing");
  EXPECT_EQ(soon.again, now.mono + 4min);
  EXPECT_EQ(next(plan_of(all({known(passed, ToldState::ended, 6min)}), {passed}, receiver(), now)), "ReleasePassed");
  EXPECT_EQ(next(plan_of(all({known(asks, ToldState::ended, 1min)}), {asks}, receiver(), now)), "AwaitingApproval")
      << "it is critical";
  EXPECT_THAT(plan_of(ended, {}, receiver(), now).forget, IsEmpty());
  EXPECT_EQ(plan_of(all({known(passed, ToldState::ended, 6min)}), {}, receiver(), now).forget.size(), 1U);
}

}  // namespace
}  // namespace guard::notify
