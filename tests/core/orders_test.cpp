// SPDX-License-Identifier: Apache-2.0
//
// What a person may order of a release as it stands.
#include "guard/core/orders.hpp"

#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace guard::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Watch watch_in(Phase phase) {
  auto watch = shop_watch();
  watch.phase = phase;
  return watch;
}

TEST(Orders, AWatchedReleaseIsPausedEndedOrRolledBack) {
  auto watch = watch_in(Phase::watching);
  EXPECT_THAT(allowed_orders(watch), ElementsAre(Verb::pause, Verb::abort, Verb::rollback));
  watch.paused = true;
  EXPECT_THAT(allowed_orders(watch), ElementsAre(Verb::resume, Verb::abort, Verb::rollback));
}

TEST(Orders, ApprovalIsOfferedWhereItIsAskedFor) {
  EXPECT_THAT(allowed_orders(watch_in(Phase::awaiting_approval)), Contains(Verb::approve));
  EXPECT_THAT(allowed_orders(watch_in(Phase::passed)), ElementsAre(Verb::rollback));
  EXPECT_THAT(allowed_orders(watch_in(Phase::rolled_back)), IsEmpty());
}

TEST(Orders, WhereThereIsNothingToGoBackToAPersonMayNameAVersion) {
  for (const auto& previous : {std::string(), shop_watch().spec.version}) {
    auto watch = watch_in(Phase::awaiting_approval);
    watch.spec.previous_version = previous;
    EXPECT_THAT(allowed_orders(watch), ElementsAre(Verb::abort, Verb::rollback)) << previous;
  }
}

TEST(Orders, WhatAHookIsDoingNowIsNotCalledOff) {
  auto watch = watch_in(Phase::rolling_back);
  watch.decisions = {Decision()};
  watch.decisions[0].kind = DecisionKind::rollback;
  watch.decisions[0].state = CallState::decided;
  EXPECT_THAT(allowed_orders(watch), ElementsAre(Verb::abort)) << "its next attempt has not begun";
  watch.decisions[0].state = CallState::calling;
  EXPECT_THAT(allowed_orders(watch), IsEmpty());
  EXPECT_EQ(may_order(watch, Verb::abort).error(), "the rollback hook is being called now; wait for its outcome");
  watch.phase = Phase::watching;
  watch.decisions[0].kind = DecisionKind::call;
  EXPECT_THAT(allowed_orders(watch), ElementsAre(Verb::pause, Verb::rollback)) << "what a rule has called goes on";
}

TEST(Orders, NothingIsRolledBackWithoutAHook) {
  auto watch = watch_in(Phase::awaiting_approval);
  auto group = std::make_shared<RuleGroup>(*watch.group);
  group->rollback.hook.clear();
  watch.group = group;
  EXPECT_THAT(allowed_orders(watch), Not(Contains(Verb::rollback)));
}

}  // namespace
}  // namespace guard::core
