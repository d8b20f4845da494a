// SPDX-License-Identifier: Apache-2.0
//
// What a person reads in each situation. Whole sentences are compared: read them aloud.
#include "guard/story/explain.hpp"

#include "guard/base/time_text.hpp"
#include "guard/core/reason_words.hpp"
#include "tests/engine/harness.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace guard::test {
namespace {

using namespace std::chrono_literals;
using model::Phase;
using model::Verb;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class Explain : public testing::Test {
 protected:
  void watch(const model::ReleaseSpec& spec = shop_release("r1")) {
    ASSERT_TRUE(world.announce(spec));
    world.run(7s);
    ASSERT_EQ(world.phase(spec.id), Phase::watching);
  }
  void change(const std::function<void(model::RuleGroup&)>& edit) {
    edit(world.groups[0]);
    world.restart();
  }
  void read(const model::Samples& samples) {
    world.metrics->now[error_rate] = samples;
    world.run(1s);
  }
  // The rule's sentence from what came back on: the moments are put as seconds since the test began.
  std::string told(const std::string& id = "r1") { return relative(world.view(id).rules.at(0).explanation); }
  std::vector<std::string> next(const std::string& id = "r1") {
    std::vector<std::string> out;
    for (const auto& step : world.view(id).next)
      out.push_back(step.at ? fmt::format("{}: {}", seconds(*step.at), step.what) : step.what);
    return out;
  }

  World world;

 private:
  std::string seconds(WallTime at) const { return fmt::format("{}s", (at - began_).count() / 1000); }
  std::string relative(std::string text) const {
    for (int s = 0; s < 300; ++s) {
      const auto moment = time_text(began_ + std::chrono::seconds(s));
      for (auto at = text.find(moment); at != std::string::npos; at = text.find(moment))
        text.replace(at, moment.size(), fmt::format("{}s", s));
    }
    return text;
  }
  WallTime began_ = world.clock.now().wall;
};

TEST_F(Explain, WhatAListShowsOfTheEvidence) {
  watch();
  auto view = world.view("r1");
  EXPECT_EQ(view.rules.at(0).value_text, "0.1%");
  ASSERT_TRUE(view.nearest);
  EXPECT_EQ(view.nearest->slo, "error_rate");
  EXPECT_EQ(view.nearest->value_text, "0.1%");
  EXPECT_EQ(view.decided_by, std::nullopt);
  EXPECT_FALSE(view.final);
  ASSERT_TRUE(world.order(Verb::abort, "r1"));
  view = world.view("r1");
  EXPECT_NE(view.decided_by, std::nullopt);
  EXPECT_TRUE(view.final);
}

TEST_F(Explain, BeforeTheFirstReading) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  EXPECT_EQ(told(), "not read yet");
  EXPECT_THAT(next(),
              ElementsAre("5s: settling ends; readings begin to count",
                          "if an objective breaks: hook promote goes back to v1 at once, unless a brake holds it",
                          "60s: the window ends: passed if every objective holds on enough evidence, else "
                          "unverified"));
}

TEST_F(Explain, WhileSettling) {
  ASSERT_TRUE(world.announce(shop_release("r1")));
  read(one(0.2));
  EXPECT_EQ(told(),
            "20% against < 1%; unknown since 1s: the release is settling; readings do not "
            "count yet");
}

TEST_F(Explain, AnObjectiveThatHolds) {
  watch();
  EXPECT_EQ(told(), "0.1% against < 1%; ok since 5s: the objective holds");
}

TEST_F(Explain, ABreachThatIsPending) {
  watch();
  read(one(0.2));
  EXPECT_EQ(told(),
            "20% against < 1%; pending since 8s: in breach for 0s without a break; 2s make "
            "it a breach");
  EXPECT_THAT(next(), testing::Contains("10s: error_rate becomes a breach if its objective stays broken"));
}

TEST_F(Explain, ACountedBreachThatIsPending) {
  change([](auto& group) { group.rules[0].breach = {0s, 3, 5}; });
  watch();
  read(one(0.2));
  EXPECT_THAT(told(), testing::EndsWith("1 of the last 4 readings are in breach; 3 of 5 make it a breach"));
}

TEST_F(Explain, MissingDataThatIsHeldOrIgnored) {
  watch();
  read(std::vector<model::Sample>{});
  EXPECT_EQ(told(),
            "the query returned no series (the objective is: < 1%); "
            "unknown since 8s: nothing could be judged, and the rule says hold: neither good nor bad until it can be");
  change([](auto& group) { group.rules[0].on_no_data = model::MissingPolicy::ignore; });
  watch(shop_release("r2", "v3", "v2"));
  EXPECT_THAT(told("r2"), testing::EndsWith("nothing could be judged, and the rule says ignore: it is left out"));
}

TEST_F(Explain, AServerThatFails) {
  watch();
  read(std::unexpected(model::SourceError{model::Reason::query_failed, "HTTP 503", true}));
  EXPECT_THAT(told(), StartsWith("HTTP 503 (the objective is: < 1%); unknown since 8s: "));
}

