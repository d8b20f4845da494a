// SPDX-License-Identifier: Apache-2.0
//
// Each judge on stories so plain that its documents say what it must do, and when.
#include "tests/decisions/judge.hpp"
#include "tests/sim/generator.hpp"
#include "tests/sim/plan.hpp"

#include <map>

#include <gmock/gmock.h>

namespace guard::decisions {
namespace {

using namespace std::chrono_literals;

// A hundred requests a second to one target, scraped every 15 s, of which none fails while nothing happens.
sim::Plan plain(sim::Kind kind) {
  auto plan = sim::draw_plan(kind, 5);
  const auto kept = plan;
  plan = sim::Plan{};
  plan.kind = kept.kind;
  plan.traffic = 100;
  plan.scrape = 15s;
  plan.effect = kept.effect;
  plan.level = kept.level;
  plan.begins = kept.begins;
  plan.ends = kept.ends;
  return plan;
}

std::map<std::string, std::optional<Duration>> verdicts(const sim::Plan& plan) {
  const auto story = sim::tell(plan);
  std::map<std::string, std::optional<Duration>> out;
  for (const auto& judge : all_judges()) out[judge->name()] = judge->rolls_back_at(story);
  return out;
}

TEST(Judges, NoneRollsBackWhereNothingFails) {
  for (const auto& [judge, at] : verdicts(plain(sim::Kind::unchanged))) EXPECT_FALSE(at) << judge;
}

// The ratio over [5m] is above 1% from the second scrape on, `for` takes a minute; two failed checks a minute apart and
// one more to act; four failures five minutes apart, the first at live; an hour; two intervals of five minutes.
TEST(Judges, AnOutageIsFoundWhenTheDocumentsSay) {
  auto told = verdicts(plain(sim::Kind::outage));
  EXPECT_LE(*told.at("guard"), 2min);
  EXPECT_LE(*told.at("alert rule, [5m] for 1m"), 105s);
  EXPECT_EQ(told.at("Flagger, threshold 2"), 3min);
  EXPECT_EQ(told.at("Flagger, threshold 10"), 11min);
  EXPECT_EQ(told.at("Argo Rollouts, 5m"), 20min);
  EXPECT_EQ(told.at("Argo Rollouts, 1m, inconclusive"), 4min);
  EXPECT_EQ(told.at("Kayenta, hourly"), 1h);
  EXPECT_EQ(told.at("Kayenta, every 15m"), 15min);
  EXPECT_EQ(told.at("PipeCD, threshold"), 10min);
  EXPECT_EQ(told.at("PipeCD, previous"), 10min);
  // 14.4% of an hour have failed after 8 min 38 s.
  EXPECT_GE(*told.at("burn rates of the SRE workbook"), 8min + 15s);
  EXPECT_LE(*told.at("burn rates of the SRE workbook"), 9min);
}

// Three percent are between what fails a measurement and what makes it successful: a person is asked.
TEST(Judges, AnInconclusiveAnalysisDoesNotRollBack) {
  EXPECT_FALSE(verdicts(plain(sim::Kind::failing_3)).at("Argo Rollouts, 1m, inconclusive"));
}

TEST(Judges, ThoseThatReadNoUpDoNotSeeAThirdDie) {
  auto plan = plain(sim::Kind::lost_share);
  plan.targets = 3;
  const auto told = verdicts(plan);
  EXPECT_TRUE(told.at("alert rule, [5m] for 1m"));
  EXPECT_FALSE(told.at("Flagger, threshold 2"));
  EXPECT_FALSE(told.at("PipeCD, threshold"));
}

TEST(Judges, AnEveningIsNoDropAndUsersWhoDoNotGetThroughAreOne) {
  const auto guard = std::move(guard_judges().front());
  for (const double traffic : {0.02, 0.5, 100.0}) {
    auto evening = plain(sim::Kind::evening);
    evening.traffic = traffic;
    EXPECT_FALSE(guard->rolls_back_at(sim::tell(evening))) << traffic << " a second";
  }
  auto lost = plain(sim::Kind::lost_traffic);
  const auto at = guard->rolls_back_at(sim::tell(lost));
  ASSERT_TRUE(at);
  EXPECT_LE(*at - lost.begins, 5min);
  EXPECT_GE(*at - lost.begins, 2min) << "a lull of two minutes is kept";
}

}  // namespace
}  // namespace guard::decisions
