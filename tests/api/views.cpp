// SPDX-License-Identifier: Apache-2.0
#include "guard/base/duration.hpp"
#include "tests/api/harness.hpp"

namespace guard::test {
namespace {

WallTime at(const std::string& time) {
  return *parse_time("2026-01-31T" + time + "Z");
}

engine::RuleView error_rate_view() {
  engine::RuleView rule;
  rule.slo = "error_rate";
  rule.query = "sum(rate(errors[5m]))";
  rule.objective = "< 1%";
  rule.unit = core::Unit::ratio;
  rule.value = 0.2;
  rule.bound = 0.01;
  rule.outcome = core::Outcome::breach;
  rule.reading_reason = core::Reason::objective_broken;
  rule.read_at = at("12:05:00");
  rule.verdict = core::Verdict::breached;
  rule.reason = core::Reason::breach_sustained;
  rule.since = at("12:04:00");
  rule.explanation = "20% against < 1% since 12:04";
  rule.annotations = {{"summary", "5xx share 20%"}};
  return rule;
}

// Not read yet: everything that may be absent is.
engine::RuleView signal_view() {
  engine::RuleView rule;
  rule.slo = "e2e";
  rule.kind = core::RuleKind::signal;
  rule.action = core::Action::warn;
  rule.query = "e2e";
  rule.objective = "succeeded";
  return rule;
}

core::Decision rollback_decision() {
  core::Decision decision;
  decision.number = 1;
  decision.kind = core::DecisionKind::rollback;
  decision.slo = "error_rate";
  decision.reason = "error_rate is 20%, objective < 1%";
  decision.at = at("12:05:00");
  decision.detected_at = at("12:04:00");
  decision.hook = "promote";
  decision.key = "shop/production/release-with-a-long-id-0001/1";
  decision.state = core::CallState::confirmed;
  decision.attempts = {{1, core::AttemptResult::retry, "exit 75", "", at("12:05:00"), std::chrono::milliseconds(250)},
                       {2, core::AttemptResult::done, "exit 0", "switched <b>back</b>\n", at("12:05:10"),
                        std::chrono::milliseconds(1500)}};
  decision.finished_at = at("12:05:12");
  return decision;
}

}  // namespace

engine::ReleaseView full_view() {
  engine::ReleaseView view;
  // Longer than a string keeps in itself, so that a moved-from id is seen to be gone.
  view.spec = {"release-with-a-long-id-0001",
               "shop",
               "production",
               "v2",
               "v1",
               core::ReleaseKind::hotfix,
               {{"team", "web"}},
               at("12:00:00"),
               false};
  view.phase = core::Phase::verifying;
  view.phase_since = at("12:05:12");
  view.reason = "the hook is done; the objectives must hold again";
  view.announced_at = at("11:59:00");
  view.live_at = at("12:00:00");
  view.settle_end = at("12:01:00");
  view.window_end = at("14:00:00");
  view.verify_end = at("12:35:12");
  view.breach_decided = true;
  view.group = "shop-production";
  view.mode = core::Mode::enforce;
  view.hook = "promote";
  view.next = {{"rolled_back if the objectives hold, else rollback_failed", at("12:35:12")}, {"nothing", std::nullopt}};
  view.rules = {error_rate_view(), signal_view()};
  view.signals = {{"smoke", {false, "2 of 9 failed", at("12:03:00")}}};
  view.decisions = {rollback_decision()};
  return view;
}

engine::SeriesView some_series() {
  engine::SeriesView series;
  series.release = "release-with-a-long-id-0001";
  series.slo = "error_rate";
  series.objective = "< 1%";
  series.unit = core::Unit::ratio;
  series.from = at("11:59:00");
  series.step = std::chrono::minutes(1);
  series.points = {{0.9, 0.01, std::nullopt},
                   {0.005, 0.01, std::nullopt},
                   {std::nullopt, 0.01, std::nullopt},
                   {0.3, 0.01, std::nullopt},
                   {0.005, 0.01, std::nullopt}};
  return series;
}

std::vector<journal::TimelineEvent> some_timeline() {
  return {{"release-with-a-long-id-0001", at("12:00:00"),
           core::PhaseChanged{core::Phase::deploying, core::Phase::settling}, "settling: it is live"},
          {"release-with-a-long-id-0001", at("12:05:00"),
           core::Decided{1, core::DecisionKind::rollback, core::Brake::none, "error_rate"},
           "1 rollback: error_rate is 20%"}};
}

}  // namespace guard::test
