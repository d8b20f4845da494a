// SPDX-License-Identifier: Apache-2.0
#include "guard/alerts/alertmanager_client.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/base/duration.hpp"
#include "guard/base/json.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace guard::alerts {
namespace {

using core::FiringAlert;
using core::SourceError;

constexpr const char* status_path = "/api/v2/status";
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

std::expected<json::value, SourceError> decode_json(int status, std::string_view body) {
  if (status != 200) return bad(fmt::format("Alertmanager answered HTTP {}", status), status == 429 || status >= 500);
  auto parsed = parse_json(body);
  if (!parsed) return bad("Alertmanager's answer is " + parsed.error().message, false);
  return std::move(*parsed);
}

// What `decode` makes of the answer to a GET.
template <class Decode>
auto ask(const http::Client& server, const char* path, Duration deadline, Decode decode)
    -> decltype(decode(0, std::string_view())) {
  http::Request request;
  request.path = path;
  request.deadline = deadline;
  request.max_response = std::size_t{8} << 20U;
  const auto response = server.send(request);
  if (!response) return bad(response.error().message, true);
  return decode(response->status, response->body);
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
  const auto parsed = decode_json(status, body);
  if (!parsed) return std::unexpected(parsed.error());
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

std::expected<WallTime, SourceError> decode_up_since(int status, std::string_view body) {
  const auto parsed = decode_json(status, body);
  if (!parsed) return std::unexpected(parsed.error());
  const auto object = JsonObject::of(*parsed, "");
  const auto uptime = object ? object->string("uptime") : std::unexpected(object.error());
  const auto since = uptime ? parse_time(*uptime) : std::unexpected(uptime.error());
  if (!since) return bad("Alertmanager's answer: " + since.error().message, false);
  return *since;
}

std::optional<SourceError> AlertmanagerClient::doubt(const http::Client& server, WallTime now,
                                                     Duration deadline) const {
  const auto since = ask(server, status_path, deadline, decode_up_since);
  if (!since)
    return SourceError{core::Reason::partial_result,
                       "it is not known for how long Alertmanager has been up: " + since.error().message, true};
  const auto up = std::max(Duration{0}, now - *since);
  if (up >= warm_up_) return std::nullopt;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(up);
  return SourceError{core::Reason::partial_result,
                     fmt::format("Alertmanager has been up for {} only and may not have been told of all alerts yet",
                                 format_duration(seconds)),
                     true};
}

std::expected<Listing, SourceError> AlertmanagerClient::firing(WallTime now, Duration deadline) {
  if (servers_.empty()) return bad("no Alertmanager is configured", false);
  std::map<std::string, FiringAlert> united;
  SourceError problem;
  Listing listing;
  bool answered = false;
  bool proven = warm_up_ <= Duration{0};
  // Peers gossip, so any one's word counts; a share of the time each keeps a dead one from hiding the living.
  const auto questions = servers_.size() * (proven ? 1 : 2);
  const auto share = deadline / static_cast<Duration::rep>(questions);
  for (const auto& server : servers_) {
    auto alerts = ask(server, firing_path, share, decode_alerts);
    if (!alerts) {
      problem = std::move(alerts.error());
      continue;
    }
    answered = true;
    for (auto& alert : *alerts) united.emplace(alert.fingerprint, std::move(alert));
    // After its alerts: one that restarts between the two questions is then found to be young.
    if (!proven) listing.doubt = doubt(server, now, share);
    proven = !listing.doubt;
  }
  if (!answered) return std::unexpected(std::move(problem));
  for (auto& [fingerprint, alert] : united) listing.firing.push_back(std::move(alert));
  return listing;
}

}  // namespace guard::alerts
