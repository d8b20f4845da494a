// SPDX-License-Identifier: Apache-2.0
//
// What a running guard says of the text of a rule file that somebody writes: what `check` would say of it, and how a
// rule of it has gone lately. Nothing is kept. Blocking; safe from any thread.
#pragma once

#include "guard/config/findings.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/runtime.hpp"
#include "guard/serve/question_time.hpp"
#include "guard/story/series.hpp"

namespace guard::serve {

// Exactly what `release-guard check FILE --prometheus.url=…` finds, on the server of `runtime`.
config::Findings check_rules(const engine::RuleText& text, const engine::Runtime& runtime, const QuestionTime& time);

// What to ask for a chart of the last day of the rule that stands on the line. Fails with invalid: the text has errors,
// no rule with numbers stands there, or only a release can fill in its expression.
Result<story::SeriesPlan> plan_rule(const engine::RuleText& text, int line, WallTime now);

}  // namespace guard::serve
