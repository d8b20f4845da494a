// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/notifier.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"
#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using alerts::OwnAlert;
using engine::Lane;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

// An Alertmanager as far as a push is concerned: what fires there, by name, with its text and end.
class FakeSink final : public alerts::AlertSink {
 public:
  explicit FakeSink(std::string name) : name_(std::move(name)) {}
  const std::string& name() const override { return name_; }

  Result<void> post(const std::string& body) override {
    ++posts;
    if (down) return fail(ErrorCode::unavailable, "connection refused");
    last.clear();
    const auto parsed = parse_json(body);
    for (const auto& entry : parsed->as_array()) {
      const auto& alert = entry.as_object();
      const auto name = std::string(alert.at("labels").at("alertname").as_string());
      const auto text = std::string(alert.at("annotations").at("summary").as_string());
      last[name] = {text, *parse_time(alert.at("endsAt").as_string())};
      taken[name] = last[name];
    }
    return {};
  }

  using Entry = std::pair<std::string, WallTime>;
  std::map<std::string, Entry> last;   // the newest post
  std::map<std::string, Entry> taken;  // all posts, the newest of each alert
  int posts = 0;
  bool down = false;

 private:
  std::string name_;
};

OwnAlert alert(const std::string& name, const std::string& text = "text") {
  return {{{"alertname", name}}, {{"summary", text}}, WallTime{}, ""};
}

class NotifierTest : public testing::Test {
 protected:
  NotifierTest() {
    notifier.set_targets({first});
    run(0s);
  }

  // Ticks as the loop does: when it is woken, and when something is due.
  void run(Duration time) {
    const auto end = clock.now().mono + time;
    for (;;) {
      const auto next = notifier.tick();
      if (executor.waiting(Lane::notify) > 0 && !held) {
        executor.settle();
        continue;
      }
      if (next > end) break;
      clock.step(std::max(Duration{1}, next - clock.now().mono));
    }
    clock.step(end - clock.now().mono);
  }

  // An event wakes the loop; a look may come a second later.
  void happen() { run(1s); }

  std::vector<std::string> firing_at(const FakeSink& sink) const {
    std::vector<std::string> out;
    for (const auto& [name, entry] : sink.taken)
      if (entry.second > clock.now().wall) out.push_back(name);
    return out;
  }

  StepClock clock;
  EvenRandom random;
  std::vector<std::string> lines;
  Log log{clock, LogLevel::info, LogFormat::logfmt, [this](std::string_view line) { lines.emplace_back(line); }};
  QueueExecutor executor;
  CountingTelemetry telemetry;
  std::vector<OwnAlert> firing;
  std::shared_ptr<FakeSink> first = std::make_shared<FakeSink>("http://am1");
  std::shared_ptr<FakeSink> second = std::make_shared<FakeSink>("http://am2");
  notify::Notifier notifier{{executor, telemetry, clock, random, log, [this] { return firing; }, [] {}}};
  bool held = false;
};

TEST_F(NotifierTest, ANewAlertIsPushedToFireForFourMinutes) {
  firing = {alert("A")};
  happen();
  ASSERT_TRUE(first->last.contains("A"));
  EXPECT_GT(first->last["A"].second, clock.now().wall + 4min - 2s);
  EXPECT_LE(first->last["A"].second, clock.now().wall + 4min);
}

TEST_F(NotifierTest, AnAlertThatStaysTrueNeverExpires) {
  firing = {alert("A")};
  for (int second_of_hour = 0; second_of_hour < 3600; ++second_of_hour) {
    run(1s);
    ASSERT_THAT(firing_at(*first), ElementsAre("A"));
  }
  EXPECT_LE(first->posts, 62) << "one push a minute keeps it firing";
}

TEST_F(NotifierTest, AnAlertThatIsNoLongerTrueIsResolvedWithTheTextItHad) {
  firing = {alert("A", "as it was")};
  happen();
  firing.clear();
  happen();
  EXPECT_EQ(first->last["A"].first, "as it was");
  EXPECT_LE(first->last["A"].second, clock.now().wall);
  const auto posts = first->posts;
  run(30s);
  EXPECT_EQ(first->posts, posts) << "its end is told once";
}

