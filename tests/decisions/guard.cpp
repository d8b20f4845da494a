// SPDX-License-Identifier: Apache-2.0
//
// Release Guard itself, with rules as a user would write them.
#include "tests/decisions/judge.hpp"
#include "tests/decisions/stepped_guard.hpp"
#include "tests/decisions/story_answers.hpp"

#include <fmt/format.h>

namespace guard::decisions {
namespace {

constexpr const char* head = R"(
defaults: {{ on_no_data: hold, on_error: hold }}
groups:
  - name: shop
    match: ['service="shop"', 'environment="production"']
    window: 2h
    settle: {settle}
    interval: 15s
    rollback: {{ hook: rollback, mode: enforce, verify: 30m, cooldown: 1h }}
    rules:
)";

// Ratios over five minutes, as rules/web-service.yml has them.
std::string expr_rules() {
  return fmt::format(head, fmt::arg("settle", "5m")) +
         fmt::format(R"(
      - slo: error_rate
        expr: '{failing}'
        objective: "< 1%"
        for: 1m
        fatal: ">= 50%"
        only_if: '{enough}'
      - slo: latency_p95
        expr: '{slowest}'
        objective: "< 1s"
        for: 2m
        only_if: '{enough}'
      - slo: instances_up
        expr: '{up}'
        objective: "> 75%"
        for: 1m
      - slo: traffic
        expr: '{traffic}'
        objective: ">= 50% of baseline"
        baseline: {{ over: 1h }}
        for: 5m
        only_if: '{before}'
)",
                     fmt::arg("failing", expressions::failing), fmt::arg("slowest", expressions::slowest),
                     fmt::arg("up", expressions::up), fmt::arg("traffic", expressions::traffic),
                     fmt::arg("enough", expressions::enough_traffic), fmt::arg("before", expressions::enough_before));
}

class Guard final : public Judge {
 public:
  Guard(std::string name, const std::string& rules) : name_(std::move(name)), group_(rule_group(rules)) {}
  std::string name() const override { return name_; }
  std::optional<Duration> rolls_back_at(const sim::Story& story) const override {
    StoryAnswers answers(story, *group_);
    return judge(group_, {"shop", story.live}, [&](const core::Question& q) { return answers.answer(q); }).rolled_back;
  }

 private:
  std::string name_;
  model::RuleGroupPtr group_;
};

}  // namespace

Judges guard_judges() {
  Judges judges;
  judges.push_back(std::make_unique<Guard>("guard, expr rules", expr_rules()));
  return judges;
}

}  // namespace guard::decisions
