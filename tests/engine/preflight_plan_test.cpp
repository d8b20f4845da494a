// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/preflight_plan.hpp"

#include "tests/engine/harness.hpp"

#include <gtest/gtest.h>

namespace guard::test {
namespace {

TEST(PreflightPlan, AJournalThatCannotBeWrittenFailsTheCheckOfTheGuard) {
  engine::Health health;
  EXPECT_EQ(engine::known_of(health).at(0).state, model::CheckState::passed);
  health.store_trouble = {"the disk is full"};
  EXPECT_EQ(engine::known_of(health).at(0).state, model::CheckState::failed);
}

TEST(PreflightPlan, AsksWhomTheConfigurationNames) {
  World world;
  world.settings.prometheus->http.url = "http://prometheus.internal:9090/base";
  const auto means = engine::means_of(*world.runtime(), world.clock);
  EXPECT_EQ(means.prometheus_address, "http://prometheus.internal:9090");
  EXPECT_EQ(means.metrics, world.metrics);
  EXPECT_TRUE(means.alertmanager_addresses.empty()) << "only webhooks tell of alerts";
  EXPECT_TRUE(means.hooks.contains("promote"));
}

}  // namespace
}  // namespace guard::test
