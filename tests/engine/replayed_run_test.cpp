// SPDX-License-Identifier: Apache-2.0
//
// A live run, and a run stepped through core alone over the answers that were recorded in it, come to the same
// verdicts, decisions and words: history is judged by the code that judges the present.
#include "guard/core/brakes.hpp"
#include "guard/core/reviewer.hpp"
#include "guard/core/round.hpp"
#include "guard/story/messages.hpp"
#include "tests/engine/watching.hpp"

#include <cmath>

#include <gmock/gmock.h>

namespace guard::test {
namespace {

// Keeps what it was asked and what it answered.
class Recorder final : public FakeMetrics {
 public:
  model::Samples query(const metrics::InstantQuery& query) override {
    now[error_rate] = story(query.at);
    return instants[{query.expr, query.at}] = FakeMetrics::query(query);
  }
  model::Samples query_range(const metrics::RangeQuery& query) override {
    return ranges[{query.expr, query.from, query.to}] = FakeMetrics::query_range(query);
  }

  std::function<model::Samples(WallTime)> story;
  std::map<std::pair<std::string, WallTime>, model::Samples> instants;
  std::map<std::tuple<std::string, WallTime, WallTime>, model::Samples> ranges;
};

struct Told {
  std::vector<std::string> words;
  model::Watch watch;
};

class SteppedRun : public Engine {
 protected:
  SteppedRun() { world.metrics = recorder_; }

  // The guard as it runs, from the announcement to the end of the window.
  Told live(const std::function<model::Samples(Duration)>& story) {
    const auto began = world.clock.now();
    recorder_->story = [story, began](WallTime at) { return story(at - began.wall); };
    world.restart();
    EXPECT_TRUE(world.announce(shop_release("r1")));
    begin_ = world.disk.watches.at("r1");
    from_ = began;
    world.run(80s);
    Told told;
    told.watch = world.disk.watches.at("r1");
    for (const auto& event : world.disk.events)
      if (std::holds_alternative<model::VerdictChanged>(event.what) ||
          std::holds_alternative<model::Decided>(event.what))
        told.words.push_back(event.message);
    return told;
  }

  // The same from the recording.
  Told stepped() const {
    Told told;
    told.watch = begin_;
    for (const auto& [asked, samples] : recorder_->instants)
      if (asked.first == error_rate) step(told, {asked.second, from_.mono + (asked.second - from_.wall)});
    return told;
  }

 private:
  model::Samples recorded(const core::Question& question) const {
    if (question.step > Duration{0}) return recorder_->ranges.at({question.expr, question.from, question.at});
    return recorder_->instants.at({question.expr, question.at});
  }

  void step(Told& told, Instant now) const {
    if (!model::is_judged(told.watch.phase)) return;
    core::Answers answers;
    answers.asked = core::ask(told.watch, core::Part::measured, now);
    std::vector<core::Answered> so_far;
    for (const auto& question : answers.asked.queries) {
      if (core::is_needless(question, so_far, answers.asked.subject)) continue;
      so_far.push_back({question, recorded(question)});
      answers.keep(question, so_far.back().samples);
    }
    auto reading = core::read(told.watch, answers);
    ASSERT_TRUE(reading);
    told.watch = std::move(reading->watch);
    for (const auto& change : reading->changes) told.words.push_back(story::message_of(change));
    const core::Fleet alone;
    while (const auto next = core::review(told.watch, core::brake_state(alone, told.watch, {}, now), now)) {
      const auto decisions = told.watch.decisions.size();
      told.watch = core::apply(std::move(told.watch), *next, now);
      if (told.watch.decisions.size() > decisions) told.words.push_back(story::message_of(told.watch.decisions.back()));
    }
  }

  std::shared_ptr<Recorder> recorder_ = std::make_shared<Recorder>();
  model::Watch begin_;
  Instant from_;
};

void expect_equal(const Told& live, const Told& stepped) {
  EXPECT_EQ(live.words, stepped.words);
  EXPECT_EQ(live.watch.phase, stepped.watch.phase);
  EXPECT_EQ(live.watch.phase_reason, stepped.watch.phase_reason);
  EXPECT_EQ(live.watch.decisions, stepped.watch.decisions);
  EXPECT_EQ(live.watch.rules, stepped.watch.rules);
}

TEST_F(SteppedRun, AHealthyReleasePassesInBoth) {
  const auto told = live([](Duration) { return one(0.001); });
  EXPECT_EQ(told.watch.phase, Phase::passed);
  expect_equal(told, stepped());
}

TEST_F(SteppedRun, ABadOneIsFoundInBothForTheSameReasonAtTheSameTime) {
  world.groups[0].rollback.mode = model::Mode::observe;
  const auto told = live([](Duration since) -> model::Samples {
    if (since < 8s) return one(0.001);
    if (since < 20s) return one(0.004 + static_cast<double>(since.count()) / 1e6);
    if (since < 23s) return std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true});
    if (since < 30s) return one(0.2);
    if (since < 34s) return one(std::nan(""));
    return one(since < 50s ? 0.03 : 0.002);
  });
  EXPECT_EQ(told.watch.phase, Phase::breached);
  EXPECT_FALSE(told.watch.decisions.empty());
  EXPECT_GT(told.words.size(), 3U);
  expect_equal(told, stepped());
}

}  // namespace
}  // namespace guard::test
