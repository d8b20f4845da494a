// SPDX-License-Identifier: Apache-2.0
#include "exporters/guard_metrics.hpp"

#include "exporters/label_value.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::exporters {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

const Buckets query_buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
const Buckets commit_buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};
const Buckets hook_buckets{0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600};
const Buckets detection_buckets{1, 5, 10, 15, 30, 60, 120, 180, 300, 600, 1200, 1800, 3600};

constexpr std::array<std::string_view, 2> hook_kinds{"command", "http"};
constexpr std::array triggers{model::Trigger::objective, model::Trigger::alert, model::Trigger::signal,
                              model::Trigger::manual};
constexpr std::array rollback_results{model::CallState::confirmed, model::CallState::failed, model::CallState::unknown};
constexpr std::array attempt_results{model::AttemptResult::done, model::AttemptResult::retry,
                                     model::AttemptResult::not_started, model::AttemptResult::failed,
                                     model::AttemptResult::unknown};

std::string prefixed(const std::string& name) {
  return "release_guard_" + name;
}

// Every value of a named enum as a series at zero, but those that cannot be counted.
template <class E>
void seed(prometheus::Family<prometheus::Counter>& family, const std::string& label, bool (*counted)(E)) {
  for (const auto& [value, name] : EnumNames<E>::table)
    if (counted(value)) family.Add({{label, std::string(name)}});
}

double seconds(Duration took) {
  return std::chrono::duration<double>(std::max(took, Duration::zero())).count();
}

prometheus::Labels rollback_labels(model::Trigger trigger, model::CallState result) {
  return {{"trigger", std::string(to_string(trigger))}, {"result", std::string(to_string(result))}};
}

prometheus::Labels attempt_labels(std::string_view kind, model::AttemptResult result) {
  return {{"kind", label_value(kind)}, {"result", std::string(to_string(result))}};
}

prometheus::Labels decision_labels(model::DecisionKind kind, bool by_person) {
  return {{"kind", std::string(to_string(kind))}, {"by", by_person ? "person" : "guard"}};
}

// Only people abort, and all they order beside that is a rollback.
bool can_decide(model::DecisionKind kind, bool by_person) {
  if (kind == model::DecisionKind::rollback) return true;
  return by_person == (kind == model::DecisionKind::abort);
}

prometheus::Labels target_labels(std::size_t target) {
  return {{"target", fmt::to_string(target)}};
}

prometheus::Labels failure_labels(const std::string& receiver, receivers::FailureReason reason) {
  return {{"receiver", receiver}, {"reason", std::string(to_string(reason))}};
}

void seed_counters(MetricFamilies& f) {
  seed<model::Phase>(f.releases, "outcome", model::is_final);
  for (const auto& [kind, name] : EnumNames<model::DecisionKind>::table)
    for (const bool by_person : {false, true})
      if (can_decide(kind, by_person)) f.decisions.Add(decision_labels(kind, by_person));
  for (const auto kind : model::conclusions) f.overruled.Add({{"kind", std::string(to_string(kind))}});
  seed<model::Brake>(f.blocked, "reason", [](model::Brake b) { return b != model::Brake::none; });
  seed<model::Outcome>(f.evaluations, "outcome", [](model::Outcome) { return true; });
  seed<engine::AlertIntake>(f.alerts, "result", [](engine::AlertIntake) { return true; });
  seed<engine::EventIntake>(f.events, "result", [](engine::EventIntake) { return true; });
  for (const auto trigger : triggers)
    for (const auto result : rollback_results) f.rollbacks.Add(rollback_labels(trigger, result));
  for (const auto kind : hook_kinds)
    for (const auto result : attempt_results) f.hook_attempts.Add(attempt_labels(kind, result));
  for (auto* family : {&f.judged, &f.failed, &f.rounds_missed, &f.query_failures, &f.commit_failures}) family->Add({});
}

void seed_histograms(MetricFamilies& f) {
  f.query_seconds.Add({}, query_buckets);
  f.detection_seconds.Add({}, detection_buckets);
  f.commit_seconds.Add({}, commit_buckets);
  for (const auto kind : hook_kinds) f.hook_seconds.Add({{"kind", std::string(kind)}}, hook_buckets);
}

// Counts what happened to a release, in the families of its kind.
struct Count {
  void operator()(const engine::DecisionMade& made) const {
    families.decisions.Add(decision_labels(made.kind, made.by_person)).Increment();
    if (made.overruled) families.overruled.Add({{"kind", std::string(to_string(*made.overruled))}}).Increment();
    if (made.kind == model::DecisionKind::hold)
      families.blocked.Add({{"reason", std::string(to_string(made.brake))}}).Increment();
  }
  void operator()(const engine::RollbackFinished& finished) const {
    families.rollbacks.Add(rollback_labels(finished.trigger, finished.result)).Increment();
    if (finished.since_breach)
      families.detection_seconds.Add({}, detection_buckets).Observe(seconds(*finished.since_breach));
  }
  void operator()(engine::Judged) const { families.judged.Add({}).Increment(); }
  void operator()(engine::Failed) const { families.failed.Add({}).Increment(); }
  void operator()(const engine::Ended& ended) const {
    families.releases.Add({{"outcome", std::string(to_string(ended.outcome))}}).Increment();
  }

