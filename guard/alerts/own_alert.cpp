// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/own_alert.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"

#include <algorithm>

namespace guard::alerts {
namespace {

json::object to_json(const model::Labels& labels) {
  json::object out;
  for (const auto& [name, value] : labels) out[name] = value;
  return out;
}

std::string_view value_of(const model::Labels& labels, const char* name) {
  const auto it = labels.find(name);
  return it == labels.end() ? std::string_view{} : it->second;
}

}  // namespace

std::string proof_of(const model::Labels& labels) {
  return value_of(labels, "alertname") == proof_name ? std::string(value_of(labels, proof_label)) : "";
}

bool is_own(const model::Labels& labels) {
  return value_of(labels, own_mark.first) == own_mark.second || !proof_of(labels).empty();
}

std::string push_body(const std::vector<Pushed>& alerts) {
  json::array out;
  for (const auto& [alert, ends_at] : alerts) {
    json::object entry;
    entry["labels"] = to_json(alert.labels);
    entry["annotations"] = to_json(alert.annotations);
    // Alertmanager refuses an end before the start, which a wall clock that was set back would give.
    entry["startsAt"] = format_time(std::min(alert.starts_at, ends_at));
    entry["endsAt"] = format_time(ends_at);
    if (!alert.generator_url.empty()) entry["generatorURL"] = alert.generator_url;
    out.push_back(std::move(entry));
  }
  return json::serialize(out);
}

}  // namespace guard::alerts
