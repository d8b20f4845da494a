// SPDX-License-Identifier: Apache-2.0
//
// Release Guard itself.
#include "tests/decisions/guard.hpp"

#include "tests/decisions/judge.hpp"
#include "tests/decisions/shop.hpp"
#include "tests/decisions/stepped_guard.hpp"
#include "tests/decisions/story_answers.hpp"

#include <fmt/format.h>

namespace guard::decisions {
namespace {

constexpr const char* head = R"(
defaults: {{ on_no_data: hold, on_error: hold }}
groups:
  - name: web
    match: ['service=~".+"', 'environment="production"']
    window: {window}
    settle: {settle}
    interval: {interval}
    rollback: {{ hook: rollback, mode: enforce, verify: 30m, cooldown: 1h }}
    rules:
)";

// Shares of events, counted from the counters as they are exported.
std::string failing_share_rule() {
  return fmt::format(R"(
      - slo: error_rate
        bad: '{}'
        total: '{}'
        objective: "< 1%"
        control: ['{}']
)",
                     failed_requests, all_requests, neighbours);
}

std::string slow_share_rule() {
  return fmt::format(R"(
      - slo: latency
        good: '{}'
        total: '{}'
        objective: "< 5%"
)",
                     fast_requests, timed_requests);
}

// The same as ratios over five minutes, for some time.
std::string failing_rule() {
  return fmt::format(R"(
      - slo: error_rate
        expr: '{}'
        objective: "< 1%"
        for: 1m
        fatal: ">= 50%"
        only_if: '{}'
)",
                     expressions::failing(), expressions::enough_traffic());
}

std::string slow_rule() {
  return fmt::format(R"(
      - slo: latency_p95
        expr: '{}'
        objective: "< 1s"
        for: 2m
        only_if: '{}'
)",
                     expressions::slowest(), expressions::enough_traffic());
}

std::string up_rule() {
  return fmt::format(R"(
      - slo: instances_up
        expr: '{}'
        objective: "> 75%"
        for: 1m
)",
                     expressions::up());
}

// The requests themselves, against as many as came a week before.
std::string traffic_count_rule(const Watched& watched) {
  return fmt::format(R"(
      - slo: traffic
        count: '{}'
        objective: ">= 50% of baseline"
        baseline: [{{ offset: 1w }}, {{ over: {} }}]
        on_too_few: ignore
)",
                     all_requests, watched.window);
}

std::string traffic_rule() {
  return fmt::format(R"(
      - slo: traffic
        expr: '{}'
        objective: ">= 50% of baseline"
        baseline: [{{ offset: 1w }}, {{ over: 1h }}]
        for: 5m
        only_if: '{}'
        on_too_few: ignore
)",
                     expressions::traffic(), expressions::enough_before());
}

// What the stories call by one name, a rule file calls by that of the service.
std::string for_any_service(std::string text) {
  const std::string one = "job=\"shop\"";
  for (auto at = text.find(one); at != std::string::npos; at = text.find(one))
    text.replace(at, one.size(), "job=\"{{ service }}\"");
  return text;
}

std::string rule_file(const Watched& watched, const std::string& settle, const std::string& rules) {
  return fmt::format(head, fmt::arg("window", watched.window), fmt::arg("settle", settle),
                     fmt::arg("interval", watched.interval)) +
         for_any_service(rules);
}

class Guard final : public Judge {
 public:
  Guard(std::string name, const std::string& rules) : name_(std::move(name)), group_(rule_group(rules)) {}
  std::string name() const override { return name_; }
  std::optional<Duration> rolls_back_at(const sim::Story& story) const override { return judged(story).rolled_back; }
  std::string says(const sim::Story& story) const override { return judged(story).words; }

 private:
  Judged judged(const sim::Story& story) const {
    StoryAnswers answers(story, *group_);
    return judge(group_, {"shop", story.live}, answers);
  }

  std::string name_;
  model::RuleGroupPtr group_;
};

}  // namespace

std::string expr_rules(const Watched& watched) {
  return rule_file(watched, "5m", failing_rule() + slow_rule() + up_rule() + traffic_rule());
}

std::string share_rules(const Watched& watched) {
  return rule_file(watched, "0s", failing_share_rule() + slow_share_rule() + up_rule() + traffic_count_rule(watched));
}

Judges guard_judges() {
  Judges judges;
  judges.push_back(std::make_unique<Guard>("guard", share_rules({})));
  judges.push_back(std::make_unique<Guard>("guard, expr rules", expr_rules({})));
  return judges;
}

}  // namespace guard::decisions