TEST_F(Explain, AnOldBreach) {
  world.metrics->past[error_rate] = one(0.2);
  world.metrics->now[error_rate] = one(0.2);
  watch();
  EXPECT_THAT(told(), testing::EndsWith("unknown since 5s: it was 20% before the deployment began, so it is not the "
                                        "release's; it counts once the objective has held for 2s, or the value is "
                                        "clearly worse than that"));
}

TEST_F(Explain, AHeldBreachAndWhatReleasesIt) {
  world.settings.brakes.kill_switch_file = "/";
  world.restart();
  watch();
  world.metrics->now[error_rate] = one(0.2);
  world.run(4s);
  EXPECT_EQ(world.view("r1").needs_person,
            "a breach is not rolled back: error_rate: 20% against < 1%; held: the kill switch is on");
  EXPECT_THAT(next(), testing::Contains("the breach is held (kill switch): it is rolled back once the file of the kill "
                                        "switch is taken away, if the objective is broken then"));
  read(one(0.001));
  EXPECT_EQ(told(),
            "0.1% against < 1%; breached since 10s: in breach without a break for as long "
            "as the rule asks; at the latest reading it is not in breach, which does not undo it");
  EXPECT_THAT(world.view("r1").needs_person,
              testing::Optional(testing::EndsWith("; at the latest reading no breach stands")));
  EXPECT_THAT(next(), testing::Contains("60s: the window ends: breached, because an objective was broken and nothing "
                                        "is rolled back"));
}

TEST_F(Explain, WhatABreachWouldLeadToInEachMode) {
  change([](auto& group) { group.rollback.mode = model::Mode::ask; });
  watch();
  EXPECT_THAT(next(), testing::Contains("if an objective breaks: a person is asked whether hook promote is to go back "
                                        "to v1"));
  change([](auto& group) { group.rollback.mode = model::Mode::observe; });
  watch(shop_release("r2", "v3", "v2"));
  EXPECT_THAT(next("r2"), testing::Contains("if an objective breaks: it is said and nothing is called (mode observe)"));
  change([](auto& group) { group.rollback.mode = model::Mode::enforce; });
  watch(shop_release("r3", "v4", ""));
  EXPECT_THAT(next("r3"), testing::Contains("if an objective breaks: nothing is called, a person must act: the release "
                                            "was announced without another version to go back to"));
}

TEST_F(Explain, WhatWouldHoldABreachNow) {
  world.settings.brakes.kill_switch_file = "/";
  world.restart();
  watch();
  EXPECT_THAT(next(), testing::Contains("if an objective breaks: nothing is called, a person must act: the kill switch "
                                        "is on"));
}

TEST_F(Explain, TheConditionOfARule) {
  change([](auto& group) {
    group.rules[0].only_if = *promql::TextTemplate::parse("traffic > 1", promql::TemplateKind::promql);
  });
  watch();
  EXPECT_THAT(told(), StartsWith("only_if does not hold: too little to judge"));
  EXPECT_EQ(world.view("r1").rules[0].condition, "traffic > 1");
}

TEST_F(Explain, APausedWatch) {
  watch();
  ASSERT_TRUE(world.order(Verb::pause, "r1"));
  EXPECT_THAT(next(), ElementsAre("paused: nothing is judged, and the window stands still with 53s left until a person "
                                  "resumes it"));
}

TEST_F(Explain, ARollbackUnderWay) {
  world.hook->results = {model::AttemptResult::retry};
  world.executor->hold(engine::Lane::hook);
  watch();
  world.metrics->now[error_rate] = one(0.2);
  world.run(4s);
  EXPECT_THAT(next(), ElementsAre("hook promote is being called (attempt 1); its outcome decides"));
  world.executor->release(engine::Lane::hook);
  world.settle();
  EXPECT_THAT(next(),
              ElementsAre(HasSubstr("hook promote is called again (attempt 2): attempt 1 came to retry (fake)")));
}

TEST_F(Explain, Verification) {
  watch();
  world.metrics->now[error_rate] = one(0.2);
  world.run(4s);
  EXPECT_THAT(next(),
              ElementsAre("40s: the verification ends: rollback failed if an objective is still broken, unverified if "
                          "that cannot be told, else rolled back"));
  world.metrics->now[error_rate] = one(0.001);
  world.run(8s);
  EXPECT_THAT(world.view("r1").reason, HasSubstr("every objective holds again; watched for 30s"));
  EXPECT_EQ(world.view("r1").needs_person, std::nullopt);
  EXPECT_THAT(next(),
              ElementsAre("40s: the verification ends: rolled back; if an objective breaks again before, a person "
                          "is called"));
  world.metrics->now[error_rate] = one(0.2);
  world.run(6s);
  EXPECT_EQ(world.phase("r1"), model::Phase::verifying);
  EXPECT_EQ(world.view("r1").needs_person, "after the rollback it held, and broke again: error_rate: 20% against < 1%");
  EXPECT_THAT(next(), ElementsAre("40s: the verification ends: rollback failed, if an objective is still broken then"));
}

TEST(ExplainReason, EveryReasonHasASentence) {
  for (const auto& [reason, name] : EnumNames<model::Reason>::table) {
    EXPECT_FALSE(core::explain(reason).empty()) << name;
    EXPECT_NE(core::explain(reason), name) << "words, not names";
  }
}

}  // namespace
}  // namespace guard::test
