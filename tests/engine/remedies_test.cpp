// SPDX-License-Identifier: Apache-2.0
//
// The call of a rule's own hook: once, whatever dies or hangs meanwhile, and never beside a rollback.
#include "tests/engine/calls.hpp"

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using engine::Lane;
using model::Action;
using model::AttemptResult;
using model::CallState;
using model::DecisionKind;
using model::Phase;
using model::Verb;

const std::string queue_depth = "queue_depth_now";

class Remedies : public Calls {
 protected:
  Remedies() {
    auto& rules = world.groups[0].rules;
    auto queue = rules[0];
    queue.slo = "queue_depth";
    queue.expr = promql::TextTemplate::parse(queue_depth, promql::TemplateKind::promql).value();
    queue.action = Action::call;
    queue.remedy = {"promote", 10s, Action::rollback};
    rules.push_back(std::move(queue));
    world.metrics->now[error_rate] = one(0);
    world.metrics->now[queue_depth] = one(0);
    world.restart();
  }

  void back_up() {
    ASSERT_TRUE(world.announce(shop_release("r1")));
    world.run(7s);
    world.metrics->now[queue_depth] = one(0.5);
    world.run(4s);
  }
  bool ordered_ = false;
  model::Decision called() { return world.view("r1").decisions.at(0); }
};

TEST_F(Remedies, TheHookIsCalledOnceAndTheReleaseIsWatchedOn) {
  back_up();
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->calls[0].purpose, DecisionKind::call);
  EXPECT_EQ(world.hook->calls[0].slo, "queue_depth");
  EXPECT_EQ(called().state, CallState::confirmed);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  world.metrics->now[queue_depth] = one(0);
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::passed);
}

TEST_F(Remedies, WhatItDoesNotHelpIsRolledBack) {
  back_up();
  world.run(12s);
  ASSERT_EQ(calls(), 2U);
  EXPECT_EQ(world.hook->calls[1].purpose, DecisionKind::rollback);
  EXPECT_NE(world.hook->calls[1].key, world.hook->calls[0].key);
}

TEST_F(Remedies, AGuardThatDiesDuringTheCallTakesUpItsOutcome) {
  world.executor->hold(Lane::hook);
  back_up();
  ASSERT_EQ(called().state, CallState::calling);
  world.hook->recovery = hooks::HookResult{AttemptResult::done, "exit 0", "", {}, 3s};
  world.restart();
  world.run(2s);
  EXPECT_EQ(calls(), 0U);
  EXPECT_EQ(world.hook->recoveries.size(), 1U);
  EXPECT_EQ(called().state, CallState::confirmed);
}

TEST_F(Remedies, ACallThatIsDecidedAndNeverBeganIsMadeByTheNextGuard) {
  world.disk.on_commit = [this](const store::Batch& batch) {
    for (const model::Watch& watch : batch.watches)
      if (watch.open_call() != nullptr) world.executor->hold(Lane::journal);
  };
  back_up();
  world.disk.on_commit = nullptr;
  ASSERT_EQ(calls(), 0U);
  world.restart();
  world.run(2s);
  EXPECT_EQ(calls(), 1U);
}

TEST_F(Remedies, AnUnknownOutcomeIsNotCalledAgain) {
  world.hook->results = {AttemptResult::unknown};
  back_up();
  world.run(5s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(called().state, CallState::unknown);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
}

TEST_F(Remedies, ItIsTriedAgainOnlyWhileItMayHelp) {
  world.hook->policy.attempts = 100;
  world.hook->results.assign(3, AttemptResult::retry);
  back_up();
  world.run(30s);
  EXPECT_EQ(called().state, CallState::failed);
  const auto& attempts = called().attempts;
  EXPECT_LT(attempts.size(), 4U);
  for (const auto& attempt : attempts) EXPECT_LT(attempt.started_at, called().at + 10s);
}

TEST_F(Remedies, ARollbackWaitsForTheCallThatIsUnderWay) {
  world.executor->hold(Lane::hook);
  back_up();
  break_service();
  world.run(5s);
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back);
  EXPECT_EQ(world.executor->waiting(Lane::hook), 1U) << "no two are called at once";
  world.executor->release(Lane::hook);
  world.run(2s);
  ASSERT_EQ(calls(), 2U);
  EXPECT_EQ(world.hook->calls[0].purpose, DecisionKind::call);
  EXPECT_EQ(world.hook->calls[1].purpose, DecisionKind::rollback);
  EXPECT_EQ(world.phase("r1"), Phase::verifying);
}

