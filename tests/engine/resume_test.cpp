// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/resume.hpp"

#include "tests/engine/harness.hpp"

#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;

class Resume : public testing::Test {
 protected:
  // Live for a minute, and read a second ago.
  model::Watch watched() const {
    model::Watch watch;
    watch.phase = model::Phase::watching;
    watch.group = std::make_shared<const model::RuleGroup>(shop_group());
    watch.rules.resize(1);
    watch.rules[0].last.emplace();
    watch.rules[0].last->at = clock_.now() + -1s;
    watch.clock.elapsed = 60s;
    watch.clock.start(clock_.now(), clock_.boot_id());
    return watch;
  }

  StepClock clock_;
};

TEST_F(Resume, InOneBootTheClockOfAWatchRunsOn) {
  const auto watch = watched();
  clock_.step(10s);
  EXPECT_EQ(engine::restored(watch, clock_).clock.age(clock_.now()), 70s);
}

TEST_F(Resume, AfterARebootWallTimeTellsHowLongItWasDown) {
  const auto watch = watched();
  clock_.reboot(30s);
  const auto again = engine::restored(watch, clock_);
  EXPECT_EQ(again.clock.age(clock_.now()), 90s);
  EXPECT_LT(again.rules[0].last->at.mono, clock_.now().mono) << "what was read lies before this boot";
}

TEST_F(Resume, AGapIsWhatIsLongerThanReadingsAreApart) {
  const auto watch = watched();
  EXPECT_FALSE(engine::gap_before(watch, clock_.now()));
  clock_.step(59s);
  EXPECT_EQ(engine::gap_before(watch, clock_.now()), 60s);
}

TEST_F(Resume, NobodyHadToLookAtAReleaseThatIsNotJudged) {
  auto watch = watched();
  watch.phase = model::Phase::rolling_back;
  clock_.step(59s);
  EXPECT_FALSE(engine::gap_before(watch, clock_.now()));
}

}  // namespace
}  // namespace guard::test
