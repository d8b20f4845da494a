// SPDX-License-Identifier: Apache-2.0
#include "guard/api/in_force_json.hpp"

#include "guard/base/duration.hpp"
#include "guard/story/json.hpp"

#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::api {
namespace {

double seconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1000;
}

json::array texts(const std::vector<model::Matcher>& matchers) {
  json::array out;
  for (const auto& matcher : matchers) out.emplace_back(matcher.to_string());
  return out;
}

json::array servers(const std::vector<engine::Reached::Server>& all) {
  json::array out;
  for (const auto& server : all)
    out.push_back(json::object{{"address", server.address}, {"problem", server.problem.value_or("")}});
  return out;
}

// When readings become a breach, as a rule file says it.
std::string breach_text(const model::Rule& rule) {
  if (rule.kind == model::RuleKind::signal) return "at once";
  if (model::is_counted(rule.kind)) return fmt::format("by evidence, {}% sure", 100 * model::confidence_of(rule));
  if (rule.breach.count > 0) return fmt::format("{} of {} readings", rule.breach.count, rule.breach.of);
  return rule.breach.sustained > Duration{0} ? "for " + format_duration(rule.breach.sustained) : "at once";
}

json::object rule_json(const model::Rule& rule) {
  return {{"slo", rule.slo},
          {"kind", to_string(rule.kind)},
          {"objective", model::objective_text(rule)},
          {"breach", breach_text(rule)},
          {"action", to_string(rule.action)}};
}

std::string kinds(const std::vector<model::ReleaseKind>& allow) {
  std::string out;
  for (const auto kind : allow) out += (out.empty() ? ", but for " : ", ") + std::string(to_string(kind));
  return out;
}

std::string requirement_text(const std::optional<model::Requirement>& asked) {
  if (!asked) return "";
  const auto stood = asked->stood > Duration{0} ? fmt::format(" and stood for {}", format_duration(asked->stood)) : "";
  std::vector<std::string> all;
  if (!asked->environment.empty())
    all.push_back(fmt::format("that the version has passed in {}{}", asked->environment, stood));
  if (asked->preflight > Duration{0})
    all.push_back(fmt::format("that a preflight has passed within {}", format_duration(asked->preflight)));
  return fmt::format("{}{}{}", fmt::join(all, ", and "),
                     asked->action == model::UnmetAction::warn ? ", else warns" : "", kinds(asked->allow));
}

std::string freeze_text(const std::optional<model::FreezePolicy>& policy) {
  if (!policy) return "";
  std::string after;
  for (const auto change : policy->after) after += (after.empty() ? "" : ", ") + std::string(to_string(change));
  return fmt::format("for {} after a release that is {}{}", format_duration(policy->lasts), after,
                     kinds(policy->allow));
}

std::string budget_text(const std::optional<model::ErrorBudget>& budget) {
  if (!budget) return "";
  const auto counted = budget->left ? std::string("some must be left")
                                    : fmt::format("at most {} of the events of {} may be bad",
                                                  model::format_quantity(budget->allowed, model::Unit::ratio),
                                                  format_duration(budget->over));
  return fmt::format("{}{}{}", counted, budget->action == model::UnmetAction::warn ? ", else the gate warns" : "",
                     kinds(budget->allow));
}

json::object group_json(const model::RuleGroup& group) {
  json::array rules;
  for (const auto& rule : group.rules) rules.push_back(rule_json(rule));
  return {{"name", group.name},
          {"match", texts(group.match)},
          {"mode", to_string(group.rollback.mode)},
          {"hook", group.rollback.hook},
          {"window_seconds", seconds(group.window)},
          {"settle_seconds", seconds(group.settle)},
          {"serves", group.serves ? group.serves->source() : ""},
          {"requires", requirement_text(group.requirement)},
          {"freezes", freeze_text(group.freeze)},
          {"error_budget", budget_text(group.error_budget)},
          {"detects", group.detect},
          {"contacts", model::contacts_text(group.contacts)},
          {"interval_seconds", seconds(group.interval)},
          {"verify_seconds", seconds(group.rollback.verify)},
          {"cooldown_seconds", seconds(group.rollback.cooldown)},
          {"rules", std::move(rules)}};
}

// Its command, address and headers may hold secrets.
json::object hook_json(const config::HookSettings& hook) {
  const bool runs = std::holds_alternative<config::CommandHook>(hook.kind);
  const auto timeout = std::visit([](const auto& kind) { return kind.timeout; }, hook.kind);
  return {{"name", hook.name},
          {"kind", runs ? "command" : "http"},
          {"timeout_seconds", seconds(timeout)},
          {"attempts", hook.retry.attempts},
          {"deadline_seconds", seconds(hook.retry.deadline)},
          {"idempotent", hook.retry.idempotent}};
}

// Its address holds a secret.
json::object receiver_json(const config::ReceiverSettings& receiver) {
  return {{"name", receiver.name},
          {"kind", to_string(receiver.kind)},
          {"match", texts(receiver.match)},
          {"send_resolved", receiver.send_resolved},
          {"repeat_interval_seconds", seconds(receiver.repeat_interval)}};
}

json::object brakes_json(const config::Brakes& brakes) {
  return {{"kill_switch_configured", brakes.kill_switch_file.has_value()},
          {"breaker_services", brakes.breaker_services},
          {"breaker_within_seconds", seconds(brakes.breaker_within)}};
}

json::array names(const std::vector<std::string>& all) {
  json::array out;
  for (const auto& name : all) out.emplace_back(name);
  return out;
}

json::object listening_json(const Listening& listening) {
  return {{"addresses", names(listening.addresses)},
          {"path", listening.path},
          {"tls", listening.tls},
          {"web_config_file", listening.web_config_file}};
}

}  // namespace

json::object to_json(const GoesBy& goes_by) {
  const auto& settings = goes_by.settings;
  json::array groups;
  for (const auto& group : settings.groups) groups.push_back(group_json(*group));
  json::array hooks;
  for (const auto& hook : settings.hooks) hooks.push_back(hook_json(hook));
  json::array receivers;
  for (const auto& receiver : settings.receivers) receivers.push_back(receiver_json(receiver));
  return {{"version", goes_by.version},
          {"ready", goes_by.health.ready},
          {"problems", names(goes_by.health.problems)},
          {"kill_switch", goes_by.health.in_force.kill_switch},
          {"freezes", story::to_json(goes_by.freezes, goes_by.now)},
          {"brakes", brakes_json(settings.brakes)},
          {"groups", std::move(groups)},
          {"hooks", std::move(hooks)},
          {"receivers", std::move(receivers)},
          {"listening", listening_json(goes_by.listening)},
          {"prometheus", servers(goes_by.reached.prometheus)},
          {"alertmanagers", servers(goes_by.reached.alertmanagers)},
          {"asked_at", format_time(goes_by.reached.at)}};
}

}  // namespace guard::api
