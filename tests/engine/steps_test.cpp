// SPDX-License-Identifier: Apache-2.0
//
// Steps over a draft: each is applied, noted in the timeline, and the loop over them ends.
#include "guard/engine/steps.hpp"

#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::DecisionKind;
using model::EventKind;
using model::Phase;
using testing::ElementsAre;
using testing::IsEmpty;

class Steps : public testing::Test {
 protected:
  static model::Watch release(const std::string& id, Phase phase) {
    model::Watch watch;
    watch.spec = shop_release(id);
    watch.group = std::make_shared<const model::RuleGroup>(shop_group());
    watch.rules.resize(watch.group->rules.size());
    watch.phase = phase;
    return watch;
  }
  model::Watch live(const std::string& id) const {
    auto watch = release(id, Phase::watching);
    watch.live_at = clock_.now().wall;
    watch.clock.start(clock_.now(), "boot");
    return watch;
  }
  void put(const model::Watch& watch) { fleet_.put(std::make_shared<const model::Watch>(watch)); }
  engine::Draft draft() const { return {fleet_, staged_, clock_.now()}; }
  static std::vector<EventKind> noted(engine::Draft& draft) {
    std::vector<EventKind> out;
    for (const auto& event : draft.batch().events) out.push_back(model::kind_of(event.what));
    return out;
  }

  StepClock clock_;
  core::Fleet fleet_;
  core::Fleet staged_;
};

TEST_F(Steps, ABreachIsDecidedOnceAndTheDecisionAndThePhaseAreNoted) {
  auto watch = live("r1");
  auto& state = watch.rules[0];
  state.verdict = model::Verdict::breached;
  state.in_breach = state.standing = state.latched = true;
  put(watch);
  clock_.step(10s);
  auto draft = this->draft();
  engine::advance(draft, "r1", {});
  EXPECT_EQ(draft.find("r1")->phase, Phase::rolling_back);
  ASSERT_EQ(draft.find("r1")->decisions.size(), 1U);
  EXPECT_EQ(draft.find("r1")->decisions[0].kind, DecisionKind::rollback);
  EXPECT_THAT(noted(draft), ElementsAre(EventKind::decision, EventKind::phase));
  engine::advance(draft, "r1", {});
  EXPECT_EQ(draft.find("r1")->decisions.size(), 1U);
}

TEST_F(Steps, WhereNothingFollowsNothingChanges) {
  put(live("r1"));
  auto draft = this->draft();
  engine::advance(draft, "r1", {});
  EXPECT_THAT(draft.changed(), IsEmpty());
  EXPECT_THAT(noted(draft), IsEmpty());
}

TEST_F(Steps, AReleaseThatIsGivenUpBeforeItCameLetsTheOneBeforeSettleAnew) {
  put(live("r1"));
  clock_.step(30s);
  auto coming = release("r2", Phase::deploying);
  coming.announced_at = clock_.now().wall;
  put(coming);
  auto draft = this->draft();
  engine::take_step(draft, "r2", {core::Event::abort, std::nullopt, "aborted by anna"});
  EXPECT_EQ(draft.find("r2")->phase, Phase::aborted);
  EXPECT_GT(draft.find("r1")->settled_at(), release("r1", Phase::watching).settled_at());
  EXPECT_THAT(draft.batch().events.back().message, testing::HasSubstr("release r2 was given up"));
}

TEST_F(Steps, AReadingIsKeptItsOutcomesAreCountedAndWhatChangedIsNoted) {
  put(live("r1"));
  auto draft = this->draft();
  core::Reading reading;
  reading.watch = *fleet_.find("r1");
  reading.watch.failed = true;
  reading.outcomes = {model::Outcome::ok, model::Outcome::error};
  reading.changes = {{"error_rate", model::Verdict::unknown, reading.watch.rules[0]}};
  reading.made_up = {{"error_rate", 3, 0, 1}};
  CountingTelemetry telemetry;
  engine::take_reading(draft, reading, telemetry);
  EXPECT_TRUE(draft.find("r1")->failed);
  EXPECT_EQ(telemetry.evaluations[model::Outcome::error], 1);
  EXPECT_THAT(noted(draft), ElementsAre(EventKind::verdict, EventKind::gap));
}

}  // namespace
}  // namespace guard::test
