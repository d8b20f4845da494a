// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a rollback decision: attempts, waits, deaths between any two steps, and everything that may happen
// to it meanwhile.
#include "guard/hooks/attempt_folder.hpp"
#include "tests/engine/harness.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using core::AttemptResult;
using core::CallState;
using core::Phase;
using engine::Lane;
using engine::Verb;
using testing::HasSubstr;

class Calls : public testing::Test {
 protected:
  Calls() { folder = ::mkdtemp(folder_name_.data()); }
  ~Calls() override { fs::remove_all(folder); }

  void break_service() { world.metrics->now[error_rate] = one(0.2); }
  // A release that is breached and whose rollback is decided, with the hook called once if no lane is held.
  void breach(const std::string& id = "r1") {
    ASSERT_TRUE(world.announce(shop_release(id)));
    world.run(7s);
    break_service();
    world.run(4s);
  }
  core::Decision decision(const std::string& id = "r1") {
    const auto view = world.view(id);
    const auto it = std::find_if(view.decisions.rbegin(), view.decisions.rend(),
                                 [](const auto& d) { return d.kind == core::DecisionKind::rollback; });
    return it == view.decisions.rend() ? core::Decision{} : *it;
  }
  // The guard dies once the decision is in the journal and before its hook is called.
  void breach_and_die_before_calling() {
    world.disk.on_commit = [this](const journal::Batch& batch) {
      for (const auto& watch : batch.watches)
        if (watch.open_rollback() != nullptr) world.executor->hold(Lane::journal);
    };
    breach();
    world.disk.on_commit = nullptr;
    ASSERT_EQ(world.hook->calls.size(), 0U);
  }
  // One turn of the loop without time passing; when the next is due.
  MonoTime beat() {
    const auto next = world.guard->tick();
    world.settle();
    return next;
  }
  std::size_t calls() const { return world.hook->calls.size(); }
  long notes(const std::string& text) const {
    return std::count_if(world.disk.events.begin(), world.disk.events.end(),
                         [&](const auto& event) { return event.message.find(text) != std::string::npos; });
  }
  void use_kill_switch() {
    world.settings.brakes.kill_switch_file = folder / "stop";
    world.restart();
  }
  void throw_kill_switch() const { std::ofstream(folder / "stop").put('\n'); }

  World world;
  fs::path folder;

 private:
  std::string folder_name_ = (fs::temp_directory_path() / "calls.XXXXXX").string();
};

TEST_F(Calls, TheOtherSideMaySayWhenToComeBack) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 40s;
  breach();
  world.run(30s);
  EXPECT_EQ(calls(), 1U);
  world.run(15s);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(Calls, WhoAsksToComeBackAfterTheDeadlineIsNotWaitedFor) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 31min;
  breach();
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(decision().state, CallState::failed);
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
}

TEST_F(Calls, NoAttemptBeginsAfterTheDeadline) {
  world.hook->policy.attempts = 100;
  world.hook->policy.deadline = 20s;
  world.hook->results.assign(100, AttemptResult::retry);
  breach();
  world.run(60s);
  EXPECT_EQ(decision().state, CallState::failed);
  for (const auto& attempt : decision().attempts) EXPECT_LT(attempt.started_at, decision().at + 20s);
  EXPECT_GT(calls(), 2U);
}

TEST_F(Calls, ADecisionThatCouldNotBeCarriedOutInTimeIsAPersons) {
  breach_and_die_before_calling();
  world.clock.step(31min);
  world.restart();
  world.run(5s);
  EXPECT_EQ(calls(), 0U);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_THAT(world.view("r1").reason, HasSubstr("could not be called within 30m of the decision"));
  EXPECT_FALSE(world.view("r1").needs_person.empty());
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(1s);
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->calls[0].decision, decision().number) << "nothing was called before, so it is a new decision";
}

TEST_F(Calls, ACallThatNeverBeganIsNotMadeTooLate) {
  world.executor->hold(Lane::hook);
  breach();
  world.hook->recovery = std::nullopt;
  world.clock.step(31min);
  world.restart();
  world.run(5s);
  EXPECT_EQ(calls(), 0U);
  EXPECT_EQ(decision().state, CallState::failed);
  EXPECT_EQ(decision().attempts.back().detail, "not run: the guard stopped before it began");
}

