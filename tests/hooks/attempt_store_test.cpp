// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/attempt_store.hpp"

#include "tests/hooks/processes.hpp"

#include <fcntl.h>

#include <sys/stat.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class AttemptStore : public Commands {
 protected:
  static constexpr WallTime limit{std::chrono::seconds(1'600'000'000)};

  // A finished attempt of decision `number`, last written `age` before the limit.
  hooks::AttemptFolder attempt_of(int number, Duration age) {
    call.key = "shop/production/r1/" + std::to_string(number);
    const auto made = attempt();
    EXPECT_TRUE(made.prepare({call.key, {"/bin/true"}, "/", {}, {}, 1s, 1s, 10}));
    EXPECT_TRUE(made.store({model::AttemptResult::done, "exit 0", "", {}, 1s}));
    write_at(made.path(), limit - age);
    write_at(made.path().parent_path(), limit - age);
    return made;
  }
  static void write_at(const fs::path& path, WallTime at) {
    const timespec time{std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(), 0};
    const timespec both[] = {time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), both, 0), 0);
  }
  std::string name() const { return hooks::attempts_name(call.key, call.decided_at); }
};

TEST_F(AttemptStore, OldAttemptsOfForgottenDecisionsAreRemovedAndNoOthers) {
  const auto forgotten = attempt_of(1, 1h);
  const auto known = attempt_of(2, 1h);
  const std::set<std::string> kept{name()};
  const auto young = attempt_of(3, -1h);
  const auto outcome = hooks::remove_old_attempts(state(), kept, limit);
  EXPECT_EQ(outcome.value(), 1U);
  EXPECT_FALSE(fs::exists(forgotten.path().parent_path()));
  EXPECT_TRUE(known.result());
  EXPECT_TRUE(young.result());
}

TEST_F(AttemptStore, OneYoungAttemptKeepsTheWholeDecision) {
  const auto first = attempt_of(1, 1h);
  ++call.attempt;
  const auto second = attempt();
  ASSERT_TRUE(second.prepare({call.key, {"/bin/true"}, "/", {}, {}, 1s, 1s, 10}));
  write_at(second.path().parent_path(), limit - 1h);
  EXPECT_EQ(hooks::remove_old_attempts(state(), {}, limit).value(), 0U);
  EXPECT_TRUE(first.result());
}

TEST_F(AttemptStore, AnAttemptThatASupervisorHoldsIsLeftAlone) {
  const auto held = attempt_of(1, 1h);
  {
    const auto lock = hooks::FileLock::wait(held.lock_file());
    ASSERT_TRUE(lock);
    write_at(held.path(), limit - 1h);
    EXPECT_EQ(hooks::remove_old_attempts(state(), {}, limit).value(), 0U);
    EXPECT_TRUE(held.result());
  }
  EXPECT_EQ(hooks::remove_old_attempts(state(), {}, limit).value(), 1U);
}

TEST_F(AttemptStore, WhatIsNotTheGuardsIsLeftAlone) {
  const auto root = hooks::attempts_root(state());
  const auto outside = folder / "outside";
  fs::create_directories(root / "notes");
  fs::create_directories(outside / "1");
  fs::create_directory_symlink(outside, root / std::string(32, 'a'));
  for (const auto& path : {root / "notes", outside, outside / "1"}) write_at(path, limit - 1h);
  EXPECT_EQ(hooks::remove_old_attempts(state(), {}, limit).value(), 0U);
  EXPECT_TRUE(fs::exists(root / "notes"));
  EXPECT_TRUE(fs::exists(outside / "1"));
}

TEST_F(AttemptStore, WithoutAnyAttemptThereIsNothingToDo) {
  EXPECT_EQ(hooks::remove_old_attempts(state(), {}, limit).value(), 0U);
}

}  // namespace
}  // namespace guard::test
