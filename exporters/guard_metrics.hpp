// SPDX-License-Identifier: Apache-2.0
//
// What the guard counts of its own work. Every known series stands at zero from the start, and no series carries a
// release's id or version, so their number does not grow. Counting happens on the loop thread; Collect() is safe from
// any thread.
#pragma once

#include "guard/base/version.hpp"
#include "guard/engine/telemetry.hpp"

#include <string>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace guard::exporters {

// Every family with its help text. A family lives as long as its registry, so the references stay good.
class MetricFamilies {
 private:
  using Counters = prometheus::Family<prometheus::Counter>;
  using Gauges = prometheus::Family<prometheus::Gauge>;
  using Histograms = prometheus::Family<prometheus::Histogram>;
  Counters& counters(const std::string& name, const std::string& help);
  Gauges& gauges(const std::string& name, const std::string& help);
  Histograms& histograms(const std::string& name, const std::string& help);

 public:
  prometheus::Registry registry;
  Counters& releases = counters("releases_total", "Releases that ended, by the phase they ended in.");
  Counters& judged =
      counters("releases_judged_total",
               "Releases that passed, ended breached or unverified or were rolled back; each counts once.");
  Counters& failed =
      counters("releases_failed_total",
               "Those of them that ended breached, were rolled back or whose rollback failed; each counts once.");
  Counters& rollbacks = counters("rollbacks_total", "Rollbacks that came to an end, by what led to them and how.");
  Counters& decisions = counters("decisions_total", "Decisions about releases, by kind and by whom: guard or person.");
  Counters& overruled = counters("decisions_overruled_total",
                                 "Decisions on a breach that a person's abort set aside, by kind of the decision.");
  Counters& blocked = counters("decisions_blocked_total", "Automatic rollbacks held back, by the brake that held.");
  Counters& evaluations = counters("evaluations_total", "Readings of rules, by outcome.");
  Counters& rounds_missed =
      counters("evaluation_rounds_missed_total", "Evaluation rounds skipped because the one before still ran.");
  Counters& query_failures = counters("query_failures_total", "Queries that gave no usable answer.");
  Counters& hook_attempts = counters("hook_attempts_total", "Calls of rollback hooks, by kind and result.");
  Counters& alerts = counters("alerts_received_total", "Alerts received from Alertmanager, by what became of them.");
  Counters& events =
      counters("events_received_total", "Events about deployments that other systems sent, by what became of them.");
  Counters& commit_failures =
      counters("journal_commit_failures_total", "Commits to the journal that failed; nothing of them was acted on.");
  Counters& pushes =
      counters("alert_pushes_total", "Pushes of the guard's own alerts to an Alertmanager, by its place in the list.");
  Counters& push_failures =
      counters("alert_push_failures_total", "Those of them that failed; each is tried again until one succeeds.");
  Counters& notifications = counters("notifications_total", "Messages sent to receivers, each attempt, by receiver.");
  Counters& notification_failures =
      counters("notifications_failed_total", "Those of them that failed, by receiver and reason; each is sent again.");
  Histograms& query_seconds = histograms("query_duration_seconds", "How long queries took.");
  Histograms& hook_seconds = histograms("hook_duration_seconds", "How long calls of rollback hooks took, by kind.");
  Histograms& detection_seconds = histograms(
      "detection_to_rollback_seconds", "From the first reading of a breach to the hook's word that it rolled back.");
  Histograms& commit_seconds = histograms("journal_commit_seconds", "How long commits to the journal took.");
  Gauges& reload_ok = gauges("config_last_reload_successful", "Whether the last reading of the configuration worked.");
  Gauges& reload_at = gauges("config_last_reload_success_timestamp_seconds",
                             "When the configuration was last read with success, as Unix time.");
  Gauges& pushed_at = gauges("alert_push_last_success_timestamp_seconds",
                             "When an Alertmanager last took the guard's own alerts, as Unix time; 0: never yet.");
  Gauges& clock_skew =
      gauges("clock_skew_seconds",
             "How far a server's clock was ahead of the guard's when it last answered; beyond 60 either "
             "way its answers count for nothing.");
  Gauges& build_info = gauges("build_info", "Always 1; the labels say what is running.");
  Gauges& leader = gauges("leader", "1 where this guard decides, 0 where it stands by for another.");
};

class GuardMetrics final : public engine::Telemetry, public prometheus::Collectable {
 public:
  explicit GuardMetrics(const Build& build);

  void happened(const engine::ReleaseEvent& event) override;
  void evaluated(model::Outcome outcome) override;
  void queried(Duration took, bool ok) override;
  void round_missed() override;
  void hook_attempted(std::string_view kind, model::AttemptResult result, Duration took) override;
  void journal_committed(Duration took, bool ok) override;
  void alerts_received(engine::AlertIntake result, std::size_t count) override;
  void event_received(engine::EventIntake result) override;
  void reloaded(bool ok, WallTime at) override;
  void alert_targets(std::size_t count) override;
  void alerts_pushed(std::size_t target, bool ok, WallTime at) override;
  void receivers(const std::vector<std::string>& names) override;
  void notified(const std::string& receiver, std::optional<receivers::FailureReason> failure) override;
  // How far the clock of "prometheus" or "alertmanager" is ahead. Safe from any thread.
  void clock_compared(std::string_view server, Duration skew);

  std::vector<prometheus::MetricFamily> Collect() const override { return families_.registry.Collect(); }

 private:
  MetricFamilies families_;
  std::vector<prometheus::Gauge*> pushed_at_;  // one for each Alertmanager
};

}  // namespace guard::exporters
