// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/alertmanager_client.hpp"

#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"

#include <map>
#include <optional>

#include <fmt/format.h>

namespace guard::alerts {
namespace {

using core::FiringAlert;
using core::SourceError;

constexpr const char* firing_path = "/api/v2/alerts?active=true&silenced=false&inhibited=false";

std::unexpected<SourceError> bad(std::string message, bool transient) {
  return std::unexpected(SourceError{core::Reason::query_failed, std::move(message), transient});
}

Result<FiringAlert> decode_alert(const json::value& value, const std::string& path) {
  const auto object = JsonObject::of(value, path);
  if (!object) return std::unexpected(object.error());
  auto fingerprint = object->string("fingerprint");
  auto labels = object->string_map("labels");
  const auto starts = object->string("startsAt");
  if (!fingerprint) return std::unexpected(fingerprint.error());
  if (!labels) return std::unexpected(labels.error());
  if (!starts) return std::unexpected(starts.error());
  const auto starts_at = parse_time(*starts);
  if (!starts_at) return std::unexpected(starts_at.error());
  return FiringAlert{std::move(*fingerprint), std::move(*labels), *starts_at};
}

}  // namespace

std::expected<std::vector<FiringAlert>, SourceError> decode_alerts(int status, std::string_view body) {
  if (status != 200) return bad(fmt::format("Alertmanager answered HTTP {}", status), status == 429 || status >= 500);
  const auto parsed = parse_json(body);
  if (!parsed) return bad("Alertmanager's answer is " + parsed.error().message, false);
  const auto* list = parsed->if_array();
  if (list == nullptr) return bad("Alertmanager's answer is not a list of alerts", false);
  std::vector<FiringAlert> out;
  for (std::size_t i = 0; const auto& value : *list) {
    auto alert = decode_alert(value, fmt::format("[{}]", i++));
    if (!alert) return bad("Alertmanager's answer: " + alert.error().message, false);
    out.push_back(std::move(*alert));
  }
  return out;
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
