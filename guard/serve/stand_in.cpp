// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/stand_in.hpp"

#include <algorithm>

namespace guard::serve {

promql::Subject stand_in(const model::RuleGroup& group, std::string_view unknown) {
  const std::string value(unknown);
  promql::Subject subject{value, value, value, value, {}, group.window, {}};
  for (const auto& matcher : group.match) {
    const auto& known = matcher.op() == model::MatchOp::equal ? matcher.value() : value;
    subject.labels[matcher.name()] = known;
    if (matcher.name() == "service") subject.service = known;
    if (matcher.name() == "environment") subject.environment = known;
  }
  return subject;
}

std::optional<std::string> known_text(const model::RuleGroup& group, const promql::TextTemplate& text) {
  const auto one = text.render(stand_in(group, "one"));
  const auto other = text.render(stand_in(group, "other"));
  return one && other && *one == *other ? std::optional(*one) : std::nullopt;
}

const model::Rule* rule_of(const config::Settings& settings, const config::Expression& expression) {
  const auto& group = *settings.groups[expression.group];
  for (const auto* rules : {&group.rules, &group.preflight})
    if (const auto it = std::ranges::find(*rules, expression.slo, &model::Rule::slo); it != rules->end()) return &*it;
  return nullptr;
}

}  // namespace guard::serve
