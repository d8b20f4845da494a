// SPDX-License-Identifier: Apache-2.0
#include "guard/config/changed_rule.hpp"

#include "guard/config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

model::Rule rule(const std::string& written) {
  const auto loaded = parse_rules(
      "groups:\n  - name: g\n    match: ['service=\"s\"']\n    window: 1h\n    settle: 1m\n    interval: 15s\n"
      "    rollback: { mode: observe }\n    rules:\n      - { on_no_data: hold, " +
          written + " }\n",
      "rules.yml");
  EXPECT_TRUE(loaded.value) << format(loaded.diagnostics);
  return loaded.value->front()->rules.front();
}

const std::string queue = R"(slo: queue, expr: queue, objective: "< 10", for: 2m, fatal: ">= 100", on_error: hold)";
const std::string share = R"(slo: errors, bad: 'b_total{s="5"}', total: b_total, objective: "< 1%", on_error: hold)";

std::string problem(const std::string& written, const RuleChange& change) {
  const auto out = changed(rule(written), change);
  return out ? "none" : out.error().message;
}

TEST(ChangedRule, OnlyWhatIsGivenChanges) {
  const auto before = rule(queue);
  auto expected = before;
  expected.objective.bound = 20;
  expected.objective.comparison = model::Comparison::less_equal;
  EXPECT_EQ(*changed(before, {" <= 20", {}, {}}), expected);
  expected = before;
  expected.breach.sustained = 5min;
  EXPECT_EQ(*changed(before, {{}, "5m", {}}), expected);
}

TEST(ChangedRule, AForTakesThePlaceOfBreachesThatAreCounted) {
  const auto out =
      changed(rule(R"(slo: q, expr: q, objective: "< 1", breaches: 3 of 5, on_error: hold)"), {{}, "5m", {}});
  EXPECT_EQ(out->breach, (model::BreachPolicy{5min, 0, 0}));
}

TEST(ChangedRule, AShareHasAConfidenceAndNoFor) {
  EXPECT_EQ(changed(rule(share), {"< 2%", {}, "99%"})->share->confidence, 0.99);
  EXPECT_THAT(problem(share, {{}, "5m", {}}), HasSubstr("for: a share of events is judged by evidence"));
  EXPECT_THAT(problem(queue, {{}, {}, "99%"}), HasSubstr("confidence: only a share of events"));
  EXPECT_THAT(problem(share, {{}, {}, "50%"}), HasSubstr("`confidence` must be a percentage from 90%"));
}

TEST(ChangedRule, WhatARuleFileMayNotSayIsRefusedInItsWords) {
  EXPECT_THAT(problem(queue, {"about 3", {}, {}}), HasSubstr("objective: "));
  EXPECT_THAT(problem(queue, {"< 200", {}, {}}),
              HasSubstr("objective: `fatal` holds while the objective is still kept"));
  EXPECT_THAT(problem(queue, {"< 50% of baseline", {}, {}}), HasSubstr("needs a `baseline`"));
  EXPECT_THAT(problem(queue, {{}, "5 minutes", {}}), HasSubstr("for: "));
  EXPECT_THAT(problem(share, {"> 2%", {}, {}}), HasSubstr("the objective of a share is a bound for the bad events"));
  EXPECT_THAT(problem(share, {"< 200%", {}, {}}), HasSubstr("a share lies between 0% and 100%"));
}

TEST(ChangedRule, WhatHasNoNumbersHasNoOtherObjective) {
  EXPECT_THAT(problem("slo: e2e, signal: e2e, objective: succeeded", {"< 1%", {}, {}}),
              HasSubstr("e2e is read from a signal: it has no number"));
  EXPECT_THAT(problem("slo: a, alerts: ['x=\"y\"'], objective: none firing, on_error: hold", {"< 1%", {}, {}}),
              HasSubstr("a is read from alerts"));
}

}  // namespace
}  // namespace guard::config
