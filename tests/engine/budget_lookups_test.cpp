// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/budget_lookups.hpp"

#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class BudgetLookupsTest : public testing::Test {
 protected:
  void ask(const std::string& query, std::shared_ptr<metrics::MetricsSource> source) {
    lookups.ask({std::move(source), query, clock.now().mono + 10s},
                [this](const model::Samples& answer) { told.push_back(answer); });
  }
  void ask(const std::string& query) { ask(query, metrics); }

  StepClock clock;
  QueueExecutor executor;
  std::shared_ptr<FakeMetrics> metrics = std::make_shared<FakeMetrics>();
  std::vector<model::Samples> told;
  engine::BudgetLookups lookups{{executor, clock}};
};

TEST_F(BudgetLookupsTest, AsksOnceForAllWhoWantTheSame) {
  metrics->now["left"] = std::vector<model::Sample>{{{}, 0.5}};
  ask("left");
  ask("left");
  EXPECT_TRUE(told.empty());
  executor.settle();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1]->front().value, 0.5);
  EXPECT_EQ(metrics->asked, 1);
  ask("left");
  executor.settle();
  EXPECT_EQ(metrics->asked, 2) << "a later one is of its own moment";
}

TEST_F(BudgetLookupsTest, FewAtOnceHaveTheServer) {
  for (const auto* query : {"a", "b", "c", "d", "e"}) ask(query);
  EXPECT_EQ(executor.waiting(engine::Lane::past), engine::budgets_at_once);
  executor.settle();
  EXPECT_EQ(told.size(), 5U);
}

TEST_F(BudgetLookupsTest, WhoseTurnComesTooLateIsToldSo) {
  ask("left");
  ask("another");
  clock.step(11s);
  executor.settle();
  ASSERT_EQ(told.size(), 2U);
  ASSERT_FALSE(told[1]);
  EXPECT_THAT(told[1].error().message, HasSubstr("the time was over"));
  EXPECT_EQ(metrics->asked, 0);
}

TEST_F(BudgetLookupsTest, WithoutPrometheusThatIsTheAnswer) {
  ask("left", nullptr);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0].error().message, HasSubstr("no Prometheus is configured"));
}

}  // namespace
}  // namespace guard::test
