// SPDX-License-Identifier: Apache-2.0
//
// Whether the sources answer is asked of real sockets, once for all who want to know.
#include "guard/engine/reach.hpp"

#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ReachTest : public testing::Test {
 protected:
  ReachTest() {
    auto runtime = std::make_shared<engine::Runtime>();
    auto settings = std::make_shared<config::Settings>();
    settings->prometheus.emplace();
    // Nothing listens on port 1.
    settings->prometheus->http.url = "http://127.0.0.1:1/a-path-with-a-token";
    settings->alertmanager.servers = {settings->prometheus->http};
    runtime->settings = settings;
    runtime->prometheus = std::make_shared<metrics::PrometheusClient>(
        *http::Client::make(settings->prometheus->http, clock), metrics::PrometheusClient::Options{}, clock);
    std::vector<http::Client> servers;
    servers.push_back(*http::Client::make(settings->alertmanager.servers[0], clock));
    runtime->alertmanager =
        std::make_shared<alerts::AlertmanagerClient>(std::move(servers), alerts::AlertmanagerClient::Options{}, clock);
    now = runtime;
  }

  void ask() {
    reach.ask([this](Result<engine::Reached> reached) { told.push_back(std::move(*reached)); });
  }

  StepClock clock;
  QueueExecutor executor;
  engine::RuntimePtr now;
  std::vector<engine::Reached> told;
  engine::Reach reach{{executor, clock, [this] { return now; }}};
};

TEST_F(ReachTest, TellsWhoDoesNotAnswerWithoutThePathOfItsAddress) {
  ask();
  executor.settle();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].prometheus.at(0).address, "http://127.0.0.1:1");
  EXPECT_THAT(told[0].prometheus.at(0).problem, testing::Optional(HasSubstr("refused")));
  EXPECT_EQ(told[0].alertmanagers.at(0).address, "http://127.0.0.1:1");
  EXPECT_THAT(told[0].alertmanagers.at(0).problem, testing::Optional(HasSubstr("refused")));
}

TEST_F(ReachTest, AsksOnceForAllWhoWantToKnow) {
  ask();
  ask();
  EXPECT_EQ(executor.waiting(engine::Lane::past), 1U);
  executor.settle();
  EXPECT_EQ(told.size(), 2U);
  ask();
  EXPECT_EQ(told.size(), 3U) << "a moment later nothing is asked";
  clock.step(6s);
  ask();
  EXPECT_EQ(executor.waiting(engine::Lane::past), 1U);
}

TEST_F(ReachTest, AnotherConfigurationIsAskedAnew) {
  ask();
  executor.settle();
  auto none = std::make_shared<engine::Runtime>();
  none->settings = std::make_shared<const config::Settings>();
  now = none;
  ask();
  executor.settle();
  EXPECT_TRUE(told.at(1).prometheus.empty());
  EXPECT_TRUE(told.at(1).alertmanagers.empty());
}

}  // namespace
}  // namespace guard::test
