// SPDX-License-Identifier: Apache-2.0
//
// A release that stands in for those to come, for whoever asks about the rules beforehand. Pure; safe from any thread.
#pragma once

#include "guard/config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace guard::serve {

// A subject that gives every template a value: what the group's matchers say by `=`, else `unknown`.
promql::Subject stand_in(const model::RuleGroup& group, std::string_view unknown);

// The template as every release of the group will have it; nothing where that takes more than the group says.
std::optional<std::string> known_text(const model::RuleGroup& group, const promql::TextTemplate& text);

// The rule that the expression is of, or nullptr where two share its name.
const model::Rule* rule_of(const config::Settings& settings, const config::Expression& expression);

}  // namespace guard::serve
