// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/preflight_plan.hpp"

#include "guard/http/url.hpp"

namespace guard::engine {

using model::CheckState;

preflight::Means means_of(const Runtime& runtime, const Clock& clock) {
  preflight::Means out;
  const auto& settings = *runtime.settings;
  out.clock = &clock;
  out.metrics = runtime.metrics;
  out.prometheus = runtime.prometheus;
  if (settings.prometheus) out.prometheus_address = http::origin_of(settings.prometheus->http.url);
  out.alerts = runtime.alerts;
  out.alertmanager = runtime.alertmanager;
  if (runtime.alertmanager)
    for (const auto& server : settings.alertmanager.servers)
      out.alertmanager_addresses.push_back(http::origin_of(server.url));
  out.sinks = runtime.alert_sinks;
  out.receivers = runtime.receivers;
  out.hooks = runtime.hooks;
  return out;
}

model::Checks known_of(const Health& health) {
  if (!health.store_trouble) return {{"guard", CheckState::passed, "its journal can be written", ""}};
  return {{"guard", CheckState::failed, "its journal cannot be written: nothing would be decided",
           "see the guard's log, and make room or mend the disk"}};
}

}  // namespace guard::engine
