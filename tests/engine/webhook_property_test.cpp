// SPDX-License-Identifier: Apache-2.0
//
// Webhooks only wake the guard: what they say is read anew, so losing, repeating or reordering them changes when a
// decision is made, never which.
#include "tests/engine/property_watchers.hpp"

#include <utility>

#include <rapidcheck/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;

struct AlertStep {
  bool fires = false;
  int seconds = 1;
};

void showValue(const AlertStep& step, std::ostream& out) {
  out << (step.fires ? "fires " : "ends ") << step.seconds << "s";
}

rc::Gen<AlertStep> alert_steps() {
  return rc::gen::build<AlertStep>(rc::gen::set(&AlertStep::fires),
                                   rc::gen::set(&AlertStep::seconds, rc::gen::inRange(1, 10)));
}

// What became of the release when the webhooks of `steps` were delivered as `deliver` says.
template <class Deliver>
std::string outcome_of(const std::vector<AlertStep>& steps, Deliver deliver) {
  World world;
  world.groups[0].rules.push_back(alert_rule());
  world.alerts = std::make_shared<FakeAlerts>();
  world.restart();
  if (!world.announce(shop_release("r1"))) RC_FAIL("not announced");
  model::FiringAlert alert{"f1", {{"severity", "critical"}}, {}};
  for (const auto& step : steps) {
    if (step.fires) alert.starts_at = world.clock.now().wall;
    world.alerts->answer = step.fires ? std::vector{alert} : std::vector<model::FiringAlert>{};
    deliver(world, notification_of(alert, step.fires ? alerts::AlertStatus::firing : alerts::AlertStatus::resolved));
    world.run(step.seconds * 1s);
  }
  world.run(100s);
  const auto view = world.view("r1");
  std::string out(to_string(view.phase));
  for (const auto& decision : view.decisions) out += fmt::format(" {}", to_string(decision.kind));
  return out + fmt::format(" {} calls", world.hook->calls.size());
}

RC_GTEST_PROP(EngineProperty, LostRepeatedAndReorderedWebhooksChangeNoVerdict, ()) {
  const auto steps = *rc::gen::container<std::vector<AlertStep>>(alert_steps());
  const auto fates = *rc::gen::container<std::vector<int>>(steps.size(), rc::gen::inRange(0, 4));
  const auto whole = outcome_of(steps, [](World& world, const alerts::Notification& told) { world.receive(told); });
  std::size_t number = 0;
  std::optional<alerts::Notification> late;
  const auto broken = outcome_of(steps, [&](World& world, const alerts::Notification& told) {
    const int fate = fates[number++];
    if (fate >= 2) world.receive(told);                 // 0 and 1: lost, or held back
    if (fate == 3) world.receive(told);                 // twice
    if (late) world.receive(*std::exchange(late, {}));  // after a newer one
    if (fate == 1) late = told;
  });
  RC_ASSERT(whole == broken);
}

TEST(Webhooks, AfterARebootReadingsAreCountedOn) {
  World world;
  world.groups[0].rules = {alert_rule()};
  world.groups[0].rules[0].breach = {0s, 3, 5};
  world.alerts = std::make_shared<FakeAlerts>();
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(10s);
  world.guard.reset();
  world.clock.reboot(2s);
  world.restart();
  world.alerts->answer = std::vector<model::FiringAlert>{{"f1", {{"severity", "critical"}}, world.clock.now().wall}};
  world.run(5s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

// Without Alertmanager's own word webhooks are all there is; the same one again is no further reading.
TEST(Webhooks, TheSameAlertToldManyTimesIsOneOfTheCountedReadings) {
  World world;
  world.groups[0].interval = 10s;
  world.groups[0].rules = {alert_rule()};
  world.groups[0].rules[0].breach = {0s, 3, 5};
  world.restart();
  ASSERT_TRUE(world.announce(shop_release("r1")));
  world.run(11s);
  const model::FiringAlert alert{"f1", {{"severity", "critical"}}, world.clock.now().wall};
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(world.receive(notification_of(alert, alerts::AlertStatus::firing)));
    world.run(1s);
  }
  EXPECT_EQ(world.view("r1").rules[0].verdict, model::Verdict::pending);
  world.run(25s);
  EXPECT_EQ(world.hook->calls.size(), 1U);
}

}  // namespace
}  // namespace guard::test
