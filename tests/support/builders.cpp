// SPDX-License-Identifier: Apache-2.0
#include "tests/support/builders.hpp"

#include "guard/base/duration.hpp"

namespace guard::core {
namespace {

Reason usual_reason(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return Reason::objective_met;
    case Outcome::breach:
      return Reason::objective_broken;
    case Outcome::no_data:
      return Reason::empty_result;
    case Outcome::error:
      return Reason::query_failed;
  }
  return Reason::query_failed;
}

}  // namespace

Instant moment(Duration later) {
  return Instant{*parse_time("2026-01-31T12:00:00Z"), MonoTime(1h)} + later;
}

Subject shop() {
  Subject subject;
  subject.service = "shop";
  subject.environment = "production";
  subject.version = "2.0";
  subject.previous_version = "1.9";
  subject.labels = {{"team", "web"}};
  subject.age = 10min;
  return subject;
}

Rule error_rate() {
  Rule rule;
  rule.slo = "error_rate";
  rule.expr = *TextTemplate::parse("errors / requests", promql::TemplateKind::promql);
  rule.objective = {Comparison::less, 0.01, Unit::ratio, false};
  return rule;
}

Rule alerts_rule(const std::vector<std::string>& matchers) {
  Rule rule;
  rule.slo = "no_critical_alerts";
  rule.kind = RuleKind::alerts;
  rule.max_age = 5min;
  for (const auto& text : matchers) rule.alerts.push_back(*TextTemplate::parse(text, promql::TemplateKind::matcher));
  return rule;
}

Rule signal_rule() {
  Rule rule;
  rule.slo = "e2e";
  rule.kind = RuleKind::signal;
  rule.signal = "e2e";
  return rule;
}

Sample sample(double value, Labels labels, Instant at) {
  return {std::move(labels), value, at.wall};
}

ExprAnswer answer(std::vector<Sample> value) {
  ExprAnswer out;
  out.value = std::move(value);
  return out;
}

Evaluation reading(Outcome outcome, Instant at) {
  Evaluation evaluation;
  evaluation.outcome = outcome;
  evaluation.reason = usual_reason(outcome);
  evaluation.at = at;
  if (outcome == Outcome::ok || outcome == Outcome::breach) evaluation.value = outcome == Outcome::ok ? 0.001 : 0.05;
  return evaluation;
}

Watch shop_watch() {
  auto group = std::make_shared<RuleGroup>();
  group->name = "shop-production";
  group->window = 2h;
  group->settle = 5min;
  group->interval = interval;
  group->rollback = {"promote", Mode::enforce, 30min, 1h};
  group->rules.push_back(error_rate());
  Watch watch;
  watch.spec.id = "r1";
  watch.spec.service = "shop";
  watch.spec.environment = "production";
  watch.spec.version = "2.0";
  watch.spec.previous_version = "1.9";
  watch.phase = Phase::watching;
  watch.live_at = moment().wall;
  watch.clock.start(moment(), "boot");
  watch.group = std::move(group);
  watch.rules.resize(1);
  return watch;
}

void Judging::read(Outcome outcome, Duration after) {
  read(reading(outcome, now), after);
}

void Judging::read(Evaluation evaluation, Duration after) {
  now = now + after;
  evaluation.at = now;
  state = judge(rule, std::move(state), evaluation, context);
}

void Judging::read_times(int times, Outcome outcome) {
  for (int i = 0; i < times; ++i) read(outcome);
}

}  // namespace guard::core
