// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/preflights.hpp"

#include "guard/alerts/own_alert.hpp"
#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::CheckState;
using testing::HasSubstr;

class KeptSink final : public alerts::AlertSink {
 public:
  const std::string& name() const override { return name_; }
  Result<void> post(const std::string& body) override {
    bodies.push_back(body);
    return answer;
  }
  std::vector<std::string> bodies;
  Result<void> answer;

 private:
  std::string name_ = "http://am";
};

class NamedReceiver final : public receivers::Receiver {
 public:
  explicit NamedReceiver(std::string name) { settings_.name = std::move(name); }
  const config::ReceiverSettings& settings() const override { return settings_; }
  std::optional<receivers::Failure> deliver(const receivers::Message&) override { return std::nullopt; }

 private:
  config::ReceiverSettings settings_;
};

class PreflightsTest : public testing::Test {
 protected:
  void begin(engine::PreflightQuery query = {{}, true, false}) {
    engine::Preflights::Plan plan;
    plan.situation.spec = shop_release("r2", "v3", "v2");
    plan.situation.group = std::make_shared<const model::RuleGroup>(shop_group());
    plan.means.clock = &clock;
    plan.means.metrics = metrics;
    plan.means.sinks = {sink};
    plan.means.receivers = {std::make_shared<NamedReceiver>("people"), std::make_shared<NamedReceiver>("incidents")};
    plan.known = {{"guard", CheckState::passed, "", ""}};
    plan.gate = [this](engine::Completion<model::Checks> answered) { ask_gate = std::move(answered); };
    preflights.begin(std::move(plan), query,
                     [this](Result<model::Checks> checks) { told.push_back(std::move(checks)); });
  }
  model::Check named(const std::string& name) const {
    for (const auto& check : *told.at(0))
      if (check.name == name) return check;
    return {"no check " + name, CheckState::passed, "", ""};
  }
  void come_back() { preflights.alert_arrived({{"alertname", alerts::proof_name}, {alerts::proof_label, "id1"}}); }

  void settle() {
    if (ask_gate) std::exchange(ask_gate, nullptr)(model::Checks{{"freeze", CheckState::failed, "the sale", ""}});
    executor.settle();
  }

  engine::Completion<model::Checks> ask_gate;
  StepClock clock;
  EvenRandom random;
  QueueExecutor executor;
  std::shared_ptr<FakeMetrics> metrics = std::make_shared<FakeMetrics>();
  std::shared_ptr<KeptSink> sink = std::make_shared<KeptSink>();
  std::vector<Result<model::Checks>> told;
  int wakes = 0;
  engine::Preflights preflights{{executor, clock, random, [this] { ++wakes; }}};
};

TEST_F(PreflightsTest, TellsOnceAllIsFoundAndTheProofIsBack) {
  begin();
  settle();
  EXPECT_TRUE(told.empty()) << "the proof is under way";
  come_back();
  settle();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0]->front().name, "guard");
  EXPECT_EQ(named("alert_path").state, CheckState::passed);
  EXPECT_EQ(named("freeze").seen, "the sale") << "what the gate says is among it";
  EXPECT_EQ(sink->bodies.size(), 2U) << "it is pushed, and ended";
}

TEST_F(PreflightsTest, AProofWhoseEndNobodyTakesIsNotSaidToBeResolved) {
  begin();
  settle();
  sink->answer = fail(ErrorCode::unavailable, "HTTP 503");
  come_back();
  settle();
  EXPECT_EQ(named("alert_path").state, CheckState::unknown);
  EXPECT_THAT(named("alert_path").seen, HasSubstr("could not be ended: HTTP 503"));
}

TEST_F(PreflightsTest, AProofThatComesTwiceOrLateChangesNothing) {
  begin();
  come_back();
  come_back();
  settle();
  come_back();
  settle();
  EXPECT_EQ(told.size(), 1U);
  EXPECT_EQ(sink->bodies.size(), 2U);
}

TEST_F(PreflightsTest, AnotherAlertProvesNothing) {
  begin();
  settle();
  preflights.alert_arrived({{"alertname", alerts::proof_name}, {alerts::proof_label, "of-another-guard"}});
  preflights.alert_arrived({{"alertname", "Down"}});
  settle();
  EXPECT_TRUE(told.empty());
}

TEST_F(PreflightsTest, EndsAtItsDeadlineWhateverHangs) {
  executor.hold(engine::Lane::preflight);
  begin();
  EXPECT_EQ(preflights.tick(), clock.now().mono + 12s);
  clock.step(12s);
  preflights.tick();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(named("servers").state, CheckState::unknown);
  EXPECT_EQ(named("alert_path").state, CheckState::failed);
  executor.release(engine::Lane::preflight);
  settle();
  come_back();
  EXPECT_EQ(told.size(), 1U) << "what comes late is of no preflight";
}

TEST_F(PreflightsTest, WhoeverHangsWhenSentAMessageIsNamed) {
  executor.hold(engine::Lane::preflight);
  begin({{}, false, true});
  clock.step(12s);
  preflights.tick();
  ASSERT_EQ(told.size(), 1U);
  std::vector<std::string> seen;
  for (const auto& check : *told[0])
    if (check.name == "message") seen.push_back(check.seen);
  EXPECT_THAT(seen,
              testing::ElementsAre("Alertmanager did not answer in time", "receiver people did not answer in time",
                                   "receiver incidents did not answer in time"));
}

TEST_F(PreflightsTest, AProofThatGetsLostIsEndedAllTheSame) {
  begin();
  settle();
  clock.step(12s);
  preflights.tick();
  settle();
  EXPECT_THAT(named("alert_path").seen, HasSubstr("did not come back"));
  EXPECT_EQ(sink->bodies.size(), 2U);
}

TEST_F(PreflightsTest, OnlyOneIsUnderWay) {
  begin();
  begin();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].error().code, ErrorCode::unavailable);
  settle();
  come_back();
  settle();
  begin();
  EXPECT_EQ(told.size(), 2U) << "the next one may begin once it is over";
}

TEST_F(PreflightsTest, ToLookOnlySendsNothing) {
  begin({{}, false, false});
  settle();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(sink->bodies.empty());
}

TEST(PreflightOfAGuard, KnowsWhatIsLiveAndDoesNotCountItsProofAgainstARelease) {
  World world;
  ASSERT_TRUE(world.announce(shop_release("r1", "v2", "v1")));
  std::optional<Result<story::PreflightView>> told;
  engine::PreflightQuery query{shop_release("r2", "v3", ""), true, false};
  world.guard->preflight(query, [&](Result<story::PreflightView> view) { told = std::move(view); });
  world.run(13s);
  ASSERT_TRUE(told && *told);
  EXPECT_EQ((*told)->live_version, "v2");
  EXPECT_EQ(world.hook->tried_out.at(0).subject.previous_version, "v2");
  EXPECT_TRUE(world.hook->calls.empty());
}

TEST(PreflightOfAGuard, IsRefusedWhereNoGroupMatches) {
  World world;
  auto spec = shop_release("r2", "v3", "");
  spec.environment = "moon";
  std::optional<Result<story::PreflightView>> told;
  world.guard->preflight({spec, true, false}, [&](Result<story::PreflightView> view) { told = std::move(view); });
  ASSERT_TRUE(told);
  EXPECT_EQ(told->error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace guard::test
