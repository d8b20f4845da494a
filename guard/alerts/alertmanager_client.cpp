// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/alertmanager_client.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace guard::alerts {
namespace {

using core::FiringAlert;
using core::SourceError;

// Inhibited ones are asked for too: see keep_firing().
constexpr const char* firing_path = "/api/v2/alerts?active=true&silenced=false&inhibited=true";

struct Listed {
  FiringAlert alert;
  std::vector<std::string> inhibited_by;  // fingerprints
};

std::unexpected<SourceError> bad(std::string message, bool transient) {
  return std::unexpected(SourceError{core::Reason::query_failed, std::move(message), transient});
}

Result<std::vector<std::string>> decode_inhibitors(const JsonObject& alert) {
  std::vector<std::string> out;
  const auto* status = alert.find("status");
  if (status == nullptr) return out;
  const auto object = JsonObject::of(*status, alert.path_of("status"));
  if (!object) return std::unexpected(object.error());
  const auto* list = object->find("inhibitedBy");
  if (list == nullptr) return out;
  const auto wrong = fail(ErrorCode::invalid, object->path_of("inhibitedBy") + " must be a list of fingerprints");
  if (!list->is_array()) return wrong;
  for (const auto& entry : list->get_array()) {
    if (!entry.is_string()) return wrong;
    out.emplace_back(entry.get_string());
  }
  return out;
}

Result<Listed> decode_alert(const json::value& value, const std::string& path) {
  const auto object = JsonObject::of(value, path);
  if (!object) return std::unexpected(object.error());
  auto fingerprint = object->string("fingerprint");
  auto labels = object->string_map("labels");
  const auto starts = object->string("startsAt");
  auto inhibitors = decode_inhibitors(*object);
  if (!fingerprint) return std::unexpected(fingerprint.error());
  if (!labels) return std::unexpected(labels.error());
  if (!starts) return std::unexpected(starts.error());
  if (!inhibitors) return std::unexpected(inhibitors.error());
  const auto starts_at = parse_time(*starts);
  if (!starts_at) return std::unexpected(starts_at.error());
  return Listed{{std::move(*fingerprint), std::move(*labels), *starts_at}, std::move(*inhibitors)};
}

// The alerts that say something about a service. While a rollback runs, an alert of the guard's own inhibits the
// service's symptoms so that people have quiet; to the guard they are the truth it must verify the rollback by.
std::vector<FiringAlert> keep_firing(std::vector<Listed> listed) {
  std::set<std::string> own;
  for (const auto& entry : listed)
    if (is_own(entry.alert.labels)) own.insert(entry.alert.fingerprint);
  std::vector<FiringAlert> out;
  for (auto& [alert, inhibited_by] : listed) {
    const bool quiet_for_people_only =
        std::ranges::all_of(inhibited_by, [&](const auto& by) { return own.contains(by); });
    if (quiet_for_people_only && !own.contains(alert.fingerprint)) out.push_back(std::move(alert));
  }
  return out;
}

}  // namespace

std::expected<std::vector<FiringAlert>, SourceError> decode_alerts(int status, std::string_view body) {
  if (status != 200) return bad(fmt::format("Alertmanager answered HTTP {}", status), status == 429 || status >= 500);
  const auto parsed = parse_json(body);
  if (!parsed) return bad("Alertmanager's answer is " + parsed.error().message, false);
  const auto* list = parsed->if_array();
  if (list == nullptr) return bad("Alertmanager's answer is not a list of alerts", false);
  std::vector<Listed> listed;
  for (std::size_t i = 0; const auto& value : *list) {
    auto alert = decode_alert(value, fmt::format("[{}]", i++));
    if (!alert) return bad("Alertmanager's answer: " + alert.error().message, false);
    listed.push_back(std::move(*alert));
  }
  return keep_firing(std::move(listed));
}

std::expected<std::vector<FiringAlert>, SourceError> AlertmanagerClient::firing(Duration deadline) {
  std::map<std::string, FiringAlert> united;
  std::optional<SourceError> problem;
  bool answered = false;
  // Peers gossip, so any one's word counts; a share of the time each keeps a dead one from hiding the living.
  const auto share = deadline / static_cast<Duration::rep>(servers_.size());
  for (const auto& server : servers_) {
    http::Request request;
    request.path = firing_path;
    request.deadline = share;
    request.max_response = std::size_t{8} << 20U;
    const auto response = server.send(request);
    auto alerts = response ? decode_alerts(response->status, response->body)
                           : std::unexpected(SourceError{core::Reason::query_failed, response.error().message, true});
    if (!alerts) {
      problem = std::move(alerts.error());
      continue;
    }
    answered = true;
    for (auto& alert : *alerts) united.emplace(alert.fingerprint, std::move(alert));
  }
  if (!answered)
    return std::unexpected(
        problem.value_or(SourceError{core::Reason::query_failed, "no Alertmanager is configured", false}));
  std::vector<FiringAlert> out;
  for (auto& [fingerprint, alert] : united) out.push_back(std::move(alert));
  return out;
}

}  // namespace guard::alerts