TEST_F(Calls, APersonsOrderToCallAgainHasItsOwnTime) {
  world.hook->results = {AttemptResult::unknown, AttemptResult::retry, AttemptResult::done};
  breach();
  ASSERT_EQ(decision().state, CallState::unknown);
  world.clock.step(5h);
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(20s);
  EXPECT_EQ(calls(), 3U) << "the retry too";
  EXPECT_EQ(decision().state, CallState::confirmed);
}

TEST_F(Calls, TheKillSwitchHoldsTheNextAttemptAndSaysSoOnce) {
  use_kill_switch();
  world.hook->results = {AttemptResult::retry};
  breach();
  throw_kill_switch();
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(notes("the kill switch is on"), 1);
  fs::remove(folder / "stop");
  world.run(2s);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(Calls, TheKillSwitchHoldsACallThatNeverBegan) {
  use_kill_switch();
  world.executor->hold(Lane::hook);
  breach();
  throw_kill_switch();
  world.hook->recovery = std::nullopt;
  world.restart();
  world.run(60s);
  EXPECT_EQ(calls(), 0U);
  fs::remove(folder / "stop");
  world.run(2s);
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->calls[0].key, "shop/production/r1/1");
}

TEST_F(Calls, AHeldDecisionIsAPersonsWhenItsTimeIsOver) {
  use_kill_switch();
  world.hook->results = {AttemptResult::retry};
  breach();
  throw_kill_switch();
  world.clock.step(30min);
  world.run(2s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
}

TEST_F(Calls, APersonMayOverrideTheKillSwitch) {
  use_kill_switch();
  world.hook->results = {AttemptResult::unknown, AttemptResult::retry};
  breach();
  throw_kill_switch();
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(20s);
  EXPECT_EQ(calls(), 3U) << "retries belong to the order";
  EXPECT_EQ(decision().key, "shop/production/r1/1");
}

TEST_F(Calls, ANewerReleaseCallsOffARollbackThatWaitsForItsNextAttempt) {
  world.hook->results = {AttemptResult::retry};
  breach();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
  EXPECT_EQ(decision().state, CallState::failed);
  world.metrics->now[error_rate] = one(0.001);
  world.run(60s);
  EXPECT_EQ(calls(), 1U) << "it would have put the newer release back";
}

TEST_F(Calls, ANewerReleaseThatCameDuringACallEndsItsRetries) {
  world.hook->results = {AttemptResult::retry};
  world.executor->hold(Lane::hook);
  breach();
  ASSERT_TRUE(world.announce(shop_release("r2", "v3", "v2")));
  EXPECT_EQ(world.phase("r1"), Phase::rolling_back) << "its hook may be running";
  world.metrics->now[error_rate] = one(0.001);
  world.executor->release(Lane::hook);
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(world.phase("r1"), Phase::superseded);
}

TEST_F(Calls, AnAbortedRollbackIsNotCalledAgainAndALaterOrderWaitsForNothing) {
  world.hook->results = {AttemptResult::retry};
  world.hook->retry_after = 20min;
  breach();
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  world.run(5s);
  EXPECT_EQ(decision().state, CallState::failed);
  EXPECT_EQ(calls(), 1U);
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  EXPECT_EQ(calls(), 2U);
  EXPECT_EQ(world.hook->calls[1].key, "shop/production/r1/" + std::to_string(decision().number));
  EXPECT_NE(world.hook->calls[1].key, world.hook->calls[0].key);
}

TEST_F(Calls, OfTwoReleasesOfOnePlaceOneIsCalledForAtATime) {
  world.hook->results = {AttemptResult::retry};
  breach();
  // The pipeline announces the rollback it carries out, which leaves the watch of the rolled back release alone.
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  world.executor->hold(Lane::hook);
  ASSERT_TRUE(world.order(Verb::rollback, "r2"));
  ASSERT_EQ(world.executor->waiting(Lane::hook), 1U);
  world.run(30s);
  EXPECT_EQ(world.executor->waiting(Lane::hook), 1U) << "the next attempt for r1 is due and must wait";
  EXPECT_GE(world.guard->tick(), world.clock.now().mono + 1s) << "without asking all the time";
  world.executor->release(Lane::hook);
  world.run(3s);
  EXPECT_EQ(calls(), 3U);
}

TEST_F(Calls, AHookThatIsNoLongerConfiguredIsSaidAndNothingIsCalled) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(70s);
  ASSERT_EQ(world.phase("r1"), Phase::passed);
  const auto gone = world.hook;
  world.hook = nullptr;
  world.restart();
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(2s);
  EXPECT_TRUE(gone->calls.empty());
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_EQ(decision().state, CallState::failed);
  EXPECT_THAT(world.view("r1").reason, HasSubstr("the hook is no longer configured; nothing was called"));
}

