// SPDX-License-Identifier: Apache-2.0
//
// What one reading of the configuration gives the engine: settings and the live objects made from them. Replaced
// whole by a reload, never changed; watches keep the rule group they started with.
#pragma once

#include "guard/alerts/alert_sink.hpp"
#include "guard/alerts/alertmanager_client.hpp"
#include "guard/alerts/alerts_source.hpp"
#include "guard/config/settings.hpp"
#include "guard/hooks/hook.hpp"
#include "guard/metrics/metrics_source.hpp"
#include "guard/metrics/prometheus_client.hpp"
#include "guard/receivers/receiver.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guard::engine {

struct Runtime {
  std::shared_ptr<const config::Settings> settings;
  std::shared_ptr<metrics::MetricsSource> metrics;           // null where no Prometheus is configured
  std::shared_ptr<metrics::PrometheusClient> prometheus;     // the server behind `metrics`
  std::shared_ptr<alerts::AlertsSource> alerts;              // null: only webhooks tell of alerts
  std::shared_ptr<alerts::AlertmanagerClient> alertmanager;  // the servers behind `alerts`
  std::vector<alerts::AlertSinkPtr> alert_sinks;             // who is told of the guard's own alerts
  std::vector<receivers::ReceiverPtr> receivers;             // who is told by the guard itself
  std::map<std::string, hooks::HookPtr> hooks;
};

using RuntimePtr = std::shared_ptr<const Runtime>;

// Reads the configuration again; blocking. The error lists everything that is wrong.
using RuntimeLoader = std::function<Result<RuntimePtr>()>;

}  // namespace guard::engine
