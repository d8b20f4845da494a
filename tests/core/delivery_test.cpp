// SPDX-License-Identifier: Apache-2.0
#include "guard/core/delivery.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

// Releases of the shop to production, each live at so many hours, looked at when 48 hours are over.
class DeliveryOf : public testing::Test {
 protected:
  Watch& add(const std::string& id, int hour, Phase phase = Phase::passed) {
    auto watch = std::make_shared<Watch>(shop_watch());
    watch->spec.id = id;
    watch->phase = phase;
    watch->live_at = watch->announced_at = at(hour);
    watch->ended_at = at(hour) + 2h;
    watch->judged = phase == Phase::passed || phase == Phase::unverified;
    fleet_.put(watch);
    return *watch;
  }
  // Noticed `noticed` after it was live.
  Watch& add_failed(const std::string& id, int hour, Phase phase, Duration noticed = 10min) {
    auto& watch = add(id, hour, phase);
    watch.judged = watch.failed = true;
    Decision decision;
    decision.kind = phase == Phase::breached ? DecisionKind::would_rollback : DecisionKind::rollback;
    decision.detected_at = at(hour) + noticed;
    decision.at = decision.detected_at + 1min;
    watch.decisions = {decision};
    return watch;
  }
  Deliveries of(DeliveryQuery query = {{}, {at(0), at(48)}}) const { return deliveries(fleet_, query); }
  static WallTime at(int hour) { return moment(std::chrono::hours(hour)).wall; }

  Fleet fleet_;
};

TEST_F(DeliveryOf, CountsWhatWentLiveInTheSpanAndNoRollbacks) {
  add("before", -1);
  add("first", 0);
  add("superseded", 10, Phase::superseded);
  add("watched", 20, Phase::watching);
  auto never_live = add("never live", 30, Phase::aborted);
  never_live.live_at.reset();
  fleet_.put(std::make_shared<const Watch>(never_live));
  add("puts back", 31).is_rollback = true;
  add("after", 49);
  EXPECT_EQ(of().all.deployments, 3U);
  EXPECT_EQ(of().all.judged, 1U) << "what was replaced or is watched yet says nothing";
  EXPECT_EQ(of().oldest_known, at(-1));
}

TEST_F(DeliveryOf, AFailureCountsOnceAmongThoseThatWereJudged) {
  add("good", 1);
  add("unknown", 2, Phase::unverified);
  add_failed("bad", 3, Phase::rolled_back);
  add_failed("bad too", 4, Phase::breached);
  EXPECT_EQ(of().all.judged, 4U);
  EXPECT_EQ(of().all.failed, 2U);
}

TEST_F(DeliveryOf, AFailureLastsFromTheFirstReadingUntilTheObjectivesHeldAgain) {
  add_failed("r1", 1, Phase::rolled_back, 10min).held_again_at = at(1) + 25min;
  EXPECT_EQ(of().all.detect_median, 10min);
  EXPECT_EQ(of().all.restore_median, 15min);
  EXPECT_EQ(of().all.unrestored, 0U);
  EXPECT_EQ(of().failures.at(0).restored_by, std::nullopt);
}

TEST_F(DeliveryOf, OrUntilTheEndOfAVerificationThatFirstSawThemHoldThen) {
  const auto& watch = add_failed("r1", 1, Phase::rolled_back);
  EXPECT_EQ(of().failures.at(0).restored_at, watch.ended_at);
}

TEST_F(DeliveryOf, AHooksWordRestoresNothing) {
  auto& watch = add_failed("r1", 1, Phase::rolled_back);
  auto group = std::make_shared<RuleGroup>(*watch.group);
  for (auto& rule : group->rules) rule.kind = RuleKind::signal;
  watch.group = group;
  EXPECT_EQ(of().failures.at(0).restored_at, std::nullopt);
  EXPECT_EQ(of().all.unrestored, 1U);
  EXPECT_EQ(of().all.restore_median, std::nullopt);
  group->serves = *promql::TextTemplate::parse("up", promql::TemplateKind::promql);
  EXPECT_EQ(of().failures.at(0).restored_at, watch.ended_at) << "the version was seen to serve";
}