TEST_F(Calls, AHookThatWasBeingCalledAndIsNoLongerConfiguredIsUnknown) {
  world.executor->hold(Lane::hook);
  breach();
  world.hook = nullptr;
  world.restart();
  world.run(2s);
  EXPECT_EQ(decision().state, CallState::unknown);
  EXPECT_EQ(world.phase("r1"), Phase::rollback_failed);
}

TEST_F(Calls, AReloadDoesNotTakeAHookFromAnOpenWatch) {
  world.hook->results = {AttemptResult::retry};
  breach();
  const auto kept = std::exchange(world.hook, nullptr);
  world.next_runtime = world.runtime();
  world.guard->reload([](const Result<std::string>&) {});
  world.run(20s);
  EXPECT_EQ(kept->calls.size(), 2U);
}

TEST_F(Calls, SettingTheWallClockNeitherHurriesNorDelaysARetry) {
  for (const Duration jump : {Duration(-2h), Duration(10min)}) {
    world.hook->results = {AttemptResult::retry};
    world.hook->retry_after = 20s;
    const auto id = "r" + std::to_string(jump.count());
    world.hook->calls.clear();
    breach(id);
    world.clock.set_wall(jump);
    world.run(15s);
    EXPECT_EQ(calls(), 1U) << jump.count();
    world.run(10s);
    EXPECT_EQ(calls(), 2U) << jump.count();
    ASSERT_TRUE(world.order(Verb::abort, id));
    world.metrics->now[error_rate] = one(0.001);
    world.clock.step(3h);
  }
}

