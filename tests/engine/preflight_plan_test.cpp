// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/preflight_plan.hpp"

#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

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

TEST(PreflightPlan, AsksAllThatTheGuardItselfAsks) {
  World world;
  engine::Runtime runtime = *world.runtime();
  auto settings = *runtime.settings;
  settings.alertmanager.servers.emplace_back().url = "http://alertmanager.internal:9093/base";
  runtime.settings = std::make_shared<config::Settings>(settings);
  runtime.alertmanager = std::make_shared<alerts::AlertmanagerClient>(
      std::vector<http::Client>{}, alerts::AlertmanagerClient::Options{}, world.clock);
  runtime.alerts = runtime.alertmanager;
  runtime.alert_sinks.push_back(nullptr);
  runtime.receivers.resize(2);
  const auto means = engine::means_of(runtime, world.clock);
  EXPECT_EQ(means.alertmanager, runtime.alertmanager);
  EXPECT_EQ(means.alerts, runtime.alerts);
  EXPECT_THAT(means.alertmanager_addresses, testing::ElementsAre("http://alertmanager.internal:9093"));
  EXPECT_EQ(means.sinks.size(), 1U);
  EXPECT_EQ(means.receivers.size(), 2U);
}

}  // namespace
}  // namespace guard::test