TEST_F(DeliveryOf, OrUntilTheNextReleaseThatPassedWentLive) {
  add_failed("r1", 1, Phase::breached, 10min);
  add("no better", 2, Phase::unverified);
  add("fix", 3);
  add("later", 4);
  EXPECT_EQ(of().failures.at(0).restored_at, at(3));
  EXPECT_EQ(of().failures.at(0).restored_by, "fix");
}

TEST_F(DeliveryOf, AFixElsewhereOrBeforeItRestoresNothing) {
  add("before", 0);
  add_failed("r1", 1, Phase::breached);
  auto watch = std::make_shared<Watch>(shop_watch());
  watch->spec.id = "elsewhere";
  watch->spec.environment = "staging";
  watch->phase = Phase::passed;
  watch->live_at = at(2);
  fleet_.put(watch);
  EXPECT_EQ(of().all.unrestored, 1U);
  EXPECT_EQ(of().all.restore_median, std::nullopt);
}

TEST_F(DeliveryOf, ARollbackThatFailedOrBrokeAgainRestoresNothing) {
  add_failed("r1", 1, Phase::rollback_failed).held_again_at = at(2);
  auto& broken = add_failed("r2", 3, Phase::verifying);
  broken.held_again_at = at(4);
  broken.broken_again_at = at(5);
  EXPECT_EQ(of().all.unrestored, 2U);
}

TEST_F(DeliveryOf, WhatNoRuleSawIsNoticedByTheOrder) {
  add_failed("r1", 1, Phase::rolled_back, 10min).decisions[0].detected_at = {};
  EXPECT_EQ(of().all.detect_median, 11min);
}

TEST_F(DeliveryOf, MedianAndPercentileAreTimesThatWereMeasured) {
  for (int i = 1; i <= 10; ++i)
    add_failed("r" + std::to_string(i), i, Phase::rolled_back, std::chrono::minutes(i)).held_again_at = at(i) + 30min;
  EXPECT_EQ(of().all.detect_median, 6min) << "of an even number the upper one in the middle";
  EXPECT_EQ(of().all.detect_p90, 9min);
}

TEST_F(DeliveryOf, EachPlaceHasItsOwnAndAFilterLeavesTheOthersOut) {
  add("r1", 1);
  auto watch = std::make_shared<Watch>(shop_watch());
  watch->spec.id = "s1";
  watch->spec.environment = "staging";
  watch->phase = Phase::passed;
  watch->live_at = at(2);
  fleet_.put(watch);
  ASSERT_THAT(of().places, SizeIs(2));
  EXPECT_EQ(of().places[1].place.environment, "staging");
  const auto some = of({{std::nullopt, "staging"}, {at(0), at(48)}});
  ASSERT_THAT(some.places, SizeIs(1));
  EXPECT_EQ(some.all.deployments, 1U);
  EXPECT_EQ(of({{"till", std::nullopt}, {at(0), at(48)}}).all.deployments, 0U);
}

TEST_F(DeliveryOf, DaysEndWithTheSpan) {
  add("r1", 1);
  add_failed("r2", 23, Phase::breached);
  add("r3", 47);
  std::vector<std::pair<std::size_t, std::size_t>> counts;
  for (const auto& day : of().days) counts.emplace_back(day.deployments, day.failed);
  EXPECT_THAT(counts, ElementsAre(std::pair(2U, 1U), std::pair(1U, 0U)));
  const auto odd = of({{}, {at(0), at(30)}}).days;
  ASSERT_THAT(odd, SizeIs(2));
  EXPECT_EQ(odd[0].from, at(0));
  EXPECT_EQ(odd[1].from, at(6));
}

}  // namespace
}  // namespace guard::core