TEST_F(Calls, ARetryWhoseIntentCannotBeStoredIsTriedAgainEachSecondNotAllTheTime) {
  world.hook->results = {AttemptResult::retry};
  breach();
  world.clock.step(1min);
  world.disk.full = true;
  const auto failed = world.telemetry.commits[false];
  beat();
  EXPECT_EQ(world.telemetry.commits[false], failed + 1);
  for (int i = 0; i < 10; ++i) beat();
  EXPECT_EQ(world.telemetry.commits[false], failed + 1);
  EXPECT_EQ(beat(), world.clock.now().mono + 1s);
  EXPECT_EQ(calls(), 1U) << "without a durable intent no call";
  world.disk.full = false;
  world.run(1s);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(Calls, AnOutcomeThatCannotBeStoredIsTriedAgainEachSecondNotAllTheTime) {
  world.executor->hold(Lane::hook);
  breach();
  world.disk.full = true;
  world.executor->release(Lane::hook);
  const auto woken = world.wakes;
  world.settle();
  EXPECT_GT(world.wakes, woken) << "or it would wait until something else wakes the loop";
  const auto failed = world.telemetry.commits[false];
  for (int i = 0; i < 10; ++i) beat();
  EXPECT_EQ(beat(), world.clock.now().mono + 1s);
  EXPECT_EQ(world.telemetry.commits[false], failed);
  world.clock.step(1s);
  beat();
  EXPECT_EQ(world.telemetry.commits[false], failed + 1);
  EXPECT_TRUE(world.guard->has_unrecorded());
  world.disk.full = false;
  world.run(1s);
  EXPECT_FALSE(world.guard->has_unrecorded());
  EXPECT_EQ(decision().state, CallState::confirmed);
}

TEST_F(Calls, AGuardThatEndsWaitsFromTheIntentUntilTheOutcomeIsStored) {
  world.disk.on_commit = [this](const journal::Batch& batch) {
    for (const auto& watch : batch.watches)
      if (const auto* open = watch.open_rollback(); open != nullptr && open->state == CallState::decided)
        world.executor->hold(Lane::journal);
  };
  breach();
  world.disk.on_commit = nullptr;
  EXPECT_EQ(world.executor->waiting(Lane::journal), 1U) << "the intent";
  EXPECT_TRUE(world.guard->is_calling());
  world.guard->stop();
  world.executor->hold(Lane::hook);
  world.executor->release(Lane::journal);
  world.settle();
  EXPECT_TRUE(world.guard->is_calling());
  world.executor->hold(Lane::journal);
  world.executor->release(Lane::hook);
  world.settle();
  EXPECT_EQ(calls(), 1U);
  EXPECT_TRUE(world.guard->is_calling()) << "what the hook did is not stored yet";
  world.executor->release(Lane::journal);
  world.settle();
  EXPECT_FALSE(world.guard->is_calling());
  EXPECT_EQ(world.disk.watches["r1"].last_rollback()->state, CallState::confirmed);
}

TEST_F(Calls, AGuardThatEndsDoesNotWaitForAJournalThatTakesNothing) {
  world.executor->hold(Lane::hook);
  breach();
  world.disk.full = true;
  world.executor->release(Lane::hook);
  world.settle();
  EXPECT_FALSE(world.guard->is_calling());
  EXPECT_TRUE(world.guard->has_unrecorded());
}

TEST_F(Calls, AGuardThatEndsBeginsNoFurtherAttempt) {
  world.hook->results = {AttemptResult::retry};
  breach();
  world.guard->stop();
  world.run(60s);
  EXPECT_EQ(calls(), 1U);
}

TEST_F(Calls, AnOutcomeThatDiedWithTheGuardIsAskedForAgain) {
  world.executor->hold(Lane::hook);
  breach();
  world.disk.full = true;
  world.executor->release(Lane::hook);
  world.settle();
  ASSERT_EQ(calls(), 1U);
  world.disk.full = false;
  world.hook->recovery = hooks::HookResult{AttemptResult::done, "exit 0", "", {}, 3s};
  world.restart();
  world.run(1s);
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(world.hook->recoveries.size(), 1U);
  EXPECT_EQ(decision().state, CallState::confirmed);
}

TEST_F(Calls, AGuardThatDiesBeforeARetryGoesOnWithTheNextAttempt) {
  world.hook->results = {AttemptResult::retry};
  breach();
  world.restart();
  world.run(15s);
  ASSERT_EQ(calls(), 2U);
  EXPECT_EQ(world.hook->calls[1].attempt, 2);
  EXPECT_EQ(world.hook->calls[1].key, world.hook->calls[0].key);
  EXPECT_TRUE(world.hook->recoveries.empty());
}

// Folders of attempts, as a command hook leaves them, written long ago.
class OldAttempts : public Calls {
 protected:
  OldAttempts() { world.state = folder; }
  fs::path attempt_of(const std::string& key, WallTime decided_at) const {
    hooks::HookCall call;
    call.key = key;
    call.decided_at = decided_at;
    const auto attempt = hooks::AttemptFolder::current(folder, call);
    EXPECT_TRUE(attempt.prepare({key, {"/bin/true"}, "/", {}, {}, 1s, 1s, 10}));
    const timespec long_ago[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    for (const auto& path : {attempt.path(), attempt.path().parent_path()})
      EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), long_ago, 0), 0);
    return attempt.path();
  }
};

TEST_F(OldAttempts, AreRemovedWithTheReleaseTheyBelongToAndNotBefore) {
  breach();
  world.metrics->now[error_rate] = one(0.001);
  world.run(30s);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  const auto known = attempt_of(decision().key, decision().at);
  const auto forgotten = attempt_of(decision().key, decision().at - 24h);
  world.restart();
  world.run(1s);
  EXPECT_TRUE(fs::exists(known)) << "the release is still known";
  EXPECT_FALSE(fs::exists(forgotten));
  world.clock.step(91 * 24h);
  world.run(1s);
  EXPECT_FALSE(world.guard->release("r1"));
  EXPECT_FALSE(fs::exists(known));
}

TEST_F(OldAttempts, OfACallThatIsNotFinishedAreKeptHoweverOld) {
  world.executor->hold(Lane::hook);
  breach();
  const auto open = attempt_of(decision().key, decision().at);
  world.clock.step(91 * 24h);
  world.restart();
  world.run(1s);
  EXPECT_TRUE(fs::exists(open)) << "without it nobody could tell whether the command ran";
}

}  // namespace
}  // namespace guard::test
