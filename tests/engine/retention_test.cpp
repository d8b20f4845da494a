// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/retention.hpp"

#include "guard/hooks/attempt_folder.hpp"
#include "tests/engine/calls.hpp"

#include <fcntl.h>

#include <sys/stat.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using engine::Lane;
using model::Phase;

// Folders of attempts, as a command hook leaves them, written long ago.
class OldAttempts : public Calls {
 protected:
  OldAttempts() { world.state = folder.path(); }
  fs::path attempt_of(const std::string& key, WallTime decided_at) const {
    hooks::HookCall call;
    call.key = key;
    call.decided_at = decided_at;
    const auto attempt = hooks::AttemptFolder::current(folder.path(), call);
    EXPECT_TRUE(attempt.prepare({key, {"/bin/true"}, "/", {}, {}, 1s, 1s, 10}));
    const timespec long_ago[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    for (const auto& path : {attempt.path(), attempt.path().parent_path()})
      EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), long_ago, 0), 0);
    return attempt.path();
  }
};

TEST(Outlived, IsWhatEndedBeforeTheTimeAndIsNotOpenAgain) {
  const auto day = WallTime{24h};
  const auto watch = [](const std::string& id, Phase phase, std::optional<WallTime> ended_at) {
    model::Watch out;
    out.spec = shop_release(id);
    out.phase = phase;
    out.ended_at = ended_at;
    return std::make_shared<const model::Watch>(std::move(out));
  };
  core::Fleet fleet;
  fleet.put(watch("old", Phase::passed, day - 1ms));
  fleet.put(watch("recent", Phase::passed, day));
  fleet.put(watch("open", Phase::watching, std::nullopt));
  fleet.put(watch("rolled back by hand", Phase::rolling_back, day - 1h));
  model::Freeze freeze;
  for (const auto& [id, until] : {std::pair("over", day - 1ms), std::pair("just over", day)}) {
    freeze.id = id;
    freeze.span.until = until;
    fleet.put(freeze);
  }
  const auto old = engine::outlived(fleet, day);
  EXPECT_EQ(old.releases, std::vector<std::string>{"old"});
  EXPECT_EQ(old.freezes, std::vector<std::string>{"over"});
  EXPECT_EQ(old.before, day);
}

TEST_F(OldAttempts, WhatTheStoreCouldNotForgetIsKnownUntilItCan) {
  breach();
  world.metrics->now[error_rate] = one(0.001);
  world.run(35s);
  ASSERT_EQ(world.phase("r1"), Phase::rolled_back);
  world.clock.step(91 * 24h);
  world.disk.full = true;
  world.run(1s);
  EXPECT_TRUE(world.guard->release("r1"));
  world.disk.full = false;
  world.clock.step(6h);
  world.run(1s);
  EXPECT_FALSE(world.guard->release("r1"));
  EXPECT_TRUE(world.disk.watches.empty());
}

TEST_F(OldAttempts, AreRemovedWithTheReleaseTheyBelongToAndNotBefore) {
  breach();
  world.metrics->now[error_rate] = one(0.001);
  world.run(35s);
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
