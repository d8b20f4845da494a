// SPDX-License-Identifier: Apache-2.0
#include "exporters/release_collector.hpp"

#include "exporters/gauges.hpp"
#include "exporters/label_value.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace guard::exporters {
namespace {

using story::ReleaseView;
using story::RuleView;

struct Families {
  prometheus::MetricFamily phase = gauge("release_phase", "1 for the phase the newest release stands in, else 0.");
  prometheus::MetricFamily info = gauge("release_info", "Always 1; the labels name the newest release.");
  prometheus::MetricFamily live_at =
      gauge("release_live_timestamp_seconds", "When the newest release went live, as Unix time.");
  prometheus::MetricFamily window_end =
      gauge("release_window_end_timestamp_seconds", "When the watch of the newest release ends, as Unix time.");
  prometheus::MetricFamily verify_end =
      gauge("release_verify_end_timestamp_seconds",
            "While the newest release is verified after its rollback, when the time for that is over, as Unix time.");
  prometheus::MetricFamily breach_at = gauge(
      "release_breach_timestamp_seconds", "When a breach the guard decided on was first read, by rule, as Unix time.");
  prometheus::MetricFamily rollback_at = gauge(
      "release_rollback_timestamp_seconds", "When the newest rollback was decided, by what led to it, as Unix time.");
  prometheus::MetricFamily ended_at =
      gauge("release_end_timestamp_seconds", "When the newest release came to its end, as Unix time.");
  prometheus::MetricFamily read_at = gauge("release_last_evaluation_timestamp_seconds",
                                           "When the rule of the newest release that waits longest was last asked for, "
                                           "as Unix time.");
  prometheus::MetricFamily lag = gauge("release_reading_lag_seconds",
                                       "How long the rounds of the newest release are late, by the rule that waits "
                                       "longest for its reading.");
  prometheus::MetricFamily unread = gauge(
      "rules_unread", "Rules that count and were not read for three intervals, also of a release before the newest.");
  prometheus::MetricFamily decisions = gauge("release_decisions", "Decisions about the newest release, by kind.");
  prometheus::MetricFamily attempts =
      gauge("release_hook_attempts", "Calls of hooks for the newest release, by result.");
  prometheus::MetricFamily paused = gauge("release_paused", "1 while a person has paused the watch.");
  prometheus::MetricFamily needs_person =
      gauge("release_needs_person", "1 while a release needs a person, also one before the newest.");
  prometheus::MetricFamily slo_info =
      gauge("slo_info", "Always 1; the labels say what the rule reads, what follows a breach, and the objective.");
  prometheus::MetricFamily slo_value = gauge("slo_value", "What the rule last read, in base units.");
  prometheus::MetricFamily slo_objective = gauge("slo_objective", "The bound of the objective, in base units.");
  prometheus::MetricFamily slo_state = gauge("slo_state", "1 for the verdict the rule has, else 0.");
  prometheus::MetricFamily slo_baseline = gauge("slo_baseline", "What a relative objective is measured against.");
};

template <class E>
void put_states(prometheus::MetricFamily& family, const Labels& labels, const std::string& label, E current) {
  for (const auto& [value, name] : EnumNames<E>::table) {
    auto all = labels;
    all.push_back({label, std::string(name)});
    put(family, std::move(all), value == current ? 1.0 : 0.0);
  }
}

// One series for each value of a named enum, with how many of `all` have it.
template <class E, class Range, class Projection>
void put_counts(prometheus::MetricFamily& family, const Labels& labels, const std::string& label, const Range& all,
                Projection of) {
  for (const auto& [value, name] : EnumNames<E>::table) {
    auto named = labels;
    named.push_back({label, std::string(name)});
    put(family, std::move(named), static_cast<double>(std::ranges::count(all, value, of)));
  }
}

void put_info(Families& to, Labels labels, const RuleView& rule) {
  labels.push_back({"kind", std::string(to_string(rule.kind))});
  labels.push_back({"action", std::string(to_string(rule.action))});
  labels.push_back({"objective", label_value(rule.objective)});
  labels.push_back({"unit", std::string(to_string(rule.unit))});
  put(to.slo_info, std::move(labels), 1.0);
}

void put_rule(Families& to, Labels labels, const RuleView& rule) {
  labels.push_back({"slo", label_value(rule.slo)});
  put_info(to, labels, rule);
  put(to.slo_value, labels, rule.value);
  put(to.slo_objective, labels, rule.bound);
  put(to.slo_baseline, labels, rule.baseline);
  put_states(to.slo_state, labels, "state", rule.verdict);
}

void put_rules(Families& to, const Labels& labels, const ReleaseView& release) {
  std::set<std::string> seen;  // names that are equal once shortened would make the whole page invalid
  for (const auto& rule : release.rules)
    if (seen.insert(label_value(rule.slo)).second) put_rule(to, labels, rule);
}

// The first reading of each breach that was decided on.
void put_breaches(Families& to, const Labels& labels, const ReleaseView& release) {
  std::set<std::string> seen;
  for (const auto& decision : release.decisions) {
    if (decision.detected_at == WallTime{} || !seen.insert(label_value(decision.slo)).second) continue;
    auto named = labels;
    named.push_back({"slo", label_value(decision.slo)});
    put(to.breach_at, named, std::optional(decision.detected_at));
  }
}

void put_decisions(Families& to, const Labels& labels, const ReleaseView& release) {
  put_counts<model::DecisionKind>(to.decisions, labels, "kind", release.decisions, &model::Decision::kind);
  std::vector<model::Attempt> attempts;
  const model::Decision* rollback = nullptr;
  for (const auto& decision : release.decisions) {
    attempts.insert(attempts.end(), decision.attempts.begin(), decision.attempts.end());
    if (decision.kind == model::DecisionKind::rollback) rollback = &decision;
  }
  put_counts<model::AttemptResult>(to.attempts, labels, "result", attempts, &model::Attempt::result);
  if (rollback == nullptr) return;
  auto named = labels;
  named.push_back({"trigger", std::string(to_string(rollback->trigger))});
  put(to.rollback_at, named, std::optional(rollback->at));
}

// Of the rule that waits longest for its next: each source has its own rounds.
std::optional<WallTime> last_reading(const ReleaseView& release) {
  std::optional<WallTime> last;
  for (const auto& rule : release.rules)
    if (rule.read_at) last = std::min(last.value_or(*rule.read_at), *rule.read_at);
  return last;
}

void put_release(Families& to, const Labels& labels, const ReleaseView& release) {
  auto named = labels;
  named.push_back({"version", label_value(release.spec.version)});
  named.push_back({"previous_version", label_value(release.spec.previous_version)});
  named.push_back({"release", label_value(release.spec.id)});
  put(to.info, std::move(named), 1.0);
  put_states(to.phase, labels, "phase", release.phase);
  put(to.live_at, labels, release.live_at);
  put(to.window_end, labels, release.window_end);
  put(to.verify_end, labels, release.verify_end);
  put(to.paused, labels, release.paused ? 1.0 : 0.0);
  put(to.ended_at, labels, release.ended_at);
  put(to.lag, labels, std::chrono::duration<double>(release.reading_lag).count());
  put_breaches(to, labels, release);
  put_decisions(to, labels, release);
  if (model::is_judged(release.phase)) put(to.read_at, labels, last_reading(release));
  if (!model::is_final(release.phase)) put_rules(to, labels, release);
}

using Name = std::pair<std::string, std::string>;

struct PlaceFigures {
  const ReleaseView* newest = nullptr;
  bool needs_person = false;  // for any release of it
  std::ptrdiff_t unread = 0;  // rules, of all releases of it
};

// By service and environment as the labels will have them: two series of one name and labels fail the scrape.
std::map<Name, PlaceFigures> places(const std::vector<ReleaseView>& releases) {
  std::map<Name, PlaceFigures> out;
  for (const auto& release : releases) {
    auto& place = out[{label_value(release.spec.service), label_value(release.spec.environment)}];
    if (place.newest == nullptr || release.announced_at > place.newest->announced_at) place.newest = &release;
    place.needs_person = place.needs_person || release.needs_person;
    place.unread +=
        std::ranges::count_if(release.rules, [](const auto& rule) { return rule.unread_since.has_value(); });
  }
  return out;
}

}  // namespace

std::vector<prometheus::MetricFamily> ReleaseCollector::Collect() const {
  const auto releases = snapshot_();
  Families to;
  for (const auto& [name, place] : places(releases)) {
    const Labels labels{{"service", name.first}, {"environment", name.second}};
    put_release(to, labels, *place.newest);
    put(to.needs_person, labels, place.needs_person ? 1.0 : 0.0);
    put(to.unread, labels, static_cast<double>(place.unread));
  }
  std::vector<prometheus::MetricFamily> out;
  for (auto* family : {&to.phase,     &to.info,        &to.live_at,       &to.window_end, &to.verify_end,
                       &to.breach_at, &to.rollback_at, &to.ended_at,      &to.read_at,    &to.lag,
                       &to.unread,    &to.decisions,   &to.attempts,      &to.paused,     &to.needs_person,
                       &to.slo_info,  &to.slo_value,   &to.slo_objective, &to.slo_state,  &to.slo_baseline})
    out.push_back(std::move(*family));
  return out;
}

}  // namespace guard::exporters
