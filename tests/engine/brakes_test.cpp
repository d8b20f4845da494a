// SPDX-License-Identifier: Apache-2.0
//
// What holds a rollback back, from where and for how long, and what does not.
#include "tests/engine/harness.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::AttemptResult;
using model::Brake;
using model::DecisionKind;
using model::Phase;
using model::Verb;

class Brakes : public testing::Test {
 protected:
  void SetUp() override {
    world.groups[0].window = 24h;
    world.restart();
  }

  void watch(const model::ReleaseSpec& spec) {
    ASSERT_TRUE(world.announce(spec));
    world.run(7s);
    ASSERT_EQ(world.phase(spec.id), Phase::watching);
  }
  void fail_service() { world.metrics->now[error_rate] = one(0.2); }
  void heal_service() { world.metrics->now[error_rate] = one(0.001); }
  void roll_back(const model::ReleaseSpec& spec) {
    watch(spec);
    fail_service();
    world.run(4s);
    heal_service();
    world.run(32s);
    ASSERT_EQ(world.phase(spec.id), Phase::rolled_back);
  }
  Brake held(const std::string& id) {
    const auto decisions = world.view(id).decisions;
    return !decisions.empty() && decisions.back().kind == DecisionKind::hold ? decisions.back().brake : Brake::none;
  }
  // A second service with a group of its own.
  model::ReleaseSpec cart(const std::string& id) {
    auto group = shop_group();
    group.name = "cart";
    group.window = 24h;
    group.match = {*model::Matcher::parse("service=\"cart\"")};
    group.rules[0].expr = *promql::TextTemplate::parse("cart_errors", promql::TemplateKind::promql);
    world.groups.push_back(group);
    world.metrics->now["cart_errors"] = world.metrics->past["cart_errors"] = one(0.001);
    auto spec = shop_release(id);
    spec.service = "cart";
    return spec;
  }

  World world;
  const Folder folder;
};

TEST_F(Brakes, TheCooldownDoesNotHangOnTheClock) {
  world.groups[0].rollback.cooldown = 10min;
  world.restart();
  world.clock.set_wall(720h);
  roll_back(shop_release("r1"));
  world.clock.set_wall(-720h);
  watch(shop_release("r2", "v3", "v1"));
  fail_service();
  world.run(4s);
  EXPECT_EQ(held("r2"), Brake::cooldown);
  world.run(11min);
  EXPECT_EQ(world.hook->calls.size(), 2U);
}

TEST_F(Brakes, TheCooldownGoesOnOverARestartAndAReboot) {
  world.groups[0].rollback.cooldown = 10min;
  world.restart();
  roll_back(shop_release("r1"));
  world.restart();
  world.clock.reboot(5min);
  world.restart();
  watch(shop_release("r2", "v3", "v1"));
  fail_service();
  world.run(4s);
  EXPECT_EQ(held("r2"), Brake::cooldown);
  world.clock.reboot(5min);
  world.restart();
  world.run(10s);
  EXPECT_EQ(world.hook->calls.size(), 2U) << "the time it was down counts";
}

TEST_F(Brakes, TheCooldownRunsFromTheEndOfTheLastCall) {
  watch(shop_release("r1"));
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(30min);
  world.executor->release(engine::Lane::hook);
  world.settle();
  heal_service();
  world.run(32s);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  watch(shop_release("r2", "v3", "v1"));
  fail_service();
  world.run(59min);
  EXPECT_EQ(held("r2"), Brake::cooldown);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  world.run(1min);
  EXPECT_EQ(world.hook->calls.size(), 2U) << "the breach still stands when the cooldown is over";
}

TEST_F(Brakes, ARollbackThatWasCalledOffBeforeItsFirstCallStartsNoCooldown) {
  watch(shop_release("r1"));
  world.disk.on_commit = [this](const store::Batch& batch) {
    for (const model::Watch& watch : batch.watches)
      if (watch.open_rollback() != nullptr) world.disk.full = true;
  };
  fail_service();
  world.run(4s);
  world.disk.on_commit = nullptr;
  world.disk.full = false;
  ASSERT_TRUE(world.hook->calls.empty());
  heal_service();
  watch(shop_release("r2", "v3", "v2"));
  ASSERT_EQ(world.phase("r1"), Phase::superseded);
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.hook->calls.size(), 1U);
  EXPECT_EQ(world.hook->calls[0].release, "r2");
}

TEST_F(Brakes, TheBreakerCountsServicesThatWereRolledBackWithinItsTime) {
  world.settings.brakes.breaker_services = 2;
  world.settings.brakes.breaker_within = 10min;
  const auto other = cart("c1");
  world.restart();
  ASSERT_TRUE(world.announce(other));
  roll_back(shop_release("r1"));
  world.metrics->now["cart_errors"] = one(0.2);
  world.run(1min);
  EXPECT_EQ(held("c1"), Brake::breaker);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  world.run(10min);
  EXPECT_EQ(world.hook->calls.size(), 2U) << "its own breach still stands, the other is long ago";
}

