// SPDX-License-Identifier: Apache-2.0
//
// A live run and its replay over the answers that were recorded in it agree reading for reading, verdict for verdict,
// decision for decision: history is judged by the code that judges the present.
#include "guard/base/time_text.hpp"
#include "guard/replay/replay.hpp"
#include "guard/story/explain.hpp"
#include "tests/engine/watching.hpp"

#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::test {
namespace {

using Asked = std::tuple<std::string, WallTime, WallTime>;

// Keeps what it was asked and what it answered.
class Recorder final : public FakeMetrics {
 public:
  model::Samples query(const metrics::InstantQuery& query) override {
    now[error_rate] = story(query.at);
    return answers[{query.expr, query.at, query.at}] = FakeMetrics::query(query);
  }
  model::Samples query_raw(const metrics::InstantQuery& query) override {
    return answers[{query.expr, query.at, query.at}] = FakeMetrics::query_raw(query);
  }
  model::Samples query_range(const metrics::RangeQuery& query) override {
    return answers[{query.expr, query.from, query.to}] = FakeMetrics::query_range(query);
  }

  std::function<model::Samples(WallTime)> story;
  std::map<Asked, model::Samples> answers;
};

// Answers what was recorded, and throws at any other question.
class Recording final : public metrics::MetricsSource {
 public:
  explicit Recording(const std::map<Asked, model::Samples>& answers) : answers_(answers) {}
  model::Samples query(const metrics::InstantQuery& query) override {
    return answers_.at({query.expr, query.at, query.at});
  }
  model::Samples query_raw(const metrics::InstantQuery& query) override { return this->query(query); }
  model::Samples query_range(const metrics::RangeQuery& query) override {
    return answers_.at({query.expr, query.from, query.to});
  }

 private:
  const std::map<Asked, model::Samples>& answers_;
};

// Of each moment, how each rule stands, as it is told to people.
using Readings = std::map<WallTime, std::string>;

std::string text(const std::optional<double>& value) {
  return value ? fmt::to_string(*value) : "-";
}

std::string words_of(const story::ReleaseView& view) {
  std::string out = fmt::format("{}: {}", to_string(view.phase), view.reason);
  for (const auto& rule : view.rules)
    out += fmt::format("\n{} {} {} {}: {}; {}", rule.outcome ? to_string(*rule.outcome) : "-",
                       to_string(rule.reading_reason), text(rule.value), text(rule.bound), to_string(rule.verdict),
                       rule.explanation);
  return out;
}

struct Told {
  Readings readings;
  std::string concluded;  // empty: nothing
  std::string ended;
};

std::string words_of(const model::Decision& decision) {
  return fmt::format("{} {} {} {} since {}", time_text(decision.at), to_string(decision.kind), decision.slo,
                     decision.reason, time_text(decision.detected_at));
}

class ReplayedRun : public Engine {
 protected:
  ReplayedRun() { world.metrics = recorder_; }

  // The guard as it runs, from the announcement to the end of the window or the decision to roll back.
  Told live(const std::function<model::Samples(Duration)>& story) {
    const auto began = world.clock.now().wall;
    recorder_->story = [story, began](WallTime at) { return story(at - began); };
    Told told;
    world.restart();
    auto release = shop_release("r1");
    release.live_at = began;
    EXPECT_TRUE(world.announce(release));
    world.guard->tick();
    world.settle();
    keep(told);
    for (Duration since{0}; since < world.groups[0].window + Duration(20s); since += 1s) {
      if (scrape) scrape(world.clock.now().wall + 1s);
      world.run(1s);
      keep(told);
    }
    const auto& watch = world.disk.watches.at("r1");
    if (const auto* rollback = watch.last_rollback()) told.concluded = words_of(*rollback);
    told.ended = watch.phase_reason;
    released_ = watch.spec;
    return told;
  }

