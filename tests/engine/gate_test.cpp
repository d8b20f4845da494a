// SPDX-License-Identifier: Apache-2.0
//
// What is known of a place when an engine is asked whether a release may begin there.
#include "guard/core/gate.hpp"

#include "tests/engine/gating.hpp"

namespace guard::test {
namespace {

TEST_F(Gate, IsOpenOnAQuietDay) {
  for (const auto& one : asked()) EXPECT_EQ(one.state, CheckState::passed) << one.name << ": " << one.seen;
  watch();
  for (const auto& one : asked()) EXPECT_EQ(one.state, CheckState::passed) << one.name << ": " << one.seen;
}

TEST_F(Gate, IsShutWhereNoGroupWouldWatchAndUnknownWhereItDependsOnMore) {
  EXPECT_EQ(asked("v3", {}, "elsewhere")[0].state, CheckState::failed);
  world.groups[0].match.push_back(*model::Matcher::parse("version=~\"v.*\""));
  world.restart();
  EXPECT_EQ(check("rules", "").state, CheckState::unknown);
  EXPECT_EQ(check("rules", "v3").state, CheckState::passed);
  world.groups[0].match.push_back(*model::Matcher::parse("team=web"));
  world.restart();
  EXPECT_EQ(check("rules", "v3").state, CheckState::unknown);
}

TEST_F(Gate, IsShutForAVersionThatAnAnnouncementWouldBeRefusedFor) {
  config::HookSettings hook;
  hook.name = world.groups[0].rollback.hook;
  hook.versions = *model::Matcher::make("version", model::MatchOp::regex, "v[0-9.]+");
  world.settings.hooks.push_back(hook);
  world.restart();
  EXPECT_TRUE(core::is_open(asked("main"))) << "the first release has nothing to go back to";
  watch();
  EXPECT_THAT(check("rules", "main").seen, HasSubstr("they match v[0-9.]+"));
  EXPECT_TRUE(core::is_open(asked("v3")));
  EXPECT_TRUE(core::is_open(asked(""))) << "nobody said which version";
}

TEST_F(Gate, SeesFreezesAndWhatTheyLetPass) {
  world.groups[0].freeze = model::FreezePolicy{24h, {model::Change::first}, model::allowed_in_freezes};
  world.restart();
  watch();
  EXPECT_EQ(check("freeze").state, CheckState::failed);
  EXPECT_TRUE(core::is_open(asked("v3", model::ReleaseKind::hotfix)));
}

TEST_F(Gate, SeesARollbackUnderWayAndWhatNeedsAPerson) {
  world.groups[0].contacts.primary = "Ada, @ada";
  world.restart();
  watch();
  fail_service();
  world.executor->hold(engine::Lane::hook);
  world.run(4s);
  ASSERT_EQ(world.phase("r1"), Phase::rolling_back);
  EXPECT_EQ(check("place").seen, "release r1: its rollback is under way");
  world.hook->results = {AttemptResult::failed};
  world.executor->release(engine::Lane::hook);
  world.settle();
  ASSERT_EQ(world.phase("r1"), Phase::rollback_failed);
  EXPECT_THAT(check("place").seen, HasSubstr("release r1: a person is needed"));
  EXPECT_THAT(check("place").advice, testing::EndsWith("; whom to call: primary on-call: Ada, @ada"));
}

TEST_F(Gate, SeesWhatTheVersionMustHaveShownElsewhere) {
  world.groups[0].requirement = model::Requirement{"staging", 1h, model::UnmetAction::refuse, {}};
  world.restart();
  EXPECT_EQ(check("staging").state, CheckState::failed);
  EXPECT_EQ(check("staging", "").state, CheckState::unknown);
}

}  // namespace
}  // namespace guard::test
