// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/alert_path.hpp"

#include "guard/alerts/own_alert.hpp"
#include "guard/base/duration.hpp"

#include <fmt/format.h>

namespace guard::preflight {
namespace {

using model::Check;
using model::CheckState;

constexpr const char* alert_path = "alert_path";
// Long enough for a group_wait, and nobody is told of it again later.
constexpr Duration message_fires_for = std::chrono::minutes(1);

alerts::OwnAlert proof_alert(const Situation& situation, const std::string& id) {
  const auto& spec = situation.spec;
  alerts::OwnAlert out;
  out.labels = {{"alertname", alerts::proof_name},
                {alerts::proof_label, id},
                {"service", spec.service},
                {"environment", spec.environment},
                {"severity", "none"}};
  out.annotations["summary"] = "A preflight of Release Guard sees whether alerts arrive; nothing is to be done.";
  out.starts_at = situation.now.wall;
  return out;
}

alerts::OwnAlert message(const Situation& situation, const std::string& id) {
  const auto& spec = situation.spec;
  alerts::OwnAlert out;
  out.labels = {{"alertname", "ReleaseGuardTestMessage"},
                {alerts::own_mark.first, alerts::own_mark.second},
                {"service", spec.service},
                {"environment", spec.environment},
                {"release", "preflight-" + id},
                {"severity", "info"}};
  out.annotations["summary"] = fmt::format(
      "A test message: a preflight of {} in {} asked for it. Nothing is to be done.", spec.service, spec.environment);
  out.starts_at = situation.now.wall;
  return out;
}

Addressee receiving(const receivers::ReceiverPtr& receiver, const alerts::OwnAlert& alert) {
  const auto name = fmt::format("receiver {}", receiver->settings().name);
  receivers::Message message;
  message.alert = alert;
  message.at = alert.starts_at;
  return {name, [name, receiver, message = std::move(message)]() -> Check {
            const auto failure = receiver->deliver(message);
            if (failure)
              return {"message", CheckState::failed, fmt::format("{}: {}", name, failure->words),
                      "see `receivers` in the guard's configuration"};
            return {"message", CheckState::passed, name + " took a test message", "see that it arrives"};
          }};
}

// Fails with the words of the last that did not take it, if none did.
Result<void> push(const Means& means, const alerts::Pushed& alert) {
  Result<void> out = fail(ErrorCode::not_found, "no Alertmanager is configured to push to");
  bool taken = false;
  for (const auto& sink : means.sinks) {
    auto posted = sink->post(alerts::push_body({alert}));
    taken = taken || posted;
    out = std::move(posted);
  }
  return taken ? Result<void>{} : out;
}

Check push_message(const alerts::OwnAlert& alert, const Situation& situation, const Means& means) {
  const auto pushed = push(means, {alert, situation.now.wall + message_fires_for});
  if (!pushed)
    return {"message", CheckState::failed, pushed.error().message, "see `alertmanager` in the guard's configuration"};
  return {"message", CheckState::passed, "Alertmanager took a test message",
          "see that it arrives where news of releases go, in #deployments for instance"};
}

}  // namespace

Result<void> push_proof(const Situation& situation, const Means& means, const std::string& id, WallTime ends_at) {
  return push(means, {proof_alert(situation, id), ends_at});
}

std::vector<Addressee> addressees(const Situation& situation, const Means& means, const std::string& id) {
  std::vector<Addressee> out;
  const auto alert = message(situation, id);
  if (!means.sinks.empty() || means.receivers.empty())
    out.push_back({"Alertmanager", [alert, &situation, &means] { return push_message(alert, situation, means); }});
  for (const auto& receiver : means.receivers)
    if (config::is_told_of(receiver->settings(), alert.labels)) out.push_back(receiving(receiver, alert));
  return out;
}

Check not_pushed(const Error& why) {
  if (why.code == ErrorCode::not_found)
    return {alert_path, CheckState::unknown, why.message, "name it under `alertmanager.urls`, to have the way tried"};
  return {alert_path, CheckState::failed, "no Alertmanager took a test alert: " + why.message,
          "without it nobody is told: bring it back before the release"};
}

Check came_back(Duration after, const Result<void>& ended) {
  const auto seen = fmt::format("a test alert came back by webhook after {}", format_duration(after));
  if (ended) return {alert_path, CheckState::passed, seen + ", and was resolved", ""};
  return {alert_path, CheckState::unknown, fmt::format("{}, and could not be ended: {}", seen, ended.error().message),
          "it ends by itself in some minutes; see why Alertmanager took it, and not its end"};
}

Check lost_on_the_way(const Means& means, Duration waited) {
  const auto seen = fmt::format("a test alert did not come back by webhook within {}", format_duration(waited));
  constexpr auto advice =
      "let a route with `group_wait: 0s` send ReleaseGuardPreflight to the guard's webhook, as alertmanager.yml does";
  // Whoever asks Alertmanager itself needs no webhook to hear of an alert.
  if (means.alerts)
    return {alert_path, CheckState::unknown, seen + "; the guard asks Alertmanager at each reading as well", advice};
  return {alert_path, CheckState::failed, seen, advice};
}

}  // namespace guard::preflight
