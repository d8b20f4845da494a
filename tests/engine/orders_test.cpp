// SPDX-License-Identifier: Apache-2.0
//
// What is offered of a release is what is taken, as far as the release itself decides it.
#include "guard/engine/orders.hpp"

#include "guard/core/orders.hpp"
#include "tests/engine/harness.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::test {
namespace {

using model::CallState;
using model::DecisionKind;
using model::Phase;
using model::Verb;
using testing::HasSubstr;

constexpr std::array persons_verbs{Verb::approve, Verb::pause, Verb::resume, Verb::abort, Verb::rollback};

// A release of the shop and what is called for it, if anything: its rollback to v0, or what a rule has called.
struct Stand {
  Phase phase = Phase::watching;
  DecisionKind kind = DecisionKind::rollback;
  CallState state = CallState::none;  // none: nothing was called
  bool paused = false;
  std::string previous = "v1";
  bool has_hook = true;
};

std::string words(const Stand& stand, Verb verb) {
  return fmt::format("{} of one that is {}{}, {} {}, before it \"{}\", {}", to_string(verb), to_string(stand.phase),
                     stand.paused ? " and paused" : "", to_string(stand.kind), to_string(stand.state), stand.previous,
                     stand.has_hook ? "with a hook" : "without a hook");
}

model::Watch watch_of(const Stand& stand, Instant now) {
  model::Watch watch;
  watch.spec = shop_release("r1", "v2", stand.previous);
  auto group = std::make_shared<model::RuleGroup>(shop_group());
  if (!stand.has_hook) group->rollback.hook.clear();
  watch.rules.resize(group->rules.size());
  watch.group = std::move(group);
  watch.phase = stand.phase;
  watch.paused = stand.paused;
  if (stand.phase != Phase::deploying) watch.live_at = now.wall;
  watch.clock.start(now, "boot");
  if (stand.state == CallState::none) return watch;
  model::Decision decision;
  decision.number = 1;
  decision.kind = stand.kind;
  decision.state = stand.state;
  decision.hook = "promote";
  decision.target = "v0";
  watch.decisions = {decision};
  return watch;
}

class Orders : public testing::Test {
 protected:
  // Orders it of a release that stands so, and of nothing else.
  Result<void> order(const model::Watch& watch, Verb verb) {
    core::Fleet fleet;
    fleet.put(std::make_shared<model::Watch>(watch));
    const core::Fleet staged;
    engine::Draft draft(fleet, staged, world.clock.now());
    engine::Order wanted{verb, "r1", {"anna"}, "", std::nullopt};
    if (verb == Verb::rollback) wanted.to = "v0";
    const auto runtime = world.runtime();
    return engine::carry_out(draft, wanted, {*runtime, {}, boot, {}});
  }

  void expect_offers_are_taken(const Stand& stand) {
    const auto watch = watch_of(stand, world.clock.now());
    const auto offered = core::allowed_orders(watch);
    for (const auto verb : persons_verbs) {
      const auto taken = order(watch, verb);
      EXPECT_EQ(taken.has_value(), std::ranges::count(offered, verb) == 1)
          << words(stand, verb) << (taken ? "" : ": " + taken.error().message);
    }
  }

  World world;
  std::string boot = "boot";
};

TEST_F(Orders, WhatIsOfferedIsTakenAndWhatIsNotIsRefused) {
  for (const auto& phase : EnumNames<Phase>::table)
    for (const auto& state : EnumNames<CallState>::table)
      for (const auto kind : {DecisionKind::rollback, DecisionKind::call})
        for (const auto* previous : {"v1", "", "v2"})
          for (const bool paused : {false, true})
            for (const bool has_hook : {true, false})
              expect_offers_are_taken({phase.first, kind, state.first, paused, previous, has_hook});
}

TEST_F(Orders, WhatAHookIsDoingNowIsNotCalledOff) {
  const Stand rolling_back{Phase::rolling_back, DecisionKind::rollback, CallState::calling};
  const auto refused = order(watch_of(rolling_back, world.clock.now()), Verb::abort);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(refused.error().message, "the rollback hook is being called now; wait for its outcome");
  const Stand mending{Phase::watching, DecisionKind::call, CallState::calling};
  EXPECT_THAT(order(watch_of(mending, world.clock.now()), Verb::abort).error().message,
              HasSubstr("the hook is being called now"));
  const Stand waiting{Phase::rolling_back, DecisionKind::rollback, CallState::decided};
  EXPECT_TRUE(order(watch_of(waiting, world.clock.now()), Verb::abort));
}

TEST_F(Orders, OfTheSignalsInATimelineOnlyTheNewestAreKept) {
  auto watch = watch_of({Phase::watching}, world.clock.now());
  auto group = std::make_shared<model::RuleGroup>(*watch.group);
  group->rules[0].signal = "e2e";
  watch.group = std::move(group);
  core::Fleet fleet;
  fleet.put(std::make_shared<model::Watch>(std::move(watch)));
  const core::Fleet staged;
  engine::Draft draft(fleet, staged, world.clock.now());
  ASSERT_TRUE(engine::keep_signal(draft, {"r1", "e2e", {}, {"pipeline"}}));
  ASSERT_EQ(draft.batch().newest.size(), 1U);
  EXPECT_EQ(draft.batch().newest[0].kind, model::EventKind::signal);
  EXPECT_EQ(draft.batch().newest[0].kept, 1000U);
}

}  // namespace
}  // namespace guard::test