TEST_F(NotifierTest, AChangedTextIsPushedAtOnceAndAloneSomethingUnchangedIsNot) {
  firing = {alert("A"), alert("B")};
  happen();
  firing = {alert("A", "attempt 2"), alert("B")};
  happen();
  EXPECT_THAT(first->last, ElementsAre(Pair("A", Pair("attempt 2", testing::_))));
}

TEST_F(NotifierTest, EachOfSeveralAlertmanagersIsTold) {
  notifier.set_targets({first, second});
  EXPECT_EQ(telemetry.targets, 2U);
  firing = {alert("A")};
  happen();
  EXPECT_THAT(firing_at(*first), ElementsAre("A"));
  EXPECT_THAT(firing_at(*second), ElementsAre("A"));
}

TEST_F(NotifierTest, OneThatIsDownIsToldLaterAndKeepsNobodyElseWaiting) {
  notifier.set_targets({first, second});
  second->down = true;
  firing = {alert("A")};
  run(10min);
  EXPECT_THAT(firing_at(*first), ElementsAre("A"));
  EXPECT_THAT(second->taken, IsEmpty());
  const std::pair<std::size_t, bool> failed{1, false};
  const auto attempts = telemetry.pushes[failed];
  EXPECT_GT(attempts, 20);
  EXPECT_LT(attempts, 60) << "tries back off";
  second->down = false;
  run(30s);
  EXPECT_THAT(firing_at(*second), ElementsAre("A"));
}

TEST_F(NotifierTest, AnEndThatCouldNotBeToldIsToldLater) {
  firing = {alert("A")};
  happen();
  first->down = true;
  firing.clear();
  run(1min);
  first->down = false;
  run(30s);
  EXPECT_THAT(firing_at(*first), IsEmpty());
  EXPECT_LE(first->taken["A"].second, clock.now().wall);
  EXPECT_TRUE(first->last.contains("A")) << "it was told, not left to expire";
}

TEST_F(NotifierTest, WhatHasExpiredThereNeedsNoEnd) {
  firing = {alert("A")};
  happen();
  first->down = true;
  firing.clear();
  run(5min);
  first->down = false;
  run(30s);
  EXPECT_THAT(first->last, IsEmpty());
}

TEST_F(NotifierTest, ATroubledTargetIsLoggedOnceAndSoIsItsReturn) {
  first->down = true;
  run(10min);
  first->down = false;
  run(1min);
  EXPECT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines.at(0), testing::HasSubstr("connection refused"));
}

TEST_F(NotifierTest, ATargetIsTriedOnceAMinuteThoughThereIsNothingToTell) {
  const auto posts_before = first->posts;
  run(10min);
  EXPECT_NEAR(first->posts - posts_before, 10, 1);
}

TEST_F(NotifierTest, OnlyOnePostToATargetIsUnderWay) {
  executor.hold(Lane::notify);
  held = true;
  firing = {alert("A")};
  run(5s);
  firing = {alert("B")};
  run(5min);
  EXPECT_EQ(executor.waiting(Lane::notify), 1U);
  executor.release(Lane::notify);
  held = false;
  run(1s);
  EXPECT_THAT(firing_at(*first), ElementsAre("B"));
}

TEST_F(NotifierTest, ManyAlertsGoInSeveralPostsTheMostPressingFirst) {
  for (int i = 0; i < 450; ++i) firing.push_back(alert("A" + std::to_string(1000 + i)));
  const auto before = first->posts;
  happen();
  EXPECT_EQ(first->posts - before, 3);
  EXPECT_THAT(firing_at(*first), SizeIs(450));
  EXPECT_TRUE(first->last.contains("A1449"));
}

TEST_F(NotifierTest, AReloadGoesOnWithWhomItKnows) {
  firing = {alert("A")};
  happen();
  const auto again = std::make_shared<FakeSink>("http://am1");
  notifier.set_targets({again});
  firing.clear();
  happen();
  EXPECT_LE(again->taken["A"].second, clock.now().wall) << "the end of what was told before the reload";
}

TEST_F(NotifierTest, WithoutAlertmanagersNothingIsEverLookedAt) {
  notifier.set_targets({});
  EXPECT_EQ(notifier.tick(), MonoTime::max());
}

}  // namespace
}  // namespace guard::test
