// SPDX-License-Identifier: Apache-2.0
//
// What a preflight is about, and whom it may ask. Each look (servers.hpp, rules.hpp, alert_path.hpp, hook.hpp) is a
// function from these two to what was found; it blocks, until the deadline at most, and keeps nothing. Values.
#pragma once

#include "guard/alerts/alert_sink.hpp"
#include "guard/alerts/alertmanager_client.hpp"
#include "guard/base/clock.hpp"
#include "guard/hooks/hook.hpp"
#include "guard/metrics/prometheus_client.hpp"
#include "guard/model/check.hpp"
#include "guard/model/release.hpp"
#include "guard/model/rule.hpp"
#include "guard/receivers/receiver.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guard::preflight {

struct Situation {
  model::ReleaseSpec spec;  // what is to be released; its previous version is what is live now, or empty
  model::RuleGroupPtr group;
  Instant now;
  MonoTime deadline{};
};

// Null where nothing is configured.
struct Means {
  const Clock* clock = nullptr;
  std::shared_ptr<metrics::MetricsSource> metrics;
  std::shared_ptr<metrics::PrometheusClient> prometheus;  // behind `metrics`
  std::string prometheus_address;
  std::shared_ptr<alerts::AlertsSource> alerts;
  std::shared_ptr<alerts::AlertmanagerClient> alertmanager;  // behind `alerts`
  std::vector<std::string> alertmanager_addresses;           // as many as it has servers
  std::vector<alerts::AlertSinkPtr> sinks;
  std::vector<receivers::ReceiverPtr> receivers;
  std::map<std::string, hooks::HookPtr> hooks;  // those that are configured
};

// What is left of its time for one question, never less than a millisecond.
inline Duration left(const Situation& situation, const Means& means) {
  return std::max(Duration{1}, situation.deadline - means.clock->now().mono);
}

inline bool is_over(const Situation& situation, const Means& means) {
  return means.clock->now().mono >= situation.deadline;
}

}  // namespace guard::preflight