TEST_F(Brakes, AWarningOfAnotherServiceDoesNotOpenTheBreaker) {
  world.settings.brakes.breaker_services = 2;
  world.settings.brakes.breaker_within = 10min;
  const auto other = cart("c1");
  world.groups[1].rules[0].action = model::Action::warn;
  world.restart();
  ASSERT_TRUE(world.announce(other));
  watch(shop_release("r1"));
  world.metrics->now["cart_errors"] = one(0.2);
  world.run(10s);
  ASSERT_EQ(world.view("c1").rules[0].verdict, model::Verdict::breached);
  fail_service();
  world.run(4s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Brakes, ARollbackOrderedInAPauseIsCalledAndVerified) {
  watch(shop_release("r1"));
  ASSERT_TRUE(world.order(Verb::pause, "r1"));
  fail_service();
  world.run(10s);
  EXPECT_TRUE(world.hook->calls.empty());
  ASSERT_TRUE(world.order(Verb::rollback, "r1"));
  world.run(1s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
  EXPECT_FALSE(world.view("r1").paused) << "a pause is over when a person wants the release gone";
  heal_service();
  world.run(1min);
  EXPECT_EQ(world.phase("r1"), Phase::rolled_back) << "what is paused is not read, and nothing would be verified";
}

TEST_F(Brakes, TheKillSwitchHoldsForAsLongAsItsFileIsThere) {
  const auto file = folder / "stop";
  std::ofstream(file) << "";
  world.settings.brakes.kill_switch_file = file;
  world.restart();
  watch(shop_release("r1"));
  fail_service();
  world.run(1min);
  EXPECT_EQ(held("r1"), Brake::kill_switch);
  EXPECT_TRUE(world.hook->calls.empty());
  std::filesystem::remove(file);
  world.run(2s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

TEST_F(Brakes, AKillSwitchThatCannotBeLookedAtIsOn) {
  const auto loop = folder / "stop";
  std::filesystem::create_symlink(loop, loop);
  world.settings.brakes.kill_switch_file = loop;
  world.restart();
  watch(shop_release("r1"));
  fail_service();
  world.run(10s);
  EXPECT_EQ(held("r1"), Brake::kill_switch);
}

TEST_F(Brakes, GoingBackByHandFromAReleaseFoundBadIsARollback) {
  world.groups[0].rollback.mode = model::Mode::observe;
  world.restart();
  watch(shop_release("r1"));
  fail_service();
  world.run(4s);
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  EXPECT_TRUE(world.view("r2").is_rollback) << "going back from it would bring the bad version again";
}

TEST_F(Brakes, RollingForwardAgainIsAReleaseLikeAnyOther) {
  roll_back(shop_release("r1"));
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  ASSERT_TRUE(world.view("r2").is_rollback);
  fail_service();
  world.run(20s);
  ASSERT_EQ(held("r2"), Brake::is_rollback);
  heal_service();
  ASSERT_TRUE(world.announce(shop_release("r3", "v2", "v1")));
  EXPECT_FALSE(world.view("r3").is_rollback);
}

TEST_F(Brakes, AReleaseThatGoesBackFromAGoodOneIsARelease) {
  watch(shop_release("r1"));
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  EXPECT_FALSE(world.view("r2").is_rollback) << "names like blue and green come again and again";
}

TEST_F(Brakes, ABadReleaseOfLongAgoMakesNoLaterOneARollback) {
  roll_back(shop_release("r1", "green", "blue"));
  watch(shop_release("r2", "green", "blue"));
  ASSERT_TRUE(world.announce(shop_release("r3", "blue", "green")));
  EXPECT_FALSE(world.view("r3").is_rollback);
}

TEST_F(Brakes, ARollbackThatIsAnnouncedTwiceIsOneEachTime) {
  roll_back(shop_release("r1"));
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "v2")));
  world.run(1s);
  ASSERT_TRUE(world.announce(shop_release("r3", "v1", "v2")));
  EXPECT_TRUE(world.view("r3").is_rollback);
}

TEST_F(Brakes, ARollbackAnnouncedWithoutWhatItReplacesIsRecognised) {
  watch(shop_release("r1"));
  fail_service();
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::verifying);
  ASSERT_TRUE(world.announce(shop_release("r2", "v1", "")));
  EXPECT_TRUE(world.view("r2").is_rollback);
  EXPECT_EQ(world.phase("r1"), Phase::verifying);
}

TEST_F(Brakes, APauseHoldsAndResumingGoesOn) {
  watch(shop_release("r1"));
  ASSERT_TRUE(world.order(Verb::pause, "r1"));
  fail_service();
  world.run(1min);
  EXPECT_TRUE(world.hook->calls.empty());
  ASSERT_TRUE(world.order(Verb::resume, "r1"));
  world.run(4s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

}  // namespace
}  // namespace guard::test