  MetricFamilies& families;
};

}  // namespace

MetricFamilies::Counters& MetricFamilies::counters(const std::string& name, const std::string& help) {
  return prometheus::BuildCounter().Name(prefixed(name)).Help(help).Register(registry);
}

MetricFamilies::Gauges& MetricFamilies::gauges(const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(prefixed(name)).Help(help).Register(registry);
}

MetricFamilies::Histograms& MetricFamilies::histograms(const std::string& name, const std::string& help) {
  return prometheus::BuildHistogram().Name(prefixed(name)).Help(help).Register(registry);
}

GuardMetrics::GuardMetrics(const Build& build) {
  seed_counters(families_);
  seed_histograms(families_);
  families_.reload_ok.Add({});
  families_.reload_at.Add({});
  families_.leader.Add({}).Set(1);
  for (const auto* server : {"prometheus", "alertmanager"}) families_.clock_skew.Add({{"server", server}});
  prometheus::Labels labels;
  for (const auto& [name, value] : {std::pair{"version", build.version}, std::pair{"revision", build.revision},
                                    std::pair{"date", build.date}, std::pair{"compiler", build.compiler}})
    if (!value.empty()) labels[name] = label_value(value);
  families_.build_info.Add(labels).Set(1);
}

void GuardMetrics::happened(const engine::ReleaseEvent& event) {
  std::visit(Count{families_}, event);
}

void GuardMetrics::evaluated(model::Outcome outcome) {
  families_.evaluations.Add({{"outcome", std::string(to_string(outcome))}}).Increment();
}

void GuardMetrics::queried(Duration took, bool ok) {
  families_.query_seconds.Add({}, query_buckets).Observe(seconds(took));
  if (!ok) families_.query_failures.Add({}).Increment();
}

void GuardMetrics::round_missed() {
  families_.rounds_missed.Add({}).Increment();
}

void GuardMetrics::hook_attempted(std::string_view kind, model::AttemptResult result, Duration took) {
  families_.hook_attempts.Add(attempt_labels(kind, result)).Increment();
  families_.hook_seconds.Add({{"kind", label_value(kind)}}, hook_buckets).Observe(seconds(took));
}

void GuardMetrics::journal_committed(Duration took, bool ok) {
  families_.commit_seconds.Add({}, commit_buckets).Observe(seconds(took));
  if (!ok) families_.commit_failures.Add({}).Increment();
}

void GuardMetrics::alerts_received(engine::AlertIntake result, std::size_t count) {
  families_.alerts.Add({{"result", std::string(to_string(result))}}).Increment(static_cast<double>(count));
}

void GuardMetrics::event_received(engine::EventIntake result) {
  families_.events.Add({{"result", std::string(to_string(result))}}).Increment();
}

void GuardMetrics::reloaded(bool ok, WallTime at) {
  families_.reload_ok.Add({}).Set(ok ? 1 : 0);
  if (ok) families_.reload_at.Add({}).Set(std::chrono::duration<double>(at.time_since_epoch()).count());
}

// The counters of an Alertmanager that a reload has taken away stay, as counters do. Its time must go: it would look
// like a push that fails.
void GuardMetrics::alert_targets(std::size_t count) {
  for (; pushed_at_.size() > count; pushed_at_.pop_back()) families_.pushed_at.Remove(pushed_at_.back());
  while (pushed_at_.size() < count) {
    const auto labels = target_labels(pushed_at_.size());
    families_.pushes.Add(labels);
    families_.push_failures.Add(labels);
    pushed_at_.push_back(&families_.pushed_at.Add(labels));
  }
}

void GuardMetrics::alerts_pushed(std::size_t target, bool ok, WallTime at) {
  families_.pushes.Add(target_labels(target)).Increment();
  if (ok)
    pushed_at_.at(target)->Set(std::chrono::duration<double>(at.time_since_epoch()).count());
  else
    families_.push_failures.Add(target_labels(target)).Increment();
}

void GuardMetrics::receivers(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    families_.notifications.Add({{"receiver", name}});
    for (const auto& [reason, text] : EnumNames<receivers::FailureReason>::table)
      families_.notification_failures.Add(failure_labels(name, reason));
  }
}

void GuardMetrics::notified(const std::string& receiver, std::optional<receivers::FailureReason> failure) {
  families_.notifications.Add({{"receiver", receiver}}).Increment();
  if (failure) families_.notification_failures.Add(failure_labels(receiver, *failure)).Increment();
}

void GuardMetrics::clock_compared(std::string_view server, Duration skew) {
  families_.clock_skew.Add({{"server", std::string(server)}}).Set(std::chrono::duration<double>(skew).count());
}

}  // namespace guard::exporters
