// SPDX-License-Identifier: Apache-2.0
//
// A live run that is recorded, and its replay over the answers that were recorded in it: where they agree reading for
// reading, verdict for verdict, decision for decision, history is judged by the code that judges the present.
#pragma once

#include "guard/base/time_text.hpp"
#include "guard/replay/replay.hpp"
#include "guard/story/explain.hpp"
#include "tests/engine/watching.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace guard::test {

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

using Firing = std::expected<std::vector<model::FiringAlert>, model::SourceError>;
using FiringAt = std::function<Firing(WallTime)>;

// What fired, as Prometheus keeps it.
inline model::Samples alerts_series(const Firing& firing) {
  if (!firing) return std::unexpected(firing.error());
  std::vector<model::Sample> out;
  for (const auto& alert : *firing) {
    auto labels = alert.labels;
    labels["__name__"] = "ALERTS";
    labels["alertstate"] = "firing";
    out.push_back({labels, 1, {}});
  }
  return out;
}

// Answers what was recorded, and throws at any other question.
class Recording final : public metrics::MetricsSource {
 public:
  Recording(const std::map<Asked, model::Samples>& answers, FiringAt firing)
      : answers_(answers), firing_(std::move(firing)) {}
  model::Samples query(const metrics::InstantQuery& query) override {
    if (firing_ && query.expr == R"(ALERTS{alertstate="firing"})") return alerts_series(firing_(query.at));
    if (firing_ && query.expr.contains("ALERTS_FOR_STATE")) return std::vector<model::Sample>{};
    if (firing_ && query.expr == "count(up)") return one(1);
    return answers_.at({query.expr, query.at, query.at});
  }
  model::Samples query_raw(const metrics::InstantQuery& query) override { return this->query(query); }
  model::Samples query_range(const metrics::RangeQuery& query) override {
    return answers_.at({query.expr, query.from, query.to});
  }

 private:
  const std::map<Asked, model::Samples>& answers_;
  FiringAt firing_;
};

// Of each moment, how each rule stands, as it is told to people.
using Readings = std::map<WallTime, std::string>;

inline std::string text(const std::optional<double>& value) {
  return value ? fmt::to_string(*value) : "-";
}

inline std::string words_of(const story::ReleaseView& view) {
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

inline std::string words_of(const model::Decision& decision) {
  return fmt::format("{} {} {} {} since {}", time_text(decision.at), to_string(decision.kind), decision.slo,
                     decision.reason, time_text(decision.detected_at));
}

// As replay::gravest has it.
inline const model::Decision* gravest(const model::Watch& watch) {
  for (const auto kind : {DecisionKind::rollback, DecisionKind::ask})
    for (const auto& decision : watch.decisions)
      if (decision.kind == kind) return &decision;
  return nullptr;
}

inline promql::TextTemplate selector(const char* written) {
  return *promql::TextTemplate::parse(written, promql::TemplateKind::promql);
}

class ReplayedRun : public Engine {
 protected:
  ReplayedRun() { world.metrics = recorder_; }

  // The guard as it runs, from the announcement to the end of the window or the decision to roll back.
  Told live(const std::function<model::Samples(Duration)>& story) {
    const auto began = world.clock.now().wall;
    recorder_->story = [story, began](WallTime at) { return story(at - began); };
    told_ = {};
    world.restart();
    auto release = shop_release("r1");
    release.live_at = began;
    EXPECT_TRUE(world.announce(release));
    tick();
    for (Duration since{0}; since < world.groups[0].window + Duration(20s); since += 1s) {
      if (before_tick) before_tick(world.clock.now().wall + 1s);
      world.run(1s);
      keep();
    }
    const auto& watch = world.disk.watches.at("r1");
    if (const auto* cause = gravest(watch)) told_.concluded = words_of(*cause);
    told_.ended = watch.phase_reason;
    released_.spec = watch.spec;
    released_.signals = watch.signals;
    return told_;
  }
  Told live() {
    return live([](Duration) { return one(0.001); });
  }
  void tick() {
    world.guard->tick();
    world.settle();
    keep();
  }

  // The same from the recording.
  Told replayed() const {
    Recording recording(recorder_->answers, firing);
    Told told;
    const auto course = replay::replay(released_, std::make_shared<model::RuleGroup>(world.groups[0]),
                                       {recording, WallTime::max(), 1s}, [&](const replay::Course& so_far, Instant at) {
                                         told.readings[at.wall] =
                                             words_of(story::view_of(so_far.watch, at, core::BrakeState{}));
                                         return replay::gravest(so_far) == nullptr;
                                       });
    if (const auto* cause = replay::gravest(course)) told.concluded = words_of(cause->decision);
    told.ended = course.reason;
    return told;
  }

  std::function<void(WallTime)> before_tick;  // of the time that it will be
  FiringAt firing;
  std::shared_ptr<Recorder> recorder_ = std::make_shared<Recorder>();

 private:
  // While it is watched: what follows a rollback is not replayed.
  void keep() {
    const auto view = world.view("r1");
    if (view.phase == Phase::settling || view.phase == Phase::watching)
      told_.readings[world.clock.now().wall] = words_of(view);
  }

  Told told_;
  replay::Release released_;
};

inline void expect_equal(const Told& live, const Told& replayed) {
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

}  // namespace guard::test
