// SPDX-License-Identifier: Apache-2.0
//
// Alerting rules of Prometheus that call the rollback when they begin to fire.
//
// Semantics: prometheus.io/docs/prometheus/latest/configuration/alerting_rules and rules/alerting.go of Prometheus: an
// alert is pending from the first evaluation that has a result on, fires once `for` has passed since then, and is over
// at the first evaluation without one. The burn rates are those of "The Site Reliability Workbook", chapter 5, table
// 5-8 (sre.google/workbook/alerting-on-slos): 14.4 over 1 h and 5 min, or 6 over 6 h and 30 min, without `for`.
// Chosen where these are silent: evaluations every 15 s; what fired before live does not call the rollback, because
// Alertmanager tells of the beginning only; no delay by its `group_wait`; the workbook's rule judges failures and, as a
// share beyond a second, slowness.
#include "tests/decisions/judge.hpp"
#include "tests/decisions/shop.hpp"

#include <functional>

namespace guard::decisions {
namespace {

using sim::Answerer;

constexpr Duration evaluated_every = 15s;
constexpr Duration evaluated_before = 10min;  // long enough for every `for` below to have passed at live

struct Rule {
  std::function<bool(Answerer&, WallTime)> has_result;
  Duration hold{0};
};

class AlertRules final : public Judge {
 public:
  AlertRules(std::string name, std::vector<Rule> rules) : name_(std::move(name)), rules_(std::move(rules)) {}
  std::string name() const override { return name_; }

  std::optional<Duration> rolls_back_at(const sim::Story& story) const override {
    Answerer answerer(story);
    std::optional<Duration> first;
    for (const auto& rule : rules_) {
      const auto fires = begins_to_fire(rule, answerer, first.value_or(sim::window));
      if (fires) first = fires;
    }
    return first;
  }

 private:
  static std::optional<Duration> begins_to_fire(const Rule& rule, Answerer& answerer, Duration until) {
    std::optional<Duration> active_since;
    bool fired = false;
    for (auto now = -evaluated_before; now < until; now += evaluated_every) {
      if (!rule.has_result(answerer, answerer.story().live + now)) {
        active_since.reset();
        fired = false;
        continue;
      }
      if (!active_since) active_since = now;
      if (fired || now - *active_since < rule.hold) continue;
      if (now >= Duration{0}) return now;
      fired = true;
    }
    return std::nullopt;
  }

  std::string name_;
  std::vector<Rule> rules_;
};

bool fails(Answerer& answerer, Duration range, WallTime at, double most) {
  return failing_share(answerer, range, at).value_or(0) > most;
}

bool is_slow(Answerer& answerer, WallTime at) {
  return answerer.quantile(0.95, request_times, 5min, at).value_or(0) > longest_seconds;
}

bool is_down(Answerer& answerer, WallTime at) {
  for (const auto& instance : answerer.instant(instances, at))
    if (instance.value == 0) return true;
  return false;
}

double slow_share(Answerer& answerer, Duration range, WallTime at) {
  const auto fast = answerer.ratio(fast_requests, timed_requests, range, at);
  return fast ? 1 - *fast : 0;
}

bool burns(Answerer& answerer, WallTime at, Duration longer, Duration shorter, double rate) {
  const auto fast_failing = [&](Duration range) { return fails(answerer, range, at, rate * sim::most_failing); };
  const auto fast_slow = [&](Duration range) { return slow_share(answerer, range, at) > rate * sim::most_slow; };
  return (fast_failing(shorter) && fast_failing(longer)) || (fast_slow(shorter) && fast_slow(longer));
}

}  // namespace

Judges alert_rule_judges() {
  Judges judges;
  judges.push_back(std::make_unique<AlertRules>(
      "alert rule, [5m] for 1m",
      std::vector<Rule>{{[](auto& a, auto at) { return fails(a, 5min, at, sim::most_failing); }, 1min},
                        {is_slow, 1min},
                        {is_down, 1min}}));
  judges.push_back(
      std::make_unique<AlertRules>("burn rates of the SRE workbook",
                                   std::vector<Rule>{{[](auto& a, auto at) { return burns(a, at, 1h, 5min, 14.4); }},
                                                     {[](auto& a, auto at) { return burns(a, at, 6h, 30min, 6); }}}));
  return judges;
}

}  // namespace guard::decisions
