// SPDX-License-Identifier: Apache-2.0
#include "tests/support/views.hpp"

#include "guard/base/duration.hpp"

namespace guard::test {
namespace {

WallTime at(const std::string& time) {
  return *parse_time("2026-01-31T" + time + "Z");
}

story::RuleView error_rate_view() {
  story::RuleView rule;
  rule.slo = "error_rate";
  rule.query = "sum(rate(errors[5m]))";
  rule.objective = "< 1%";
  rule.unit = model::Unit::ratio;
  rule.value = 0.2;
  rule.value_text = "20%";
  rule.bound = 0.01;
  rule.outcome = model::Outcome::breach;
  rule.reading_reason = model::Reason::objective_broken;
  rule.read_at = at("12:05:00");
  rule.verdict = model::Verdict::breached;
  rule.reason = model::Reason::breach_sustained;
  rule.since = at("12:04:00");
  rule.explanation = "20% against < 1% since 12:04";
  rule.annotations = {{"summary", "5xx share 20%"}};
  return rule;
}

// Not read yet: everything that may be absent is.
story::RuleView signal_view() {
  story::RuleView rule;
  rule.slo = "e2e";
  rule.kind = model::RuleKind::signal;
  rule.action = model::Action::warn;
  rule.query = "e2e";
  rule.objective = "succeeded";
  return rule;
}

model::Decision rollback_decision() {
  model::Decision decision;
  decision.number = 1;
  decision.kind = model::DecisionKind::rollback;
  decision.slo = "error_rate";
  decision.reason = "error_rate is 20%, objective < 1%";
  decision.at = at("12:05:00");
  decision.detected_at = at("12:04:00");
  decision.hook = "promote";
  decision.target = "v1";
  decision.key = "shop/production/release-with-a-long-id-0001/1";
  decision.state = model::CallState::confirmed;
  decision.attempts = {{1, model::AttemptResult::retry, "exit 75", "", at("12:05:00"), std::chrono::milliseconds(250)},
                       {2, model::AttemptResult::done, "exit 0", "switched <b>back</b>\n", at("12:05:10"),
                        std::chrono::milliseconds(1500)}};
  decision.finished_at = at("12:05:12");
  return decision;
}

}  // namespace

story::ReleaseView full_view() {
  story::ReleaseView view;
  // Longer than a string keeps in itself, so that a moved-from id is seen to be gone.
  view.spec = {"release-with-a-long-id-0001",
               "shop",
               "production",
               "v2",
               "v1",
               model::ReleaseKind::hotfix,
               {{"team", "web"}},
               at("12:00:00"),
               false};
  view.phase = model::Phase::verifying;
  view.phase_since = at("12:05:12");
  view.reason = "the hook is done; the objectives must hold again";
  view.announced_at = at("11:59:00");
  view.live_at = at("12:00:00");
  view.settle_end = at("12:01:00");
  view.window_end = at("14:00:00");
  view.verify_end = at("12:35:12");
  view.breach_decided = true;
  view.group = "shop-production";
  view.mode = model::Mode::enforce;
  view.hook = "promote";
  view.nearest = {"error_rate", "< 1%", "20%", model::Verdict::breached, model::Reason::breach_sustained};
  view.next = {{"rolled_back if the objectives hold, else rollback_failed", at("12:35:12")}, {"nothing", std::nullopt}};
  view.rules = {error_rate_view(), signal_view()};
  view.signals = {{"smoke", {false, "2 of 9 failed", at("12:03:00")}}};
  view.decisions = {rollback_decision()};
  return view;
}

story::SeriesView some_series() {
  story::SeriesView series;
  series.release = "release-with-a-long-id-0001";
  series.slo = "error_rate";
  series.objective = "< 1%";
  series.unit = model::Unit::ratio;
  series.from = at("11:59:00");
  series.step = std::chrono::minutes(1);
  series.points = {{0.9, 0.01, std::nullopt},
                   {0.005, 0.01, std::nullopt},
                   {std::nullopt, 0.01, std::nullopt},
                   {0.3, 0.01, std::nullopt},
                   {0.005, 0.01, std::nullopt}};
  return series;
}

std::vector<model::TimelineEvent> some_timeline() {
  return {{"release-with-a-long-id-0001", at("12:00:00"),
           model::PhaseChanged{model::Phase::deploying, model::Phase::settling}, "settling: it is live"},
          {"release-with-a-long-id-0001", at("12:05:00"),
           model::Decided{1, model::DecisionKind::rollback, model::Brake::none, "error_rate"},
           "1 rollback: error_rate is 20%"}};
}

}  // namespace guard::test