TEST_F(Remedies, ARollbackThatIsDecidedWhileTheCallIsBegunHasItsOwnHook) {
  auto restart = std::make_shared<FakeHook>();
  world.groups[0].rules[1].remedy->hook = "restart";
  world.more_hooks["restart"] = restart;
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(7s);
  world.metrics->now[queue_depth] = one(0.5);
  // The call's decision is being stored; the order comes before its intent.
  world.disk.on_commit = [this](const store::Batch& batch) {
    for (const model::Watch& watch : batch.watches)
      if (watch.open_call() != nullptr && !ordered_) {
        ordered_ = true;
        engine::Order order;
        order.release = "r1";
        order.verb = Verb::rollback;
        order.actor.name = "ann";
        world.guard->order(std::move(order), [](const Result<story::ReleaseView>&) {});
      }
  };
  world.run(6s);
  ASSERT_TRUE(ordered_);
  for (const auto& call : restart->calls) EXPECT_EQ(call.purpose, DecisionKind::call);
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->calls[0].purpose, DecisionKind::rollback);
}

TEST_F(Remedies, NothingIsCalledForARuleInAPause) {
  world.hook->results = {AttemptResult::retry};
  back_up();
  ASSERT_EQ(calls(), 1U);
  ASSERT_TRUE(world.order(Verb::pause, "r1"));
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
  ASSERT_TRUE(world.order(Verb::resume, "r1"));
  world.run(5s);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(Remedies, AReloadLeavesTheHookToAnOpenWatch) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(7s);
  const auto kept = std::exchange(world.hook, nullptr);
  world.next_runtime = world.runtime();
  world.guard->reload([](const Result<std::string>&) {});
  world.settle();
  world.metrics->now[queue_depth] = one(0.5);
  world.run(4s);
  EXPECT_EQ(called().state, CallState::confirmed);
  EXPECT_EQ(kept->calls.size(), 1U);
}

TEST_F(Remedies, ANewerReleaseTakesItsPlaceOnceTheCallHasEnded) {
  world.executor->hold(Lane::hook);
  back_up();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.run(2s);
  EXPECT_EQ(world.phase("r1"), Phase::watching);
  world.executor->release(Lane::hook);
  world.run(2s);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_EQ(called().state, CallState::confirmed);
}

TEST_F(Remedies, ARollbackThatWaitsForTheCallIsNotMadeOverANewerRelease) {
  world.executor->hold(Lane::hook);
  back_up();
  break_service();
  world.run(5s);
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back);
  world.metrics->now[error_rate] = one(0);
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.executor->release(Lane::hook);
  world.run(5s);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->calls[0].purpose, DecisionKind::call);
}

TEST_F(Remedies, TheNextGuardEndsAReleaseWhosePlaceWasTakenDuringItsCall) {
  world.executor->hold(Lane::hook);
  back_up();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  world.run(2s);
  world.hook->recovery = hooks::HookResult{AttemptResult::done, "exit 0", "", {}, 3s};
  world.restart();
  world.run(2s);
  EXPECT_EQ(called().state, CallState::confirmed);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_EQ(calls(), 0U);
}

TEST_F(Remedies, AWatchOutlastsItsCallAndTheDeathOfTheGuardLeavesThePlaceFree) {
  world.executor->hold(Lane::hook);
  back_up();
  world.metrics->now[queue_depth] = one(0);
  world.run(90s);
  EXPECT_EQ(world.phase("r1"), Phase::watching) << "its window is over, its call is not";
  world.hook->recovery = hooks::HookResult{AttemptResult::done, "exit 0", "", {}, 3s};
  world.restart();
  world.run(5s);
  EXPECT_TRUE(model::is_final(world.phase("r1")));
  breach("r2");
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->calls[0].purpose, DecisionKind::rollback);
}

TEST_F(Remedies, NobodyAbortsDuringTheCall) {
  world.executor->hold(Lane::hook);
  back_up();
  const auto refused = world.order(Verb::abort, "r1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "the hook is being called now; wait for its outcome");
}

TEST_F(Remedies, AHookThatCannotBeCalledRefusesTheAnnouncement) {
  world.hook->rehearsal = fail(ErrorCode::invalid, "no argument may begin with -");
  world.groups[0].rollback.mode = model::Mode::observe;
  world.groups[0].rollback.hook.clear();
  world.restart();
  const auto refused = world.announce(shop_release("r1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "rule queue_depth could not call its hook for this release: no argument may begin with -");
}

}  // namespace
}  // namespace guard::test
