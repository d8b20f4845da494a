// SPDX-License-Identifier: Apache-2.0
#include "guard/config/rule_defaults.hpp"

#include "guard/config/breach_parser.hpp"
#include "guard/config/evidence_parser.hpp"

#include <fmt/format.h>

namespace guard::config {

std::optional<model::Action> read_general_action(const ObjectReader& object, std::string_view key) {
  const auto action = object.choice<model::Action>(key);
  if (action != model::Action::call) return action;
  object.error(key, "a hook is called for one rule, by its own `action: call`; write rollback, ask or warn here");
  return std::nullopt;
}

RuleDefaults read_rule_defaults(const ObjectReader& object, RuleDefaults outer) {
  const auto take = [](auto& target, auto value) {
    if (value) target = value;
  };
  // One that was given and cannot be read must not be asked of every rule as well.
  const auto policy = [&](std::string_view key, const std::optional<model::MissingPolicy>& inherited) {
    const auto value = object.choice<model::MissingPolicy>(key);
    return value || !object.given(key) ? value : inherited.value_or(model::MissingPolicy::hold);
  };
  take(outer.on_no_data, policy("on_no_data", outer.on_no_data));
  take(outer.on_error, policy("on_error", outer.on_error));
  take(outer.breach, read_breach(object));
  take(outer.max_age, object.duration("max_age"));
  take(outer.preexisting, object.choice<model::Preexisting>("preexisting"));
  take(outer.action, read_general_action(object, "action"));
  take(outer.reduce, object.choice<model::Reduce>("reduce"));
  take(outer.confidence, read_confidence(object));
  take(outer.min_events, read_min_events(object));
  take(outer.on_too_few, read_on_too_few(object));
  take(outer.proof, object.choice<model::Proof>("proof"));
  return outer;
}

void report_lacks(const Report& report, const Lacks& lacks) {
  for (const auto& [key, lack] : lacks) {
    const auto count = lack.rules.size();
    report.about(lack.rules.front(), lack.first_at)
        .error(lack.first_at,
               fmt::format("{} needs `{}`, here or in `defaults`{}: {}", objects::rule.name, key,
                           count == 1 ? "" : fmt::format(", and so do {} more rules of this file", count - 1),
                           objects::rule.find(key)->meaning));
  }
}

}  // namespace guard::config