  // The same from the recording.
  Told replayed() const {
    Recording recording(recorder_->answers);
    Told told;
    replay::Release release;
    release.spec = released_;
    const auto course = replay::replay(release, std::make_shared<model::RuleGroup>(world.groups[0]),
                                       {recording, WallTime::max(), 1s}, [&](const replay::Course& so_far, Instant at) {
                                         told.readings[at.wall] =
                                             words_of(story::view_of(so_far.watch, at, core::BrakeState{}));
                                         return replay::gravest(so_far) == nullptr;
                                       });
    if (const auto* cause = replay::gravest(course)) told.concluded = words_of(cause->decision);
    told.ended = course.reason;
    return told;
  }

  std::function<void(WallTime)> scrape;
  std::shared_ptr<Recorder> recorder_ = std::make_shared<Recorder>();

 private:
  // While it is watched: what follows a rollback is not replayed.
  void keep(Told& told) {
    const auto view = world.view("r1");
    if (view.phase == Phase::settling || view.phase == Phase::watching)
      told.readings[world.clock.now().wall] = words_of(view);
  }

  model::ReleaseSpec released_;
};

void expect_equal(const Told& live, const Told& replayed) {
  EXPECT_GT(live.readings.size(), 10U);
  EXPECT_EQ(live.concluded, replayed.concluded);
  if (live.concluded.empty()) {
    EXPECT_EQ(live.ended, replayed.ended);
  }
  for (const auto& [at, words] : live.readings) {
    ASSERT_TRUE(replayed.readings.contains(at)) << time_text(at);
    EXPECT_EQ(words, replayed.readings.at(at)) << time_text(at);
  }
}

TEST_F(ReplayedRun, AHealthyReleasePassesInBoth) {
  const auto told = live([](Duration) { return one(0.001); });
  EXPECT_EQ(world.phase("r1"), Phase::passed);
  expect_equal(told, replayed());
}

TEST_F(ReplayedRun, ABadOneIsFoundInBothForTheSameReasonAtTheSameTime) {
  const auto told = live([](Duration since) -> model::Samples {
    if (since < 8s) return one(0.001);
    if (since < 20s) return one(0.004 + static_cast<double>(since.count()) / 1e7);
    if (since < 23s) return std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
    if (since < 30s) return one(std::nan(""));
    return one(0.2);
  });
  EXPECT_THAT(told.concluded, testing::HasSubstr("rollback error_rate"));
  expect_equal(told, replayed());
}

TEST_F(ReplayedRun, WhatCouldNotBeReadLeavesBothWithoutAnEnd) {
  const auto told = live([](Duration since) -> model::Samples {
    if (since < 30s) return one(0.001);
    return std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
  });
  EXPECT_EQ(world.phase("r1"), Phase::unverified);
  expect_equal(told, replayed());
}

// Counters of a service that is scraped each second; from the 20th second on a third fails.
TEST_F(ReplayedRun, AShareIsCountedAlikeInBoth) {
  auto& rule = world.groups[0].rules[0];
  const auto selector = [](const char* written) {
    return *promql::TextTemplate::parse(written, promql::TemplateKind::promql);
  };
  rule.kind = model::RuleKind::share;
  rule.expr.reset();
  world.groups[0].window = 5min;
  rule.share = model::Share{selector("failed"), selector("requests")};
  const auto began = world.clock.now().wall;
  scrape = [&, requests = 0.0, failed = 0.0](WallTime at) mutable {
    requests += 20;
    failed += at - began < 20s ? 0 : 7;
    recorder_->stored["requests"].push_back({{{"job", "shop"}, {"instance", "a"}}, requests, at});
    recorder_->stored["failed"].push_back({{{"job", "shop"}, {"instance", "a"}}, failed, at});
  };
  const auto told = live([](Duration) { return one(0); });
  EXPECT_THAT(told.concluded, testing::HasSubstr("rollback error_rate"));
  expect_equal(told, replayed());
}

}  // namespace
}  // namespace guard::test
